// IMAPCopy, on a sample. Its configuration is a file of a fixed name in the working directory.

import { type Contender, lookFor, targetOf } from "../contender.ts";
import { countImap } from "../floors/drain-imap.ts";
import { writeConfig } from "./files.ts";

export function imapcopy(): Contender {
  return {
    name: "imapcopy",
    isSample: true,
    obstacle: () => lookFor("imapcopy"),
    async prepare(task) {
      const { source } = task;
      const target = targetOf(task);
      await writeConfig(task, "ImapCopy.cfg", [
        `SourceServer ${source.host}`,
        `SourcePort ${source.port}`,
        `DestServer ${target.host}`,
        `DestPort ${target.port}`,
        'DenyFlags "\\Recent"',
        `Copy "${source.user}" "${source.password}" "${target.user}" "${target.password}"`,
      ]);
      return { words: ["imapcopy"], arrived: () => countImap(target) };
    },
  };
}

// OfflineIMAP, on a sample.

import { join } from "node:path";
import { type Contender, lookFor } from "../contender.ts";
import { countMaildir } from "../count.ts";
import { writeConfig } from "./files.ts";

export function offlineimap(): Contender {
  return {
    name: "offlineimap",
    isSample: true,
    obstacle: () => lookFor("offlineimap"),
    async prepare(task) {
      const { source, folder } = task;
      const mail = join(folder, "mail");
      const path = await writeConfig(task, "offlineimaprc", [
        "[general]",
        `metadata = ${join(folder, "state")}`,
        "accounts = bench",
        "[Account bench]",
        "localrepository = local",
        "remoterepository = remote",
        "[Repository local]",
        "type = Maildir",
        `localfolders = ${mail}`,
        "[Repository remote]",
        "type = IMAP",
        `remotehost = ${source.host}`,
        `remoteport = ${source.port}`,
        `remoteuser = ${source.user}`,
        `remotepass = ${source.password}`,
        "ssl = no",
        "starttls = no",
        "auth_mechanisms = LOGIN",
        "subscribedonly = no",
        "readonly = yes",
      ]);
      return { words: ["offlineimap", "-o", "-u", "quiet", "-c", path], arrived: () => countMaildir(mail) };
    },
  };
}

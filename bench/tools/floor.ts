// The floors: what reading alone and writing alone cost, each the barest program that does it.

import { join } from "node:path";
import type { Contender, Prepared } from "../contender.ts";
import { builtProgram } from "../places.ts";
import { writeConfig } from "./files.ts";

export const drainName = "floor: drain";
export const writeName = "floor: write";

export function drain(protocol: "imap" | "pop3"): Contender {
  return {
    name: drainName,
    obstacle: () => undefined,
    async prepare({ source }) {
      const { host, port, user, password } = source;
      return {
        words: [process.execPath, builtProgram("floors"), "drain", protocol, host, `${port}`, user],
        env: { BENCH_PASSWORD: password },
        arrived: countSaid,
      };
    },
  };
}

/** As many octets as the mail has on disk, made durable. */
export function write(target: "files" | "mbox"): Contender {
  return {
    name: writeName,
    obstacle: () => undefined,
    async prepare(task) {
      const sizes = await writeConfig(task, "sizes.json", [JSON.stringify(task.mail.mailboxes)]);
      return {
        words: [process.execPath, builtProgram("floors"), "write", target, join(task.folder, "mail"), sizes],
        // Node's four threads would make four at a time of the sixteen.
        env: { UV_THREADPOOL_SIZE: "16" },
        arrived: countSaid,
      };
    },
  };
}

const countSaid: Prepared["arrived"] = async (stdout) => JSON.parse(stdout).messages;

// mbsync, of the package isync: the fastest of the peers over IMAP. It syncs files to disk unless told not to.

import { join } from "node:path";
import { type Contender, lookFor, targetOf } from "../contender.ts";
import { countMaildir } from "../count.ts";
import { countImap } from "../floors/drain-imap.ts";
import type { Login } from "../login.ts";
import { writeConfig } from "./files.ts";

export function mbsync(target: "maildir" | "account", name = "mbsync"): Contender {
  return {
    name,
    obstacle: () => lookFor("mbsync"),
    async prepare(task) {
      const mail = join(task.folder, "mail");
      const near =
        target === "account"
          ? imapStore("near", targetOf(task))
          : ["MaildirStore near", `Inbox "${mail}"`, "SubFolders Maildir++"];
      const path = await writeConfig(task, "mbsyncrc", [
        ...imapStore("far", task.source),
        "",
        ...near,
        "",
        "Channel bench",
        "Far :far:",
        "Near :near:",
        "Patterns *",
        "Create Near",
        "Sync Pull",
        `SyncState "${join(task.folder, "state")}/"`,
      ]);
      return {
        words: ["mbsync", "-q", "-c", path, "bench"],
        arrived: () => (target === "account" ? countImap(targetOf(task)) : countMaildir(mail)),
      };
    },
  };
}

function imapStore(name: string, login: Login): string[] {
  return [
    `IMAPAccount ${name}`,
    `Host ${login.host}`,
    `Port ${login.port}`,
    `User "${login.user}"`,
    `Pass "${login.password}"`,
    "SSLType None",
    "AuthMechs LOGIN",
    "",
    `IMAPStore ${name}`,
    `Account ${name}`,
  ];
}

// fetchmail, on a sample. It delivers nothing itself: here sed is its delivery agent, the least that writes an mboxrd file.

import { join } from "node:path";
import { type Contender, lookFor } from "../contender.ts";
import { countMboxes } from "../count.ts";
import { writeConfig } from "./files.ts";

export function fetchmail(): Contender {
  return {
    name: "fetchmail",
    isSample: true,
    obstacle: () => lookFor("fetchmail"),
    async prepare(task) {
      const { source, folder } = task;
      const script = await writeConfig(task, "deliver.sed", [
        "s/^>*From />&/",
        "1i From MAILER-DAEMON Thu Jan  1 00:00:00 2015",
        "$a\\",
        "",
      ]);
      const deliver = `exec sed -f ${script} >>${join(folder, "mail.mbox")}`;
      const path = await writeConfig(task, "fetchmailrc", [
        `poll ${source.host} protocol POP3 port ${source.port} auth password`,
        `  user "${source.user}" password "${source.password}" sslproto "" fetchall keep no rewrite`,
        `  mda "${deliver}"`,
      ]);
      return {
        words: ["fetchmail", "--silent", "--nosyslog", "-f", path, "--pidfile", join(folder, "pid")],
        env: { FETCHMAILHOME: folder },
        arrived: () => countMboxes(folder),
      };
    },
  };
}

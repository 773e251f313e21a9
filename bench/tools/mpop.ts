// mpop: the fastest of the peers over POP3. It pipelines where the server says it may.

import { join } from "node:path";
import { type Contender, lookFor } from "../contender.ts";
import { countMaildir, countMboxes } from "../count.ts";
import { makeMaildir, writeConfig } from "./files.ts";

export function mpop(target: "maildir" | "mbox"): Contender {
  return {
    name: "mpop",
    obstacle: () => lookFor("mpop"),
    async prepare(task) {
      const { source, folder } = task;
      const mail = target === "maildir" ? await makeMaildir(task) : join(folder, "mail.mbox");
      const path = await writeConfig(task, "mpoprc", [
        "account default",
        `host ${source.host}`,
        `port ${source.port}`,
        "tls off",
        "auth user",
        `user ${source.user}`,
        `password ${source.password}`,
        "keep on",
        "pipelining auto",
        `uidls_file ${join(folder, "uidls")}`,
        `delivery ${target} ${mail}`,
      ]);
      return {
        words: ["mpop", "--quiet", "-C", path],
        // For the headers of the message at hand, which it keeps in a file.
        env: { TMPDIR: folder },
        arrived: () => (target === "maildir" ? countMaildir(mail) : countMboxes(folder)),
      };
    },
  };
}

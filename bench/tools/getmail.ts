// getmail6, on a sample: one command per message, each waited for. It refuses to deliver as root.

import { chown, open } from "node:fs/promises";
import { join } from "node:path";
import { type Contender, lookFor } from "../contender.ts";
import { countMaildir, countMboxes } from "../count.ts";
import { makeMaildir, writeConfig } from "./files.ts";

const isRoot = process.getuid?.() === 0;
/** The user nobody and the group nogroup of Debian. Nothing else that it may touch is in the folder. */
const nobody = 65_534;

export function getmail(protocol: "imap" | "pop3", target: "maildir" | "mbox"): Contender {
  return {
    name: "getmail",
    isSample: true,
    obstacle: () => lookFor("getmail") ?? (isRoot ? lookFor("setpriv") : undefined),
    async prepare(task) {
      const { source, folder } = task;
      const mail = target === "maildir" ? await makeMaildir(task) : join(folder, "mail.mbox");
      // It doesn't create the file either.
      if (target === "mbox") await (await open(mail, "wx", 0o600)).close();
      const path = await writeConfig(task, "getmailrc", [
        "[retriever]",
        `type = Simple${protocol.toUpperCase()}Retriever`,
        `server = ${source.host}`,
        `port = ${source.port}`,
        `username = ${source.user}`,
        `password = ${source.password}`,
        ...(protocol === "imap" ? ["mailboxes = ALL"] : []),
        "[destination]",
        `type = ${target === "maildir" ? "Maildir" : "Mboxrd"}`,
        `path = ${target === "maildir" ? `${mail}/` : mail}`,
        "[options]",
        "verbose = 0",
        "delete = false",
      ]);
      const own = target === "maildir" ? [mail, ...["cur", "new", "tmp"].map((part) => join(mail, part))] : [mail];
      if (isRoot) for (const entry of [folder, path, ...own]) await chown(entry, nobody, nobody);
      const becomeNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
      return {
        words: [...(isRoot ? becomeNobody : []), "getmail", `--getmaildir=${folder}`, `--rcfile=${path}`],
        arrived: () => (target === "maildir" ? countMaildir(mail) : countMboxes(folder)),
      };
    },
  };
}

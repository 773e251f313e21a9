import { join } from "node:path";
import type { Account } from "../account.ts";
import { maildirName, mboxName } from "../formats/mailbox-names.ts";
import type { Mailbox } from "../message.ts";
import type { Archive } from "../storage/archive.ts";
import { openStoredMaildir } from "./maildir.ts";
import { openStoredMbox } from "./mbox.ts";
import type { MailboxReader, Source } from "./source.ts";
import type { StoredMail } from "./stored.ts";

/** The source of an account. Each protocol's client is loaded when the first account needs it. */
export function openSource(account: Account, signal: AbortSignal): Source {
  let loaded: Promise<Source> | undefined;
  const source = () => {
    loaded ??= load(account, signal);
    return loaded;
  };
  return {
    async *mailboxes(): AsyncIterable<Mailbox> {
      yield* (await source()).mailboxes();
    },
    async open(mailbox): Promise<MailboxReader> {
      return (await source()).open(mailbox);
    },
    async [Symbol.asyncDispose]() {
      await (await loaded)?.[Symbol.asyncDispose]();
    },
  };
}

async function load(account: Account, signal: AbortSignal): Promise<Source> {
  switch (account.protocol) {
    case "imap":
      return (await import("./imap.ts")).openImapSource(account, signal);
    case "pop3":
      return (await import("./pop3.ts")).openPop3Source(account, signal);
  }
}

/** The stored messages of one mailbox of an archive. */
export function openStoredMail(archive: Archive, mailbox: Mailbox): StoredMail {
  const variant = archive.variantOf(mailbox);
  switch (archive.marker.mail) {
    case "mbox":
      return openStoredMbox(join(archive.mailRoot, mboxName(mailbox.path, variant)));
    case "maildir":
      return openStoredMaildir(join(archive.mailRoot, maildirName(mailbox.path, variant)));
  }
}

import type { Account } from "../account.ts";
import type { Mailbox } from "../message.ts";
import type { LocalMail, MailboxReader, Source, SourceNotice, Standing } from "./source.ts";

/** The source of a job. What reads it is loaded when the first job needs it. */
export function openSource(
  from: Account | LocalMail,
  signal: AbortSignal,
  notice: (notice: SourceNotice) => void = () => undefined,
): Source {
  let loaded: Promise<Source> | undefined;
  let opened: Source | undefined;
  const source = async () => {
    loaded ??= load(from, signal, notice);
    opened = await loaded;
    return opened;
  };
  return {
    get sharesContent() {
      return opened?.sharesContent ?? false;
    },
    async *mailboxes(): AsyncIterable<Mailbox> {
      yield* (await source()).mailboxes();
    },
    async standing(mailbox): Promise<Standing | undefined> {
      return (await source()).standing?.(mailbox);
    },
    async open(mailbox): Promise<MailboxReader> {
      return (await source()).open(mailbox);
    },
    async [Symbol.asyncDispose]() {
      await (await loaded?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

async function load(
  from: Account | LocalMail,
  signal: AbortSignal,
  notice: (notice: SourceNotice) => void,
): Promise<Source> {
  if ("archive" in from) return (await import("./archive.ts")).openArchiveSource(from.archive, { signal, notice });
  if ("mbox" in from) return (await import("./mbox-files.ts")).openMboxFiles(from.mbox, { signal, notice });
  if ("maildir" in from) {
    return (await import("./maildir-folders.ts")).openMaildirFolders(from.maildir, { signal, notice });
  }
  switch (from.protocol) {
    case "imap":
      return (await import("./imap.ts")).openImapSource(from, signal, { notice });
    case "pop3":
      return (await import("./pop3.ts")).openPop3Source(from, signal, notice);
  }
}

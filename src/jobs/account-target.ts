// A target that is an account, loaded with all that speaks IMAP when the first job needs it.

import { openImapSink } from "../sinks/imap.ts";
import type { MoveBook } from "../storage/move-book.ts";
import type { Destination, Job } from "./job.ts";
import { planMapping } from "./mapping.ts";
import { chooseMailboxes } from "./select.ts";
import type { Target } from "./target.ts";

/** Not logged in to yet. Disposing closes the book, too. */
export function openAccountTarget(
  job: Job,
  to: Extract<Destination, { readonly account: unknown }>,
  book: MoveBook | undefined,
  signal: AbortSignal,
): Target {
  const sink = openImapSink(to.account, {
    signal,
    spoolDirectory: book?.directory ?? "",
    keepRefused: to.keepRefused,
    followsDeath: book?.followsDeath ?? false,
  });
  return {
    sink,
    book,
    account: to.account,
    async plan(mailboxes) {
      const { mailboxes: targets, delimiter, prefix } = await sink.mailboxes();
      return planMapping({
        mailboxes: chooseMailboxes(mailboxes, job.mailboxes),
        targets,
        delimiter,
        prefix,
        map: job.mailboxes.map,
        specialUse: job.mailboxes.specialUse ?? true,
        under: to.under,
        before: new Map((book?.mapping ?? []).map(([from, path]) => [JSON.stringify(from), path])),
      }).routes;
    },
    async remember(plan) {
      await book?.rememberMapping(plan.map(({ mailbox, target }) => [mailbox.path, target]));
    },
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]();
      await book?.[Symbol.asyncDispose]();
    },
  };
}

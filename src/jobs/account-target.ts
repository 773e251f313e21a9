// A target that is an account, loaded with all that speaks IMAP when the first job needs it.

import { openImapSink } from "../sinks/imap.ts";
import type { MoveBook } from "../storage/move-book.ts";
import type { Destination, Job } from "./job.ts";
import { limitSink } from "./limited.ts";
import type { Limits } from "./limits.ts";
import { planMapping } from "./mapping.ts";
import { chooseMailboxes } from "./select.ts";
import type { Target } from "./target.ts";

/** Not logged in to yet. Disposing closes the book, too. */
export function openAccountTarget(
  job: Job,
  to: Extract<Destination, { readonly account: unknown }>,
  book: MoveBook | undefined,
  { signal, limits }: { readonly signal: AbortSignal; readonly limits: Limits },
): Target {
  const limit = limits.of(to.account, job.timeZone);
  const sink = openImapSink(to.account, {
    signal,
    pace: limit?.bandwidth && ((octets) => limit.bandwidth?.take(octets, signal)),
    spoolDirectory: book?.directory ?? "",
    keepRefused: to.keepRefused,
    followsDoubt: book?.followsDoubt ?? false,
  });
  return {
    sink: limitSink(sink, limit, signal),
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
      try {
        await sink[Symbol.asyncDispose]();
        await book?.rememberDoubt(sink.isInDoubt);
      } finally {
        await book?.[Symbol.asyncDispose]();
      }
    },
  };
}

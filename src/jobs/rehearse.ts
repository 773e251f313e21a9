// A mailbox of a dry run: listed, compared with its ledger, counted, and nothing else.

import type { Mailbox } from "../message.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import { PlaceSet } from "../storage/place-set.ts";
import { withRetries } from "./retry.ts";
import { announce, listOnce, type RouteContext, type RouteOutcome, validityOf } from "./route.ts";
import { count, isSettled, reportOf, type Tally } from "./tally.ts";

/** What a run would do with a mailbox; nothing is written. */
export async function rehearseMailbox(
  context: RouteContext,
  book: LedgerFolder | undefined,
  mailbox: Mailbox,
  target: Mailbox,
): Promise<RouteOutcome> {
  const { job, signal } = context;
  let tally: Tally | undefined;
  let error: unknown;
  try {
    await withRetries(
      async () => {
        await using contents = await book?.readLedger(target);
        await using reader = await context.source.open(mailbox);
        const listing = await listOnce([job.filter], context.shared, reader, mailbox);
        const known = contents?.validity === validityOf(reader, mailbox, target) ? contents : undefined;
        const unsettled = listing.wanted.select((ref) => known === undefined || !isSettled(known, ref));
        announce(context, target, listing, unsettled);
        tally = count(known, listing, new Set());
        if (listing.brokeOff !== undefined) throw listing.brokeOff;
      },
      job.retry,
      { signal },
    );
  } catch (failure) {
    error = failure;
  }
  const whole = tally === undefined ? undefined : reportOf(mailbox, target, tally, {});
  return { path: target.path, report: whole, failures: [], written: new PlaceSet(), altered: 0, octets: 0, error };
}

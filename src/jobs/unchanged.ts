// A mailbox that stands as it did when all of it was settled: it is neither opened nor listed, and its ledger not loaded.
// The ledger's last line says how it stood and what was counted then, so nothing can disagree with the ledger; anything
// recorded after it, or any change at the source, and the mailbox is carried as ever.

import type { Mailbox } from "../message.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import { PlaceSet } from "../storage/place-set.ts";
import { type RouteContext, type RouteOutcome, validityOf } from "./route.ts";
import { askedOf, tallyOf } from "./settled.ts";
import { reportOf } from "./tally.ts";

/**
 * What carrying the mailbox would come to, with the same events; undefined if it has to be carried to know. Not for a
 * target where others write too: there it has to be looked at what became of what was brought. Never rejects: what
 * fails here fails again, with a name, where the mailbox is carried.
 */
export async function passUnchanged(
  context: RouteContext,
  book: LedgerFolder,
  mailbox: Mailbox,
  target: Mailbox,
  dryRun: boolean,
): Promise<RouteOutcome | undefined> {
  const { job, source, report, shared } = context;
  // Where one message shows in several mailboxes, what this one is to give depends on the others.
  if (shared !== undefined || source.standing === undefined) return undefined;
  const { read, settled } = (await book.readTail(target)) ?? {};
  if (settled === undefined || settled.asked !== askedOf(job.filter)) return undefined;
  const standing = await source.standing(mailbox).catch(() => undefined);
  if (standing === undefined || standing.state !== read) return undefined;
  if (validityOf(standing, mailbox, target) !== settled.validity) return undefined;
  const whole = reportOf(mailbox, target, tallyOf(settled), {});
  const { onServer } = settled;
  report({ type: "mailbox-listed", job: job.name, mailbox: target.path, onServer, toCopy: 0, octets: 0 });
  if (!dryRun) report({ type: "mailbox-finished", job: job.name, report: whole });
  return {
    path: target.path,
    report: whole,
    failures: [],
    written: new PlaceSet(),
    altered: 0,
    octets: 0,
    error: undefined,
  };
}

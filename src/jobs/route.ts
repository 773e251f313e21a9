// One mailbox of one job: listed, compared with its ledger, brought over, counted.

import type { Failure, Mailbox, MessageRef, Stored } from "../message.ts";
import type { Since, Sink } from "../sinks/sink.ts";
import type { Source } from "../sources/source.ts";
import type { Archive } from "../storage/archive.ts";
import type { Ledger } from "../storage/ledger.ts";
import { copyMessages, Unclaimed } from "./copy.ts";
import type { MailboxReport, Reporter } from "./events.ts";
import type { Job } from "./job.ts";
import { Obstacles } from "./obstacles.ts";
import { withRetries } from "./retry.ts";
import { count, isSettled, type Listing, list, reportOf, type Tally, unlisted } from "./tally.ts";

export interface RouteOutcome {
  /** In the archive. */
  readonly path: readonly string[];
  /** Absent if the mailbox could not even be listed. */
  readonly report: MailboxReport | undefined;
  readonly failures: readonly Failure[];
  /** Written by this run. */
  readonly stored: readonly Stored[];
  /** Octets of message bodies that came over the wire. */
  readonly octets: number;
  /** What kept the mailbox from being finished; undefined if nothing did. */
  readonly error: unknown;
}

export interface RouteContext {
  readonly job: Job;
  readonly source: Source;
  readonly report: Reporter;
  readonly signal: AbortSignal;
}

/** Brings over what is new in `mailbox` to `target` in the archive. Never rejects: an error is part of the outcome. */
export async function carryMailbox(
  context: RouteContext,
  archive: Archive,
  sink: Sink,
  mailbox: Mailbox,
  target: Mailbox,
): Promise<RouteOutcome> {
  const { job, report, signal } = context;
  const stored: Stored[] = [];
  const read = { octets: 0 };
  const obstacles = new Obstacles();
  let tally: Tally | undefined;

  const attempt = async (progress: Progress) => {
    await using ledger = await archive.openLedger(target);
    await using reader = await context.source.open(mailbox);
    const listing = await list(reader.list(), job);
    if (ledger.validity !== reader.validity) {
      if (ledger.validity !== undefined)
        report({ type: "keys-void", job: job.name, mailbox: target.path, code: "S601" });
      await ledger.begin(reader.validity);
    }
    const unsettled = listing.wanted.filter((ref) => !isSettled(ledger, ref) && !obstacles.isAside(ref));
    announce(context, target, listing, unsettled);
    const gone = new Set<string>();
    try {
      if (unsettled.length === 0 && !obstacles.hasUnrecorded && ledger.checkpoint !== undefined) return;
      await using writer = await sink.open(target, sinceOf(ledger));
      await copyMessages(
        {
          reader,
          writer,
          ledger,
          unclaimed: new Unclaimed(unsettled.length === 0 ? [] : unlisted(ledger, reader.keys, listing)),
          spoolDirectory: archive.directory,
          signal,
          oneByOne: obstacles.oneByOne,
          observe: {
            asking(refs) {
              progress.asked = refs;
            },
            octets(octets) {
              read.octets += octets;
              report({ type: "octets-read", job: job.name, mailbox: target.path, octets });
            },
            committed(commit) {
              stored.push(...commit.stored);
              const octets = commit.stored.reduce((sum, { size }) => sum + size, 0);
              report({
                type: "batch-committed",
                job: job.name,
                mailbox: target.path,
                stored: commit.stored.length,
                octets,
              });
              for (const failure of commit.failed) {
                report({ type: "message-failed", job: job.name, mailbox: target.path, failure });
              }
            },
            gone(refs) {
              for (const { key } of refs) gone.add(key);
            },
          },
        },
        unsettled,
        obstacles.takeUnrecorded(),
      );
    } finally {
      tally = count(ledger, listing, gone);
    }
  };

  let error: unknown;
  let progressed = false;
  try {
    await withRetries(
      async () => {
        const progress: Progress = { asked: [] };
        const before = stored.length;
        try {
          await attempt(progress);
        } catch (failure) {
          progressed = stored.length > before;
          if (obstacles.brokeOff(failure, progress.asked, progressed)) progressed = true;
          throw failure;
        }
      },
      job.retry,
      {
        signal,
        progressed: () => progressed,
        retrying: ({ code, message }, number) =>
          report({ type: "retrying", job: job.name, mailbox: target.path, code, reason: message, attempt: number }),
      },
    );
  } catch (failure) {
    error = failure;
  }
  const whole = tally === undefined ? undefined : reportOf(target, tally, stored.length);
  if (whole !== undefined) report({ type: "mailbox-finished", job: job.name, report: whole });
  return { path: target.path, report: whole, failures: tally?.failures ?? [], stored, octets: read.octets, error };
}

/** How far one attempt got. */
interface Progress {
  /** What was being fetched last. */
  asked: readonly MessageRef[];
}

/** What a run would do with a mailbox; nothing is written. */
export async function rehearseMailbox(
  context: RouteContext,
  archive: Archive | undefined,
  mailbox: Mailbox,
  target: Mailbox,
): Promise<RouteOutcome> {
  const { job, signal } = context;
  let tally: Tally | undefined;
  let error: unknown;
  try {
    await withRetries(
      async () => {
        const contents = await archive?.readLedger(target);
        await using reader = await context.source.open(mailbox);
        const listing = await list(reader.list(), job);
        const known = contents?.validity === reader.validity ? contents : undefined;
        const unsettled = listing.wanted.filter((ref) => known === undefined || !isSettled(known, ref));
        announce(context, target, listing, unsettled);
        tally = count(known, listing, new Set());
      },
      job.retry,
      { signal },
    );
  } catch (failure) {
    error = failure;
  }
  const whole = tally === undefined ? undefined : reportOf(target, tally, 0);
  return { path: target.path, report: whole, failures: [], stored: [], octets: 0, error };
}

function announce(
  { job, report }: RouteContext,
  target: Mailbox,
  { wanted }: Listing,
  unsettled: readonly MessageRef[],
): void {
  const octets = unsettled.reduce((sum, { size }) => sum + (size ?? 0), 0);
  report({
    type: "mailbox-listed",
    job: job.name,
    mailbox: target.path,
    onServer: wanted.length,
    toCopy: unsettled.length,
    octets,
  });
}

function sinceOf(ledger: Ledger): Since | undefined {
  const { checkpoint } = ledger;
  return checkpoint === undefined ? undefined : { checkpoint, holds: (place) => ledger.holds(place) };
}

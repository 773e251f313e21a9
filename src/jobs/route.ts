// One mailbox of one job: listed, compared with its ledger, brought over, counted.

import { isDeepStrictEqual } from "node:util";
import type { Failure, KnownMailbox, Mailbox, MessageRef } from "../message.ts";
import type { MailboxWriter, Since } from "../sinks/sink.ts";
import type { MailboxReader, Source } from "../sources/source.ts";
import type { Ledger } from "../storage/ledger.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import { PlaceSet } from "../storage/place-set.ts";
import { mailCheck } from "./check-mail.ts";
import { copyMessages } from "./copy.ts";
import type { MailboxReport, Reporter } from "./events.ts";
import type { FormerNames } from "./former-names.ts";
import type { Job, MessageFilter } from "./job.ts";
import { Obstacles } from "./obstacles.ts";
import { Progress } from "./progress.ts";
import type { Selection } from "./ref-table.ts";
import { carryFlags, listOfFlags, reflagged } from "./reflag.ts";
import { withRetries } from "./retry.ts";
import { settledOf } from "./settled.ts";
import { isView, type SharedContent } from "./shared-content.ts";
import { count, failedLast, isSettled, type Listing, list, reportOf, type Tally, unlisted } from "./tally.ts";
import type { Target } from "./target.ts";
import { Unclaimed } from "./unclaimed.ts";

export interface RouteOutcome {
  /** At the target. */
  readonly path: readonly string[];
  /** Absent if the mailbox could not even be listed. */
  readonly report: MailboxReport | undefined;
  readonly failures: readonly Failure[];
  /** Where this run has written. */
  readonly written: PlaceSet;
  /** How many of these the store rewrote. */
  readonly altered: number;
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
  /** Where the source shows one message in several mailboxes. */
  readonly shared: SharedContent | undefined;
  /** Absent where nothing tells them. */
  readonly former?: FormerNames | undefined;
}

/** Brings over what is new in `mailbox` to `path` at the target. Never rejects: an error is part of the outcome. */
export async function carryMailbox(
  context: RouteContext,
  { sink, account }: Pick<Target, "sink" | "account">,
  book: LedgerFolder,
  mailbox: Mailbox,
  target: Mailbox,
): Promise<RouteOutcome> {
  const { job, report, signal } = context;
  const written = new PlaceSet();
  const read = { octets: 0 };
  const changed = { flags: 0, found: 0, altered: 0 };
  const obstacles = new Obstacles();
  let tally: Tally | undefined;
  const notice = (code: "S601" | "S604" | "S605" | "S607" | "V901", reason: string) =>
    report({ type: "notice", job: job.name, notice: { code, mailbox: target.path, reason } });

  const lookAtMail = mailCheck(book, target, (reason) => notice("V901", reason));
  const progress = new Progress();
  const attempt = async () => {
    progress.begin();
    await using ledger = await book.openLedger(target);
    if (account === undefined) await lookAtMail(ledger);
    await using reader = await context.source.open(mailbox);
    const validity = validityOf(reader, mailbox, target);
    // Where others write too, it is looked at first what became of what was brought before; both sides may be far away.
    await using opening = account === undefined ? undefined : openMeanwhile(sink.open(target, sinceOf(ledger)));
    const listing = await listOnce([job.filter], context.shared, reader, mailbox, knownOf(ledger, validity));
    const shared = await opening?.writer;
    if (shared?.renewed === true) {
      notice("S605", "the mailbox at the target is another than before; what is missing there is brought again");
      await ledger.forget();
    }
    if (ledger.validity !== validity) {
      // Empty where a repair could not know it.
      if (ledger.validity) {
        report({ type: "keys-void", job: job.name, mailbox: target.path, code: "S601" });
        notice("S601", "the server has numbered its messages anew; what is stored is recognised by content");
      } else {
        const renamed = await context.former?.whatIsSaid(reader.validity, listing.refs);
        if (renamed !== undefined) notice("S607", renamed);
      }
      await ledger.begin(validity);
    }
    const unsettled = listing.wanted.select((ref) => !isSettled(ledger, ref) && !obstacles.isAside(ref));
    announce(context, target, listing, unsettled);
    progress.listed(unsettled.size);
    const gone = new Set<string>();
    const newer = new Map<string, readonly string[]>();
    const carryAll = async (writer: MailboxWriter) => {
      await copyMessages(
        {
          reader,
          writer,
          ledger,
          unclaimed: new Unclaimed(ledger, unsettled.size === 0 ? [] : unlisted(ledger, reader.keys, listing)),
          spoolDirectory: book.directory,
          async recall(ref) {
            const known = await context.shared?.find(ref);
            if (known === undefined) return undefined;
            return { sha256: known.sha256, body: sink.read(known.mailbox, known.place) };
          },
          signal,
          mostAtOnce: obstacles.mostAtOnce,
          observe: {
            asking(refs) {
              progress.asked = refs;
              progress.isStoring = false;
            },
            arrived({ key, flags }) {
              // A million flags that are as they were listed need not be kept a second time.
              if (!isDeepStrictEqual(flags, listing.refs.find(key)?.flags)) newer.set(key, flags);
            },
            storing() {
              progress.isStoring = true;
            },
            octets(octets) {
              read.octets += octets;
              report({ type: "octets-read", job: job.name, mailbox: target.path, octets });
            },
            async committed(commit, found, settled) {
              progress.recorded({ settled, stored: commit.stored.length });
              for (const { place, altered } of commit.stored) {
                written.add(place);
                if (altered !== undefined) changed.altered++;
              }
              changed.found += found;
              await context.shared?.add(target, commit.stored);
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
        failedLast(unsettled, ledger),
        obstacles.takeUnrecorded(),
      );
      await carryFlags(reflagged(ledger, listing, newer), writer, ledger, signal, (messages) => {
        progress.recorded({ reflagged: messages });
        changed.flags += messages;
        report({ type: "flags-carried", job: job.name, mailbox: target.path, messages });
      });
    };
    try {
      const isNews = unsettled.size > 0 || obstacles.hasUnrecorded || ledger.checkpoint === undefined;
      if (shared !== undefined) await carryAll(shared);
      else if (isNews || !reflagged(ledger, listing, newer)[Symbol.iterator]().next().done) {
        await using writer = await sink.open(target, sinceOf(ledger));
        await carryAll(writer);
      }
    } finally {
      tally = count(ledger, listing, gone);
    }
    // What is listed is safe; that it may not be all is said, and the next attempt lists again.
    if (listing.brokeOff !== undefined) throw listing.brokeOff;
    // Not where one message shows in several mailboxes: what this one is to give depends on the others.
    const settled = context.shared === undefined ? settledOf(job.filter, validity, tally) : undefined;
    if (reader.state !== undefined) await ledger.recordRead(reader.state, settled);
  };

  let error: unknown;
  let progressed = false;
  try {
    await withRetries(
      async () => {
        try {
          await attempt();
        } catch (failure) {
          progressed = progress.isMade;
          if (obstacles.brokeOff(failure, progress.asked, progressed, progress.isStoring)) progressed = true;
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
  const unkept = [...(tally?.unkept ?? [])].sort();
  if (unkept.length > 0) notice("S604", `the target does not keep ${listOfFlags(unkept)}; the ledger has them`);
  const whole =
    tally === undefined
      ? undefined
      : reportOf(mailbox, target, tally, { new: written.size, reflagged: changed.flags, found: changed.found });
  if (whole !== undefined) report({ type: "mailbox-finished", job: job.name, report: whole });
  const { altered } = changed;
  return {
    path: target.path,
    report: whole,
    failures: tally?.failures ?? [],
    written,
    altered,
    octets: read.octets,
    error,
  };
}

/** A mailbox that shows what lies in others is carried without what they have. */
export async function listOnce(
  filters: readonly MessageFilter[],
  shared: SharedContent | undefined,
  reader: MailboxReader,
  mailbox: Mailbox,
  known?: KnownMailbox,
): Promise<Listing> {
  const isPlaced = (ref: MessageRef) => isView(mailbox) && shared?.isListed(ref) === true;
  const listing = await list(reader.list(known), filters, isPlaced);
  shared?.note(listing.wanted);
  return listing;
}

/** Under what the ledger's keys hold. Should another mailbox go to this target one day, with equal keys, it is another. */
export function validityOf({ validity }: Pick<MailboxReader, "validity">, mailbox: Mailbox, target: Mailbox): string {
  const [from, to] = [JSON.stringify(mailbox.path), JSON.stringify(target.path)];
  return from === to ? validity : `${validity} ${from}`;
}

/** What the ledger knows of the mailbox as it was last read whole. */
function knownOf(ledger: Ledger, validity: string): KnownMailbox | undefined {
  const { read } = ledger;
  if (read === undefined || ledger.validity !== validity) return undefined;
  return {
    state: read,
    find(key) {
      const entry = ledger.entry(key);
      return entry?.hasEmailId ? { ...entry, emailId: ledger.get(entry.id).emailId } : entry;
    },
  };
}

export function announce(
  { job, report }: RouteContext,
  target: Mailbox,
  { wanted }: Listing,
  unsettled: Selection,
): void {
  report({
    type: "mailbox-listed",
    job: job.name,
    mailbox: target.path,
    onServer: wanted.size,
    toCopy: unsettled.size,
    octets: unsettled.octets,
  });
}

/** A writer that is being opened while something else is done, which may fail before it is there. */
function openMeanwhile(writer: Promise<MailboxWriter>): AsyncDisposable & { readonly writer: Promise<MailboxWriter> } {
  const opened = writer.catch(() => undefined);
  return {
    writer,
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}

function sinceOf(ledger: Ledger): Since | undefined {
  const { checkpoint } = ledger;
  return checkpoint === undefined ? undefined : { checkpoint, holds: (place) => ledger.holds(place) };
}

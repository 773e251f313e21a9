// A source listed once more and held against the book of what is stored of it. Nothing is written and nothing locked; at
// the source nothing is marked. One mailbox after the other, so that each account is logged in to once.

import { MailferryError } from "../errors.ts";
import { digestOf } from "../formats/digest.ts";
import type { Mailbox, MessageRef } from "../message.ts";
import { openSource } from "../sources/index.ts";
import type { MailboxReader, Source } from "../sources/source.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import {
  type CompareReport,
  type Comparison,
  compareMailbox,
  doubtfulOf,
  type Evidence,
  keptMailbox,
  type Uncomparable,
} from "./compare.ts";
import { describeOrigin } from "./identity.ts";
import type { MessageFilter, Origin } from "./job.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";
import { listOnce, validityOf } from "./route.ts";
import { allMailboxes, comparePaths } from "./select.ts";
import { SharedContent, viewsLast } from "./shared-content.ts";

/** A mailbox of the source, where it is stored, and which of its messages are to be: those that pass any of the filters. */
export interface ComparedRoute {
  readonly mailbox: Mailbox;
  /** Undefined where nothing of it was ever stored. */
  readonly target: readonly string[] | undefined;
  readonly filters: readonly MessageFilter[];
}

export interface SourceComparison {
  readonly from: Origin;
  /** As people name it. */
  readonly to: string;
  readonly book: LedgerFolder;
  /** Which of these are to be stored. */
  routes(mailboxes: readonly Mailbox[]): readonly ComparedRoute[];
  /** Where else than under its own path a mailbox of the book came from. */
  sourceOf(target: Mailbox): Mailbox | undefined;
  readonly retry: RetryPolicy;
}

/** What is read to compare by content, where keys decide nothing: octets for all mailboxes together. */
const cheapOctets = 32 * 1024 * 1024;

export interface Patience {
  readonly signal: AbortSignal;
  /** Told of each attempt that failed before the next one is made. */
  readonly retrying?: (error: MailferryError, attempt: number) => void;
}

/** Rejects where the whole source can't be read; a mailbox that can't be is in the report. */
export async function compareSource(comparison: SourceComparison, patience: Patience): Promise<CompareReport> {
  const { from, to, book, retry } = comparison;
  const { signal } = patience;
  const retrying = <T>(task: () => Promise<T>) => withRetries(task, retry, patience);
  await using source = openSource(from, signal);
  const mailboxes = await retrying(() => allMailboxes(source));
  const routes = viewsLast(comparison.routes(mailboxes));
  const context = { source, book, signal, shared: source.sharesContent ? new SharedContent(undefined) : undefined };
  const compared: Comparison[] = [];
  const uncomparable: Uncomparable[] = book.damaged.map(({ code, message }) => ({
    mailbox: [],
    code,
    reason: message,
  }));
  let room = cheapOctets;
  for (const route of routes) {
    signal.throwIfAborted();
    const path = route.target ?? route.mailbox.path;
    try {
      const { octets, ...comparison } = await retrying(() => compareRoute(context, route, room));
      room -= octets;
      compared.push(comparison);
      const { uncompared } = comparison.row;
      if (uncompared > 0) uncomparable.push({ mailbox: path, reason: notCompared(uncompared) });
    } catch (error) {
      if (!(error instanceof MailferryError) || error.scope === "session") throw error;
      uncomparable.push({ mailbox: path, code: error.code, reason: error.message });
    }
  }
  const rows = [...compared.map(({ row }) => row), ...(await listKept(comparison, routes, mailboxes))];
  return {
    from: describeOrigin(from),
    to,
    mailboxes: rows.sort((a, b) => comparePaths(a.path, b.path)),
    missing: compared.flatMap(({ missing }) => missing),
    differing: compared.flatMap(({ differing }) => differing),
    uncomparable,
  };
}

function notCompared(messages: number): string {
  const which = `${messages} of its messages have keys that are not known, and were not read to find out which they are`;
  return `${which}; a run of the job finds out`;
}

interface Context {
  readonly source: Source;
  readonly book: LedgerFolder;
  readonly signal: AbortSignal;
  readonly shared: SharedContent | undefined;
}

/** `octets` of messages were read. */
async function compareRoute(
  { source, book, signal, shared }: Context,
  { mailbox, target, filters }: ComparedRoute,
  room: number,
): Promise<Comparison & { readonly octets: number }> {
  await using known = target === undefined ? undefined : await book.readLedger({ path: target });
  await using reader = await source.open(mailbox);
  const to = { path: target ?? mailbox.path };
  const listing = await listOnce(filters, shared, reader, mailbox);
  if (listing.brokeOff !== undefined) throw listing.brokeOff;
  const keysHold = known?.validity === validityOf(reader, mailbox, to);
  const evidence: Evidence = { mailbox, target: to.path, listing, known, keysHold, keys: reader.keys };
  const doubtful = doubtfulOf(evidence);
  let octets = 0;
  for (const { size = Number.POSITIVE_INFINITY } of doubtful) octets += size;
  if (octets > room) return { ...compareMailbox(evidence, new Map()), octets: 0 };
  return { ...compareMailbox(evidence, await digest(reader, [...doubtful], signal)), octets };
}

/** The sha256s of those that can be read, by key. */
async function digest(
  reader: MailboxReader,
  refs: readonly MessageRef[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  if (refs.length === 0) return digests;
  for await (const { key, body } of reader.fetch(refs)) {
    signal.throwIfAborted();
    try {
      digests.set(key, (await digestOf(body)).sha256);
    } catch (error) {
      if (!(error instanceof MailferryError) || error.scope !== "message") throw error;
    }
  }
  return digests;
}

/** Mailboxes of the book that the source does not have any more. One that the job has come to leave out is none of them. */
async function listKept(
  { book, sourceOf }: SourceComparison,
  routes: readonly ComparedRoute[],
  mailboxes: readonly Mailbox[],
) {
  const seen = new Set(routes.map(({ mailbox, target }) => JSON.stringify(target ?? mailbox.path)));
  const there = new Set(mailboxes.map(({ path }) => JSON.stringify(path)));
  const rows = [];
  for (const stored of book.mailboxes()) {
    const from = sourceOf(stored) ?? stored;
    if (seen.has(JSON.stringify(stored.path)) || there.has(JSON.stringify(from.path))) continue;
    // A ledger that can't be read is found by the verification itself.
    await using ledger = await book.readLedger(stored).catch(() => undefined);
    rows.push(keptMailbox(stored.path, ledger?.size ?? 0));
  }
  return rows;
}

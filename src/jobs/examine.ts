// One mailbox of an archive, looked at whole: what its ledger still says, which of its messages are intact, and what else
// lies there. Nothing is changed.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { partOf, partPath, spanInPart, spanOf } from "../formats/mbox-parts.ts";
import type { Span } from "../formats/mbox-pieces.ts";
import type { Checkpoint, Mailbox, Place, Stored } from "../message.ts";
import { brokenEnd, type MailFormat, mailName } from "../storage/archive.ts";
import { type FoundMailbox, listParts } from "../storage/archive-inventory.ts";
import { diskError } from "../storage/disk-error.ts";
import { sizeOf } from "../storage/durable.ts";
import { LedgerContents } from "../storage/ledger-contents.ts";
import { type Salvaged, salvageLedger } from "../storage/ledger-salvage.ts";
import { contentOf } from "../storage/ledger-table.ts";
import { faultOfClosed, readEnd } from "../storage/mbox-end.ts";
import { Frames, isWholeReframed } from "../storage/mbox-frame.ts";
import { digestTail } from "../storage/mbox-tail.ts";
import { openStoredAt } from "../storage/stored.ts";
import type { MailSurvey, Stray } from "../storage/survey.ts";
import { surveyMaildir } from "../storage/survey-maildir.ts";
import { surveyMbox } from "../storage/survey-mbox.ts";
import { verifyStored } from "./verify-stored.ts";

export interface Examination extends AsyncDisposable {
  readonly found: FoundMailbox;
  /** What the ledger says, as far as it can be read; empty where there is none. */
  readonly contents: LedgerContents;
  /** What is wrong with the ledger itself, as a clause; undefined if nothing is. */
  readonly fault: string | undefined;
  /** What is not intact at its place, and why. */
  readonly bad: ReadonlyMap<Stored, string>;
  /** Of these, in an mbox: those whose octets are intact, and only what stands around them is not. */
  readonly reframable: ReadonlySet<Stored>;
  /** What the disk said of one that could not be read; undefined if all could be. */
  readonly unread: string | undefined;
  readonly intact: number;
  /** Of all that the ledger has: those whose digests are of the day of a repair. */
  readonly recovered: number;
  /** Octets of all that the ledger has, as they were at the source. */
  readonly octets: number;
  /** The files that an mbox has, by their numbers. */
  readonly parts: readonly number[];
  /** Where, in an mbox, messages are intact; among the spans of all its parts. */
  readonly spans: readonly Span[];
  readonly survey: MailSurvey;
}

export interface ExamineOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for each message that was read again. */
  readonly progress?: (() => void) | undefined;
  /** True if another mailbox of the archive has a message with these octets; asked only where there is no ledger. */
  readonly isElsewhere?: ((sha256: string) => boolean) | undefined;
}

/** `directory` is that of the archive. The caller disposes of it. */
export async function examineMailbox(
  directory: string,
  format: MailFormat,
  found: FoundMailbox,
  { signal, progress, isElsewhere = () => false }: ExamineOptions,
): Promise<Examination> {
  const name = found.ledger === undefined ? undefined : join(directory, "ledger", found.ledger);
  const salvaged = name === undefined ? undefined : await salvageLedger(name, found.path);
  const contents = salvaged?.contents ?? new LedgerContents(found.path);
  try {
    const path = join(directory, format, mailName(format, found.path, found.variant));
    const bad = new Map<Stored, string>();
    const spans: Span[] = [];
    const reframable = new Set<Stored>();
    let unread: string | undefined;
    let intact = 0;
    let recovered = 0;
    let octets = 0;
    await using mail = openStoredAt({ format, path });
    const frames = format === "mbox" ? new Frames(path) : undefined;
    const parts = format === "mbox" ? await listParts(path) : [];
    const reader = { read: (_: Mailbox, place: Place) => mail.read(place), whereabouts: () => ({ format, path }) };
    try {
      for await (const { stored, problem, isUnread } of verifyStored(reader, { path: found.path }, contents.all())) {
        signal?.throwIfAborted();
        progress?.();
        octets += stored.size;
        if (isUnread) unread ??= problem;
        if (stored.recovered !== undefined) recovered++;
        if (problem !== undefined) bad.set(stored, problem);
        else if (frames?.isRight(stored) === false) bad.set(stored, wrongFrame);
        else intact++;
        if (problem === undefined && frames !== undefined) spans.push(...spanOf(stored.place));
        if (bad.get(stored) === wrongFrame) reframable.add(stored);
      }
    } finally {
      frames?.close();
    }
    if (format === "mbox" && bad.size > 0) {
      const others = [...bad.keys()].filter((stored) => !reframable.has(stored));
      for (const stored of await findReframable(path, others)) {
        bad.set(stored, wrongFrame);
        reframable.add(stored);
        spans.push(...spanOf(stored.place));
      }
    }
    const spoilt = [...bad.keys()].filter((stored) => !reframable.has(stored));
    let contentsThere: ReadonlySet<number> | undefined;
    const hasContent = (sha256: string) => {
      if (salvaged === undefined) return isElsewhere(sha256);
      contentsThere ??= intactContents(contents, spoilt);
      return contentsThere.has(contentOf(sha256));
    };
    const look = () =>
      format === "mbox"
        ? surveyMbox(path, parts, known)
        : surveyMaildir(path, { ...known, holds: (place) => contents.holds(place) });
    const known = { intact: spans, bad: spoilt, lost: contents.losses(), hasContent };
    const surveyed = await look().catch((error: unknown): MailSurvey => {
      if (!(error instanceof MailferryError)) throw error;
      unread ??= error.message;
      return { displaced: new Map(), strays: [] };
    });
    // As a run judges it that finds the same: where an earlier run had more, it is the ledger that has lost its end.
    const isAfterStop =
      salvaged !== undefined &&
      salvaged.broken.length === 0 &&
      contents.size + contents.losses().length >= (found.reported ?? 0);
    const survey = isAfterStop ? withResidue(surveyed, endOf(contents.checkpoint)) : surveyed;
    const isElseWell = bad.size + survey.strays.length + survey.displaced.size === 0;
    const endFault = format === "mbox" && isElseWell ? await faultAtEnd(path, contents.checkpoint) : undefined;
    return {
      found,
      contents,
      fault: faultOf(salvaged, survey) ?? endFault,
      bad,
      reframable,
      unread,
      intact,
      recovered,
      octets,
      parts,
      spans,
      survey,
      [Symbol.asyncDispose]: () => contents[Symbol.asyncDispose](),
    };
  } catch (error) {
    await contents[Symbol.asyncDispose]();
    throw error;
  }
}

function faultOf(salvaged: Salvaged | undefined, { strays }: MailSurvey): string | undefined {
  if (salvaged === undefined) return strays.length > 0 ? "its ledger is missing" : undefined;
  const [broken] = salvaged.broken;
  if (broken === undefined) return undefined;
  return salvaged.isTorn ? brokenEnd : `its ledger is damaged at octet ${broken}; the mail itself was not touched`;
}

/** Where the next message would lie in an mbox, among the spans of all its parts. */
function endOf(checkpoint: Checkpoint | undefined): number {
  const { part, length } = readEnd(checkpoint ?? {}) ?? { part: 1, length: 0 };
  return spanInPart(part, { offset: length, length: 0 }).offset;
}

/** In an mbox all that begins at the checkpoint has to look like ours; in a Maildir each file tells of itself. */
function withResidue({ displaced, strays }: MailSurvey, end: number): MailSurvey {
  const beyond = strays.filter(({ where }) => "span" in where && where.span.offset >= end);
  const isTail = beyond.length > 0 && beyond.every(({ isOurs }) => isOurs);
  const isResidue = ({ where, kind, isOurs }: Stray) =>
    "span" in where ? isTail && where.span.offset >= end && kind !== "remains" : isOurs && kind === "message";
  return { displaced, strays: strays.map((stray) => (isResidue(stray) ? { ...stray, kind: "residue" } : stray)) };
}

const wrongFrame = "its From_ line, or the empty line behind it, is not what was written; its own octets are intact";

async function findReframable(path: string, bad: Iterable<Stored>): Promise<Stored[]> {
  const found: Stored[] = [];
  const byPart = new Map<number, Stored[]>();
  for (const stored of bad) {
    const part = partOf(stored.place);
    if (part !== undefined) byPart.set(part, [...(byPart.get(part) ?? []), stored]);
  }
  for (const [part, some] of byPart) {
    const file = partPath(path, part);
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
    if (handle === undefined) continue;
    await using opened = handle;
    for (const stored of some) if (await isWholeReframed(opened, file, stored)) found.push(stored);
  }
  return found;
}

/** Of an mbox in which every message is intact, and nothing else lies: whether a run would go on with it. */
async function faultAtEnd(path: string, checkpoint: Checkpoint | undefined): Promise<string | undefined> {
  const end = readEnd(checkpoint ?? {});
  if (end === undefined || (end.length === 0 && end.part === 1)) return undefined;
  const last = partPath(path, end.part);
  const handle = await open(last, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, last);
  });
  if (handle === undefined) return end.length === 0 ? undefined : "its mail is missing";
  await using file = handle;
  const { length, tailDigest, closed } = end;
  const isThere = (await sizeOf(file, last)) === length && (await digestTail(file, last, length)) === tailDigest;
  if (isThere && (await faultOfClosed(path, closed)) === undefined) return undefined;
  return "its ledger does not fit the end of the mail, although every message is intact";
}

/** As numbers: of a message that is damaged, another with the same octets may still be whole. */
function intactContents(contents: LedgerContents, bad: Iterable<Stored>): Set<number> {
  const counts = new Map<number, number>();
  for (const { sha256 } of contents.all()) counts.set(contentOf(sha256), (counts.get(contentOf(sha256)) ?? 0) + 1);
  for (const { sha256 } of bad) counts.set(contentOf(sha256), (counts.get(contentOf(sha256)) ?? 0) - 1);
  return new Set([...counts].filter(([, count]) => count > 0).map(([content]) => content));
}

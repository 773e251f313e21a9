// One mailbox of an archive, repaired by what lies on the disk: its mail first, its ledger when that is durable. Whatever is
// taken out of the mail is kept aside; killed at any step, the same again finds what there is and goes on.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { ledgerName } from "../formats/mailbox-names.ts";
import { partOf, partPath, spanOf, spansInPart, splitSpan } from "../formats/mbox-parts.ts";
import type { Span } from "../formats/mbox-pieces.ts";
import type { Checkpoint, Place, Stored } from "../message.ts";
import { type MailFormat, mailName } from "../storage/archive.ts";
import { listParts } from "../storage/archive-inventory.ts";
import type { Aside } from "../storage/aside.ts";
import { diskError } from "../storage/disk-error.ts";
import { replaceFile, sizeOf } from "../storage/durable.ts";
import { formatLines } from "../storage/ledger-lines.ts";
import { type FileEnd, formatEnd, noEnd, sizeAt } from "../storage/mbox-end.ts";
import { digestTail } from "../storage/mbox-tail.ts";
import { mendedLines } from "../storage/mended-ledger.ts";
import { areWhole, offsetsWithout, rewriteMbox } from "../storage/mended-mbox.ts";
import { nameOfPlace } from "../storage/place-set.ts";
import type { Found, Stray } from "../storage/survey.ts";
import type { Examination } from "./examine.ts";
import { type LostMessage, lostMessage } from "./verify-report.ts";

/** What became of a mailbox, or in a rehearsal, what would. */
export interface MendedMailbox {
  readonly path: readonly string[];
  /** Messages that were found elsewhere than their ledger said, or got a new From_ line: they are as they arrived. */
  readonly mended: number;
  /** Messages that no ledger knew. */
  readonly takenIn: number;
  /** Of mail that no ledger knew: copies, and what was no whole message; kept aside. */
  readonly putAside: number;
  /** Neither is a good copy of them here. What is left of them is kept aside. */
  readonly lost: readonly LostMessage[];
  /** The ledger was written anew. */
  readonly ledger: boolean;
  /** Why it was left as it is, as a clause. */
  readonly held?: string | undefined;
}

interface Plan {
  readonly takeIn: readonly Stray[];
  readonly leaveOut: readonly Stray[];
  readonly lost: readonly Stored[];
  readonly back: readonly Stored[];
  /** Nothing of it is mail that the archive lacks: it is moved aside as a whole, and gets no ledger. */
  readonly isForeign: boolean;
  readonly needsMail: boolean;
  readonly needsLedger: boolean;
}

function planOf({ found, contents, fault, bad, reframable, survey }: Examination): Plan {
  const { displaced, strays } = survey;
  const takeIn = strays.filter(({ kind }) => kind === "message");
  const leaveOut = strays.filter(({ kind }) => kind !== "message" && kind !== "residue");
  const lost = [...bad.keys()].filter((stored) => !displaced.has(stored) && !reframable.has(stored));
  const back = [...displaced.keys()].filter((stored) => !bad.has(stored));
  const isMisnamed = found.ledger !== undefined && found.ledger !== ledgerName(found.path, found.variant);
  const needsMail = leaveOut.length + reframable.size > 0;
  return {
    takeIn,
    leaveOut,
    lost,
    back,
    isForeign: found.ledger === undefined && contents.size === 0 && takeIn.length === 0 && found.reported === undefined,
    needsMail,
    needsLedger: needsMail || fault !== undefined || isMisnamed || takeIn.length + lost.length + displaced.size > 0,
  };
}

/** `aside` is undefined in a rehearsal: then nothing is written. */
export async function mendMailbox(
  directory: string,
  format: MailFormat,
  examination: Examination,
  aside: Aside | undefined,
): Promise<MendedMailbox> {
  const { found, reframable, survey, unread } = examination;
  const plan = planOf(examination);
  const result: MendedMailbox = {
    path: found.path,
    mended: survey.displaced.size + reframable.size,
    takenIn: plan.takeIn.length,
    putAside: plan.leaveOut.filter(({ kind }) => kind !== "remains").length,
    lost: plan.lost.map(({ key, size, internalDate }) => lostMessage(found.path, key, size, internalDate)),
    ledger: plan.needsLedger && !plan.isForeign,
  };
  if (unread !== undefined)
    return { ...result, mended: 0, takenIn: 0, putAside: 0, lost: [], ledger: false, held: unread };
  if (aside === undefined || !(plan.needsLedger || plan.isForeign)) return result;
  const mail = join(format, mailName(format, found.path, found.variant));
  if (format === "maildir") await clearMaildir(mail, plan, aside);
  else if (plan.isForeign) for (const part of examination.parts) await aside.move(partPath(mail, part));
  const checkpointed =
    format === "maildir" || plan.isForeign
      ? { checkpoint: { maildir: 1 }, placeNow: (place: Place) => place }
      : await clearMbox(directory, mail, plan, examination, aside);
  if (!plan.isForeign) await writeLedger(directory, plan, examination, checkpointed, aside);
  return result;
}

async function clearMaildir(mail: string, { leaveOut }: Plan, aside: Aside): Promise<void> {
  for (const { where } of leaveOut) if ("file" in where) await aside.move(join(mail, where.file));
}

interface Checkpointed {
  readonly checkpoint: Checkpoint;
  /** Where lies now what lay there. */
  placeNow(place: Place): Place;
}

async function clearMbox(
  directory: string,
  mail: string,
  { takeIn, needsMail }: Plan,
  { parts, spans, reframable, survey }: Examination,
  aside: Aside,
): Promise<Checkpointed> {
  const path = join(directory, mail);
  const found = [...survey.displaced.values()].flatMap(({ place }) => spanOf(place));
  const adopted = takeIn.flatMap(({ where }): Span[] => ("span" in where ? [where.span] : []));
  const keep = [...spans, ...found, ...adopted];
  for (const part of needsMail ? parts : []) await clearPart(directory, mail, part, keep, reframable, aside);
  // It stays beyond the checkpoint: the next run moves it aside.
  const residue = survey.strays
    .flatMap(({ kind, where }) => (kind === "residue" && "span" in where ? [where.span] : []))
    .sort((a, b) => a.offset - b.offset)[0];
  const offsetsNow = new Map<number, (offset: number) => number>();
  for (const part of parts) offsetsNow.set(part, offsetsWithout(spansInPart(part, keep)));
  return {
    checkpoint: await checkpointOf(path, needsMail || residue === undefined ? undefined : splitSpan(residue)),
    placeNow: (place) => {
      const offsetNow = offsetsNow.get(partOf(place) ?? 1);
      return typeof place.offset === "number" && offsetNow !== undefined
        ? { ...place, offset: offsetNow(place.offset) }
        : place;
    },
  };
}

/** A file in which all is as it is to be stays as it is. One that is left with nothing is kept aside, if it is not the first. */
async function clearPart(
  directory: string,
  mail: string,
  part: number,
  keep: readonly Span[],
  reframable: ReadonlySet<Stored>,
  aside: Aside,
): Promise<void> {
  const file = partPath(mail, part);
  const path = join(directory, file);
  const spans = spansInPart(part, keep);
  const frameless = [...reframable].filter(({ place }) => partOf(place) === part);
  const size = (await sizeAt(path)) ?? 0;
  if (frameless.length === 0 && areWhole(spans, size)) return;
  if (part > 1 && spans.length === 0) {
    await aside.move(file);
    return;
  }
  await aside.keep(file);
  await rewriteMbox(path, spans, frameless);
}

/** Of what lies there now, up to `end`: the last part that has something is the one that is written to next. */
async function checkpointOf(path: string, end: (Span & { readonly part: number }) | undefined): Promise<Checkpoint> {
  const parts = (await listParts(path)).filter((part) => end === undefined || part <= end.part);
  const ends = new Map<number, FileEnd>();
  for (const part of parts) {
    const found = await endOfFile(partPath(path, part), part === end?.part ? end.offset : undefined);
    if (found.length > 0) ends.set(part, found);
  }
  const last = Math.max(1, ...ends.keys());
  const closed = Array.from({ length: last - 1 }, (_, index) => ends.get(index + 1) ?? noEnd);
  return formatEnd({ ...(ends.get(last) ?? noEnd), part: last, closed });
}

async function endOfFile(path: string, end: number | undefined): Promise<FileEnd> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw diskError(error, path);
  });
  const length = end ?? (await sizeOf(handle, path));
  return { length, tailDigest: await digestTail(handle, path, length) };
}

async function writeLedger(
  directory: string,
  { takeIn, lost, back }: Plan,
  { found, contents, bad, survey }: Examination,
  { checkpoint, placeNow }: Checkpointed,
  aside: Aside,
): Promise<void> {
  const gone = new Set(lost.map(({ place }) => nameOfPlace(place)));
  const moved = new Map<string, Found>();
  for (const [stored, reading] of survey.displaced) if (bad.has(stored)) moved.set(nameOfPlace(stored.place), reading);
  const isBack = new Set<Stored>(back);
  const name = ledgerName(found.path, found.variant);
  const lines = mendedLines({
    mailbox: found.path,
    contents,
    checkpoint,
    now(stored) {
      const place = nameOfPlace(stored.place);
      if (gone.has(place)) return undefined;
      return asFound(stored, moved.get(place), placeNow);
    },
    found: [
      ...back.map((stored) => asFound(stored, survey.displaced.get(stored), placeNow)),
      ...takeIn.flatMap((stray) => recoveredOf(stray, placeNow)),
    ],
    lost: [...contents.losses().filter((stored) => !isBack.has(stored)), ...lost],
  });
  if (found.ledger !== undefined) await aside.keep(join("ledger", found.ledger));
  await replaceFile(join(directory, "ledger", name), formatLines(lines));
  if (found.ledger !== undefined && found.ledger !== name) await aside.move(join("ledger", found.ledger));
}

/** Behind a From_ line that is not its own, a message is as one that was taken in. */
function asFound(stored: Stored, found: Found | undefined, placeNow: Checkpointed["placeNow"]): Stored {
  const place = placeNow(found?.place ?? stored.place);
  return found?.isFramed === false ? { ...stored, place, recovered: [] } : { ...stored, place };
}

/** As the likeliest reading has it; the others go with it, until the message comes once more and shows which was right. */
function recoveredOf({ readings, flags, internalDate }: Stray, placeNow: Checkpointed["placeNow"]): Stored[] {
  const [first, ...others] = readings.map((reading) => ({ ...reading, place: placeNow(reading.place) }));
  if (first === undefined) return [];
  const key = `recovered-${first.sha256.slice(0, 12)}`;
  return [{ ...first, key, flags, internalDate, recovered: others }];
}

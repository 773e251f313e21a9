// Verifying the folder of an archive: every message of every ledger, and whatever else lies there.

import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { splitSpan } from "../formats/mbox-parts.ts";
import { printable } from "../formats/printable.ts";
import { subjectOf } from "../formats/subject.ts";
import type { Stored } from "../message.ts";
import { brokenEnd, describeOwner, type MailFormat, mailName } from "../storage/archive.ts";
import { takeInventory } from "../storage/archive-inventory.ts";
import { listAside } from "../storage/aside.ts";
import { compareMailboxes } from "../storage/ledger-folder.ts";
import { heldSince } from "../storage/lock.ts";
import { findMarker } from "../storage/marker-guess.ts";
import { openStoredAt } from "../storage/stored.ts";
import type { Stray, Where } from "../storage/survey.ts";
import { type Examination, examineMailbox } from "./examine.ts";
import { findRemains } from "./remains.ts";
import {
  type LostMessage,
  lostMessage,
  type VerifiedFolder,
  type VerifyProblem,
  type VerifyReport,
} from "./verify-report.ts";

/** Rejects only if there is no archive that can be read. */
export async function verifyFolder(
  directory: string,
  options: { readonly signal?: AbortSignal | undefined; readonly progress?: ((messages: number) => void) | undefined },
): Promise<VerifyReport> {
  const lock = join(directory, "mailferry.lock");
  const wasHeld = (await heldSince(lock)) !== undefined;
  const { marker, mail, fault } = await findMarker(directory);
  const { mailboxes: found, foreignLedgers, nameless } = await takeInventory(directory, mail);
  const problems: VerifyProblem[] = [];
  const say = (kind: VerifyProblem["kind"], reason: string) => problems.push({ mailbox: [], kind, reason });
  if (fault !== undefined) say("marker", fault);
  for (const name of foreignLedgers) say("ledger", `ledger/${printable(name)} is not the ledger of any mailbox`);
  for (const name of nameless)
    say("unknown", `${mail}/${printable(name)} has no ledger, and its name tells of no mailbox`);
  const mailboxes: VerifiedFolder[] = [];
  const lost: LostMessage[] = [];
  let octets = 0;
  let done = 0;
  const progress = () => options.progress?.(++done);
  for (const each of [...found].sort((a, b) => compareMailboxes(a.path, b.path))) {
    const { signal } = options;
    const examined = await examineMailbox(directory, mail, each, { signal, progress }).catch((error: unknown) => {
      // A disk that can't read one ledger may well read the others.
      if (!(error instanceof MailferryError)) throw error;
      problems.push({ mailbox: each.path, kind: "ledger", code: error.code, reason: error.message });
      return undefined;
    });
    if (examined === undefined) continue;
    await using examination = examined;
    const { contents, intact, recovered } = examination;
    const row = { path: each.path, messages: contents.size, intact };
    const unfinished = examination.survey.strays.filter(({ kind }) => kind === "residue").length;
    mailboxes.push({ ...row, ...(recovered === 0 ? {} : { recovered }), ...(unfinished === 0 ? {} : { unfinished }) });
    for (const { key, size, internalDate } of contents.losses())
      lost.push(lostMessage(each.path, key, size, internalDate));
    problems.push(...(await problemsOf(directory, mail, examination)));
    octets += examination.octets;
  }
  const aside = await listAside(directory);
  // A run that is at work stores mail before its ledger tells of it.
  const isBusy = wasHeld || (await heldSince(lock)) !== undefined;
  return {
    archive: directory,
    format: mail,
    account: marker === undefined ? "an account that is not known" : describeOwner(marker.account),
    messages: mailboxes.reduce((sum, row) => sum + row.messages, 0),
    intact: mailboxes.reduce((sum, row) => sum + row.intact, 0),
    octets,
    mailboxes,
    problems: isBusy ? problems.filter((problem) => !isUnderWay(problem)) : problems,
    ...(lost.length === 0 ? {} : { lost }),
    ...(aside.length === 0 ? {} : { aside }),
  };
}

function isUnderWay({ kind = "marker", reason }: VerifyProblem): boolean {
  return ["unknown", "copy", "fragment"].includes(kind) || reason === brokenEnd;
}

const displaced = "it is intact, but not where its ledger says";

async function problemsOf(directory: string, format: MailFormat, examination: Examination): Promise<VerifyProblem[]> {
  const { found, fault, bad, reframable, survey, unread } = examination;
  const mailbox = found.path;
  const problems: VerifyProblem[] = [];
  if (fault !== undefined) problems.push({ mailbox, kind: "ledger", reason: fault });
  await using mail = openStoredAt({ format, path: join(directory, format, mailName(format, mailbox, found.variant)) });
  const read = (stored: Stored) => mail.read(stored.place);
  const isThere = (stored: Stored) =>
    unread !== undefined || reframable.has(stored) || findRemains(stored, survey).length > 0;
  if (unread !== undefined && bad.size === 0) problems.push({ mailbox, kind: "damaged", reason: unread });
  for (const [stored, reason] of bad) {
    const { key, size, internalDate } = stored;
    const isDisplaced = survey.displaced.has(stored);
    const kind = isDisplaced ? "displaced" : isThere(stored) ? "damaged" : "lost";
    const named = problems.length < mostNamed && kind === "damaged" ? await subjectIn(read(stored)) : undefined;
    problems.push({
      ...{ mailbox, key, kind, reason: isDisplaced ? displaced : reason, size },
      ...(internalDate === undefined ? {} : { date: internalDate.toISOString() }),
      ...(named === undefined ? {} : { subject: named }),
    });
  }
  const isBack = [...survey.displaced.keys()].filter((stored) => !bad.has(stored)).length;
  if (isBack > 0) problems.push({ mailbox, kind: "unknown", reason: "mail that was lost lies here again" });
  for (const [kind, [name, what]] of Object.entries(strayWords)) {
    const strays = survey.strays.filter((stray) => stray.kind === kind);
    if (strays.length === 0) continue;
    problems.push({ mailbox, kind: name, reason: `${what}: ${listOf(strays)}` });
  }
  return problems;
}

const mostNamed = 100;

const strayWords = {
  message: ["unknown", "mail lies here that its ledger does not know"],
  copy: ["copy", "copies lie here of what the archive has"],
  fragment: ["fragment", "something lies here that is no whole message"],
} as const satisfies Partial<Record<Stray["kind"], readonly [VerifyProblem["kind"], string]>>;

const mostListed = 3;

function listOf(strays: readonly Stray[]): string {
  const more = strays.length > mostListed ? ` and ${strays.length - mostListed} more` : "";
  return `${strays
    .slice(0, mostListed)
    .map(({ where }) => describeWhere(where))
    .join(", ")}${more}`;
}

export function describeWhere(where: Where): string {
  if ("file" in where) return printable(where.file);
  const { part, offset, length } = splitSpan(where.span);
  return `octets ${offset} to ${offset + length}${part === 1 ? "" : ` of part ${part}`}`;
}

const longestHead = 16 * 1024;

/** Of a message that is damaged somewhere: as much as can be read. */
async function subjectIn(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const head: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      head.push(Buffer.from(chunk.subarray(0, longestHead)));
      length += chunk.length;
      if (length >= longestHead) break;
    }
  } catch {
    // What was read before is enough, or there is nothing.
  }
  return subjectOf(Buffer.concat(head).subarray(0, longestHead));
}

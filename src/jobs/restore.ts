// Putting mail back: one job from mail on this machine into an account, a Maildir or an mbox file. It has a book of its
// own, as a move has, so that it goes on where it was interrupted and brings nothing twice.

import { readdir, stat } from "node:fs/promises";
import { basename } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox, Place } from "../message.ts";
import { openMaildirSink } from "../sinks/index.ts";
import type { Sink } from "../sinks/sink.ts";
import { openSource } from "../sources/index.ts";
import type { LocalMail } from "../sources/source.ts";
import { diskError } from "../storage/disk-error.ts";
import { type MoveBook, openMoveBook, readMoveBook } from "../storage/move-book.ts";
import { moveIdentity, ownerOf } from "./identity.ts";
import type { Destination, Job } from "./job.ts";
import { checkPattern, matchesPattern } from "./patterns.ts";
import type { RetryPolicy } from "./retry.ts";
import { allMailboxes } from "./select.ts";
import { date } from "./values.ts";

export type RestoreTarget = Exclude<Destination, { readonly archive: string }>;

export interface RestoreOrder {
  readonly from: LocalMail;
  readonly to: RestoreTarget;
  /** Patterns, as `selectNamed` gives them. */
  readonly include: readonly string[];
  /** Only messages that arrived then or later. */
  readonly since?: Date | undefined;
  readonly retry: RetryPolicy;
}

/** The same name for the same mail, so that an interrupted restore is found again. */
export function restoreJob({ from, to, include, since, retry }: RestoreOrder): Job {
  return {
    name: `restore ${printable(basename(ownerOf(from).user))}`,
    from,
    to,
    mailboxes: { include, exclude: [], map: [], specialUse: "account" in to ? true : undefined },
    filter: { since },
    verify: "after",
    retry,
  };
}

/** A date as the job file's `filter.since` takes it; undefined if it is none. */
export function parseSince(text: string): Date | undefined {
  const parsed = date.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** The mailboxes that there are to restore. */
export async function listRestorable(from: LocalMail, signal: AbortSignal): Promise<Mailbox[]> {
  await using source = openSource(from, signal);
  return await allMailboxes(source);
}

export interface NamedSelection {
  /** Patterns that match what was named, for a job. */
  readonly include: readonly string[];
  readonly chosen: readonly Mailbox[];
  /** Names that lead to no mailbox, each with what is wrong with it as the end of a sentence. */
  readonly mistakes: readonly { readonly name: string; readonly message: string }[];
}

/** Mailboxes by their names: the exact path joined with `/`, and where there is none, a glob of the job file. */
export function selectNamed(names: readonly string[], mailboxes: readonly Mailbox[]): NamedSelection {
  if (names.length === 0) return { include: ["*"], chosen: mailboxes, mistakes: [] };
  const include: string[] = [];
  const mistakes: NamedSelection["mistakes"][number][] = [];
  for (const name of names) {
    const exact = mailboxes.filter(({ path }) => spell(path.join("/")) === spell(name));
    const patterns = exact.length > 0 ? exact.map(({ path }) => patternOf(path)) : [name];
    const wrong = exact.length > 0 ? undefined : checkPattern(name);
    if (wrong !== undefined) mistakes.push({ name, message: wrong });
    else if (mailboxes.some((mailbox) => isAmong(mailbox, patterns))) include.push(...patterns);
    else mistakes.push({ name, message: "is not among its mailboxes" });
  }
  return { include, chosen: mailboxes.filter((mailbox) => isAmong(mailbox, include)), mistakes };
}

function isAmong(mailbox: Mailbox, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, mailbox));
}

function spell(name: string): string {
  return name.normalize("NFC").replace(/^inbox(?=$|\/)/i, "INBOX");
}

/** A pattern that matches this path: characters that mean something in patterns become the one that stands for any. */
function patternOf(path: readonly string[]): string {
  return path.map((segment) => segment.replace(/[*/\\]/gu, "?")).join("/");
}

/** What may be done with a target that is not new. */
export interface TargetRules {
  readonly stateDirectory: string;
  /** Mail may be put into a Maildir that is there already. */
  readonly into: boolean;
}

/**
 * Looks at the target before anything is written: files and folders must be new, empty, or those of an interrupted restore.
 * Throws D506. `isVoid`: there is a book, but nothing is left of what it tells of; `forgetRestore` is called for first.
 */
export async function checkRestoreTarget(
  job: Job,
  chosen: readonly Mailbox[],
  { stateDirectory, into }: TargetRules,
): Promise<{ readonly isVoid: boolean }> {
  const { to } = job;
  if ("account" in to || "archive" in to) return { isVoid: false };
  const path = "maildir" in to ? to.maildir : to.mbox;
  const found = await lookAt(path);
  const book = await readMoveBook(stateDirectory, moveIdentity(job));
  if (found === "nothing") return { isVoid: book !== undefined };
  if ("mbox" in to) {
    const another = "Name a file that is not there yet.";
    if (found !== "file") throw refused(path, "it is a folder", another);
    const known = new Set(book?.mailboxes().map((mailbox) => JSON.stringify(mailbox.path)));
    if (chosen.every((mailbox) => known.has(JSON.stringify(mailbox.path)))) return { isVoid: false };
    throw refused(path, "there is something in it already", another);
  }
  if (found === "file") throw refused(path, "it is a file", "Name a folder.");
  if (book !== undefined && (await holdsAny(openMaildirSink(path), book))) return { isVoid: false };
  if (found === "folder") throw refused(path, "it is neither empty nor a Maildir", "Name a new or empty folder.");
  if (into) return { isVoid: book !== undefined };
  throw refused(
    path,
    "there is mail in it already",
    "Name a new or empty folder, or use --into to add to this Maildir.",
  );
}

/** Makes the book forget what it knows of a target of which nothing is left: all is put back again. */
export async function forgetRestore(job: Job, stateDirectory: string): Promise<void> {
  await using book = await openMoveBook(stateDirectory, moveIdentity(job));
  for (const mailbox of book.mailboxes()) {
    await using ledger = await book.openLedger(mailbox);
    await ledger.forget();
  }
}

/** Of a mailbox so many messages are looked for. */
const mostLookedFor = 20;

/** True if anything is left of what the book tells of, or if it tells of no message yet. */
async function holdsAny(sink: Sink, book: MoveBook): Promise<boolean> {
  await using target = sink;
  let isTold = false;
  for (const mailbox of book.mailboxes()) {
    let lookedFor = 0;
    await using ledger = await book.readLedger(mailbox);
    for (const { place } of ledger?.all() ?? []) {
      isTold = true;
      if (lookedFor++ === mostLookedFor) break;
      if (await canRead(target, mailbox, place)) return true;
    }
  }
  return !isTold;
}

async function canRead(target: Sink, mailbox: Mailbox, place: Place): Promise<boolean> {
  try {
    for await (const _ of target.read(mailbox, place)) break;
    return true;
  } catch (error) {
    if (error instanceof MailferryError && (error.code === "V901" || codeOf(error.cause) === "ENOENT")) return false;
    throw error;
  }
}

/** An empty folder, or an empty file, is nothing. */
async function lookAt(path: string): Promise<"nothing" | "file" | "maildir" | "folder"> {
  try {
    const status = await stat(path);
    if (!status.isDirectory()) return status.size === 0 && status.isFile() ? "nothing" : "file";
    const names = new Set((await readdir(path)).filter((name) => name !== "lost+found"));
    if (names.size === 0) return "nothing";
    return ["cur", "new", "tmp"].every((name) => names.has(name)) ? "maildir" : "folder";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw diskError(error, path);
  }
}

function refused(path: string, why: string, remedy: string): MailferryError {
  return new MailferryError("D506", `${printable(path)} was not touched: ${why}`, {
    scope: "session",
    retry: "never",
    remedy,
  });
}

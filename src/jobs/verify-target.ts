// What a job has put into an account, read there once more and held against its book. Nothing is changed there: mailboxes
// are opened read-only, one after the other over one connection.

import { MailferryError } from "../errors.ts";
import type { Mailbox } from "../message.ts";
import { openSource } from "../sources/index.ts";
import type { Source } from "../sources/source.ts";
import { type MoveBook, readMoveBook } from "../storage/move-book.ts";
import type { Patience } from "./compare-source.ts";
import type { JobFailure } from "./events.ts";
import { describeDestination, moveIdentity } from "./identity.ts";
import type { Job } from "./job.ts";
import { withRetries } from "./retry.ts";
import { type Finding, TargetMailbox } from "./target-mailbox.ts";

export interface VerifiedMailbox {
  /** At the target. */
  readonly path: readonly string[];
  /** That were brought. */
  readonly messages: number;
  /** That are there as they were stored. */
  readonly intact: number;
  /** Of those that are intact: as the target made them when they came (M404). Absent means none. */
  readonly altered?: number | undefined;
  /** That are not there any more, or never could be brought. */
  readonly missing: number;
  /** That are there with other octets, or can't be read. */
  readonly differing: number;
  /** At the target, and not of this job. */
  readonly others: number;
}

export interface TargetReport {
  readonly job: string;
  readonly account: string;
  readonly messages: number;
  readonly intact: number;
  /** Of the messages as they were at the source. */
  readonly octets: number;
  readonly mailboxes: readonly VerifiedMailbox[];
  readonly problems: readonly TargetProblem[];
  /** Worth knowing; nothing is missing for it. */
  readonly notices: readonly JobFailure[];
}

export interface TargetProblem {
  /** Absent where it could not be told. */
  readonly kind?: "missing" | "differing" | undefined;
  readonly mailbox: readonly string[];
  /** At the source. Absent where the whole mailbox is meant. */
  readonly key?: string | undefined;
  readonly code?: string | undefined;
  readonly reason: string;
}

export interface VerifyTargetOptions extends Patience {
  /** So many messages have been read. */
  readonly progress?: ((messages: number) => void) | undefined;
}

/** What is remembered of a job into an account; undefined if it has never run. Nothing is locked. */
export function openBookOf(job: Job, stateDirectory: string): Promise<MoveBook | undefined> {
  return readMoveBook(stateDirectory, moveIdentity(job));
}

/** How many messages a verification has to read. */
export async function countBrought(book: MoveBook): Promise<number> {
  let messages = 0;
  for (const mailbox of book.mailboxes()) {
    await using ledger = await book.readLedger(mailbox).catch(() => undefined);
    messages += ledger?.size ?? 0;
  }
  return messages;
}

/** Rejects where the account can't be read at all, or if the job has another target than an account. */
export async function verifyTarget(job: Job, book: MoveBook, options: VerifyTargetOptions): Promise<TargetReport> {
  const { signal } = options;
  if (!("account" in job.to)) throw new Error(`${job.name} does not bring mail into an account`);
  await using source = openSource(job.to.account, signal);
  const listed = await withRetries(() => list(source), job.retry, options);
  const mailboxes: VerifiedMailbox[] = [];
  const problems: TargetProblem[] = book.damaged.map(({ code, message }) => ({ mailbox: [], code, reason: message }));
  const notices: JobFailure[] = [];
  let octets = 0;
  let done = 0;
  for (const mailbox of book.mailboxes()) {
    const { path } = mailbox;
    signal.throwIfAborted();
    try {
      await using ledger = await book.readLedger(mailbox);
      const stored = [...(ledger?.all() ?? [])];
      const target = new TargetMailbox(stored, () => options.progress?.(++done));
      if (listed.has(JSON.stringify(path))) await lookWhole(source, mailbox, target, job, options);
      if (target.isRenewed) notices.push({ code: "S605", mailbox: path, reason: renewed });
      const failed = [...(ledger?.failed() ?? [])];
      const { findings, altered, others } = target.result();
      mailboxes.push(rowOf(path, stored.length, findings, { altered, others, failed: failed.length }));
      problems.push(...findings.map((finding) => ({ mailbox: path, ...finding })));
      for (const { key, code, reason } of failed) problems.push({ kind: "missing", mailbox: path, key, code, reason });
      for (const { size } of stored) octets += size;
    } catch (error) {
      if (!(error instanceof MailferryError) || error.scope === "session") throw error;
      problems.push({ mailbox: path, code: error.code, reason: error.message });
    }
  }
  return {
    job: job.name,
    account: describeDestination(job.to),
    messages: mailboxes.reduce((sum, { messages }) => sum + messages, 0),
    intact: mailboxes.reduce((sum, { intact }) => sum + intact, 0),
    octets,
    mailboxes,
    problems,
    notices,
  };
}

const renewed = "the mailbox at the target is another than before; what is there was recognised by content";

async function list(source: Source): Promise<Set<string>> {
  const listed = new Set<string>();
  for await (const { path } of source.mailboxes()) listed.add(JSON.stringify(path));
  return listed;
}

async function lookWhole(
  source: Source,
  mailbox: Mailbox,
  target: TargetMailbox,
  { retry }: Job,
  patience: Patience,
): Promise<void> {
  let before = 0;
  const attempt = async () => {
    before = target.read;
    await using reader = await source.open(mailbox);
    await target.look(reader, patience.signal);
  };
  await withRetries(attempt, retry, { ...patience, progressed: () => target.read > before });
}

function rowOf(
  path: readonly string[],
  messages: number,
  findings: readonly Finding[],
  { altered, others, failed }: { readonly altered: number; readonly others: number; readonly failed: number },
): VerifiedMailbox {
  const differing = findings.filter(({ kind }) => kind === "differing").length;
  const missing = findings.length - differing + failed;
  const row = { path, messages, intact: messages - findings.length, missing, differing, others };
  return altered > 0 ? { ...row, altered } : row;
}

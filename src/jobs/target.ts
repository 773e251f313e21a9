// Where a job puts its mail, opened for one run: an archive, an account, or plain mail files. Each comes with the book of
// what was stored there.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import type { Mailbox } from "../message.ts";
import { openMaildirSink, openMboxSink, openSink } from "../sinks/index.ts";
import type { Sink } from "../sinks/sink.ts";
import { openArchive, readArchive, readMarker } from "../storage/archive.ts";
import type { LedgerFolder } from "../storage/ledger-folder.ts";
import { type MoveBook, openMoveBook, readMoveBook } from "../storage/move-book.ts";
import type { MappedMailbox } from "./events.ts";
import { moveIdentity, ownerOf } from "./identity.ts";
import type { Job } from "./job.ts";
import { checkStillThere, rememberArchive } from "./known-archives.ts";
import type { Limits } from "./limits.ts";
import type { MappedRoute } from "./mapping.ts";
import { selectMailboxes } from "./select.ts";

export interface Target extends AsyncDisposable {
  /** Undefined in a rehearsal where there is none yet. */
  readonly book: LedgerFolder | undefined;
  readonly sink: Sink;
  /**
   * The account to log in to; undefined for mail on this machine. Others may change what lies in an account, so it is
   * looked at even where nothing is to be brought; and its sink reads back what it stores, so nothing else need.
   */
  readonly account: Account | undefined;
  /** Where each mailbox of the source goes that the job is to carry. */
  plan(mailboxes: readonly Mailbox[]): Promise<readonly MappedRoute[]>;
  /** Keeps what `plan` has said, so that a mailbox never moves on. */
  remember(plan: readonly MappedRoute[]): Promise<void>;
}

export interface TargetContext {
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly stateDirectory: string | undefined;
  readonly limits: Limits;
}

/** Opens the job's target; for a rehearsal nothing is made and nothing locked. An account is not logged in to yet. */
export async function openTarget(job: Job, context: TargetContext): Promise<Target> {
  const { to } = job;
  if ("archive" in to) return openArchiveTarget(job, to, context);
  const book = await openBook(job, context);
  if ("account" in to) {
    const { openAccountTarget } = await import("./account-target.ts");
    return openAccountTarget(job, to, book, context);
  }
  const sink = "maildir" in to ? openMaildirSink(to.maildir) : openMboxSink(to.mbox);
  return localTarget(job, sink, book);
}

async function openArchiveTarget(
  job: Job,
  to: { readonly archive: string; readonly format: "mbox" | "maildir" },
  { dryRun, stateDirectory }: TargetContext,
): Promise<Target> {
  let archive: Awaited<ReturnType<typeof readArchive>> | undefined;
  if (dryRun) archive = (await readMarker(to.archive)) === undefined ? undefined : await readArchive(to.archive);
  else {
    await checkStillThere(stateDirectory, to.archive);
    archive = await openArchive(to.archive, { mail: to.format, account: ownerOf(job.from) });
    try {
      await rememberArchive(stateDirectory, archive);
    } catch (error) {
      await archive[Symbol.asyncDispose]();
      throw error;
    }
  }
  return localTarget(job, archive === undefined ? nowhere : openSink(archive), archive);
}

function localTarget(job: Job, sink: Sink, book: LedgerFolder | undefined): Target {
  return {
    sink,
    book,
    account: undefined,
    plan: async (mailboxes) => planLocal(mailboxes, job),
    async remember() {},
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]();
      await book?.[Symbol.asyncDispose]();
    },
  };
}

function planLocal(mailboxes: readonly Mailbox[], job: Job): MappedRoute[] {
  return selectMailboxes(mailboxes, job.mailboxes).map(({ mailbox, target }) => {
    const why: MappedMailbox["why"] = JSON.stringify(mailbox.path) === JSON.stringify(target) ? "same" : "map";
    return { mailbox, target, why, exists: true };
  });
}

async function openBook(job: Job, { dryRun, stateDirectory }: TargetContext): Promise<MoveBook | undefined> {
  if (stateDirectory === undefined) {
    throw new MailferryError("C701", `${job.name} has no place to remember what it has brought`, {
      scope: "session",
      retry: "never",
      remedy: "Give runJobs a stateDirectory.",
    });
  }
  const identity = moveIdentity(job);
  return dryRun ? readMoveBook(stateDirectory, identity) : openMoveBook(stateDirectory, identity);
}

/** What a rehearsal writes to. */
const nowhere: Sink = {
  open: () => Promise.reject(new Error("a rehearsal writes nothing")),
  async *read() {},
  async [Symbol.asyncDispose]() {},
};

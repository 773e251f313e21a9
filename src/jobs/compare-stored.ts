// Which source an archive or a target account is compared with, and where each mailbox of it is stored.

import { realpath } from "node:fs/promises";
import type { Mailbox } from "../message.ts";
import { type Archive, describeOwner, type Owner, readArchive } from "../storage/archive.ts";
import type { MoveBook } from "../storage/move-book.ts";
import type { CompareReport } from "./compare.ts";
import { type ComparedRoute, compareSource, type Patience } from "./compare-source.ts";
import { describeDestination, ownerOf } from "./identity.ts";
import type { Job, LoadedJobFile, Origin } from "./job.ts";
import { chooseMailboxes, selectMailboxes } from "./select.ts";

/**
 * Compares an archive with where its mail comes from: as the jobs of the file do that write it, or, where there is none,
 * every mailbox of the account that its marker names. Undefined if the file knows neither.
 */
export async function compareArchive(
  directory: string,
  file: LoadedJobFile,
  patience: Patience,
): Promise<CompareReport | undefined> {
  await using archive = await readArchive(directory);
  const jobs = await jobsInto(archive, file);
  const from = jobs[0]?.from ?? originOf(archive.marker.account, file);
  const retry = (jobs[0] ?? file.jobs[0])?.retry;
  if (from === undefined || retry === undefined) return undefined;
  const comparison = {
    from,
    to: directory,
    book: archive,
    routes: (mailboxes: readonly Mailbox[]) => (jobs.length > 0 ? routesOf(jobs, mailboxes) : allOf(mailboxes)),
    sourceOf: () => undefined,
    retry,
  };
  return compareSource(comparison, patience);
}

/** Compares the source of a job into an account with what its book says has been brought there. */
export async function compareMove(job: Job, book: MoveBook, patience: Patience): Promise<CompareReport> {
  const targets = new Map(book.mapping.map(([from, to]) => [JSON.stringify(from), to]));
  const sources = new Map(book.mapping.map(([from, to]) => [JSON.stringify(to), from]));
  const comparison = {
    from: job.from,
    to: describeDestination(job.to),
    book,
    routes: (mailboxes: readonly Mailbox[]) =>
      chooseMailboxes(mailboxes, job.mailboxes).map((mailbox) => {
        return { mailbox, target: targets.get(JSON.stringify(mailbox.path)), filters: [job.filter] };
      }),
    sourceOf({ path }: Mailbox) {
      const source = sources.get(JSON.stringify(path));
      return source === undefined ? undefined : { path: source };
    },
    retry: job.retry,
  };
  return compareSource(comparison, patience);
}

/** Several jobs may bring each their mailboxes of one account. */
async function jobsInto({ directory, marker }: Archive, file: LoadedJobFile): Promise<Job[]> {
  const all = await findJobsInto(directory, file);
  return all.filter((job) => isSameOwner(ownerOf(job.from), marker.account));
}

/** The jobs that write to this folder, whatever lies in it. */
export async function findJobsInto(directory: string, { jobs }: LoadedJobFile): Promise<Job[]> {
  const here = await realPath(directory);
  const writing: Job[] = [];
  for (const job of jobs) if ("archive" in job.to && (await realPath(job.to.archive)) === here) writing.push(job);
  return writing;
}

/**
 * The jobs that bring again what an archive lacks: those of the file that write it, or, where there is none, one that brings
 * every mailbox of the account that its marker names. None if the file knows neither. They run no command and make no pack.
 */
export async function findJobsFor(directory: string, file: LoadedJobFile): Promise<Job[]> {
  await using archive = await readArchive(directory);
  const { account, mail } = archive.marker;
  const jobs = await jobsInto(archive, file);
  const from = jobs.length > 0 ? undefined : originOf(account, file);
  const retry = file.jobs[0]?.retry;
  if (from === undefined || retry === undefined) {
    return jobs.map((job) => ({ ...job, hooks: undefined, pack: undefined, retention: undefined }));
  }
  const mailboxes = { include: ["*"], exclude: [], map: [] };
  const to = { archive: directory, format: mail };
  return [{ name: `repair ${describeOwner(account)}`, from, to, mailboxes, filter: {}, verify: "after", retry }];
}

function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isSameOwner(a: Owner, b: Owner): boolean {
  return a.protocol === b.protocol && a.user === b.user && a.host.toLowerCase() === b.host.toLowerCase();
}

function originOf(owner: Owner, { accounts }: LoadedJobFile): Origin | undefined {
  switch (owner.protocol) {
    case "archive":
      return { archive: owner.user };
    case "mbox":
      return { mbox: owner.user };
    case "maildir":
      return { maildir: owner.user };
    default:
      return [...accounts.values()].find(({ account }) => isSameOwner(ownerOf(account), owner))?.account;
  }
}

function allOf(mailboxes: readonly Mailbox[]): ComparedRoute[] {
  return mailboxes.map((mailbox) => ({ mailbox, target: mailbox.path, filters: [{}] }));
}

function routesOf(jobs: readonly Job[], mailboxes: readonly Mailbox[]): ComparedRoute[] {
  const routes = new Map<string, ComparedRoute>();
  for (const job of jobs) {
    for (const { mailbox, target } of selectMailboxes(mailboxes, job.mailboxes)) {
      const key = JSON.stringify([mailbox.path, target]);
      const filters = [...(routes.get(key)?.filters ?? []), job.filter];
      routes.set(key, { mailbox, target, filters });
    }
  }
  return [...routes.values()];
}

// What no single key shows: values that are right by themselves and wrong together. It looks at the file as written and
// takes what it can read of it, so that a mistake elsewhere hides nothing here.

import { isIPv4 } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { type Path, quote } from "./mistakes.ts";
import { checkPattern, checkTarget } from "./patterns.ts";
import { auth, date, format, protocol, tlsMode } from "./schema.ts";
import { suggest } from "./suggest.ts";

const glimpse = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const glimpsedAccount = z
  .object({
    protocol: glimpse(protocol),
    host: glimpse(z.string()),
    tls: glimpse(tlsMode),
    auth: glimpse(auth),
    allowInsecure: glimpse(z.boolean()),
  })
  .catch({});

const glimpsedJob = z
  .object({
    name: glimpse(z.string()),
    from: glimpse(z.string()),
    to: z.object({ archive: glimpse(z.string()), format: glimpse(format) }).catch({}),
    filter: z.object({ since: glimpse(date), before: glimpse(date), unseen: glimpse(z.boolean()) }).catch({}),
    mailboxes: z.object({ map: z.record(z.string(), glimpse(z.string())).catch({}) }).catch({ map: {} }),
  })
  .catch({ to: {}, filter: {}, mailboxes: { map: {} } });

const glimpsedFile = z
  .object({ accounts: glimpse(z.record(z.string(), glimpsedAccount)), jobs: z.array(glimpsedJob).catch([]) })
  .catch({ jobs: [] });

type GlimpsedAccount = z.output<typeof glimpsedAccount>;
type GlimpsedJob = z.output<typeof glimpsedJob>;

export interface Contradiction {
  readonly path: Path;
  readonly message: string;
}

/** All contradictions in the data of a job file, valid or not. Relative paths start from `baseDir`. */
export function findContradictions(data: unknown, baseDir: string): Contradiction[] {
  const { accounts, jobs } = glimpsedFile.parse(data);
  const accountByName = accounts === undefined ? undefined : new Map(Object.entries(accounts));
  return [
    ...[...(accountByName ?? [])].flatMap(([name, account]) => inAccount(account, ["accounts", name])),
    ...jobs.flatMap((job, index) => inJob(job, ["jobs", index], accountByName)),
    ...amongJobs(jobs, baseDir),
  ];
}

function inAccount(account: GlimpsedAccount, path: Path): Contradiction[] {
  const found: Contradiction[] = [];
  if (account.tls === "none" && account.allowInsecure !== true && !isLoopback(account.host)) {
    const message = "none sends the password readable; use implicit or starttls, or set allowInsecure: true";
    found.push({ path: [...path, "tls"], message });
  }
  if (account.auth === "apop" && account.protocol === "imap") {
    found.push({ path: [...path, "auth"], message: "apop is for pop3 accounts; use auto" });
  }
  return found;
}

function inJob(
  job: GlimpsedJob,
  path: Path,
  accounts: ReadonlyMap<string, GlimpsedAccount> | undefined,
): Contradiction[] {
  const found: Contradiction[] = [];
  const account = job.from === undefined ? undefined : accounts?.get(job.from);
  if (job.from !== undefined && accounts !== undefined && account === undefined) {
    const meant = suggest(job.from, accounts.keys());
    const hint = meant === undefined ? "" : `; did you mean ${quote(meant)}?`;
    found.push({ path: [...path, "from"], message: `there is no account ${quote(job.from)}${hint}` });
  }
  if (account?.protocol === "pop3") {
    for (const key of ["since", "before", "unseen"] as const) {
      if (job.filter[key] === undefined) continue;
      const message = "a POP3 server tells neither dates nor flags; remove this key, or use IMAP";
      found.push({ path: [...path, "filter", key], message });
    }
  }
  const { since, before } = job.filter;
  if (since !== undefined && before !== undefined && since >= before) {
    found.push({ path: [...path, "filter", "before"], message: "must be later than since, or no message passes" });
  }
  for (const [pattern, target] of Object.entries(job.mailboxes.map)) {
    const wrongPattern = checkPattern(pattern);
    const wrongTarget = target === undefined ? undefined : checkTarget(pattern, target);
    const message =
      wrongPattern === undefined
        ? wrongTarget && `${quote(target ?? "")} ${wrongTarget}`
        : `${quote(pattern)} ${wrongPattern}`;
    if (message !== undefined) found.push({ path: [...path, "mailboxes", "map", pattern], message });
  }
  return found;
}

function amongJobs(jobs: readonly GlimpsedJob[], baseDir: string): Contradiction[] {
  const found: Contradiction[] = [];
  const names = new Map<string, number>();
  const archives = new Map<string, GlimpsedJob>();
  for (const [index, job] of jobs.entries()) {
    if (job.name !== undefined) {
      const first = names.get(job.name);
      if (first === undefined) names.set(job.name, index);
      else
        found.push({
          path: ["jobs", index, "name"],
          message: `${quote(job.name)} is the name of jobs[${first}] already`,
        });
    }
    if (job.to.archive === undefined) continue;
    const archive = resolve(baseDir, job.to.archive);
    const other = archives.get(archive);
    if (other === undefined) archives.set(archive, job);
    else if (differ(other.from, job.from)) {
      const message = `${quote(other.name ?? "another job")} puts another account into this archive; an archive holds one account`;
      found.push({ path: ["jobs", index, "to", "archive"], message });
    } else if (differ(other.to.format, job.to.format)) {
      const message = `${quote(other.name ?? "another job")} writes ${other.to.format} into this archive; an archive has one format`;
      found.push({ path: ["jobs", index, "to", "format"], message });
    }
  }
  return found;
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return true;
  return host.toLowerCase() === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

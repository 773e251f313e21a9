// What no single key shows: values that are right by themselves and wrong together. It looks at the file as written and
// takes what it can read of it, so that a mistake elsewhere hides nothing here.

import { isIPv4 } from "node:net";
import { amongJobs } from "./among-jobs.ts";
import {
  type Contradiction,
  type GlimpsedAccount,
  type GlimpsedAccounts,
  type GlimpsedJob,
  type GlimpsedSmtp,
  glimpseFile,
} from "./glimpse.ts";
import { inEnds } from "./job-ends.ts";
import { type Path, quote } from "./mistakes.ts";
import { checkPattern, checkTarget } from "./patterns.ts";
import { isWithin, resolvePath } from "./places.ts";

/** All contradictions in the data of a job file, valid or not. Relative paths start from `baseDir`. */
export function findContradictions(data: unknown, baseDir: string): Contradiction[] {
  const { accounts, jobs, smtp } = glimpseFile(data);
  return [
    ...[...(accounts ?? [])].flatMap(([name, account]) => inAccount(account, ["accounts", name])),
    ...jobs.flatMap((job, index) => [
      ...inEnds(job, ["jobs", index], { accounts, baseDir }),
      ...inSelection(job, ["jobs", index], accounts),
      ...inPacks(job, ["jobs", index], baseDir),
    ]),
    ...inSmtp(smtp, ["notify", "email", "smtp"]),
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

function inSelection(job: GlimpsedJob, path: Path, accounts: GlimpsedAccounts): Contradiction[] {
  const found: Contradiction[] = [];
  const account = typeof job.from === "string" ? accounts?.get(job.from) : undefined;
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

function inPacks({ to, pack, retention }: GlimpsedJob, path: Path, baseDir: string): Contradiction[] {
  if (pack === undefined) {
    const message = "retention is for packs, and this job makes none; add pack, or remove this key";
    return retention === undefined ? [] : [{ path: [...path, "retention"], message }];
  }
  if (to?.keys.has("account")) {
    return [{ path: [...path, "pack"], message: "packs are made of an archive, and this job writes to an account" }];
  }
  if (to?.archive === undefined || pack.to === undefined) return [];
  const [archive, packs] = [resolvePath(baseDir, to.archive), resolvePath(baseDir, pack.to)];
  if (!isWithin(archive, packs)) return [];
  return [{ path: [...path, "pack", "to"], message: "this lies in the archive; name a folder beside it" }];
}

function inSmtp(smtp: GlimpsedSmtp | undefined, path: Path): Contradiction[] {
  if (smtp === undefined) return [];
  const found: Contradiction[] = [];
  if (smtp.tls === "none" && !isLoopback(smtp.host)) {
    found.push({ path: [...path, "tls"], message: "none sends everything readable; use implicit or starttls" });
  }
  if (smtp.user !== undefined && smtp.password === undefined) {
    found.push({ path: [...path, "user"], message: "a user needs a password; add the key password" });
  }
  if (smtp.user === undefined && smtp.password !== undefined) {
    found.push({ path: [...path, "password"], message: "a password needs a user; add the key user" });
  }
  return found;
}

function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return true;
  return host.toLowerCase() === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

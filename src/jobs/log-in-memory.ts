// Log-ins that were refused, remembered by account beyond the run: after so many in a row nobody but a person tries again,
// or the provider locks the account. What is remembered may have been changed since, by anybody; nothing of a secret is in it.

import { z } from "zod";
import { type Account, describeAccount } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { addRefusal, forgetRefusals, readRefusals } from "../storage/log-in-refusals.ts";
import { accountKey } from "./identity.ts";

/** Runs in a row. Providers lock an account at ten tries or so, and others may be trying, too. */
export const mostRefusals = 3;
/** Of all entries of the account together. */
const manyRefusals = 12;

const entry = z.object({ auth: z.string().max(20), secret: z.string().max(1024) });

const refusal = z.object({
  v: z.literal(1),
  at: z.iso.datetime(),
  /** The product's, such as A201. */
  code: z.string().regex(/^A\d{3}$/),
  /** Of the job file: with another one the count begins anew. */
  entry,
});

export interface RefusedRun {
  readonly at: Date;
  readonly code: string;
}

export interface LogInMemory {
  /** With the account as its entry is now, the oldest first. */
  readonly refusals: readonly RefusedRun[];
  /** Files that hold no refusal: somebody, or a crash, has spoilt them. They count for nothing. */
  readonly spoilt: number;
  readonly isEmpty: boolean;
}

export async function recallLogIns(account: Account, stateDirectory: string): Promise<LogInMemory> {
  const kept = await readRefusals(stateDirectory, accountKey(account));
  const parsed = kept.map(({ record }) => refusal.safeParse(record).data);
  const refusals = parsed.flatMap((one) =>
    one !== undefined && isOf(account, one.entry) ? [{ at: new Date(one.at), code: one.code }] : [],
  );
  return {
    refusals: refusals.sort((a, b) => a.at.getTime() - b.at.getTime()),
    spoilt: parsed.filter((one) => one === undefined).length,
    isEmpty: kept.length === 0,
  };
}

/** Remembers a run of this account whose log-in was refused; durable when it resolves. */
export async function rememberRefusal(
  account: Account,
  { at, code }: RefusedRun,
  stateDirectory: string,
): Promise<void> {
  const key = accountKey(account);
  const kept = await readRefusals(stateDirectory, key);
  // Those of an entry that is there no more make room; others may be another entry of the same account.
  const isFull = kept.length >= manyRefusals;
  const useless = kept.filter(({ record }) => {
    const { data } = refusal.safeParse(record);
    return data === undefined || (isFull && !isOf(account, data.entry));
  });
  await forgetRefusals(stateDirectory, key, useless);
  await addRefusal(stateDirectory, key, { v: 1, at: at.toISOString(), code, entry: entryOf(account) });
}

/** The log-in was granted. */
export function forgetLogIns(account: Account, stateDirectory: string): Promise<void> {
  return forgetRefusals(stateDirectory, accountKey(account));
}

function entryOf({ auth, secretPlace = "" }: Account): z.output<typeof entry> {
  return { auth, secret: secretPlace.slice(0, 1024) };
}

function isOf(account: Account, { auth, secret }: z.output<typeof entry>): boolean {
  const now = entryOf(account);
  return auth === now.auth && secret === now.secret;
}

/** True where only a person may try again. */
export function isPaused({ refusals }: LogInMemory): boolean {
  return refusals.length >= mostRefusals;
}

const wayOut = "Put the log-in right, then start it yourself, at a terminal or with --yes: mailferry run JOB.";

/** The error where the log-in is not tried any more. */
export function pausedError(account: Account, { refusals }: LogInMemory): MailferryError {
  const codes = [...new Set(refusals.map(({ code }) => `MF-${code}`))].join(", ");
  const last = refusals.at(-1)?.at.toISOString().slice(0, 10);
  const name = printable(describeAccount(account));
  const count = `in ${refusals.length} runs in a row (${codes}, the last on ${last})`;
  return new MailferryError(
    "A201",
    `no log-in was tried for ${name}: the server has refused it ${count}, and more tries may lock the account`,
    { scope: "session", retry: "never", remedy: wayOut },
  );
}

/** What is added to the remedy of a refusal that pauses the account, or leaves it paused. */
export function pauseWarning(refusals: number): string {
  return `It was the refusal of run ${refusals} in a row: no run tries it any more unless a person starts it. ${wayOut}`;
}

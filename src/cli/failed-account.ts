// Which account of the job file stopped a job, by its name there.

import type { Account } from "../account.ts";
import { isAccount } from "../jobs/identity.ts";
import type { Job, LoadedJobFile } from "../jobs/job.ts";

/** The host that an error's message begins with: `imap.orange.fr refused …`, `imap.orange.fr:993 …`. */
export function hostIn(message: string): string | undefined {
  return /^([\w.-]{1,255})(?::\d+)? /.exec(message)?.[1];
}

/** Undefined unless it is certain: of two accounts with one host it is not. */
export function failedAccount(
  { from, to }: Pick<Job, "from" | "to">,
  message: string,
  { accounts }: Pick<LoadedJobFile, "accounts">,
): string | undefined {
  const used = new Set<Account>([...(isAccount(from) ? [from] : []), ...("account" in to ? [to.account] : [])]);
  const named = [...accounts].filter(([, { account }]) => used.has(account));
  const host = hostIn(message);
  const [first, second] = named.length === 1 ? named : named.filter(([, { account }]) => account.host === host);
  return second === undefined ? first?.[0] : undefined;
}

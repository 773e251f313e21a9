// A loaded job file as a plain object for `config show`: every default filled in, every path absolute, no secret.

import type { Account } from "../account.ts";
import { isAccount } from "./identity.ts";
import type { Destination, LoadedJobFile, SecretRef } from "./job.ts";

/** JSON-ready. A password appears as its reference; of a command only the program. Jobs have accounts by name. */
export function describeJobFile(loaded: LoadedJobFile): Record<string, unknown> {
  const names = new Map([...loaded.accounts].map(([name, { account }]) => [account, name]));
  return {
    file: loaded.file,
    concurrency: loaded.concurrency,
    accounts: Object.fromEntries(
      [...loaded.accounts].map(([name, { account, password }]) => [name, describe(account, password)]),
    ),
    jobs: loaded.jobs.map(({ from, to, filter, mailboxes, ...job }) => ({
      ...job,
      from: isAccount(from) ? names.get(from) : from,
      to: describeTarget(to, names),
      mailboxes: { ...mailboxes, map: mailboxes.map.map(([pattern, target]) => ({ pattern, target })) },
      filter: {
        since: filter.since?.toISOString() ?? null,
        before: filter.before?.toISOString() ?? null,
        maxSize: filter.maxSize ?? null,
        unseen: filter.unseen ?? null,
      },
    })),
  };
}

/** As the job file writes it. */
function describeTarget(to: Destination, names: ReadonlyMap<Account, string>): Record<string, unknown> {
  if (!("account" in to)) return to;
  return {
    account: names.get(to.account),
    under: to.under.length === 0 ? null : to.under.join("/"),
    keepRefused: to.keepRefused ?? null,
  };
}

function describe({ secret: _, tlsCa, ...account }: Account, password: SecretRef): Record<string, unknown> {
  return {
    ...account,
    tlsFingerprint: account.tlsFingerprint ?? null,
    tlsCa: tlsCa === undefined ? "system" : "own",
    password: "command" in password ? { command: [password.command[0]] } : password,
  };
}

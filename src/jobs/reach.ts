// Which servers answer, as far as that can be told without a log-in.

import PQueue from "p-queue";
import type { Account } from "../account.ts";
import { type Reached, reach } from "../protocol/reach.ts";

export type { Reached } from "../protocol/reach.ts";

/** So many at once: somebody may have a hundred accounts. */
const atOnce = 8;

/** What became of each, in the order of the accounts: those of one server are one connection. */
export function reachAll(accounts: readonly Account[]): Promise<readonly (Reached | { readonly error: unknown })[]> {
  const queue = new PQueue({ concurrency: atOnce });
  const known = new Map<string, Promise<Reached | { readonly error: unknown }>>();
  const outcomes = accounts.map((account) => {
    const { protocol, host, port, tls, tlsCa = "", tlsFingerprint = "" } = account;
    const key = JSON.stringify([protocol, host.toLowerCase(), port, tls, tlsCa, tlsFingerprint]);
    const outcome = known.get(key) ?? queue.add(() => reach(account).catch((error: unknown) => ({ error })));
    known.set(key, outcome);
    return outcome;
  });
  return Promise.all(outcomes);
}

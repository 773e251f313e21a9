// What the accounts of a run allow: octets a second, and octets a day. One bucket and one budget for each account, whatever
// jobs and connections share it.

import { setTimeout as delay } from "node:timers/promises";
import { type Account, describeAccount } from "../account.ts";
import { printable } from "../formats/printable.ts";
import { DayCounts } from "../storage/day-counts.ts";
import { Bandwidth, type Wait } from "./bandwidth.ts";
import { DailyBudget } from "./daily-budget.ts";
import { accountKey } from "./identity.ts";
import { localTime } from "./local-time.ts";

export interface Limit {
  readonly bandwidth: Bandwidth | undefined;
  readonly budget: DailyBudget | undefined;
}

export interface LimitsOptions {
  /** Where it is kept what was counted today; undefined: nowhere. */
  readonly stateDirectory: string | undefined;
  readonly clock: () => Date;
  /** How time passes; the system's if not given. */
  readonly wait?: Wait | undefined;
}

export class Limits {
  readonly #options: LimitsOptions;
  readonly #known = new Map<string, Limit>();

  constructor(options: LimitsOptions) {
    this.#options = options;
  }

  /** Undefined where there is none. */
  of(account: Account | undefined, timeZone: string | undefined): Limit | undefined {
    if (account === undefined || (account.bandwidth === undefined && account.dailyLimit === undefined))
      return undefined;
    const identity = accountKey(account);
    // A job file that was changed since gives new ones.
    const key = JSON.stringify([identity, account.bandwidth, account.dailyLimit, timeZone]);
    const limit = this.#known.get(key) ?? this.#open(account, identity, timeZone);
    this.#known.set(key, limit);
    return limit;
  }

  /** All that was counted is durable when it resolves. */
  async write(): Promise<void> {
    for (const { budget } of this.#known.values()) await budget?.write();
  }

  #open(account: Account, identity: string, timeZone: string | undefined): Limit {
    const { clock, wait = pause, stateDirectory } = this.#options;
    const { bandwidth, dailyLimit } = account;
    const common = { clock, localTime: localTime(timeZone) };
    return {
      bandwidth: bandwidth && new Bandwidth({ ...common, limits: bandwidth, wait }),
      budget:
        dailyLimit === undefined
          ? undefined
          : new DailyBudget({
              ...common,
              limit: dailyLimit,
              account: printable(describeAccount(account)),
              timeZone,
              counts: stateDirectory === undefined ? undefined : new DayCounts(stateDirectory, identity),
            }),
    };
  }
}

const pause: Wait = async (ms, signal) => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};

// Log-ins of a run: a password that is refused is tried once, whatever jobs, mailboxes and connections want it, and an
// account that was refused in several runs is left to a person.

import type { Account, LogInWatch } from "../account.ts";
import { exitNameOf, MailferryError } from "../errors.ts";
import type { JobFailure } from "./events.ts";
import { accountKey, isAccount } from "./identity.ts";
import type { Job } from "./job.ts";
import { withLogInForm } from "./log-in-form.ts";
import {
  forgetLogIns,
  isPaused,
  type LogInMemory,
  mostRefusals,
  pausedError,
  pauseWarning,
  recallLogIns,
  rememberRefusal,
} from "./log-in-memory.ts";

export interface LogInOptions {
  /** Where refusals are remembered; undefined: nowhere. */
  readonly stateDirectory: string | undefined;
  readonly clock: () => Date;
  /** A person has started this: an account that is paused is tried once more. */
  readonly isConfirmed: boolean;
}

/** Worth knowing; nothing is missing for it. */
export type Notice = (notice: JobFailure) => void;

/** What is known of an account while jobs of the run use it. */
interface Known {
  /** The log-in of the job that came first: the others wait for it. */
  first: Promise<unknown> | undefined;
  memory: Promise<LogInMemory> | undefined;
  /** The server's, or why none is tried: every other log-in gets the same. */
  refusal: Error | undefined;
  /** Sessions that were open when it was last looked. */
  open: (() => boolean)[];
  isForgotten: boolean;
}

export class LogIns {
  readonly #options: LogInOptions;
  readonly #known = new Map<string, Known>();
  readonly #expected = new Map<string, number>();

  constructor(options: LogInOptions) {
    this.#options = options;
  }

  /**
   * A job with these accounts will come; what is returned is called when it has ended. With the last of them it is
   * forgotten what became of the log-in: a daemon tries again with the next.
   */
  expect(accounts: readonly Account[]): () => void {
    const keys = accounts.map(accountKey);
    for (const key of keys) this.#count(key, 1);
    return () => {
      for (const key of keys) this.#count(key, -1);
    };
  }

  /**
   * Lets the first job of each account log in alone. If it is refused, or has no secret, the others fail with the same
   * error.
   */
  async logIn<T>(account: Account, task: () => Promise<T>): Promise<T> {
    const known = this.#of(account);
    if (known.first !== undefined) {
      await known.first;
      return task();
    }
    const attempt = task();
    const refused = attempt.catch((error: unknown) => {
      if (exitNameOf(error) === "log-in") throw error;
    });
    refused.catch(() => undefined);
    known.first = refused;
    return attempt;
  }

  /** The job with its accounts under watch, wherever they log in. */
  watch(job: Job, notice: Notice): Job {
    const from = isAccount(job.from) ? this.watchAccount(job.from, notice) : job.from;
    const to = "account" in job.to ? { ...job.to, account: this.watchAccount(job.to.account, notice) } : job.to;
    return { ...job, from, to };
  }

  /** The same for an account by itself. */
  watchAccount(account: Account, notice: Notice): Account {
    return { ...account, logIns: this.#watchOf(account, notice) };
  }

  #watchOf(account: Account, notice: Notice): LogInWatch {
    return {
      allow: async () => {
        const known = this.#of(account);
        known.memory ??= this.#recall(account, notice);
        const memory = await known.memory;
        if (known.refusal !== undefined) throw known.refusal;
        if (this.#options.isConfirmed || !isPaused(memory)) return;
        known.refusal = pausedError(account, memory);
        throw known.refusal;
      },
      refused: async (error) => {
        const known = this.#of(account);
        // The account itself is good: this is one connection too many, whatever the server calls it.
        if (known.open.some((isOpen) => isOpen())) return error;
        known.refusal ??= await this.#remember(account, await withLogInForm(account, error), notice);
        return known.refusal;
      },
      granted: async (isOpen) => {
        const known = this.#of(account);
        known.open = [...known.open.filter((each) => each()), isOpen];
        if (known.isForgotten) return;
        known.isForgotten = true;
        await this.#forget(account, known, notice);
      },
    };
  }

  async #recall(account: Account, notice: Notice): Promise<LogInMemory> {
    const { stateDirectory } = this.#options;
    const nothing: LogInMemory = { refusals: [], spoilt: 0, isEmpty: true };
    if (stateDirectory === undefined) return nothing;
    const memory = await orNotice(recallLogIns(account, stateDirectory), "what is remembered of log-ins", notice);
    if (memory === undefined) return nothing;
    if (memory.spoilt > 0) {
      const reason = "what was remembered of log-ins that were refused can't be read; they are counted anew";
      notice({ code: "D502", mailbox: [], reason });
    }
    return memory;
  }

  /** The error to tell. */
  async #remember(account: Account, error: Error, notice: Notice): Promise<Error> {
    const { stateDirectory, clock } = this.#options;
    if (stateDirectory === undefined || !(error instanceof MailferryError)) return error;
    const what = "that the log-in was refused could not be remembered";
    const refused = { at: clock(), code: error.code };
    await orNotice(rememberRefusal(account, refused, stateDirectory), what, notice);
    const memory = await orNotice(recallLogIns(account, stateDirectory), what, () => undefined);
    const count = memory?.refusals.length ?? 0;
    if (count < mostRefusals) return error;
    const { code, message, scope, retry, remedy, cause } = error;
    const warning = pauseWarning(count);
    const details = { scope, retry, isLogInRefused: true, cause };
    return new MailferryError(code, message, {
      ...details,
      remedy: remedy === undefined ? warning : `${remedy} ${warning}`,
    });
  }

  async #forget(account: Account, { memory }: Known, notice: Notice): Promise<void> {
    const { stateDirectory } = this.#options;
    if (stateDirectory === undefined || (await memory)?.isEmpty !== false) return;
    await orNotice(forgetLogIns(account, stateDirectory), "log-ins that were refused could not be forgotten", notice);
  }

  #of(account: Account): Known {
    const key = accountKey(account);
    const known = this.#known.get(key) ?? {
      first: undefined,
      memory: undefined,
      refusal: undefined,
      open: [],
      isForgotten: false,
    };
    this.#known.set(key, known);
    return known;
  }

  #count(key: string, change: number): void {
    const left = (this.#expected.get(key) ?? 0) + change;
    if (left > 0) this.#expected.set(key, left);
    else {
      this.#expected.delete(key);
      this.#known.delete(key);
    }
  }
}

/** A run is no worse for what can't be remembered; that it can't is said. */
async function orNotice<T>(work: Promise<T>, what: string, notice: Notice): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    notice({ code: error.code, mailbox: [], reason: `${what}: ${error.message}` });
    return undefined;
  }
}

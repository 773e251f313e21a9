// Tries an account, step by step as a run would: the address of the host, the connection, its encryption, the log-in, what is
// there, and what the server can't do. Nothing is written there, and no mailbox opened.

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { classifyConnectionError, silent } from "../protocol/connection.ts";
import type { Quota, SurveyedMailbox } from "../protocol/imap-survey.ts";
import type { Channel, Milestones } from "../protocol/milestones.ts";
import { type Ability, isWarning } from "./abilities.ts";
import { loadTrial, type Trial } from "./account-trial.ts";

export type { Quota, SurveyedMailbox } from "../protocol/imap-survey.ts";
export type { Channel } from "../protocol/milestones.ts";

export type Level = "ok" | "info" | "warning" | "error";

/** In this order, as far as they apply. With STARTTLS the greeting comes before the encryption. */
export type StepName = "address" | "connection" | "encryption" | "greeting" | "log-in" | "mailboxes" | "abilities";

/** What a step has found. Texts of servers are as they came: not safe to print. */
export type Finding =
  | { readonly step: "address"; readonly addresses: readonly string[] }
  | { readonly step: "connection"; readonly address: string; readonly port: number }
  | { readonly step: "encryption"; readonly channel: Channel | undefined; readonly days: number | undefined }
  | { readonly step: "greeting"; readonly words: string }
  | { readonly step: "log-in"; readonly user: string }
  | { readonly step: "mailboxes"; readonly mailboxes: readonly SurveyedMailbox[]; readonly quota: Quota | undefined }
  | { readonly step: "abilities"; readonly abilities: readonly Ability[]; readonly capabilities: readonly string[] };

export type AccountStep = { readonly seconds: number } & (
  | ({ readonly level: Exclude<Level, "error"> } & Finding)
  | { readonly level: "error"; readonly step: StepName; readonly error: MailferryError }
);

export interface AccountTestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that only grow. */
  readonly now?: (() => number) | undefined;
  /** The time of day: of certificates. */
  readonly clock?: (() => Date) | undefined;
}

/** A certificate that ends within so many days is a warning: most are renewed a month before. */
const soonDays = 14;

/**
 * Gives each step when it is done; the first that fails is the last. Rejects with the signal's reason, or for a bug. The
 * account's log-in watch, if it has one, is asked and told.
 */
export async function* testAccount(
  account: Account,
  { signal, now = () => performance.now(), clock = () => new Date() }: AccountTestOptions = {},
): AsyncGenerator<AccountStep, void, undefined> {
  const open = await loadTrial(account);
  let sinceMs = now();
  const done = (finding: Finding, level: Exclude<Level, "error"> = levelOf(finding, account)): AccountStep => {
    const [beforeMs, nowMs] = [sinceMs, now()];
    sinceMs = nowMs;
    return { ...finding, level, seconds: (nowMs - beforeMs) / 1000 };
  };
  const failed = (step: StepName, thrown: unknown): AccountStep => {
    signal?.throwIfAborted();
    if (!(thrown instanceof MailferryError)) throw thrown;
    return { step, level: "error", seconds: (now() - sinceMs) / 1000, error: thrown };
  };

  try {
    if (isIP(account.host) === 0) yield done({ step: "address", addresses: await addressesOf(account) });
  } catch (error) {
    yield failed("address", error);
    return;
  }

  const news = new News();
  let passed: StepName = "address";
  const tell = (finding: Finding) => {
    passed = finding.step;
    news.push(done(finding));
  };
  const milestones: Milestones = {
    connected: (address) => tell({ step: "connection", address: address || account.host, port: account.port }),
    secured: (channel) => tell({ step: "encryption", channel, days: daysUntil(channel.validTo, clock()) }),
    greeted: (line) => {
      tell({ step: "greeting", words: wordsOf(line) });
      if (account.tls === "none") tell({ step: "encryption", channel: undefined, days: undefined });
    },
  };
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const opening = open(account, { signal: either, milestones }).finally(() => news.end());
  // It is looked at when the news have been told.
  opening.catch(() => undefined);
  let trial: Trial | undefined;
  let step: StepName = "log-in";
  try {
    yield* news;
    step = stepAfter(passed, account);
    trial = await opening;
    step = "log-in";
    yield done({ step, user: account.user });
    step = "mailboxes";
    const { mailboxes, quota } = await trial.survey();
    yield done({ step, mailboxes, quota });
    step = "abilities";
    yield done({ step, abilities: trial.abilities(), capabilities: trial.capabilities() });
  } catch (error) {
    // Whatever is about the log-in is told there: it may have been refused before anything was opened.
    const isLogIn = error instanceof MailferryError && error.code.startsWith("A");
    yield failed(isLogIn ? "log-in" : step, error);
  } finally {
    // Nobody may wait for the end.
    if (trial === undefined) left.abort();
    trial ??= await opening.catch(() => undefined);
    await trial?.close();
  }
}

/** Steps that were done and not told yet. */
class News implements AsyncIterable<AccountStep> {
  readonly #steps: AccountStep[] = [];
  #hasEnded = false;
  #wake: () => void = () => undefined;

  push(step: AccountStep): void {
    this.#steps.push(step);
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AccountStep, void, undefined> {
    for (;;) {
      const step = this.#steps.shift();
      if (step !== undefined) yield step;
      else if (this.#hasEnded) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Where it got stuck that had come so far. */
function stepAfter(passed: StepName, { tls }: Account): StepName {
  switch (passed) {
    case "address":
      return "connection";
    case "connection":
      return tls === "implicit" ? "encryption" : "greeting";
    case "encryption":
      return tls === "implicit" ? "greeting" : "log-in";
    case "greeting":
      return tls === "starttls" ? "encryption" : "log-in";
    default:
      return "log-in";
  }
}

function levelOf(finding: Finding, account: Account): Exclude<Level, "error"> {
  switch (finding.step) {
    case "encryption":
      if (finding.channel === undefined) return isLoopback(account.host) ? "info" : "warning";
      return finding.days !== undefined && finding.days < soonDays ? "warning" : "ok";
    case "mailboxes":
      return finding.mailboxes.some(({ lack }) => lack !== undefined) ? "warning" : "ok";
    case "abilities":
      if (finding.abilities.some(isWarning)) return "warning";
      return finding.abilities.length === 0 ? "ok" : "info";
    default:
      return "ok";
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** Whole days; undefined where the date can't be read. */
function daysUntil(end: Date, now: Date): number | undefined {
  const days = Math.floor((end.getTime() - now.getTime()) / 86_400_000);
  return Number.isNaN(days) ? undefined : days;
}

/** Without what is for programs: status, capabilities, APOP's timestamp. */
function wordsOf(line: string): string {
  return line
    .replace(/^(?:\* \w+|\+OK) ?/i, "")
    .replace(/^\[[^\]]*\] ?/, "")
    .replace(/ ?<[^<>\s]*>$/, "")
    .slice(0, 200);
}

/** As the connection will look for them. */
async function addressesOf(account: Account): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(account)), account.timeoutMs);
  });
  try {
    const found = await Promise.race([lookup(account.host, { all: true }), late]);
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    throw classifyConnectionError(error, account);
  } finally {
    clearTimeout(timer);
  }
}

// mailferry account test: walks to an account step by step, and says what its server can't do. Nothing is written there.

import type { Account } from "../account.ts";
import { type ExitName, exitCodes, exitNameOf, worstExit } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { type AccountStep, testAccount } from "../jobs/account-test.ts";
import { chooseAccounts } from "./account-list.ts";
import { formatHeading, formatOutcome, formatStep } from "./account-steps.ts";
import type { Invocation } from "./invocation.ts";
import { loadWatched } from "./log-ins.ts";

interface Tested {
  readonly name: string;
  readonly account: Account;
  readonly steps: readonly AccountStep[];
}

/** Returns the exit code: the worst of what the accounts came to. */
export async function accountTest(names: readonly string[], invocation: Invocation): Promise<number> {
  const { options, screen } = invocation;
  const file = await loadWatched(invocation);
  const chosen = chooseAccounts(file, names, invocation);
  const tested: Tested[] = [];
  for (const name of chosen) {
    const { account } = file.accounts.get(name) ?? {};
    if (account !== undefined) tested.push(await testOne(name, account, tested.length > 0, invocation));
  }
  const exit = worstExit(tested.map(exitOf));
  if (options.json) {
    const document = {
      v: 1,
      command: "account test",
      verdict: exit === "ok" ? "safe" : "failed",
      exit: { code: exitCodes[exit], name: exit },
      accounts: tested.map(describe),
    };
    await screen.out(`${jsonText(document)}\n`);
  }
  return exitCodes[exit];
}

/** The steps as they come. With `-q` only an account that does not work is told of. */
async function testOne(name: string, account: Account, isNext: boolean, invocation: Invocation): Promise<Tested> {
  const { options, screen, signal, now, clock } = invocation;
  const lines: string[] = [];
  const say = async (text: readonly string[]) => {
    if (options.json) return;
    lines.push(...text);
    if (!options.quiet)
      await screen.out(
        lines
          .splice(0)
          .map((line) => `${line}\n`)
          .join(""),
      );
  };
  await say([...(isNext ? [""] : []), ...formatHeading(name, account), ""]);
  const steps: AccountStep[] = [];
  for await (const step of testAccount(account, { signal, now, clock })) {
    steps.push(step);
    await say(formatStep(step, account, invocation));
  }
  await say(["", ...formatOutcome(name, steps, invocation)]);
  if (exitOf({ name, account, steps }) !== "ok") await screen.out(lines.map((line) => `${line}\n`).join(""));
  return { name, account, steps };
}

function exitOf({ steps }: Tested): ExitName {
  const last = steps.at(-1);
  return last?.level === "error" ? exitNameOf(last.error) : "ok";
}

function describe({ name, account, steps }: Tested) {
  const { protocol, host, port, tls, user } = account;
  const verdict = steps.at(-1)?.level === "error" ? "failed" : "safe";
  return { name, protocol, host, port, tls, user, verdict, steps: steps.map(describeStep) };
}

function describeStep(step: AccountStep): object {
  const seconds = Math.round(step.seconds * 1000) / 1000;
  if (step.level !== "error") return { ...step, seconds };
  const { code, message, remedy } = step.error;
  return { step: step.step, level: step.level, seconds, error: { code, message, remedy } };
}

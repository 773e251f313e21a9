// Logs in to an account that is to be added, under each name that the server may want, each once.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { type AccountStep, testAccount } from "../jobs/account-test.ts";
import type { Guide, ProvenServer } from "./backup/flags.ts";
import { accountOf } from "./backup/job.ts";
import { getPassword, type Password } from "./backup/password.ts";
import { openWatch } from "./log-ins.ts";
import { accountAddTexts } from "./texts/account-add.ts";

export interface LoggedIn {
  readonly account: Account;
  readonly password: Password;
}

/** Whoever types may mistype once. Rejects with the server's refusal, or whatever else keeps it out. */
export async function logInOnce(server: ProvenServer, guide: Guide): Promise<LoggedIn> {
  const { invocation, tell } = guide;
  const say = accountAddTexts.in(invocation.language);
  const [first = ""] = server.settings.users;
  for (let attempt = 1; ; attempt += 1) {
    const password = await getPassword(guide, first, say("ask.password", { user: printable(first) }));
    tell("");
    tell(say("looking.in"));
    try {
      return { account: await tryUsers(server, password, guide), password };
    } catch (error) {
      if (!isRefusal(error) || !password.isTyped || attempt === 2) throw error;
      tell(say("refused.again", { user: printable(first) }));
    }
  }
}

async function tryUsers(server: ProvenServer, password: Password, { invocation, tell }: Guide): Promise<Account> {
  const say = accountAddTexts.in(invocation.language);
  const { users } = server.settings;
  for (const [index, user] of users.entries()) {
    const account = accountOf(server, user, password);
    // Each password that is typed is another one: only those that come by themselves are counted.
    const watched = password.isTyped ? account : openWatch(invocation)(account);
    const steps: AccountStep[] = [];
    for await (const step of testAccount(watched, invocation)) steps.push(step);
    const last = steps.at(-1);
    if (last?.level !== "error") {
      tell(say("works", countsOf(steps, say)));
      return account;
    }
    const next = users[index + 1];
    if (!isRefusal(last.error) || next === undefined) throw last.error;
    tell(say("refused.form", { user: printable(user), other: printable(next) }));
  }
  throw new Error("no log-in name");
}

/** Under another name, or with another password, it may be granted. */
function isRefusal(error: unknown): boolean {
  return error instanceof MailferryError && (error.code === "A201" || error.code === "A205");
}

type Say = ReturnType<(typeof accountAddTexts)["in"]>;

function countsOf(steps: readonly AccountStep[], say: Say) {
  const found = steps.find((step) => step.step === "mailboxes" && step.level !== "error");
  const mailboxes = found !== undefined && "mailboxes" in found ? found.mailboxes : [];
  const messages = mailboxes.reduce((sum, each) => sum + (each.messages ?? 0), 0);
  return { mailboxes: say("mailboxes", { count: mailboxes.length }), messages: say("messages", { count: messages }) };
}

// A user name or password that would end the command that carries it is never sent.

import { type Account, describeAccount } from "../account.ts";
import { MailferryError } from "../errors.ts";

const lineBreakOrNul = /[\r\n\0]/;

/** Throws A205 if the user name would end the command that carries it. Asks nobody anything. */
export function checkUser(account: Account): void {
  if (!lineBreakOrNul.test(account.user)) return;
  throw new MailferryError("A205", `the user name for ${account.host} contains a line break or NUL`, {
    scope: "session",
    retry: "never",
    remedy: "Correct the user name.",
  });
}

/** Throws A206 if the password would. */
export function checkSecret(account: Account, secret: string): void {
  if (!lineBreakOrNul.test(secret)) return;
  throw new MailferryError("A206", `the password for ${describeAccount(account)} contains a line break or NUL`, {
    scope: "session",
    retry: "never",
    remedy: "Store the password alone, on one line.",
  });
}

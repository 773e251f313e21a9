// A log-in that was refused under a form of the user name that the provider is known not to take.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";

/** The error to tell: A205 in place of A201 where the table of providers knows that another form is wanted. */
export async function withLogInForm({ host, user }: Account, error: Error): Promise<Error> {
  if (!(error instanceof MailferryError) || error.code !== "A201") return error;
  // Only for whoever is refused: the table takes its time to load.
  const { providerOfHost } = await import("../detect/table.ts");
  const provider = providerOfHost(host);
  const [form, ...others] = provider?.logIn ?? [];
  const typed = user.includes("@") ? "address" : "local";
  if (provider === undefined || form === undefined || others.length > 0 || form === typed) return error;
  const { name } = provider;
  const { message, scope, retry, isLogInRefused, cause } = error;
  return new MailferryError("A205", message, {
    ...{ scope, retry, isLogInRefused, cause },
    remedy:
      form === "local"
        ? `As user, ${name} takes only what stands before the @ of the address.`
        : `As user, ${name} takes only the whole address.`,
  });
}

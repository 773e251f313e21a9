// Providers that let nobody in with a password any more.

import { MailferryError } from "../errors.ts";

/** To be told before a password is asked for. `provider` is safe to print. */
export function takesNoPassword(provider: string): MailferryError {
  return new MailferryError(
    "A203",
    `${provider} takes no password from mail programs any more, only a log-in in the browser; no password was asked for`,
    {
      scope: "session",
      retry: "never",
      remedy:
        "Bring the mail into a program that can log in so, such as Thunderbird; its mbox files are a source for mailferry (from: { mbox: PATH }).",
    },
  );
}

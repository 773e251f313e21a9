// Who is told of a run, and how, as the job file writes it.

import { z } from "zod";
import { secretRef } from "./account-schema.ts";
import { mapping, path, words } from "./values.ts";
import { showValue } from "./words.ts";

export const notifyReason = z.enum(["failure", "overdue", "recovered", "success"]);

const httpUrl = z.string().refine(isHttpUrl, {
  // The path of such an address is often its only secret.
  error: () => "is not an address that begins with https:// (or with http:// on this machine)",
});

function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:") return true;
  return url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

const address = z.string().refine((text) => /^[^\s@<>,;:"\\\p{Cc}]{1,64}@[^\s@<>,;:"\\\p{Cc}]{1,255}$/u.test(text), {
  error: (issue) => `${showValue(issue.input)} is not an address such as it@example.org`,
});

const smtp = mapping({
  host: words(/^[\p{L}\p{N}:][\p{L}\p{N}._:-]*$/u, "is not a host name").describe("The server that sends the mail."),
  port: z.int().min(1).max(65_535).optional().describe("Default: 465 for implicit TLS, otherwise 587."),
  tls: z
    .enum(["implicit", "starttls", "none"])
    .default("implicit")
    .describe("implicit: TLS from the first octet. starttls: required. none: only on loopback."),
  user: words(/^[^\p{Cc}]+$/u, "is not a user name")
    .optional()
    .describe("Log-in name; without it there is no log-in."),
  password: secretRef.optional().describe("Where the password is, never the password itself."),
  tlsCa: path.optional().describe("PEM file of certificate authorities to trust instead of the system's."),
});

const email = mapping({
  to: z.array(address).min(1).max(50).describe("Who gets the mail."),
  from: address.optional().describe("The sender; the first of to by default."),
  smtp,
});

const ntfy = mapping({
  url: httpUrl.default("https://ntfy.sh").describe("The ntfy server."),
  topic: words(/^[A-Za-z0-9_-]{1,64}$/, "is not a topic").describe("The topic to publish to."),
  token: secretRef.optional().describe("Where the access token is."),
});

export const notify = mapping({
  when: z
    .array(notifyReason)
    .default(["failure", "overdue", "recovered"])
    .describe("failure: at once, then one reminder a day. overdue: a job did not run. recovered: it is well again."),
  onlyScheduled: z
    .boolean()
    .default(true)
    .describe("true: nobody is told of a run that a person has started and watches."),
  email: email.optional().describe("By mail, over SMTP."),
  ping: mapping({ url: httpUrl })
    .optional()
    .describe("A dead-man monitor: URL/start, URL on success, URL/fail. For scheduled runs, whatever when says."),
  ntfy: ntfy.optional().describe("To a phone, by ntfy."),
  webhook: z
    .array(mapping({ url: httpUrl }))
    .max(20)
    .default([])
    .describe("JSON by POST to each of these."),
});

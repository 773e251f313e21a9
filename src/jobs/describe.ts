// A loaded job file as a plain object for `config show`: every default filled in, every path absolute, no secret.

import type { Account } from "../account.ts";
import { isAccount } from "./identity.ts";
import type { Destination, LoadedJobFile, NotifyPlan, SecretRef, SmtpServer } from "./job.ts";

/** JSON-ready. A password appears as its reference; of a command only the program, of an address on the web only the server. Jobs have accounts by name. */
export function describeJobFile(loaded: LoadedJobFile): Record<string, unknown> {
  const names = new Map([...loaded.accounts].map(([name, { account }]) => [account, name]));
  return {
    file: loaded.file,
    concurrency: loaded.concurrency,
    accounts: Object.fromEntries(
      [...loaded.accounts].map(([name, { account, password }]) => [name, describe(account, password)]),
    ),
    language: loaded.language,
    report: loaded.report,
    notify: loaded.notify === undefined ? null : describeNotify(loaded.notify),
    jobs: loaded.jobs.map(({ from, to, filter, mailboxes, baseDir: _, hookEnv: __, hooks, ...job }) => ({
      ...job,
      ...(hooks && { hooks: Object.fromEntries(Object.entries(hooks).map(([name, [program]]) => [name, [program]])) }),
      from: isAccount(from) ? names.get(from) : from,
      to: describeTarget(to, names),
      mailboxes: { ...mailboxes, map: mailboxes.map.map(([pattern, target]) => ({ pattern, target })) },
      filter: {
        since: filter.since?.toISOString() ?? null,
        before: filter.before?.toISOString() ?? null,
        maxSize: filter.maxSize ?? null,
        unseen: filter.unseen ?? null,
      },
    })),
  };
}

/** As the job file writes it. */
function describeTarget(to: Destination, names: ReadonlyMap<Account, string>): Record<string, unknown> {
  if (!("account" in to)) return to;
  return {
    account: names.get(to.account),
    under: to.under.length === 0 ? null : to.under.join("/"),
    keepRefused: to.keepRefused ?? null,
  };
}

function describe(
  { secret: _, secretPlace: __, tlsCa, ...account }: Account,
  password: SecretRef,
): Record<string, unknown> {
  return {
    ...account,
    tlsFingerprint: account.tlsFingerprint ?? null,
    tlsCa: tlsCa === undefined ? "system" : "own",
    password: "command" in password ? { command: [password.command[0]] } : password,
  };
}

/** Addresses on the web are often secrets as a whole: of these only the server. */
function describeNotify({ when, onlyScheduled, email, ping, ntfy, webhook }: NotifyPlan): Record<string, unknown> {
  const server = ({ url }: { readonly url: string }) => new URL(url).origin;
  return {
    when: [...when],
    onlyScheduled,
    ...(email && { email: { ...email, smtp: describeServer(email.smtp) } }),
    ...(ping && { ping: server(ping) }),
    ...(ntfy && { ntfy: server(ntfy) }),
    webhook: webhook.map(server),
  };
}

function describeServer({ login, tlsCa, ...smtp }: SmtpServer): Record<string, unknown> {
  return { ...smtp, user: login?.user ?? null, tlsCa: tlsCa === undefined ? "system" : "own" };
}

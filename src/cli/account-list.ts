// mailferry account list: who the job file knows, and where their passwords are kept. Nobody is asked for anything.

import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { isAccount } from "../jobs/identity.ts";
import type { LoadedJobFile, SecretRef } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { placeOfSecret } from "../jobs/secrets.ts";
import { suggest } from "../jobs/suggest.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile } from "./job-file.ts";
import { formatTable } from "./table.ts";
import { accountListTexts } from "./texts/account.ts";

export async function accountList(invocation: Invocation): Promise<number> {
  const { options, screen, env, language } = invocation;
  const file = await loadJobFile(await findJobFile(invocation), env);
  const accounts = [...file.accounts].map(([name, { account, password }]) => ({
    name,
    account,
    password,
    jobs: jobsOf(name, file),
  }));
  if (options.json) {
    const exit = { code: exitCodes.ok, name: "ok" };
    const listed = accounts.map(({ name, account: { protocol, host, port, tls, user }, password, jobs }) => {
      return { name, protocol, host, port, tls, user, password: shownRef(password), jobs };
    });
    const document = { v: 1, command: "account list", verdict: "safe", exit, file: file.file, accounts: listed };
    await screen.out(`${jsonText(document)}\n`);
    return exit.code;
  }
  const say = accountListTexts.in(language);
  if (accounts.length === 0) {
    await screen.out(`${say("none", { path: printable(file.file) })}\n`);
    return exitCodes.ok;
  }
  const titles = ["column.name", "column.server", "column.user", "column.password", "column.jobs"] as const;
  const columns = titles.map((title, index) => ({
    title: say(title),
    align: "left" as const,
    ...(index === titles.length - 1 ? {} : { maxWidth: 34 }),
  }));
  const rows = accounts.map(({ name, account: { protocol, host, port, user }, password, jobs }) =>
    [name, `${protocol} ${host}:${port}`, user, placeOfSecret(password), jobs.join(", ") || "-"].map((text) => ({
      text: printable(text),
    })),
  );
  await screen.out(`${formatTable(columns, rows).join("\n")}\n`);
  return exitCodes.ok;
}

function jobsOf(name: string, { accounts, jobs }: LoadedJobFile): readonly string[] {
  const account = accounts.get(name)?.account;
  const uses = jobs.filter(
    ({ from, to }) => (isAccount(from) && from === account) || ("account" in to && to.account === account),
  );
  return uses.map((job) => job.name);
}

/** Of a command only the program: arguments may be secret. */
function shownRef(ref: SecretRef): SecretRef {
  return "command" in ref ? { command: [ref.command[0]] } : ref;
}

/** The accounts that are named, in that order, or all. An unknown name is a UsageError with the nearest that is known. */
export function chooseAccounts(
  { accounts, file }: LoadedJobFile,
  names: readonly string[],
  { language }: Invocation,
): readonly string[] {
  const known = [...accounts.keys()];
  for (const name of names) {
    if (accounts.has(name)) continue;
    const say = accountListTexts.in(language);
    const meant = suggest(name, known);
    const values = { name: printable(name), path: printable(file), known: known.map(printable).join(", ") };
    throw new UsageError(
      meant === undefined ? say("no-account", values) : say("no-account.meant", { ...values, meant }),
    );
  }
  return names.length === 0 ? known : [...new Set(names)];
}

// mailferry account add: from a mail address to an account in the job file, whose log-in was granted.

import { access } from "node:fs/promises";
import { resolve } from "node:path";
import type { Account } from "../account.ts";
import type { World } from "../detect/world.ts";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import type { LoadedJobFile, SecretRef } from "../jobs/job.ts";
import { freeName, type JobFilePlan, planJobFile, suggestName, writeJobFile } from "../jobs/job-file-edit.ts";
import { accountEntry, type NewAccount } from "../jobs/job-file-text.ts";
import { loadJobFile } from "../jobs/load.ts";
import { logInOnce } from "./account-log-in.ts";
import { askAddress, readAddress } from "./backup/address.ts";
import { type BackupFlags, openGuide } from "./backup/flags.ts";
import { checkPasswordFlags, type Password } from "./backup/password.ts";
import { findServer, sayPasswordKind } from "./backup/server.ts";
import { lineWidth } from "./block.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, hasJobFile } from "./job-file.ts";
import { keepSecret } from "./keep-secret.ts";
import { commandLine, placeName, sameJobFile } from "./names.ts";
import { accountAddTexts } from "./texts/account-add.ts";
import { wrap } from "./width.ts";

export interface AccountAddFlags extends BackupFlags {
  readonly name?: string | undefined;
  /** Where the password is kept; `no`: nowhere. */
  readonly keep?: "keyring" | "file" | "no" | undefined;
}

/** `world` is what detection may ask; the real one if not given. */
export async function accountAdd(
  typed: string | undefined,
  flags: AccountAddFlags,
  invocation: Invocation,
  world?: World,
): Promise<number> {
  const say = accountAddTexts.in(invocation.language);
  if (typed === undefined && invocation.ask === undefined) {
    throw new UsageError(say("need.address", { command: "mailferry account add ada@example.org" }));
  }
  checkPasswordFlags(flags, invocation);
  const target = await openTarget(invocation);
  if (flags.name !== undefined) checkName(flags.name, target, invocation);
  const address = typed === undefined ? await askAddress(invocation) : readAddress(typed, flags, invocation);
  const guide = openGuide(address, flags, invocation, world);
  const server = await findServer(guide, undefined);
  for (const user of server.settings.users) refuseTwice({ ...server.settings, user }, target, invocation);
  sayPasswordKind(server, guide);
  const { account, password } = await logInOnce(server, guide);
  const name = await chooseName(account, flags, target, invocation);
  const kept = await keep(name, account, password, flags, invocation);
  const { protocol, host, port, tls, user } = account;
  const added: NewAccount = { name, protocol, host, port, tls, user, password: kept.ref };
  const plan = await planJobFile(target.path, additionOf(added, target), invocation.language);
  return write(plan, added, kept.sentence, invocation);
}

/** The job file that there is, or is to be. */
interface Target {
  readonly path: string;
  readonly loaded: LoadedJobFile | undefined;
}

async function openTarget(invocation: Invocation): Promise<Target> {
  const isThere = await hasJobFile(invocation);
  const path = isThere ? await findJobFile(invocation) : "jobs.yaml";
  const loaded = isThere ? await loadIfThere(path, invocation) : undefined;
  return { path, loaded };
}

async function loadIfThere(path: string, { env, cwd }: Invocation): Promise<LoadedJobFile | undefined> {
  const isThere = await access(resolve(cwd, path)).then(
    () => true,
    () => false,
  );
  return isThere ? loadJobFile(path, env) : undefined;
}

/** A new file is none without a job: one that backs the account up. */
function additionOf(account: NewAccount, { loaded }: Target) {
  if (loaded !== undefined) return { account };
  const format = account.protocol === "imap" ? ("maildir" as const) : ("mbox" as const);
  const folder = account.name.replace(/[^\p{L}\p{N}._@-]+/gu, "-");
  return { account, job: { name: account.name, from: account.name, to: { archive: `./${folder}`, format } } };
}

function checkName(name: string, { path, loaded }: Target, { language }: Invocation): void {
  const say = accountAddTexts.in(language);
  const isName = name !== "" && name.trim() === name && !name.startsWith("-") && printable(name) === name;
  if (!isName || name.length > 100) throw new UsageError(say("bad.name", { name: printable(name) }));
  if (loaded?.accounts.has(name)) throw new UsageError(say("name.taken", { name, path: printable(path) }));
}

type Login = Pick<Account, "protocol" | "host" | "port" | "user">;

function refuseTwice(wanted: Login, { path, loaded }: Target, { language }: Invocation): void {
  for (const [name, { account }] of loaded?.accounts ?? []) {
    const isSame = (["protocol", "host", "port", "user"] as const).every((key) => account[key] === wanted[key]);
    if (!isSame) continue;
    const values = { user: printable(wanted.user), host: wanted.host, path: printable(path), name };
    throw new UsageError(accountAddTexts.in(language)("there.already", values));
  }
}

async function chooseName(
  { user, host }: Account,
  { name }: AccountAddFlags,
  target: Target,
  invocation: Invocation,
): Promise<string> {
  if (name !== undefined) return name;
  const suggested = freeName(suggestName(user, host), target.loaded?.accounts.keys() ?? []);
  const { ask, screen, language } = invocation;
  if (ask === undefined) return suggested;
  for (;;) {
    const given = await ask.text(accountAddTexts.in(language)("ask.name"), suggested);
    try {
      checkName(given, target, invocation);
      return given;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      screen.err(`${error.message}\n`);
    }
  }
}

/** Where the password is from now on, and a sentence that says so. */
async function keep(
  name: string,
  account: Account,
  { secret, isTyped }: Password,
  { keep, passwordFile }: AccountAddFlags,
  invocation: Invocation,
): Promise<{ readonly ref: SecretRef; readonly sentence: string }> {
  const { ask, language, cwd } = invocation;
  const say = accountAddTexts.in(language);
  if (passwordFile !== undefined && keep === undefined) {
    const path = resolve(cwd, passwordFile);
    return { ref: { file: path }, sentence: say("keep.yours", { path: printable(path) }) };
  }
  const isUnwanted = keep === undefined && isTyped && ask !== undefined && !(await ask.confirm(say("ask.keep"), true));
  if (keep === "no" || isUnwanted) {
    const variable = `MAIL_PASSWORD_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;
    return { ref: { env: variable }, sentence: say("keep.no", { variable }) };
  }
  return keepSecret(secret, account, keep ?? "auto", invocation);
}

async function write(
  plan: JobFilePlan,
  account: NewAccount,
  sentence: string,
  invocation: Invocation,
): Promise<number> {
  const { options, screen, ask, language, cwd } = invocation;
  const say = accountAddTexts.in(language);
  const path = placeName(resolve(cwd, plan.path), cwd);
  const exit = { code: exitCodes.ok, name: "ok" };
  if (!options.json) {
    const shown = plan.added.map((line) => `  ${printable(line)}`.trimEnd());
    const title = say(plan.isNew ? "new.file" : "old.file", { path });
    await screen.out(`${["", title, "", ...shown, "", ...wrap(sentence, lineWidth)].join("\n")}\n`);
  }
  const isAgreed = ask === undefined || options.yes || options.json || (await ask.confirm(say("ask.write"), true));
  if (!isAgreed) {
    await screen.out(`${say("not.written", { path })}\n`);
    return exitCodes.interrupted;
  }
  await writeJobFile(plan);
  const job = plan.isNew ? account.name : null;
  if (options.json) {
    const { name } = account;
    const added = { name, ...accountEntry(account) };
    const document = { v: 1, command: "account add", verdict: "safe", exit, file: plan.path, isNew: plan.isNew };
    await screen.out(`${jsonText({ ...document, account: added, job })}\n`);
    return exit.code;
  }
  const program = sameJobFile(options);
  const next: (readonly [string, string])[] = [
    [commandLine(...program, "account", "test", account.name), say("next.test")],
  ];
  if (job !== null) {
    next.push([commandLine(...program, "run", job, "--dry-run"), say("next.dry-run")]);
    next.push([commandLine(...program, "run", job), say("next.run")]);
  }
  const widest = Math.max(...next.map(([command]) => command.length));
  const lines = next.map(([command, words]) => `  ${command.padEnd(widest)}   ${words}`);
  if (job === null) lines.push(`  ${say("next.job")}`);
  await screen.out(`\n${[say("written", { path }), ...lines].join("\n")}\n`);
  return exit.code;
}

// After the verdict: a job file, for whoever wants it, with the password kept where a job finds it.

import { join, resolve } from "node:path";
import { MailferryError } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import type { SecretRef } from "../../jobs/job.ts";
import { freeName, planJobFile, suggestName, writeJobFile } from "../../jobs/job-file-edit.ts";
import type { Addition } from "../../jobs/job-file-text.ts";
import { loadJobFile } from "../../jobs/load.ts";
import { translate } from "../../language/sentences.ts";
import { type Invocation, Stopped } from "../invocation.ts";
import { configDirectory, findJobFile, hasJobFile } from "../job-file.ts";
import { keepSecret } from "../keep-secret.ts";
import { commandLine } from "../names.ts";
import type { Backup } from "./conclude.ts";
import { showPlace } from "./place.ts";

/** When nobody waits. Nothing runs by itself before `schedule install` was called. */
const everyNight = "30 2 * * *";

/** Asks once; Enter leaves all as it is. Never rejects for what can't be written: the mail is safe, and that was said. */
export async function offerJobFile(backup: Backup): Promise<void> {
  const { guide, account } = backup;
  const { invocation, say, tell } = guide;
  const { ask, options, language, signal } = invocation;
  if (ask === undefined || signal.aborted || options.yes || options.quiet || options.json || options.events) return;
  const path = await whereTo(invocation);
  const shown = { path: showPlace(path, invocation) };
  tell("");
  tell(say("offer.ask", shown));
  const isWanted = await ask.confirm(say("offer.confirm"), false).catch((error: unknown) => {
    // Ctrl-C is a no here: all else has been done, and has been told.
    if (!(error instanceof Stopped)) throw error;
    invocation.screen.err("\n");
    return false;
  });
  if (!isWanted) return;
  try {
    const addition = await additionTo(path, backup);
    // What may be wrong with the file is found before a password is kept for it.
    await planJobFile(path, addition({ file: "./none" }), language);
    const { ref, sentence } = await keepSecret(await account.secret(), account, "auto", invocation);
    const added = addition(ref);
    await writeJobFile(await planJobFile(path, added, language));
    tell(sentence);
    tell(say("offer.written", { ...shown, job: added.job?.name ?? "" }));
    tellCommands(added.job?.name ?? "", backup);
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    tell(say("offer.failed", { reason: translate(printable(error.message), language) }));
  }
}

/** The file that is there; a new one where it is found from every folder. */
async function whereTo(invocation: Invocation): Promise<string> {
  if (await hasJobFile(invocation)) return resolve(invocation.cwd, await findJobFile(invocation));
  return join(configDirectory(invocation), "jobs.yaml");
}

async function additionTo(
  path: string,
  { guide, account, job, place }: Backup,
): Promise<(password: SecretRef) => Addition> {
  const { invocation } = guide;
  const loaded = (await hasJobFile(invocation)) ? await loadJobFile(path, {}) : undefined;
  const wanted = suggestName(account.user, account.host);
  const from = freeName(wanted, loaded?.accounts.keys() ?? []);
  const name = freeName(wanted, loaded?.jobs.map((each) => each.name) ?? []);
  const { protocol, host, port, tls, user } = account;
  const format = "archive" in job.to ? job.to.format : "maildir";
  return (password) => ({
    account: { name: from, protocol, host, port, tls, user, password },
    job: { name, from, to: { archive: place, format }, schedule: everyNight },
  });
}

function tellCommands(name: string, { guide }: Backup): void {
  const { invocation, say } = guide;
  const { program, screen } = invocation;
  const commands = [
    [commandLine(...program, "run", name), say("offer.run")],
    [commandLine(...program, "schedule", "install"), say("offer.schedule")],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  for (const [command, what] of commands) screen.err(`  ${command.padEnd(width)}  ${what}\n`);
}

// mailferry restore: mail of an archive, a Maildir or an mbox back into an account, or into plain files.

import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { detectMail } from "../jobs/detect.ts";
import type { LoadedJobFile } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { JobFileError } from "../jobs/mistakes.ts";
import { isWithin } from "../jobs/places.ts";
import {
  checkRestoreTarget,
  forgetRestore,
  listRestorable,
  parseSince,
  type RestoreTarget,
  restoreJob,
  selectNamed,
} from "../jobs/restore.ts";
import { suggest } from "../jobs/suggest.ts";
import type { Language } from "../language/language.ts";
import { translate } from "../language/sentences.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";
import { mailboxName, placeName } from "./names.ts";
import { performRun } from "./perform.ts";
import { restoreTexts } from "./texts/restore.ts";

export interface RestoreOptions {
  /** Exact paths joined with `/`, or globs; none means all. */
  readonly mailbox?: readonly string[] | undefined;
  readonly since?: string | undefined;
  /** The name of an account, or a path. */
  readonly to: string;
  /** Into the mailboxes themselves, or into a Maildir that is there. */
  readonly into?: boolean | undefined;
}

/** What holds where no job file says otherwise; the same as its defaults. */
const builtIn = { concurrency: 4, retry: { attempts: 5, maxWaitMs: 600_000 } };

export async function restore(archive: string, options: RestoreOptions, invocation: Invocation): Promise<number> {
  const { cwd, signal, language } = invocation;
  const say = restoreTexts.in(language);
  const into = options.into === true;
  const since = options.since === undefined ? undefined : parseSince(options.since);
  if (options.since !== undefined && since === undefined) {
    throw new UsageError(say("not-a-date", { text: options.since }));
  }
  const source = resolve(cwd, archive);
  const file = await loadIfThere(options.to, invocation);
  const to = await findTarget(options.to, into, file, invocation);
  const path = pathOf(to);
  if (path !== undefined && (isWithin(source, path) || isWithin(path, source))) {
    throw new UsageError(say("within", { place: placeName(source, cwd) }));
  }

  const from = await detectMail(source);
  const mailboxes = await listRestorable(from, signal);
  const { include, chosen, mistakes } = selectNamed(options.mailbox ?? [], mailboxes);
  const names = mailboxes.map((mailbox) => mailboxName(mailbox.path));
  for (const { name, message } of mistakes) {
    const meant = suggest(name, names);
    const wrong = translate(message, language);
    if (meant !== undefined) throw new UsageError(say("no-mailbox.meant", { name, wrong, meant }));
    throw new UsageError(say("no-mailbox", { name, wrong, names: listOf(names, language) }));
  }
  if ("mbox" in to && chosen.length !== 1) {
    const chosenNames = chosen.map((mailbox) => mailboxName(mailbox.path));
    throw new UsageError(say("one-mailbox", { names: listOf(chosenNames, language) }));
  }

  const { concurrency, retry } = settingsOf(file);
  const job = restoreJob({ from, to, include, since, retry });
  let state = stateDirectory(invocation);
  const { isVoid } = await checkRestoreTarget(job, chosen, { stateDirectory: state, into });
  if (isVoid && invocation.options.dryRun) state = resolve(state, "void");
  else if (isVoid) await forgetRestore(job, state);
  return performRun({ command: "restore", jobs: [job], concurrency, stateDirectory: state }, invocation);
}

/** Into a folder mail can be put whatever the job file is like. */
async function loadIfThere(to: string, invocation: Invocation): Promise<LoadedJobFile | undefined> {
  try {
    return await loadJobFile(await findJobFile(invocation), invocation.env);
  } catch (error) {
    if (invocation.options.config !== undefined) throw error;
    if (!(error instanceof MailferryError) || error.code !== "C701") throw error;
    if (error instanceof JobFileError && !(await looksLikePath(to, invocation.cwd))) throw error;
    return undefined;
  }
}

async function findTarget(
  to: string,
  into: boolean,
  file: LoadedJobFile | undefined,
  { cwd, language }: Invocation,
): Promise<RestoreTarget> {
  const say = restoreTexts.in(language);
  const account = file?.accounts.get(to)?.account;
  if (account?.protocol === "pop3") throw new UsageError(say("pop3"));
  if (account !== undefined) return { account, under: into ? [] : ["Restored"] };
  if (!(await looksLikePath(to, cwd))) {
    const names = [...(file?.accounts.keys() ?? [])];
    const meant = suggest(to, names);
    const unknown = { name: to, folder: `./${to}` };
    if (meant !== undefined) throw new UsageError(say("no-account.meant", { ...unknown, meant }));
    if (file === undefined) throw new UsageError(say("no-account.no-file", unknown));
    throw new UsageError(say("no-account", { ...unknown, names: names.join(", ") }));
  }
  const path = resolve(cwd, to);
  if (!path.endsWith(".mbox")) return { maildir: path };
  if (into) throw new UsageError(say("mbox.into"));
  return { mbox: path };
}

async function looksLikePath(to: string, cwd: string): Promise<boolean> {
  if (to.includes("/") || to.endsWith(".mbox")) return true;
  return access(resolve(cwd, to)).then(
    () => true,
    () => false,
  );
}

function pathOf(to: RestoreTarget): string | undefined {
  if ("account" in to) return undefined;
  return "maildir" in to ? to.maildir : to.mbox;
}

/** The defaults of the job file are those of each of its jobs. */
function settingsOf(file: LoadedJobFile | undefined): typeof builtIn {
  const retry = file?.jobs[0]?.retry;
  return { concurrency: file?.concurrency ?? builtIn.concurrency, retry: retry ?? builtIn.retry };
}

const mostNamed = 20;

function listOf(names: readonly string[], language: Language): string {
  const listed = names.slice(0, mostNamed).map((name) => printable(name));
  const more = names.length - listed.length;
  const all = listed.join(", ");
  return more === 0 ? all : restoreTexts.in(language)("and-more", { names: all, more });
}

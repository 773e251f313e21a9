// mailferry doctor: whether this machine, its disks and its accounts are fit for what the job file asks. Nothing is
// changed, nobody logs in.

import { type ExitName, exitCodes, MailferryError, worstExit } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import type { LoadedJobFile } from "../jobs/job.ts";
import { loadJobFile } from "../jobs/load.ts";
import { formatMistake, JobFileError } from "../jobs/mistakes.ts";
import { translate } from "../language/sentences.ts";
import { examineAccounts } from "./doctor/accounts.ts";
import { type Finding, findingOf, type Practice } from "./doctor/finding.ts";
import { examineKeyring } from "./doctor/keyring.ts";
import { examineClock, examineMachine } from "./doctor/machine.ts";
import { examinePlaces } from "./doctor/places.ts";
import { formatFindings, formatVerdict } from "./doctor/print.ts";
import { examineProviders } from "./doctor/providers.ts";
import { examineSchedule } from "./doctor/schedule.ts";
import type { Invocation } from "./invocation.ts";
import { findJobFile, stateDirectory } from "./job-file.ts";
import { sameJobFile } from "./names.ts";
import { doctorTexts } from "./texts/doctor.ts";

export interface DoctorFlags {
  /** False with `--no-network`. */
  readonly network: boolean;
}

export async function doctor({ network }: DoctorFlags, invocation: Invocation): Promise<number> {
  const { options, screen, language } = invocation;
  // JSON is English, whatever the language of the person.
  const spoken = options.json ? "en" : language;
  const say = doctorTexts.in(spoken);
  const state = stateDirectory(invocation);
  const practice: Practice = { invocation, say, language: spoken, state, now: invocation.clock() };
  const { file, finding } = await readJobs(practice);
  const findings = [
    ...(await examineMachine(practice)),
    examineProviders(practice),
    ...(await examineClock(file?.jobs ?? [], practice)),
    finding,
    ...(await examinePlaces(file, practice)),
    await examineKeyring(
      [...(file?.accounts.values() ?? [])].map(({ password }) => password),
      practice,
    ),
    ...(file === undefined ? [] : await examineSchedule(file, practice)),
    ...(file === undefined ? [] : await examineAccounts(file, network, practice)),
  ];
  const name = worstExit(findings.flatMap(({ level, exit }): ExitName[] => (level === "error" ? [exit ?? "bug"] : [])));
  if (options.json) {
    const exit = { code: exitCodes[name], name };
    const checks = findings.map(({ exit: _, ...check }) => check);
    const verdict = name === "ok" ? "safe" : "failed";
    await screen.out(`${jsonText({ v: 1, command: "doctor", verdict, exit, checks })}\n`);
  } else {
    const shown = options.quiet ? findings.filter(({ level }) => level === "warning" || level === "error") : findings;
    await screen.out(formatFindings(shown, say, screen.outPaint));
    if (!options.quiet || shown.length > 0) await screen.out(formatVerdict(findings, say, screen.outPaint));
  }
  return exitCodes[name];
}

/** A file that is broken is one finding, and the rest goes on. */
async function readJobs(practice: Practice): Promise<{ file?: LoadedJobFile; finding: Finding }> {
  const { invocation, say, language } = practice;
  const { options, env } = invocation;
  const name = "job-file";
  let path: string;
  try {
    path = await findJobFile(invocation);
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    return { finding: { name, level: "info", text: say("jobs.none"), remedy: say("jobs.none.do") } };
  }
  try {
    const file = await loadJobFile(path, env);
    const counts = { jobs: say("jobs.jobs", { count: file.jobs.length }), file: printable(path) };
    const accounts = say("jobs.accounts", { count: file.accounts.size });
    return { file, finding: { name, level: "ok", text: say("jobs", { ...counts, accounts }) } };
  } catch (error) {
    if (!(error instanceof JobFileError) || error.mistakes.length === 0)
      return { finding: findingOf(name, error, practice) };
    const [first] = error.mistakes;
    const text = say("jobs.mistakes", {
      count: error.mistakes.length,
      first: first === undefined ? "" : formatMistake(path, { ...first, message: translate(first.message, language) }),
    });
    const remedy = say("jobs.mistakes.do", { command: [...sameJobFile(options), "config", "check"].join(" ") });
    return { finding: { ...findingOf(name, error, practice), text, remedy } };
  }
}

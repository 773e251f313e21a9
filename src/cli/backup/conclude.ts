// When the run has ended: what it copied is compared with the server, and a newcomer is told what comes next.

import type { Account } from "../../account.ts";
import { type ExitName, exitCodes, MailferryError } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import { type CompareReport, isComplete } from "../../jobs/compare.ts";
import { compareArchive } from "../../jobs/compare-stored.ts";
import type { JobReport, RunReport } from "../../jobs/events.ts";
import type { Job } from "../../jobs/job.ts";
import { runJobs } from "../../jobs/run.ts";
import { translate } from "../../language/sentences.ts";
import { stateDirectory } from "../job-file.ts";
import { commandLine, placeName } from "../names.ts";
import type { Conclusion } from "../perform.ts";
import { sumOf } from "../summary.ts";
import type { Guide, ProvenServer } from "./flags.ts";
import { fileOf, jobName } from "./job.ts";
import { showPlace } from "./place.ts";

export interface Backup {
  readonly guide: Guide;
  readonly server: ProvenServer;
  readonly account: Account;
  readonly job: Job;
  /** Absolute. */
  readonly place: string;
}

export async function conclude(backup: Backup, report: RunReport): Promise<Conclusion> {
  const { say, tell } = backup.guide;
  if (report.verdict !== "safe") return { report };
  const { minutesBetweenLogIns: minutes } = backup.server.provider?.limits ?? {};
  if (minutes !== undefined && backup.account.protocol === "pop3") {
    const provider = backup.server.provider?.name ?? "";
    return ended(backup, report, undefined, say("compared.pause", { provider, minutes: String(minutes) }));
  }
  tell(say("comparing"));
  try {
    let compared = await compare(backup);
    let whole = report;
    if (compared !== undefined && compared.missing.length > 0) {
      // Mail that came while the copy ran: a moment is enough to bring it, too.
      whole = joined(report, await runOnce(backup));
      if (whole.verdict === "safe") compared = await compare(backup);
    }
    if (compared === undefined || whole.verdict !== "safe") return { report: whole };
    return ended(backup, withComparison(whole, compared), compared, findingOf(compared, backup));
  } catch (error) {
    // The run had ended before: what it brought is there, whatever became of the comparison.
    if (backup.guide.invocation.signal.aborted) return ended(backup, report, undefined, say("compared.stopped"));
    if (!(error instanceof MailferryError)) throw error;
    const reason = `${told(error.message, backup)} (MF-${error.code})`;
    return ended(backup, report, undefined, say("compared.not", { reason }));
  }
}

function ended(backup: Backup, report: RunReport, compared: CompareReport | undefined, finding: string): Conclusion {
  return {
    report,
    ...(compared === undefined ? {} : { document: { server: compared } }),
    summary: { findings: [finding], closing: report.verdict === "safe" ? closingOf(backup, report) : [] },
  };
}

function compare(backup: Backup): Promise<CompareReport | undefined> {
  const { guide, account, job, place } = backup;
  const { invocation, tell } = guide;
  const retrying = ({ code, message }: MailferryError) => tell(`${told(message, backup)} (MF-${code})`);
  return compareArchive(place, fileOf(job, account, invocation), { signal: invocation.signal, retrying });
}

function runOnce({ guide, job }: Backup): Promise<RunReport> {
  const { invocation } = guide;
  const { signal, clock } = invocation;
  return runJobs([job], {
    concurrency: 4,
    signal,
    stateDirectory: stateDirectory(invocation),
    trigger: "person",
    clock,
  });
}

/** Two runs as one: how it stands after the second, and what both have done. */
function joined(first: RunReport, second: RunReport): RunReport {
  const jobs = second.jobs.map((job, index): JobReport => {
    const before = first.jobs[index];
    if (before === undefined) return job;
    const news = new Map(before.mailboxes.map((mailbox) => [JSON.stringify(mailbox.path), mailbox.new]));
    const copied = before.messages.copied + job.messages.copied;
    return {
      ...job,
      startedAt: before.startedAt,
      seconds: Math.round((before.seconds + job.seconds) * 10) / 10,
      mailboxes: job.mailboxes.map((each) => ({ ...each, new: each.new + (news.get(JSON.stringify(each.path)) ?? 0) })),
      messages: { ...job.messages, copied, settled: job.messages.settled - before.messages.copied },
      octets: before.octets + job.octets,
      ...(before.verified === undefined
        ? {}
        : {
            verified: {
              checked: before.verified.checked + (job.verified?.checked ?? 0),
              intact: before.verified.intact + (job.verified?.intact ?? 0),
            },
          }),
    };
  });
  return { ...second, command: first.command, jobs };
}

/** What the comparison finds missing is on the server and not in the archive, whatever the run has said. */
function withComparison(report: RunReport, compared: CompareReport): RunReport {
  if (isComplete(compared)) return report;
  const name: ExitName = "incomplete";
  const exit = { code: exitCodes[name], name };
  const missing = new Map(compared.mailboxes.map((row) => [JSON.stringify(row.path), row.missing]));
  const jobs = report.jobs.map((job): JobReport => {
    const mailboxes = job.mailboxes.map((mailbox) => {
      const count = missing.get(JSON.stringify(mailbox.path)) ?? 0;
      return { ...mailbox, onServer: mailbox.onServer + count, missing: mailbox.missing + count };
    });
    return { ...job, verdict: "incomplete", exit, mailboxes };
  });
  return { ...report, verdict: "incomplete", exit, jobs };
}

function told(sentence: string, { guide }: Backup): string {
  return translate(printable(sentence), guide.invocation.language);
}

function findingOf(compared: CompareReport, backup: Backup): string {
  const { say } = backup.guide;
  const { missing, differing, uncomparable, mailboxes } = compared;
  if (missing.length > 0) return say("compared.short", { count: missing.length });
  if (differing.length > 0) return say("compared.differing", { count: differing.length });
  const [first] = uncomparable;
  if (first !== undefined) return say("compared.not", { reason: told(first.reason, backup) });
  const count = mailboxes.reduce((sum, row) => sum + row.onServer, 0);
  return count === 0 ? say("compared.none") : say("compared", { count });
}

/** In the words of the person, and what to type next. */
function closingOf({ guide, place }: Backup, report: RunReport): string[] {
  const { say, invocation, address } = guide;
  const { program } = invocation;
  const shown = showPlace(place, invocation);
  const folder = placeName(place, invocation.cwd);
  const stored = report.jobs.reduce((sum, job) => sum + sumOf(job.mailboxes, (mailbox) => mailbox.inArchive), 0);
  const commands = [
    [commandLine(...program, jobName, address.address), say("next.again")],
    [commandLine(...program, "ls", folder), say("next.ls")],
    [commandLine(...program, "verify", folder), say("next.verify")],
    [commandLine(...program, "report", folder), say("next.report")],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    ...(stored === 0 ? [] : [say("your-messages", { count: stored, place: shown }), ""]),
    say("next.title"),
    ...commands.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
  ];
}

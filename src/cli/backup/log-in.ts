// The log-in, under each name that the server may want, and what there is to copy: a rehearsal of the run.

import type { Account } from "../../account.ts";
import { MailferryError } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import type { JobReport, RunReport } from "../../jobs/events.ts";
import { forgetLogIns } from "../../jobs/log-in-memory.ts";
import { runJobs } from "../../jobs/run.ts";
import { translate } from "../../language/sentences.ts";
import { stateDirectory } from "../job-file.ts";
import type { Guide, ProvenServer } from "./flags.ts";
import { accountOf, jobOf } from "./job.ts";
import type { Password } from "./password.ts";
import type { Place } from "./place.ts";

export interface Opened {
  readonly account: Account;
  /** Undefined where nobody waits for it, and there was no choice of names. */
  readonly rehearsal: Rehearsal | undefined;
}

export interface Rehearsal {
  readonly job: JobReport;
  /** To copy, by mailbox. */
  readonly toCopy: readonly { readonly mailbox: readonly string[]; readonly octets: number }[];
}

/** Either the account, or the report of what kept the command out of it. */
export type Outcome = { readonly opened: Opened } | { readonly report: RunReport; readonly isRefused: boolean };

/**
 * Tries each name once, the likely one first. A refusal of one name and a log-in under the next are one log-in that was
 * granted: the refusal is forgotten in the memory that spares an account that is refused night after night, and the name is
 * not tried again, since the one that was granted is remembered. Where all are refused, each counts for one run.
 */
export async function openAccount(
  server: ProvenServer,
  place: Place,
  password: Password,
  guide: Guide,
): Promise<Outcome> {
  const { users } = server.settings;
  const { invocation, tell, say } = guide;
  const { archive } = place.look;
  // Whose archive it is, is known already.
  const likely = place.goesOn && archive !== undefined ? [archive.user] : users;
  const isWatched = invocation.ask !== undefined;
  const [only] = likely;
  if (likely.length === 1 && only !== undefined && !isWatched) {
    return { opened: { account: accountOf(server, only, password), rehearsal: undefined } };
  }
  if (password.isTyped) tell("");
  tell(say("looking.in"));
  let told: RunReport | undefined;
  for (const [index, user] of likely.entries()) {
    const account = accountOf(server, user, password);
    const { report, toCopy } = await rehearse(account, place, password, guide);
    const [job] = report.jobs;
    // Where all are refused it is told of the name that was tried first: the one that people know.
    if (told === undefined || (job !== undefined && !isRefusal(job))) told = report;
    if (job === undefined || invocation.signal.aborted) break;
    if (job.error === undefined) {
      for (const other of likely.slice(0, index)) await forget(accountOf(server, other, password), guide);
      return { opened: { account, rehearsal: { job, toCopy } } };
    }
    const next = likely[index + 1];
    if (!isRefusal(job) || next === undefined) break;
    tell(say("refused.form", { user: printable(user), other: printable(next) }));
  }
  if (told === undefined) throw new Error("no log-in name");
  return { report: told, isRefused: told.jobs.some(isRefusal) };
}

/** Under another name, or with another password, it may be granted. */
function isRefusal({ error }: JobReport): boolean {
  return error?.code === "A201" || error?.code === "A205";
}

/** Under the other name the log-in was granted: nobody's password was wrong. What can't be forgotten does no harm here. */
async function forget(account: Account, { invocation }: Guide): Promise<void> {
  await forgetLogIns(account, stateDirectory(invocation)).catch((error: unknown) => {
    if (!(error instanceof MailferryError)) throw error;
  });
}

async function rehearse(account: Account, place: Place, { isTyped }: Password, guide: Guide) {
  const { invocation, tell, say } = guide;
  const { signal, clock, options, atTerminal } = invocation;
  const toCopy: { mailbox: readonly string[]; octets: number }[] = [];
  const report = await runJobs([jobOf(account, place.path, place.format)], {
    concurrency: 4,
    dryRun: true,
    signal,
    // Each password that is typed is another one: only those that come by themselves are counted.
    stateDirectory: isTyped ? undefined : stateDirectory(invocation),
    confirmed: atTerminal === true || options.yes === true,
    clock,
    report(event) {
      if (event.type === "mailbox-listed") toCopy.push({ mailbox: event.mailbox, octets: event.octets });
      if (event.type !== "retrying") return;
      const reason = translate(printable(event.reason), invocation.language);
      tell(say("trying.again", { reason, code: event.code }));
    },
  });
  return { report: { ...report, command: "backup" }, toCopy };
}

// What there is to tell: of each job what happened, in one message for all jobs of a run.

import type { JobReport, ReportedError } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";

/** What can be wrong with a job, the least first. */
export const troubles = ["overdue", "incomplete", "failed"] as const;

export type Trouble = (typeof troubles)[number];

/** `reminder`: what was told before is still so. */
export type NewsEvent = "failure" | "overdue" | "reminder" | "recovered" | "success";

/** What is known of a job that has to run and did not. */
export interface Lateness {
  /** When its last run with nothing missing began; undefined if there was none. */
  readonly lastSuccess?: Date | undefined;
  /** When it was to run, and did not. */
  readonly dueAt?: Date | undefined;
}

export interface JobNews {
  readonly event: NewsEvent;
  readonly job: string;
  /** What is wrong; undefined if all is well. */
  readonly trouble?: Trouble | undefined;
  /** Since when it is, or was, wrong. */
  readonly since?: Date | undefined;
  /** Of the run; undefined where the job did not run. */
  readonly report?: JobReport | undefined;
  readonly lateness?: Lateness | undefined;
}

export interface News {
  /** At least one; what is worst comes first. */
  readonly items: readonly JobNews[];
  /** Jobs of the same run with nothing to tell of. */
  readonly others: number;
  /** When it is told again, if nothing changes. */
  readonly nextReminder?: Date | undefined;
}

/** What every message is written for. */
export interface Setting {
  readonly language: Language;
  /** Undefined: this machine's. */
  readonly timeZone?: string | undefined;
  /** The machine that tells. */
  readonly host: string;
  /** Of the message. */
  readonly at: Date;
}

/** What is wrong after a run; undefined if nothing is. All mail may be safe and something of the job not done. */
export function troubleOf({ verdict, exit }: Pick<JobReport, "verdict" | "exit">): Trouble | undefined {
  if (verdict === "failed" || verdict === "incomplete") return verdict;
  return verdict === "safe" && exit.name !== "ok" ? "incomplete" : undefined;
}

/** What kept a run from doing all that it should, beside messages that are missing. */
export function causeOf({ error, pack, notices = [] }: JobReport): ReportedError | undefined {
  const command = notices.find(({ code }) => code === "C702");
  return error ?? pack?.error ?? (command && { code: command.code, message: command.reason });
}

/** True if `one` is worse than `other`, or there is no other. */
export function isWorse(one: Trouble, other: Trouble | undefined): boolean {
  return other === undefined || troubles.indexOf(one) > troubles.indexOf(other);
}

const eventsWorstFirst: readonly NewsEvent[] = ["failure", "overdue", "reminder", "recovered", "success"];

export function worstFirst(items: readonly JobNews[]): JobNews[] {
  const rank = ({ event, trouble }: JobNews) => [
    eventsWorstFirst.indexOf(event),
    trouble === undefined ? 1 : -troubles.indexOf(trouble),
  ];
  return items.toSorted((a, b) => {
    const [[eventA = 0, troubleA = 0], [eventB = 0, troubleB = 0]] = [rank(a), rank(b)];
    return eventA - eventB || troubleA - troubleB;
  });
}

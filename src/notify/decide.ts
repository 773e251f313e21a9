// Whether a channel hears of a job now: at once when something goes wrong, once a day while it lasts, once when it is over.

import type { NotifyPlan } from "../jobs/job.ts";
import type { Told } from "./memory.ts";
import { isWorse, type NewsEvent, type Trouble } from "./news.ts";

/**
 * `safe`: a run that left nothing missing. `on-time`: the job did not run now, and did not have to. `no-news`: a run that
 * tells nothing of the job, since it was skipped.
 */
export type Observation = Trouble | "safe" | "on-time" | "no-news";

const dayMs = 24 * 60 * 60_000;
/** A nightly run ends a little earlier than the night before: that is a day later all the same. */
const slackMs = 2 * 60 * 60_000;

/** What to tell; undefined for nothing. `told`: what this channel was told last, and has not heard the end of. */
export function decide(
  told: Told | undefined,
  observed: Observation,
  { when, now }: { readonly when: NotifyPlan["when"]; readonly now: Date },
): NewsEvent | undefined {
  switch (observed) {
    case "no-news":
      return undefined;
    case "safe":
      if (told !== undefined && when.has("recovered")) return "recovered";
      return when.has("success") ? "success" : undefined;
    case "on-time":
      // A job whose run has failed is well again when a run says so.
      return told?.trouble === "overdue" && when.has("recovered") ? "recovered" : undefined;
    default: {
      const event = observed === "overdue" ? "overdue" : "failure";
      if (!when.has(event)) return undefined;
      if (isWorse(observed, told?.trouble)) return event;
      return told !== undefined && isReminderDue(told, now) ? "reminder" : undefined;
    }
  }
}

/** True once there is nothing more to say of what the channel was told. */
export function isOver(told: Told, observed: Observation): boolean {
  return observed === "safe" || (observed === "on-time" && told.trouble === "overdue");
}

function isReminderDue({ next }: Told, now: Date): boolean {
  const untilMs = Date.parse(next) - now.getTime();
  // A clock that was ahead, and is right again, must not silence anything.
  return untilMs <= slackMs || untilMs > 2 * dayMs;
}

/** What the channel has been told now. Reminders keep the hour of the first telling, so that there is one each day. */
export function tellNow(told: Told | undefined, trouble: Trouble, now: Date): Told {
  const before = told === undefined ? Number.NaN : Date.parse(told.next);
  const isKept = Math.abs(before - now.getTime()) <= slackMs;
  return {
    trouble: told !== undefined && isWorse(told.trouble, trouble) ? told.trouble : trouble,
    at: now.toISOString(),
    next: new Date((isKept ? before : now.getTime()) + dayMs).toISOString(),
  };
}

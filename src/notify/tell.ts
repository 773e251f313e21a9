// What was observed of jobs becomes messages: at most one over each channel, for all of them.

import { MailferryError } from "../errors.ts";
import type { JobReport } from "../jobs/events.ts";
import type { Job, NotifyPlan } from "../jobs/job.ts";
import type { Language } from "../language/language.ts";
import { attempt, type Channel, type Outcome, openChannels } from "./channels.ts";
import { decide, isOver, type Observation, tellNow } from "./decide.ts";
import { type DeliveryLimits, usualLimits } from "./delivery.ts";
import { composeLetter } from "./letter.ts";
import { type Memory, readMemory, type Told, writeMemory } from "./memory.ts";
import { type JobNews, type Lateness, type News, troubles, worstFirst } from "./news.ts";
import { takeTurn } from "./turn.ts";

/** What is known of a job now. */
export interface Observed {
  readonly job: Pick<Job, "name" | "from" | "to" | "timeZone">;
  readonly observation: Observation;
  /** Of the run, if it ran. */
  readonly report?: JobReport | undefined;
  readonly lateness?: Lateness | undefined;
}

export interface Telling {
  readonly plan: NotifyPlan;
  readonly language: Language;
  readonly stateDirectory: string;
  readonly now: Date;
  /** The name of this machine. */
  readonly host: string;
  readonly limits?: DeliveryLimits | undefined;
  /** Called with what became of each message. */
  readonly heard: (outcome: Outcome) => void;
}

/** Rejects, after all channels were tried, if what was told can't be remembered: it will be told again. */
export async function tell(observed: readonly Observed[], telling: Telling): Promise<void> {
  const { plan, stateDirectory, limits = usualLimits } = telling;
  const channels = openChannels(plan, limits);
  if (channels.length === 0) return;
  await using _turn = await takeTurn(stateDirectory);
  const memories = new Map<Observed, Memory>();
  for (const one of observed) memories.set(one, await recall(one, stateDirectory));
  const told = await Promise.all(
    channels.map(async (channel) => {
      const items = itemsFor(channel.name, observed, memories, telling);
      const outcome = items.length === 0 ? undefined : await send(channel, items, othersThan(items, observed), telling);
      if (outcome !== undefined) telling.heard(outcome);
      return { channel: channel.name, heard: outcome?.isDelivered === true ? items : [] };
    }),
  );
  const kept = await Promise.allSettled([...memories].map(([one, memory]) => remember(one, memory, told, telling)));
  for (const result of kept) if (result.status === "rejected") throw result.reason;
}

interface Item extends JobNews {
  readonly of: Observed;
}

/** A disk that can't be read is the last reason to be silent. */
async function recall({ job }: Observed, stateDirectory: string): Promise<Memory> {
  return readMemory(job, stateDirectory).catch((error: unknown) => {
    if (error instanceof MailferryError) return { told: {} };
    throw error;
  });
}

/** What this channel is told now. If anything, then also of everything else that is wrong: it is one message. */
function itemsFor(
  channel: string,
  observed: readonly Observed[],
  memories: ReadonlyMap<Observed, Memory>,
  { plan: { when }, now }: Telling,
): Item[] {
  const decided = observed.map((of) => {
    const memory = memories.get(of);
    const told = memory?.told[channel];
    return { of, memory, told, event: decide(told, of.observation, { when, now }) };
  });
  if (decided.every(({ event }) => event === undefined)) return [];
  return decided.flatMap(({ of, memory, told, event }) => {
    const { observation, report, lateness } = of;
    const trouble = troubles.find((name) => name === observation);
    const isStill = trouble !== undefined && told !== undefined;
    const shown = event ?? (isStill ? "reminder" : undefined);
    if (shown === undefined) return [];
    const since = memory?.since === undefined ? undefined : new Date(memory.since);
    return [{ of, event: shown, job: of.job.name, trouble, since, report, lateness }];
  });
}

async function send(
  { name, place, send }: Channel,
  items: readonly Item[],
  others: number,
  { language, host, now }: Telling,
): Promise<Outcome> {
  const hasTrouble = items.some(({ trouble }) => trouble !== undefined);
  const news: News = {
    items: worstFirst(items),
    others,
    nextReminder: hasTrouble ? new Date(tellNow(undefined, "overdue", now).next) : undefined,
  };
  const setting = { language, host, at: now, timeZone: items[0]?.of.job.timeZone };
  return attempt(name, place, () => send(composeLetter(news, setting)));
}

/** Jobs that ran and are well, and of which there is nothing to tell. */
function othersThan(items: readonly Item[], observed: readonly Observed[]): number {
  const told = new Set(items.map(({ of }) => of));
  return observed.filter((one) => one.observation === "safe" && !told.has(one)).length;
}

async function remember(
  one: Observed,
  before: Memory,
  told: readonly { readonly channel: string; readonly heard: readonly Item[] }[],
  { plan, now, stateDirectory }: Telling,
): Promise<void> {
  const { observation, report, job } = one;
  const after: Record<string, Told> = {};
  for (const { channel, heard } of told) {
    const known = before.told[channel];
    const item = heard.find(({ of }) => of === one);
    // A channel that was down hears the end of it another time.
    const isEnded =
      known === undefined || (isOver(known, observation) && (item !== undefined || !plan.when.has("recovered")));
    if (item?.trouble !== undefined) after[channel] = tellNow(known, item.trouble, now);
    else if (!isEnded) after[channel] = known;
  }
  const isOwed = Object.keys(after).length > 0;
  const isTrouble = troubles.some((name) => name === observation);
  const began = isTrouble ? (report?.startedAt ?? now.toISOString()) : undefined;
  const since = isTrouble || isOwed || observation === "no-news" ? (before.since ?? began) : undefined;
  await writeMemory(job, before, since === undefined ? { told: after } : { since, told: after }, stateDirectory);
}

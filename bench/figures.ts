// From runs to figures: medians, throughput and ratios. Samples are scaled to all of the mail.

import { floorName, type Goal, goals, memoryGoal, secondName } from "./goals.ts";
import type { Block, Row } from "./rounds.ts";

export interface Figures {
  readonly name: string;
  readonly isSample: boolean;
  /** Median, least and most. */
  readonly seconds: number;
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  readonly messagesPerSecond: number;
  readonly octetsPerSecond: number;
  /** Median. */
  readonly cpuSeconds: number;
  /** The highest of all runs. */
  readonly peakRss: number | undefined;
  readonly ofReference: number | undefined;
  readonly ofFloor: number | undefined;
}

export interface Verdict {
  readonly goal: string;
  /** Undefined where it can't be told. */
  readonly isMet: boolean | undefined;
  readonly found: string;
}

/** Of those contenders that succeeded at least once. */
export function figuresOf(block: Block): Figures[] {
  const reference = medianSeconds(block, block.work.reference);
  const floor = floorSeconds(block);
  return block.rows.flatMap((row) => {
    const good = goodRuns(row);
    if (good.length === 0) return [];
    const scale = scaleOf(block, row);
    const seconds = good.map((run) => run.seconds * scale);
    const middle = median(seconds);
    const peaks = good.flatMap(({ peakRss }) => (peakRss === undefined ? [] : [peakRss]));
    return [
      {
        name: row.name,
        isSample: row.isSample,
        seconds: middle,
        leastSeconds: Math.min(...seconds),
        mostSeconds: Math.max(...seconds),
        messagesPerSecond: (row.messages * scale) / middle,
        octetsPerSecond: (row.octets * scale) / middle,
        cpuSeconds: median(good.map((run) => run.cpuSeconds * scale)),
        peakRss: peaks.length === 0 ? undefined : Math.max(...peaks),
        ofReference: reference === undefined ? undefined : middle / reference,
        ofFloor: floor === undefined ? undefined : middle / floor,
      },
    ];
  });
}

/** What the goals say of mailferry in this block. */
export function verdictsOf(block: Block): Verdict[] {
  const { work, roundTripMs } = block;
  const own = block.rows.find(({ name }) => name === "mailferry");
  const seconds = own?.runs.some(({ result }) => typeof result === "string")
    ? undefined
    : medianSeconds(block, "mailferry");
  const ratios = goals
    .filter((goal) => goal.work === work.name && goal.roundTripMs === roundTripMs)
    .map((goal) => judge(goal, seconds, yardstick(block, goal.of)));
  const peakRss = figuresOf(block).find(({ name }) => name === "mailferry")?.peakRss;
  const memory = {
    goal: `under ${memoryGoal / 1e6} MB of memory`,
    isMet: peakRss === undefined ? undefined : peakRss < memoryGoal,
    found: peakRss === undefined ? "not measured" : `${(peakRss / 1e6).toFixed(0)} MB`,
  };
  return [...ratios, memory];
}

function judge({ atMost, of }: Goal, seconds: number | undefined, unit: number | undefined): Verdict {
  const goal = `at most ${atMost} of ${of}`;
  if (seconds === undefined) return { goal, isMet: false, found: "mailferry failed" };
  if (unit === undefined) return { goal, isMet: undefined, found: `not measured, no time of ${of}` };
  const ratio = seconds / unit;
  return { goal, isMet: ratio <= atMost, found: ratio.toFixed(ratio < 0.1 ? 3 : 2) };
}

function yardstick(block: Block, of: string): number | undefined {
  if (of === secondName) return 1;
  return of === floorName ? floorSeconds(block) : medianSeconds(block, of);
}

function floorSeconds(block: Block): number | undefined {
  if (block.work.floor.length === 0) return undefined;
  const parts = block.work.floor.map((name) => medianSeconds(block, name));
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

function medianSeconds(block: Block, name: string): number | undefined {
  const row = block.rows.find((candidate) => candidate.name === name);
  if (row === undefined) return undefined;
  const good = goodRuns(row);
  return good.length === 0 ? undefined : median(good.map(({ seconds }) => seconds)) * scaleOf(block, row);
}

function goodRuns(row: Row) {
  return row.runs.flatMap(({ result }) => (typeof result === "string" ? [] : [result]));
}

/** By messages, not octets: on small mail, those are what slow tools spend their time on. */
function scaleOf(block: Block, row: Row): number {
  return Math.max(...block.rows.map(({ messages }) => messages)) / row.messages;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half) - 1] ?? 0)) / 2;
}

// A line for each order in the user's crontab (crontab(5)), between two comments by which they are found again.

import { foreignZone } from "./foreign-zone.ts";
import { digestOf, type Order } from "./order.ts";

/** The lines, or why cron can't run an order, as the end of a sentence. */
export function cronBlock(
  orders: readonly Order[],
  jobFile: string,
): { readonly text: string } | { readonly refused: string; readonly order: Order } {
  const lines = [];
  for (const order of orders) {
    const refused = refusal(order);
    if (refused !== undefined) return { order, refused: `cron ${refused}` };
    lines.push(`${order.schedule} ${commandOf(order)}`);
  }
  const [begin, end] = marks(jobFile);
  return { text: `${[`${begin} ${jobFile}, by mailferry schedule install`, ...lines, end].join("\n")}\n` };
}

/** The crontab without what was written into it for this job file. */
export function withoutBlock(crontab: string, jobFile: string): string {
  const [begin, end] = marks(jobFile);
  const lines = crontab.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`${begin} `));
  const last = lines.indexOf(end, first);
  if (first < 0 || last < 0) return crontab;
  return [...lines.slice(0, first), ...lines.slice(last + 1)].join("\n");
}

function marks(jobFile: string): readonly [begin: string, end: string] {
  const digest = digestOf([jobFile]);
  return [`# mailferry ${digest}: begin`, `# mailferry ${digest}: end`];
}

/** Longer commands are cut off by cron. */
const longestCommand = 900;

function refusal(order: Order): string | undefined {
  const zone = foreignZone(order.timeZone);
  if (zone !== undefined) return zone;
  const [, , day = "", , weekday = ""] = order.schedule.split(" ");
  if (/[LW#+?]/i.test(day) || /[L#+?]/i.test(weekday)) return "can't say L, W, #, + and ? in a cron line";
  // To cron, `*/2` is a star: then day and weekday must both hold.
  const isHalfStar = (field: string) => field.startsWith("*/");
  if ((isHalfStar(day) && weekday !== "*") || (isHalfStar(weekday) && day !== "*"))
    return "takes a line with */ in its day and another weekday to mean something else";
  // cron takes some away, which ones depends on the cron.
  if ([...order.command, ...Object.values(order.environment)].some((word) => word.includes("\\")))
    return "can't run a command with a backslash in it";
  return commandOf(order).length > longestCommand
    ? `can't run a command of more than ${longestCommand} characters`
    : undefined;
}

/** What goes well is not mailed to anybody. */
function commandOf({ command, environment }: Order): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quote(value)}`);
  return [...variables, ...command.map(quote), "-q"].join(" ").replaceAll("%", "\\%");
}

/** For sh. */
function quote(word: string): string {
  return /^[\w@+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

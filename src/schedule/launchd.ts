// An agent for each order (launchd.plist(5)). launchd runs once after sleep what was missed meanwhile; what is missed
// while the machine is off, it leaves out.

import { join } from "node:path";
import { dayRules } from "./calendar.ts";
import { type CronTimes, readCron } from "./cron-times.ts";
import { foreignZone } from "./foreign-zone.ts";
import type { Order, Written } from "./order.ts";

const mostIntervals = 500;

export function writeAgents(orders: readonly Order[], home: string): Written {
  const files = [];
  for (const order of orders) {
    const zone = foreignZone(order.timeZone);
    if (zone !== undefined) return { order, refused: `launchd ${zone}` };
    const times = readCron(order.schedule);
    if (times === undefined) return { order, refused: "launchd can't say L, W, # and + in a cron line" };
    const intervals = intervalsOf(times);
    if (intervals.length > mostIntervals) return { order, refused: "launchd would need more than 500 entries for it" };
    const path = join(home, "Library", "LaunchAgents", `${order.name}.plist`);
    files.push({ path, text: agentOf(order, intervals, home) });
  }
  return { files };
}

type Interval = Readonly<Record<string, number>>;

function intervalsOf(times: CronTimes): readonly Interval[] {
  const { minutes, hours, months } = times;
  return dayRules(times).flatMap(({ days, weekdays }) => {
    let intervals: readonly Interval[] = [{}];
    const each = (key: string, values: readonly number[] | undefined, all: number) => {
      if (values === undefined || values.length === all) return;
      intervals = intervals.flatMap((interval) => values.map((value) => ({ ...interval, [key]: value })));
    };
    each("Month", months, 12);
    each("Day", days, 31);
    each("Weekday", weekdays, 7);
    each("Hour", hours, 24);
    each("Minute", minutes, 60);
    return intervals;
  });
}

function agentOf({ name, command, environment }: Order, intervals: readonly Interval[], home: string): string {
  const log = join(home, "Library", "Logs", `${name}.log`);
  const pairs = (entries: readonly (readonly [string, string])[], indent: string) =>
    entries.map(([key, value]) => `${indent}<key>${escapeXml(key)}</key>${value}\n`).join("");
  const variables = Object.entries(environment).map(([key, value]) => [key, string(value)] as const);
  const dicts = intervals.map((interval) => {
    const entries = Object.entries(interval).map(([key, value]) => [key, `<integer>${value}</integer>`] as const);
    return `    <dict>\n${pairs(entries, "      ")}    </dict>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by mailferry schedule install; mailferry schedule remove takes it away. -->
<plist version="1.0">
<dict>
  <key>Label</key>${string(name)}
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    ${string(word)}\n`).join("")}  </array>
${variables.length === 0 ? "" : `  <key>EnvironmentVariables</key>\n  <dict>\n${pairs(variables, "    ")}  </dict>\n`}  <key>StartCalendarInterval</key>
  <array>
${dicts.join("")}  </array>
  <key>ProcessType</key><string>Background</string>
  <key>LowPriorityIO</key><true/>
  <key>Nice</key><integer>10</integer>
  <key>StandardOutPath</key>${string(log)}
  <key>StandardErrorPath</key>${string(log)}
</dict>
</plist>
`;
}

function string(text: string): string {
  return `<string>${escapeXml(text)}</string>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

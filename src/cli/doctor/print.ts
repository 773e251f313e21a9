// What doctor has found, in lines: the level, what it is about, and what to do below it.

import { lineWidth } from "../block.ts";
import type { Paint } from "../screen.ts";
import { displayWidth, padding, wrap } from "../width.ts";
import type { Finding, Level, Practice } from "./finding.ts";

type Say = Practice["say"];

const levels: readonly Level[] = ["ok", "info", "warning", "error"];

/** Empty without findings; ends with a line end. */
export function formatFindings(findings: readonly Finding[], say: Say, paint: Paint): string {
  const column = 2 + Math.max(...levels.map((level) => displayWidth(say(`level.${level}`))));
  const lines = findings.flatMap(({ level, text, remedy, code }) => {
    const word = say(`level.${level}`);
    const whole = code === undefined ? text : `${text} (MF-${code})`;
    const told = wrap(whole, lineWidth - column);
    const todo = remedy === undefined ? [] : wrap(`${say("do")} ${remedy}`, lineWidth - column);
    return [...told, ...todo].map((line, index) =>
      index === 0 ? `${colourOf(level, paint)(word)}${padding(word, column)}${line}` : " ".repeat(column) + line,
    );
  });
  return lines.map((line) => `${line}\n`).join("");
}

function colourOf(level: Level, paint: Paint): (text: string) => string {
  return { ok: paint.green, info: paint.dim, warning: paint.yellow, error: paint.red }[level];
}

/** The last line. */
export function formatVerdict(findings: readonly Finding[], say: Say, paint: Paint): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const counted = { errors: say("errors", { count: errors }), warnings: say("warnings", { count: warnings }) };
  if (errors > 0) return `\n${paint.red(say(warnings > 0 ? "verdict.both" : "verdict.errors", counted))}\n`;
  if (warnings > 0) return `\n${paint.yellow(say("verdict.warnings", counted))}\n`;
  return `\n${paint.green(say("verdict.ok", { count: findings.length }))}\n`;
}

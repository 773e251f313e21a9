// The lines of an account that is tried: a level, the step, what was found, and how long it took.

import type { Account } from "../account.ts";
import { describeAccount } from "../account.ts";
import { printable, quoteServer } from "../formats/printable.ts";
import type { Ability } from "../jobs/abilities.ts";
import { isWarning } from "../jobs/abilities.ts";
import type { AccountStep, Level, SurveyedMailbox } from "../jobs/account-test.ts";
import { lineWidth } from "./block.ts";
import { failureLines } from "./failure-block.ts";
import type { Invocation } from "./invocation.ts";
import { mailboxName } from "./names.ts";
import { accountTestTexts } from "./texts/account.ts";
import { unitsIn } from "./units.ts";
import { displayWidth, padding, wrap } from "./width.ts";

interface Line {
  readonly level: Level;
  readonly text: string;
}

type View = Pick<Invocation, "language" | "screen" | "options">;

const mostNamed = 8;

/** `old-pop: ada@example.org (POP3, pop.example.org:995)` */
export function formatHeading(name: string, account: Account): readonly string[] {
  const { protocol, host, port } = account;
  const title = `${printable(name)}: ${printable(describeAccount(account))}`;
  return wrap(`${title} (${protocol.toUpperCase()}, ${printable(host)}:${port})`, lineWidth);
}

/** Lines without line ends; the block of an error is among them. */
export async function formatStep(step: AccountStep, account: Account, view: View): Promise<readonly string[]> {
  const { language, screen } = view;
  const lines = linesOf(step, account, view);
  const rows = [lines[0] ?? { level: step.level, text: "" }, ...lines.slice(1)].flatMap((line, index) =>
    formatRow(line, index === 0 ? step : undefined, view),
  );
  if (step.level !== "error") return rows;
  return [...rows, "", ...failureLines(step.error, screen.outPaint, "", language)];
}

/** The last word on an account. */
export function formatOutcome(name: string, steps: readonly AccountStep[], { language, screen }: View): string[] {
  const say = accountTestTexts.in(language);
  const shown = printable(name);
  const isGood = steps.at(-1)?.level !== "error";
  const warnings = steps.filter(({ level }) => level === "warning").length;
  const verdict = isGood
    ? warnings === 0
      ? screen.outPaint.green(say("good", { name: shown }))
      : screen.outPaint.yellow(say("good.warnings", { name: shown, count: warnings }))
    : screen.outPaint.red(say("bad", { name: shown }));
  return [`${verdict} ${say("untouched")}`];
}

function formatRow({ level, text }: Line, step: AccountStep | undefined, { language, screen }: View): string[] {
  const say = accountTestTexts.in(language);
  const levels = (["ok", "info", "warning", "error"] as const).map((each) => say(`level.${each}`));
  const names = stepNames.map((each) => say(`step.${each}`));
  const [levelWidth, nameWidth] = [widest(levels) + 2, widest(names) + 2];
  const { red, yellow, green, dim } = screen.outPaint;
  const paint = { ok: green, info: dim, warning: yellow, error: red }[level];
  const word = say(`level.${level}`);
  const label = step === undefined ? "" : say(`step.${step.step}`);
  // What it can't do is concluded: nobody was asked.
  const time = step === undefined || step.step === "abilities" ? "" : timeOf(step.seconds, language);
  const indent = 2 + levelWidth + nameWidth;
  const texts = wrap(text, lineWidth - indent - (time === "" ? 0 : timeWidth));
  return (texts.length === 0 ? [""] : texts).map((line, index) => {
    if (index > 0) return `${" ".repeat(indent)}${line}`;
    const head = `  ${paint(word)}${padding(word, levelWidth)}${label}${padding(label, nameWidth)}${line}`;
    if (time === "") return head.trimEnd();
    const used = indent + displayWidth(line) + displayWidth(time);
    return `${head}${" ".repeat(Math.max(1, lineWidth - used))}${dim(time)}`;
  });
}

const stepNames = ["address", "connection", "encryption", "greeting", "log-in", "mailboxes", "abilities"] as const;
/** Of the column on the right, with what keeps it apart. */
const timeWidth = 9;

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(displayWidth));
}

function timeOf(seconds: number, language: View["language"]): string {
  if (seconds >= 1) return unitsIn(language).duration(Math.round(seconds * 10) / 10);
  return accountTestTexts.in(language)("milliseconds", { count: Math.round(seconds * 1000) });
}

function linesOf(step: AccountStep, account: Account, view: View): readonly Line[] {
  if (step.level === "error") return [];
  const { level } = step;
  const say = accountTestTexts.in(view.language);
  switch (step.step) {
    case "address": {
      const shown = step.addresses.slice(0, 3).map(printable).join(", ");
      const rest = step.addresses.length - 3;
      return [{ level, text: rest > 0 ? say("more", { list: shown, count: rest }) : shown }];
    }
    case "connection":
      return [{ level, text: say("connection", { address: printable(step.address), port: String(step.port) }) }];
    case "encryption":
      return encryptionLines(step, account, view);
    case "greeting": {
      const words = step.words.trim();
      return [{ level, text: words === "" ? say("greeting.silent") : say("greeting", { words: quoteServer(words) }) }];
    }
    case "log-in":
      return [{ level, text: say("log-in", { user: printable(step.user) }) }];
    case "mailboxes":
      return mailboxLines(step, view);
    case "abilities":
      if (step.abilities.length === 0) return [{ level, text: say("all-there") }];
      return step.abilities.map((ability) => ({
        level: isWarning(ability) ? "warning" : "info",
        text: abilityText(ability, view),
      }));
  }
}

type StepOf<Name> = Extract<Exclude<AccountStep, { readonly level: "error" }>, { readonly step: Name }>;

function encryptionLines({ level, channel, days }: StepOf<"encryption">, _: Account, view: View): readonly Line[] {
  const say = accountTestTexts.in(view.language);
  if (channel === undefined) return [{ level, text: say(level === "info" ? "clear.loopback" : "clear") }];
  const { protocol, subject } = channel;
  const issuer = printable(channel.issuer) || "?";
  if (days === undefined) return [{ level, text: say("encrypted.no-date", { protocol, issuer }) }];
  const date = unitsIn(view.language).date(channel.validTo).slice(0, 10);
  const values = { protocol, issuer, date, days: say("days", { count: Math.max(0, days) }) };
  const isOwn = channel.issuer === subject;
  const text = say(isOwn ? "encrypted.self" : "encrypted", values);
  return [{ level, text: level === "warning" ? `${text}. ${say("encrypted.soon")}` : text }];
}

function mailboxLines({ mailboxes, quota }: StepOf<"mailboxes">, view: View): readonly Line[] {
  const say = accountTestTexts.in(view.language);
  const units = unitsIn(view.language);
  const sum = (pick: (mailbox: SurveyedMailbox) => number | undefined) =>
    mailboxes.reduce((total, mailbox) => total + (pick(mailbox) ?? 0), 0);
  const counted = mailboxes.filter(({ messages }) => messages !== undefined);
  const values = {
    mailboxes: say("mailboxes", { count: mailboxes.length }),
    messages: say("messages", { count: sum(({ messages }) => messages) }),
  };
  const hasSizes = counted.every(({ octets }) => octets !== undefined);
  const lines: Line[] = [
    {
      level: "ok",
      text: hasSizes
        ? say("mailboxes.sizes", { ...values, size: units.octets(sum(({ octets }) => octets)) })
        : say("mailboxes.no-sizes", values),
    },
  ];
  if (view.options.verbose)
    for (const mailbox of counted) lines.push({ level: "info", text: mailboxText(mailbox, view) });
  if (quota !== undefined) {
    const text = say("quota", { used: units.octets(quota.used), limit: units.octets(quota.limit) });
    lines.push({ level: "info", text });
  }
  const faulty = mailboxes.filter(({ lack }) => lack !== undefined);
  for (const { path, lack } of faulty.slice(0, mostNamed)) {
    lines.push({ level: "warning", text: say(`lack.${lack ?? "untold"}`, { name: mailboxName(path) }) });
  }
  const uncounted = mailboxes.length - counted.length - Math.min(faulty.length, mostNamed);
  if (uncounted > 0) lines.push({ level: "info", text: say("uncounted", { count: uncounted }) });
  return lines;
}

function mailboxText({ path, messages = 0, octets }: SurveyedMailbox, { language }: View): string {
  const said = accountTestTexts.in(language)("messages", { count: messages });
  const size = octets === undefined ? "" : `, ${unitsIn(language).octets(octets)}`;
  return `${mailboxName(path)}: ${said}${size}`;
}

function abilityText(ability: Ability, { language }: View): string {
  const say = accountTestTexts.in(language);
  if ("lacks" in ability) return say(`lacks.${ability.lacks}`);
  switch (ability.is) {
    case "APPENDLIMIT":
      return say("is.APPENDLIMIT", { size: unitsIn(language).octets(ability.octets) });
    case "LOGIN-DELAY":
      return say("is.LOGIN-DELAY", { duration: unitsIn(language).duration(ability.seconds) });
    case "EXPIRE":
      return ability.days === 0 ? say("is.EXPIRE.at-once") : say("is.EXPIRE", { count: ability.days });
    default:
      return say(`is.${ability.is}`);
  }
}

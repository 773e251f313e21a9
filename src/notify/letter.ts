// A message in words, before it is a text, a page or a line: what is told, in the language of the job file. Every string
// in it is safe to print and bounded; only HTML has to be escaped yet.

import { isAbsolute } from "node:path";
import { printable } from "../formats/printable.ts";
import type { JobFailure, JobReport } from "../jobs/events.ts";
import { translate, translateKnown } from "../language/sentences.ts";
import { causeOf, type JobNews, type News, type NewsEvent, type Setting } from "./news.ts";
import { remedyOf, summaryOf, titleOf, verdictWordOf } from "./phrases.ts";
import { subjectOf } from "./subject.ts";
import { type Texts, textsIn } from "./texts.ts";
import { createWriting, type Writing } from "./writing.ts";

export type Tone = "good" | "warning" | "bad";

export interface TableRow {
  readonly name: string;
  /** On server, in archive, missing. */
  readonly counts: readonly [string, string, string];
  readonly isMissing: boolean;
  readonly isTotal: boolean;
  readonly codes: string;
}

export interface Section {
  readonly tone: Tone;
  /** The job. */
  readonly title: string;
  /** The verdict, as a word. */
  readonly verdict: string;
  /** What follows it. */
  readonly summary: string;
  /** More sentences. */
  readonly remarks: readonly string[];
  readonly todo: { readonly title: string; readonly lines: readonly string[] } | undefined;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly table: { readonly titles: readonly string[]; readonly rows: readonly TableRow[] } | undefined;
  readonly failures: { readonly title: string; readonly lines: readonly string[] } | undefined;
}

export interface Letter {
  readonly event: NewsEvent | "test";
  readonly setting: Setting;
  /** One line. */
  readonly subject: string;
  readonly sections: readonly Section[];
  /** What concerns all of them. */
  readonly remarks: readonly string[];
  /** Who tells. */
  readonly signature: string;
  /** As the language sets it, between a word and what it is of. */
  readonly colon: string;
  readonly items: readonly JobNews[];
}

const mostSections = 20;
const mostNamed = 100;
const mostRows = 20;
const mostFailures = 20;

export function composeLetter(news: News, setting: Setting): Letter {
  const texts = textsIn(setting.language);
  const writing = createWriting(texts, setting);
  const { items, others, nextReminder } = news;
  const unshown = items.slice(mostSections, mostSections + mostNamed).map(({ job }) => writing.name(job));
  const rest = items.length - mostSections - unshown.length;
  const remarks = [
    [...unshown, ...(rest > 0 ? [texts.more(rest, writing.count(rest))] : [])].join(", "),
    others > 0 ? texts.others(others, writing.count(others)) : "",
    nextReminder === undefined ? texts.noReminder : texts.reminder(writing.instant(nextReminder)),
  ];
  return {
    event: items[0]?.event ?? "success",
    setting,
    subject: subjectOf(items, texts, writing),
    sections: items.slice(0, mostSections).map((item) => sectionOf(item, texts, writing)),
    remarks: remarks.filter((remark) => remark !== ""),
    signature: texts.sentBy(writing.name(setting.host)),
    colon: texts.colon,
    items,
  };
}

/** What `notify test` sends. */
export function composeTest(setting: Setting): Letter {
  const texts = textsIn(setting.language);
  const { subject, title, text } = texts.test;
  const section = { tone: "good", title, verdict: "", summary: text, remarks: [], facts: [] } as const;
  return {
    event: "test",
    setting,
    subject,
    sections: [{ ...section, todo: undefined, table: undefined, failures: undefined }],
    remarks: [],
    signature: texts.sentBy(createWriting(texts, setting).name(setting.host)),
    colon: texts.colon,
    items: [],
  };
}

function sectionOf(item: JobNews, texts: Texts, writing: Writing): Section {
  const { job, event, trouble, report, since, lateness } = item;
  const { labels } = texts;
  const remarks = [
    trouble === "overdue" ? texts.late : "",
    lateness?.dueAt === undefined ? "" : texts.lateSince(writing.instant(lateness.dueAt)),
    event === "reminder" && since !== undefined ? texts.since(writing.instant(since)) : "",
    event === "recovered" && since !== undefined ? texts.began(writing.instant(since)) : "",
  ];
  return {
    tone: trouble === undefined ? "good" : trouble === "failed" ? "bad" : "warning",
    title: writing.name(job),
    verdict: verdictWordOf(item, texts),
    summary: `${summaryOf(item, texts, writing)}.`,
    remarks: remarks.filter((remark) => remark !== ""),
    todo: trouble === undefined ? undefined : { title: labels.todo, lines: todoOf(item, texts, writing) },
    facts: report === undefined ? [] : factsOf(report, texts, writing),
    table: report === undefined || report.mailboxes.length === 0 ? undefined : tableOf(report, texts, writing),
    failures: report === undefined || report.failures.length === 0 ? undefined : failuresOf(report, texts, writing),
  };
}

/** The engine knows best what to do. */
function todoOf(item: JobNews, texts: Texts, writing: Writing): string[] {
  const { job, report } = item;
  const remedy = report?.error?.remedy;
  const known = remedy === undefined ? undefined : translateKnown(remedy, texts.language);
  const first = known === undefined ? texts.todo[remedyOf(item)] : writing.text(known);
  if (report === undefined || report.exit.name === "bug") return [first];
  return [first, `${texts.seeMore}${texts.colon}mailferry report ${writing.shellWord(job)}`];
}

function factsOf(report: JobReport, { labels, language }: Texts, writing: Writing) {
  const { startedAt, seconds, from, to } = report;
  const cause = causeOf(report);
  const facts: [label: string, value: string][] = [
    [labels.run, writing.period(new Date(startedAt), seconds)],
    [labels.from, writing.text(from)],
    [labels.to, writing.text(to)],
  ];
  if (cause !== undefined) {
    const code = cause.code === "bug" ? "" : ` (${writing.code(cause.code)})`;
    facts.push([labels.reason, `${writing.text(translate(cause.message, language))}${code}`]);
  }
  return facts;
}

function tableOf(report: JobReport, { labels, more }: Texts, writing: Writing): NonNullable<Section["table"]> {
  const codes = new Map<string, Set<string>>();
  for (const { mailbox, code } of report.failures) {
    const key = JSON.stringify(mailbox);
    codes.set(key, (codes.get(key) ?? new Set()).add(writing.code(code)));
  }
  const ordered = report.mailboxes.toSorted(
    (a, b) => b.missing - a.missing || b.new - a.new || b.onServer - a.onServer,
  );
  const [shown, folded] = [ordered.slice(0, mostRows), ordered.slice(mostRows)];
  const row = (name: string, of: typeof ordered, marks: Iterable<string>): TableRow => {
    const sum = (key: "onServer" | "inArchive" | "missing") => of.reduce((total, mailbox) => total + mailbox[key], 0);
    const counts = [sum("onServer"), sum("inArchive"), sum("missing")] as const;
    const [a, b, c] = counts.map((count) => writing.count(count));
    return {
      name,
      counts: [a ?? "", b ?? "", c ?? ""],
      isMissing: counts[2] > 0,
      isTotal: false,
      codes: [...marks].join(" "),
    };
  };
  const rows = shown.map((one) => row(writing.mailbox(one.path), [one], codes.get(JSON.stringify(one.path)) ?? []));
  if (folded.length > 0) rows.push(row(more(folded.length, writing.count(folded.length)), folded, []));
  if (ordered.length > 1) rows.push({ ...row(labels.total, ordered, []), isTotal: true });
  const isMove = report.mapping !== undefined || !isAbsolute(report.to);
  const titles = [
    labels.mailbox,
    isAbsolute(report.from) ? labels.atSource : labels.onServer,
    isMove ? labels.atTarget : labels.inArchive,
    labels.missing,
  ];
  return { titles, rows };
}

function failuresOf(report: JobReport, texts: Texts, writing: Writing): NonNullable<Section["failures"]> {
  const line = ({ code, mailbox, key, reason }: JobFailure) => {
    const which = key === undefined ? "" : `, ${texts.labels.message(printable(key).slice(0, 100))}`;
    return `${writing.code(code)} ${titleOf(code, texts)}${texts.colon}${writing.mailbox(mailbox)}${which} (${writing.text(translate(reason, texts.language))})`;
  };
  const lines = report.failures.slice(0, mostFailures).map(line);
  const rest = report.failures.length - lines.length;
  return {
    title: texts.labels.failures,
    lines: rest > 0 ? [...lines, texts.more(rest, writing.count(rest))] : lines,
  };
}

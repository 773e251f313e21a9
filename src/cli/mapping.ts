// Where each mailbox goes, and why there: what a rehearsal of a move shows, whole, before anything is written.

import type { JobReport, MappedMailbox } from "../jobs/events.ts";
import type { Language } from "../language/language.ts";
import { mailboxName, shareWidth } from "./names.ts";
import type { Paint } from "./screen.ts";
import { type Cell, formatTable } from "./table.ts";
import { mappingTexts } from "./texts/mapping.ts";
import { wordTexts } from "./texts/words.ts";
import { unitsIn } from "./units.ts";
import { displayWidth } from "./width.ts";

export interface MappingOptions {
  readonly paint: Paint;
  /** Names as they are, however long; otherwise lines stay within 80 columns. */
  readonly whole: boolean;
  readonly language: Language;
}

/** Columns for both names together: what the others leave of 80, the widest reason and a million messages among them. */
const room = { en: { plain: 36, withNew: 30 }, fr: { plain: 35, withNew: 25 } } as const;

export interface MappingText {
  /** One row for each mailbox, never folded; one that could not be listed has no numbers. */
  readonly table: string[];
  /** What its words mean, and how many mailboxes the run makes; without indentation. */
  readonly foot: string[];
}

/** `source` is the title over the numbers. */
export function formatMapping(
  job: JobReport,
  mapping: readonly MappedMailbox[],
  source: string,
  { paint, whole, language }: MappingOptions,
): MappingText {
  const say = mappingTexts.in(language);
  const word = wordTexts.in(language);
  const { count: formatCount } = unitsIn(language);
  const reports = new Map(job.mailboxes.map((mailbox) => [JSON.stringify(mailbox.path), mailbox]));
  const isNew = mapping.some(({ exists }) => !exists);
  const count = (value: number | undefined): Cell => ({ text: value === undefined ? "?" : formatCount(value) });
  const rows = mapping.map(({ from, to, why, exists }): Cell[] => {
    const report = reports.get(JSON.stringify(to));
    return [
      { text: mailboxName(from) },
      { text: mailboxName(to) },
      ...(isNew ? [{ text: exists ? "" : say("new"), paint: paint.yellow }] : []),
      { text: say(`why.${why}`) },
      count(report?.onServer),
      count(report?.missing),
    ];
  });
  const titles = [word("column.mailbox"), say("column.to")] as const;
  const widest = titles.map((title, index) =>
    rows.reduce((width, row) => Math.max(width, displayWidth(row[index]?.text ?? "")), displayWidth(title)),
  );
  const [first = 0, second = 0] = widest;
  const width = whole ? Number.MAX_VALUE : isNew ? room[language].withNew : room[language].plain;
  const [from, to] = shareWidth(first, second, width);
  const table = formatTable(
    [
      { title: titles[0], align: "left", maxWidth: from },
      { title: titles[1], align: "left", maxWidth: to },
      ...(isNew ? [{ title: "", align: "left" } as const] : []),
      { title: say("column.why"), align: "left" },
      { title: source, align: "right" },
      { title: word("column.to-copy"), align: "right" },
    ],
    rows,
  );
  const made = mapping.filter(({ exists }) => !exists).length;
  const renamed = mapping.some(({ why }) => why === "renamed");
  const foot = [
    ...(made > 0 ? [say("made", { count: made })] : []),
    ...(renamed ? [say("renamed")] : []),
    ...(first + second > width ? [say("shortened")] : []),
  ];
  return { table, foot };
}

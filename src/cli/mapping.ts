// Where each mailbox goes, and why there: what a rehearsal of a move shows, whole, before anything is written.

import type { JobReport, MappedMailbox } from "../jobs/events.ts";
import { mailboxName, shareWidth } from "./names.ts";
import type { Paint } from "./screen.ts";
import { type Cell, formatTable } from "./table.ts";
import { formatCount, plural } from "./units.ts";
import { displayWidth } from "./width.ts";

const reasons: Readonly<Record<MappedMailbox["why"], string>> = {
  same: "same name",
  map: "your map",
  "special-use": "special use",
  name: "by its name",
  before: "as before",
  renamed: "renamed",
};

export interface MappingOptions {
  readonly paint: Paint;
  /** Names as they are, however long; otherwise lines stay within 80 columns. */
  readonly whole: boolean;
}

/** Columns for both names together: what the others leave of 80, the widest reason and a million messages among them. */
const room = { plain: 36, withNew: 30 };

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
  { paint, whole }: MappingOptions,
): MappingText {
  const reports = new Map(job.mailboxes.map((mailbox) => [JSON.stringify(mailbox.path), mailbox]));
  const isNew = mapping.some(({ exists }) => !exists);
  const count = (value: number | undefined): Cell => ({ text: value === undefined ? "?" : formatCount(value) });
  const rows = mapping.map(({ from, to, why, exists }): Cell[] => {
    const report = reports.get(JSON.stringify(to));
    return [
      { text: mailboxName(from) },
      { text: mailboxName(to) },
      ...(isNew ? [{ text: exists ? "" : "new", paint: paint.yellow }] : []),
      { text: reasons[why] },
      count(report?.onServer),
      count(report?.missing),
    ];
  });
  const titles = ["Mailbox", "Goes to"] as const;
  const widest = titles.map((title, index) =>
    rows.reduce((width, row) => Math.max(width, displayWidth(row[index]?.text ?? "")), displayWidth(title)),
  );
  const [first = 0, second = 0] = widest;
  const width = whole ? Number.MAX_VALUE : isNew ? room.withNew : room.plain;
  const [from, to] = shareWidth(first, second, width);
  const table = formatTable(
    [
      { title: titles[0], align: "left", maxWidth: from },
      { title: titles[1], align: "left", maxWidth: to },
      ...(isNew ? [{ title: "", align: "left" } as const] : []),
      { title: "Why", align: "left" },
      { title: source, align: "right" },
      { title: "To copy", align: "right" },
    ],
    rows,
  );
  const made = mapping.filter(({ exists }) => !exists).length;
  const renamed = mapping.some(({ why }) => why === "renamed");
  const foot = [
    ...(made > 0 ? [`${plural(made, "new mailbox", "new mailboxes")} will be made at the target`] : []),
    ...(renamed ? ["renamed: the name was taken there, or can't be used there"] : []),
    ...(first + second > width ? ["-v shows the names whole"] : []),
  ];
  return { table, foot };
}

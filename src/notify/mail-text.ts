// A message as plain text: the half of a mail that every reader shows.

import type { Letter, Section } from "./letter.ts";
import { shorten } from "./writing.ts";

/** Lines of at most this, but for words that are longer. */
const width = 76;
const longestName = 32;

export function formatText({ sections, remarks, signature, colon }: Letter): string {
  const parts = sections.map((section) => formatSection(section, colon).join("\n"));
  const rest = remarks.flatMap((line) => wrap(line, "")).join("\n");
  // What follows such a line is a signature to mail readers, and may be hidden.
  const texts = [...parts, rest, `-- \n${signature}`].filter((text) => text !== "");
  return `${texts.join("\n\n")}\n`;
}

function formatSection(section: Section, colon: string): string[] {
  const { title, verdict, summary, remarks, todo, facts, table, failures } = section;
  const head = verdict === "" ? title : `${title}${colon}${verdict}`;
  const heading = (text: string) => `${text}${colon}`.trimEnd();
  const labels = Math.max(0, ...facts.map(([label]) => label.length));
  const blocks = [
    [head, ...wrap(capitalise(summary), ""), ...remarks.flatMap((remark) => wrap(remark, ""))],
    todo === undefined ? [] : [heading(todo.title), ...todo.lines.flatMap((line) => wrap(line, "  "))],
    table === undefined ? [] : formatTable(table),
    failures === undefined ? [] : [heading(failures.title), ...failures.lines.flatMap((line) => wrap(line, "  "))],
    facts.flatMap(([label, value]) => wrap(`${label.padEnd(labels)}  ${value}`, "", " ".repeat(labels + 2))),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

function formatTable({ titles, rows }: NonNullable<Section["table"]>): string[] {
  const cells = [titles, ...rows.map(({ name, counts }) => [shorten(name, longestName), ...counts])];
  const widths = titles.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? "")].length)));
  const marks = ["", ...rows.map(({ codes }) => codes)];
  return cells.map((row, index) => {
    const columns = row.map((cell, column) => {
      const pad = " ".repeat((widths[column] ?? 0) - [...cell].length);
      return column === 0 ? cell + pad : pad + cell;
    });
    return `  ${[...columns, marks[index]].join("  ")}`.trimEnd();
  });
}

export function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The first line begins with `indent`, the others with `hanging`. Words are kept whole. */
function wrap(text: string, indent: string, hanging = indent): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    const start = lines.length === 0 ? indent : hanging;
    const isEmpty = line === start;
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging + word;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line];
}

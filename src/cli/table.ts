// Rows in columns, aligned on display width.

import { displayWidth, padding, shorten } from "./width.ts";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  readonly minWidth?: number;
  /** A longer text is shortened in its middle. */
  readonly maxWidth?: number;
}

export interface Cell {
  readonly text: string;
  /** Colours the text; never changes its width. */
  readonly paint?: ((text: string) => string) | undefined;
}

const indent = "  ";
const gap = "   ";

/** Lines without line ends. A row may have more cells than there are columns: these follow on the right as they are. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const shown = rows.map((row) =>
    row.map((cell, index) => ({ ...cell, text: shorten(cell.text, columns[index]?.maxWidth ?? Number.MAX_VALUE) })),
  );
  const widths = columns.map((column, index) =>
    shown.reduce(
      (widest, row) => Math.max(widest, displayWidth(row[index]?.text ?? "")),
      Math.max(column.minWidth ?? 0, displayWidth(column.title)),
    ),
  );
  const header = columns.map((column): Cell => ({ text: column.title }));
  return [header, ...shown].map((row) => {
    const cells = row.map((cell, index) => {
      const fill = padding(cell.text, widths[index] ?? 0);
      const text = cell.paint === undefined ? cell.text : cell.paint(cell.text);
      return columns[index]?.align === "right" ? fill + text : text + fill;
    });
    return (indent + cells.join(gap)).trimEnd();
  });
}

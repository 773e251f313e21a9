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
  /** Gives a text no wider than so many columns, where shortening it in the middle would not do. */
  readonly fit?: ((width: number) => string) | undefined;
  /** Colours the text; never changes its width. */
  readonly paint?: ((text: string) => string) | undefined;
}

const indent = "  ";

/** As far as the first column gives way. */
const narrowest = 10;

export interface Layout {
  /** Columns of the terminal between two of the table: 3 if not given. */
  readonly gap?: number | undefined;
  /** Where a row would be wider, the first column gives way. */
  readonly width?: number | undefined;
}

/** Lines without line ends. A row may have more cells than there are columns: these follow on the right as they are. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { gap = 3, width = Number.MAX_VALUE }: Layout = {},
): string[] {
  const header = columns.map((column): Cell => ({ text: column.title }));
  const shown = [header, ...rows.map((row) => row.map((cell, index) => fitInto(cell, columns[index]?.maxWidth)))];
  const widths = columns.map((column, index) =>
    shown.reduce((widest, row) => Math.max(widest, displayWidth(row[index]?.text ?? "")), column.minWidth ?? 0),
  );
  const [first = 0] = widths;
  const excess = Math.max(0, ...shown.map((row) => widthOf(row, widths, gap))) - width;
  widths[0] = Math.max(Math.min(first, narrowest), first - Math.max(0, excess));
  return shown.map((row) => {
    const cells = row.map((whole, index) => {
      const cell = index === 0 ? fitInto(whole, widths[0]) : whole;
      const fill = padding(cell.text, widths[index] ?? 0);
      const text = cell.paint === undefined ? cell.text : cell.paint(cell.text);
      return columns[index]?.align === "right" ? fill + text : text + fill;
    });
    return (indent + cells.join(" ".repeat(gap))).trimEnd();
  });
}

function fitInto(cell: Cell, width = Number.MAX_VALUE): Cell {
  if (displayWidth(cell.text) <= width) return cell;
  return { ...cell, text: cell.fit?.(width) ?? shorten(cell.text, width) };
}

/** Of a row whose last cell is as wide as its text. */
function widthOf(row: readonly Cell[], widths: readonly number[], gap: number): number {
  const cells = row.filter(({ text }, index) => text !== "" || index < widths.length);
  const sum = cells.reduce((total, { text }, index) => total + Math.max(widths[index] ?? 0, displayWidth(text)), 0);
  return indent.length + sum + gap * (cells.length - 1);
}

// A block as text.

import { figuresOf, type Verdict, verdictsOf } from "./figures.ts";
import type { Block } from "./rounds.ts";

export function formatBlock(block: Block): string {
  const { work, roundTripMs } = block;
  const messages = Math.max(...block.rows.map((row) => row.messages));
  const octets = Math.max(...block.rows.map((row) => row.octets));
  const size = `${messages} messages, ${(octets / 1e6).toFixed(0)} MB`;
  const hasFloor = work.floor.length > 0;
  const header = ["", "median s", "min-max", "msg/s", "MB/s", "CPU s", "peak MB", `x ${work.reference}`];
  const lines = figuresOf(block).map((row) => [
    row.isSample ? `${row.name} (sample)` : row.name,
    row.seconds.toFixed(2),
    `${row.leastSeconds.toFixed(2)}-${row.mostSeconds.toFixed(2)}`,
    // Where nothing is new, nothing moves.
    work.isRepeat ? "" : row.messagesPerSecond.toFixed(0),
    work.isRepeat ? "" : (row.octetsPerSecond / 1e6).toFixed(1),
    row.cpuSeconds.toFixed(2),
    row.peakRss === undefined ? "?" : (row.peakRss / 1e6).toFixed(0),
    formatRatio(row.ofReference),
    ...(hasFloor ? [formatRatio(row.ofFloor)] : []),
  ]);
  return [
    `${work.title}, ${roundTripMs} ms round trip (${work.name}@${roundTripMs}; ${size})`,
    ...layOut([hasFloor ? [...header, "x floor"] : header, ...lines]),
    ...block.rows.flatMap(({ name, runs }) =>
      runs.flatMap(({ round, result }) =>
        typeof result === "string" ? [`  ${name} failed, round ${round}: ${result}`] : [],
      ),
    ),
    ...block.absent.map(({ name, reason }) => `  ${name} is left out: ${reason}`),
    ...verdictsOf(block).map(formatVerdict),
    "",
  ].join("\n");
}

function formatVerdict({ goal, found, isMet }: Verdict): string {
  return `  goal: ${goal}: ${found}${isMet === undefined ? "" : isMet ? ", met" : ", MISSED"}`;
}

function formatRatio(ratio: number | undefined): string {
  return ratio === undefined ? "" : ratio.toFixed(ratio < 0.1 ? 3 : 2);
}

/** Names to the left, figures to the right. */
function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .replace(/^/, "  ")
      .trimEnd(),
  );
}

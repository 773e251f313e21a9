// Where a recorded session is worth breaking: behind every line, and inside of literals and bodies at 0, 1, n/2, n-1, n and
// n+1 octets.

import type { Break, Direction, Recording } from "./cutting-proxy.ts";

/** Offsets in the octets of one direction, ascending: so many octets still pass. */
export function pointsIn(octets: Buffer, protocol: "imap" | "pop3", direction: Direction): number[] {
  const points = new Set<number>();
  for (const [start, end] of protocol === "imap" ? literals(octets, points) : bodies(octets, points, direction)) {
    const size = end - start;
    for (const at of [0, 1, Math.floor(size / 2), size - 1, size, size + 1]) points.add(start + Math.max(0, at));
  }
  return [...points].filter((at) => at > 0 && at <= octets.length).sort((a, b) => a - b);
}

/** Of all connections of a session, and before anything is said. `how`: by the number of the point, so that all take turns. */
export function breaksIn(
  recordings: readonly Recording[],
  protocol: "imap" | "pop3",
  how: (point: number) => Break["how"],
): Break[] {
  const breaks: Break[] = [];
  for (const [index, recording] of recordings.entries()) {
    for (const direction of ["to client", "to server"] as const) {
      for (const after of [0, ...pointsIn(recording[direction], protocol, direction)]) {
        breaks.push({ connection: index + 1, direction, after, how: how(breaks.length) });
      }
    }
  }
  return breaks;
}

/** The same anywhere, so many over all: where octets tell nothing of lines. */
export function breaksAnywhere(
  recordings: readonly Recording[],
  count: number,
  how: (point: number) => Break["how"],
): Break[] {
  const all = recordings.flatMap((recording, index) =>
    (["to client", "to server"] as const).map((direction) => ({
      connection: index + 1,
      direction,
      octets: recording[direction].length,
    })),
  );
  const octets = all.reduce((sum, each) => sum + each.octets, 0);
  const breaks: Break[] = [];
  for (const { connection, direction, octets: own } of all) {
    // A short way has its share too: a handshake and a log-in are short.
    const points = Math.max(10, Math.round((count * own) / octets));
    for (let n = 0; n < points; n += 1) {
      breaks.push({ connection, direction, after: Math.floor((n * own) / points), how: how(breaks.length) });
    }
  }
  return breaks;
}

/** So many of them, evenly, the first and the last among them. */
export function some<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  const step = (all.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, n) => all[Math.round(n * step)]).filter((each) => each !== undefined);
}

/** Ends of lines go into `points`. */
function* literals(octets: Buffer, points: Set<number>): Generator<[start: number, end: number]> {
  for (let at = 0; at < octets.length; ) {
    const end = octets.indexOf("\n", at) + 1;
    if (end === 0) return;
    points.add(end);
    const size = /\{(\d+)\+?\}\r\n$/.exec(octets.toString("latin1", at, end))?.[1];
    at = end;
    if (size === undefined) continue;
    yield [at, at + Number(size)];
    at += Number(size);
  }
}

/** Of RETR, as the demo server announces them: `+OK 120 octets`. */
function* bodies(octets: Buffer, points: Set<number>, direction: Direction): Generator<[start: number, end: number]> {
  for (let at = 0; at < octets.length; ) {
    const end = octets.indexOf("\n", at) + 1;
    if (end === 0) return;
    points.add(end);
    const line = octets.toString("latin1", at, end);
    at = end;
    if (direction === "to server" || !/^\+OK \d+ octets\r\n$/.test(line)) continue;
    const isEmpty = octets.toString("latin1", at, at + 3) === ".\r\n";
    const terminator = isEmpty ? at : octets.indexOf("\r\n.\r\n", at) + 2;
    yield [at, terminator];
    // The terminator comes in any pieces.
    for (let n = -1; n <= 3; n += 1) points.add(terminator + n);
    at = terminator + 3;
  }
}

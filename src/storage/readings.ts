// What a message may have been, where no ledger tells: on the disk each CRLF is an LF, unless the message had other line
// ends, and an mbox entry has a last LF more, if the message did not end in one. There are a few ways to read it, and which
// is right only shows when the message comes once more.

import type { FileHandle } from "node:fs/promises";
import { digestOf } from "../formats/digest.ts";
import type { Span } from "../formats/mbox-pieces.ts";
import { parseEntry, parseFromLine } from "../formats/mboxrd.ts";
import { convertStream, lfToCrlf, OctetSurvey } from "../formats/octets.ts";
import type { Reading } from "../message.ts";
import { readRange } from "./read-range.ts";

/** Longer ones are no From_ lines. */
const longestFromLine = 512;

export interface ReadMessage {
  /** The likeliest first; none if this is not a whole message. */
  readonly readings: readonly Reading[];
  readonly date: Date | undefined;
  /** The first line, without its LF; empty where there is none. */
  readonly line: string;
}

/** Of a piece of an mbox. */
export async function readPiece(handle: FileHandle, path: string, span: Span): Promise<ReadMessage> {
  const { offset, length } = span;
  const octets = (from: number, count: number) => collect(readRange(handle, path, offset + from, count));
  const head = (await octets(0, Math.min(length, longestFromLine))).toString("latin1");
  const line = head.split("\n", 1)[0] ?? "";
  const date = parseFromLine(line)?.date;
  const end = await octets(Math.max(0, length - 2), Math.min(2, length));
  if (date === undefined || !end.equals(Buffer.from("\n\n"))) return { readings: [], date: undefined, line };
  const readings = new Map<string, Reading>();
  for (const addedNewline of [false, true]) {
    for (const verbatim of [false, true]) {
      const form = { verbatim, addedNewline };
      // A message without a body has no line end that could have been added.
      const digest = await digestOf(parseEntry(readRange(handle, path, offset, length), form)).catch(() => undefined);
      if (digest === undefined || readings.has(digest.sha256)) continue;
      const how = { ...(verbatim ? { verbatim } : {}), ...(addedNewline ? { addedNewline } : {}) };
      readings.set(digest.sha256, { ...digest, place: { offset, length, ...how } });
    }
  }
  return { readings: [...readings.values()], date: date.getTime() === 0 ? undefined : date, line };
}

/** Of a file of a Maildir, by its unique name; `sizes` are what its name says of it. */
export async function readMaildirFile(
  handle: FileHandle,
  path: string,
  file: string,
  sizes: { readonly size?: number | undefined; readonly virtualSize?: number | undefined },
): Promise<readonly Reading[]> {
  const survey = new OctetSurvey();
  for await (const chunk of readRange(handle, path, 0)) survey.push(chunk);
  const { size = survey.size, virtualSize = survey.virtualSize } = sizes;
  if (size !== survey.size || virtualSize !== survey.virtualSize) return [];
  const asLf = await digestOf(convertStream(readRange(handle, path, 0), lfToCrlf()));
  const verbatim = await digestOf(readRange(handle, path, 0));
  const first = { ...asLf, place: { file } };
  return asLf.sha256 === verbatim.sha256 ? [first] : [first, { ...verbatim, place: { file, verbatim: true } }];
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

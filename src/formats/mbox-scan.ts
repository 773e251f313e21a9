// Finds the entries of an mbox file without an index. mboxrd leaves no choice: every line of a message that could be
// taken for a From_ line is quoted, so one that is not quoted begins an entry, with or without an empty line before it.
import { MailferryError } from "../errors.ts";
import { viewOf } from "./octets.ts";

const LF = 0x0a;
const CR = 0x0d;
const from_ = Buffer.from("From ");
const separator = Buffer.from("\nFrom ");
const longestFromLine = 1000;

/** An entry's place in the file. Offsets and lengths are octets. */
export interface MboxEntry {
  readonly offset: number;
  /** Up to the next From_ line or the end of the file. */
  readonly length: number;
  /** Without its line end, one character an octet (latin1), cut at 1,000. */
  readonly fromLine: string;
  /** Where the message is, still quoted: without the From_ line, and without the empty line if there is one. */
  readonly body: { readonly offset: number; readonly length: number };
}

/** An entry whose end is still to be found. */
interface OpenEntry {
  readonly offset: number;
  fromLine: string;
  /** Undefined until the From_ line has ended. */
  bodyOffset: number | undefined;
}

function notAnMbox(): MailferryError {
  return new MailferryError("S602", "not an mbox file: it does not begin with a From_ line", {
    scope: "mailbox",
    retry: "never",
    remedy: "Check that this file is an mbox; nothing in it was changed.",
  });
}

/**
 * The entries of the mbox file that `chunks` are: in order, without gaps, each as soon as its end is known. Linear in
 * the file's size, whatever its lines. An empty file has none; one that does not begin with `From ` throws S602 (scope
 * "mailbox").
 */
export async function* splitMbox(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<MboxEntry, void, undefined> {
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  let cursor = 0;
  let open: OpenEntry | undefined;
  for await (const chunk of chunks) {
    window = window.length === 0 ? viewOf(chunk) : Buffer.concat([window, chunk]);
    const end = windowAt + window.length;
    if (open === undefined && window.length >= from_.length) {
      if (!window.subarray(0, from_.length).equals(from_)) throw notAnMbox();
      open = { offset: 0, fromLine: "", bodyOffset: undefined };
    }
    while (open !== undefined) {
      if (open.bodyOffset === undefined) {
        const lineEnd = window.indexOf(LF, cursor - windowAt);
        readFromLine(open, window.subarray(cursor - windowAt, lineEnd < 0 ? window.length : lineEnd));
        cursor = lineEnd < 0 ? end : windowAt + lineEnd;
        if (lineEnd < 0) break;
        open.bodyOffset = cursor + 1;
      }
      const found = window.indexOf(separator, cursor - windowAt);
      if (found < 0) {
        cursor = Math.max(cursor, end - separator.length + 1);
        break;
      }
      cursor = windowAt + found + 1;
      yield closeEntry(open, window, windowAt, cursor);
      open = { offset: cursor, fromLine: "", bodyOffset: undefined };
    }
    // Two octets before the cursor tell whether the line that a separator ends is empty.
    const kept = Math.max(windowAt, cursor - 2);
    window = Buffer.from(window.subarray(kept - windowAt));
    windowAt = kept;
  }
  if (open !== undefined) yield closeEntry(open, window, windowAt, windowAt + window.length);
  else if (window.length > 0) throw notAnMbox();
}

function readFromLine(entry: OpenEntry, octets: Buffer): void {
  entry.fromLine += octets.toString("latin1", 0, Math.min(octets.length, longestFromLine - entry.fromLine.length));
}

/** The entry that ends at the absolute offset `end`, within or at the end of the window. */
function closeEntry(entry: OpenEntry, window: Buffer, windowAt: number, end: number): MboxEntry {
  const bodyOffset = entry.bodyOffset ?? end;
  const octetAt = (offset: number) => (offset < bodyOffset ? LF : window[offset - windowAt]);
  let emptyLine = 0;
  if (end > bodyOffset && octetAt(end - 1) === LF) {
    if (octetAt(end - 2) === LF) emptyLine = 1;
    else if (octetAt(end - 2) === CR && octetAt(end - 3) === LF) emptyLine = 2;
  }
  return {
    offset: entry.offset,
    length: end - entry.offset,
    fromLine: entry.fromLine.replace(/\r$/, ""),
    body: { offset: bodyOffset, length: end - emptyLine - bodyOffset },
  };
}

// Finds the lines of a foreign mbox file that may be From_ lines, and what tells in which dialect it was written.
// Nothing is decided here: that takes the whole file.

import { parseFromLine } from "./mboxrd.ts";
import { viewOf } from "./octets.ts";

const LF = 0x0a;
const CR = 0x0d;
const GT = 0x3e;
const from_ = Buffer.from("From ");
const longestLine = 1000;
/** A header that is longer has no end that counts. */
export const longestHeader = 256 * 1024;

/** A line that begins with `From ` and stands at the beginning of the file or after an empty line. Offsets are octets. */
export interface FromMark {
  readonly offset: number;
  /** Octets of the empty line before it, and of the line end before that one: LF 1, CRLF 2. */
  readonly emptyLine: number;
  readonly lineEnd: number;
  /** `bare`: nothing but `From ` or `From -`, as Thunderbird writes it today. */
  readonly kind: "dated" | "bare" | "undated";
  readonly date: Date | undefined;
  /** After its line end. */
  readonly bodyOffset: number;
  /** After the empty line that ends the header; undefined if there is none within 256 KiB. */
  readonly headEnd: number | undefined;
  /** The next lines look like the header of a message. */
  readonly beforeHeader: boolean;
  /** What the last such field of the header says; undefined if that is no number. */
  readonly contentLength: number | undefined;
  /** The header has an X-UID, as Dovecot writes it. */
  readonly hasUid: boolean;
}

export interface MarkedMbox {
  /** In the order of the file. */
  readonly marks: readonly FromMark[];
  /** Octets in the file. */
  readonly size: number;
  /** Octets of the empty line that the file ends with, 0 if with none, and of the line end before that. */
  readonly emptyLine: number;
  readonly lineEnd: number;
  /** Lines that begin with `From ` and are no marks. */
  readonly unmarked: number;
  /** Lines that begin with `>From `. */
  readonly quotedOnce: number;
  /** Lines that begin with `From ` after more than one `>`. */
  readonly quotedMore: number;
}

type OpenMark = { -readonly [K in keyof FromMark]: FromMark[K] };

/** Reads a file piece by piece, in linear time and with bounded memory for each line of it. Used once. */
export class MboxMarker {
  readonly #marks: FromMark[] = [];
  #unmarked = 0;
  #quotedOnce = 0;
  #quotedMore = 0;
  /** Begins at least four octets before the cursor. The file is taken to follow an empty line. */
  #window: Buffer = Buffer.of(LF, LF);
  #windowAt = -2;
  /** Absolute: all before it is done. */
  #cursor = 0;
  /** Octets `>` from the last line start to the window; -1 if there are others. */
  #quotes = 0;
  /** The mark whose From_ line and header are being read, line by line. */
  #open: OpenMark | undefined;
  #linesRead = 0;
  /** The rest of a long line is being passed over. */
  #skipping = false;

  push(chunk: Uint8Array): void {
    this.#window = Buffer.concat([this.#window, viewOf(chunk)]);
    this.#advance(false);
    this.#trim();
  }

  end(): MarkedMbox {
    this.#advance(true);
    const octets = this.#window;
    const endsInLine = octets.at(-1) !== LF;
    const { emptyLine, lineEnd } = endsInLine ? { emptyLine: 0, lineEnd: 0 } : linesBefore(octets, octets.length);
    return {
      marks: this.#marks,
      size: this.#windowAt + octets.length,
      emptyLine,
      lineEnd,
      unmarked: this.#unmarked,
      quotedOnce: this.#quotedOnce,
      quotedMore: this.#quotedMore,
    };
  }

  #advance(isLast: boolean): void {
    let goesOn = true;
    while (goesOn) goesOn = this.#open === undefined ? this.#search() : this.#readLine(this.#open, isLast);
  }

  /** Goes on to the next `From `; false if more octets are needed. */
  #search(): boolean {
    const octets = this.#window;
    const at = octets.indexOf(from_, this.#cursor - this.#windowAt);
    if (at < 0) {
      this.#cursor = Math.max(this.#cursor, this.#windowAt + octets.length - from_.length + 1);
      return false;
    }
    this.#cursor = this.#windowAt + at + from_.length;
    const quotes = this.#quotesBefore(at);
    if (quotes < 0) return true;
    const { emptyLine, lineEnd } = linesBefore(octets, at);
    if (quotes === 0 && emptyLine > 0) this.#begin(this.#windowAt + at, emptyLine, lineEnd);
    else this.#count(quotes);
    return true;
  }

  #begin(offset: number, emptyLine: number, lineEnd: number): void {
    this.#cursor = offset;
    this.#linesRead = 0;
    this.#open = {
      offset,
      emptyLine,
      lineEnd,
      kind: "undated",
      date: undefined,
      bodyOffset: offset,
      headEnd: undefined,
      beforeHeader: false,
      contentLength: undefined,
      hasUid: false,
    };
    this.#marks.push(this.#open);
  }

  /** How many `>` stand between the line start and this place in the window; -1 if anything else does. */
  #quotesBefore(at: number): number {
    let from = at;
    while (from > 0 && this.#window[from - 1] === GT) from--;
    if (from > 0) return this.#window[from - 1] === LF ? at - from : -1;
    return this.#quotes < 0 ? -1 : this.#quotes + at;
  }

  /** Reads the From_ line, or one line of the header after it; false if more octets are needed. */
  #readLine(mark: OpenMark, isLast: boolean): boolean {
    const start = this.#cursor - this.#windowAt;
    const found = this.#window.indexOf(LF, start);
    const end = found < 0 ? this.#window.length : found;
    const waits = !isLast && !this.#skipping && end - start < longestLine;
    if (found < 0 && (waits || start === end)) return false;
    const next = this.#windowAt + (found < 0 ? end : end + 1);
    if (!this.#skipping) {
      const line = this.#window.toString("latin1", start, Math.min(end, start + longestLine)).replace(/\r$/, "");
      // Behind so many `>` there may be a `From `: that is for the search to find.
      const isQuotes = end - start >= longestLine && /^>+$/.test(line);
      if (this.#linesRead > 0 && (line === "" || isQuotes)) {
        if (line === "") this.#cursor = next;
        mark.headEnd = this.#cursor;
        this.#open = undefined;
        return true;
      }
      if (this.#linesRead === 0) readFromLine(mark, line);
      else {
        readHeaderLine(mark, line, this.#linesRead);
        const quotes = /^(>*)From /.exec(line)?.[1]?.length;
        if (quotes !== undefined) this.#count(quotes);
      }
      this.#linesRead++;
    }
    this.#skipping = found < 0;
    this.#cursor = next;
    if (this.#linesRead === 1) mark.bodyOffset = next;
    else if (next - mark.bodyOffset > longestHeader) {
      this.#open = undefined;
      this.#skipping = false;
    }
    return true;
  }

  #count(quotes: number): void {
    if (quotes === 0) this.#unmarked++;
    else if (quotes === 1) this.#quotedOnce++;
    else this.#quotedMore++;
  }

  #trim(): void {
    const keep = Math.min(this.#cursor, this.#windowAt + this.#window.length) - 4;
    if (keep <= this.#windowAt) return;
    const at = keep - this.#windowAt;
    this.#quotes = this.#quotesBefore(at);
    this.#window = Buffer.from(this.#window.subarray(at));
    this.#windowAt = keep;
  }
}

/** The empty line that ends before this place, 0 octets if there is none, and the line end before that line. */
function linesBefore(octets: Buffer, at: number): { emptyLine: number; lineEnd: number } {
  let emptyLine = 0;
  if (octets[at - 2] === LF) emptyLine = 1;
  else if (octets[at - 2] === CR && octets[at - 3] === LF) emptyLine = 2;
  return { emptyLine, lineEnd: octets[at - emptyLine - 2] === CR ? 2 : 1 };
}

function readFromLine(mark: OpenMark, line: string): void {
  mark.date = parseFromLine(line)?.date;
  if (mark.date !== undefined) mark.kind = "dated";
  else if (/^From (?:-[ \t]*)?$/.test(line)) mark.kind = "bare";
}

const field = /^[!-9;-~]+[ \t]*:/;

function readHeaderLine(mark: OpenMark, line: string, number: number): void {
  if (number === 1) mark.beforeHeader = field.test(line);
  else if (number === 2 && !/^[ \t]/.test(line)) mark.beforeHeader &&= field.test(line);
  const [, length] = /^content-length[ \t]*:[ \t]*(.*?)[ \t]*$/i.exec(line) ?? [];
  if (length !== undefined) mark.contentLength = /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  mark.hasUid ||= /^x-uid[ \t]*:/i.test(line);
}

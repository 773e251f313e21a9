// mbox as of RFC 4155 appendix A with mboxrd quoting, which is the reversible kind. An entry in the file is the From_
// line, the quoted message, one added LF if the message does not end in one, and an empty line.
import { MailferryError } from "../errors.ts";
import {
  type Conversion,
  convert,
  convertStream,
  crlfToLf,
  lfToCrlf,
  surveyOctets,
  viewOf,
  writeAsCrlf,
  writeAsLf,
} from "./octets.ts";

const LF = 0x0a;
const GT = 0x3e;
const from_ = Buffer.from("From ");
const newline = Buffer.of(LF);
const gt = Buffer.of(GT);
const none = Buffer.alloc(0);

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const endOfYear9999 = Date.UTC(10000, 0, 1);

/**
 * The From_ line with its LF. The date is in UTC, in exactly 24 characters and without a zone; a date that this can't
 * hold, or none, is written as the epoch. No sender: one that is not ASCII makes Python refuse the whole file.
 */
export function formatFromLine(date: Date | undefined): string {
  const time = date?.getTime() ?? 0;
  const at = new Date(time >= 0 && time < endOfYear9999 ? time : 0);
  const day = String(at.getUTCDate()).padStart(2, " ");
  const clock = at.toISOString().slice(11, 19);
  const year = String(at.getUTCFullYear()).padStart(4, "0");
  return `From MAILER-DAEMON ${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${day} ${clock} ${year}\n`;
}

export interface FromLine {
  readonly sender: string;
  readonly date: Date;
}

const asctime =
  /(?:^| )(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) (?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?(?: (?<before>[A-Z]{1,5}(?: DST)?|[+-]\d{4}))? (?<year>\d{4})(?: (?<after>[A-Z]{1,5}|[+-]\d{4}))?(?: remote from \S+)?[ \t]*$/;
const longestDate = 120;

/** RFC 5322 section 4.3: hours east of UTC. Other names mean different things in different places. */
const zoneNames = new Map([
  ["EDT", -4],
  ["EST", -5],
  ["CDT", -5],
  ["CST", -6],
  ["MDT", -6],
  ["MST", -7],
  ["PDT", -7],
  ["PST", -8],
]);

/** Minutes east of UTC; 0 for a name that tells nothing. */
function zoneMinutes(zone: string): number {
  if (!/^[+-]/.test(zone)) return (zoneNames.get(zone) ?? 0) * 60;
  return Number(zone.slice(0, 3)) * 60 + Number(`${zone[0]}${zone.slice(3)}`);
}

/** Reads a From_ line, with or without its line end. Undefined if there is no date; one without a zone is UTC. */
export function parseFromLine(line: string): FromLine | undefined {
  const text = line.replace(/\r?\n$/, "");
  if (!text.startsWith("From ")) return undefined;
  const rest = text.slice(from_.length);
  const found = asctime.exec(rest.slice(-longestDate));
  const { month = "", day, hour, minute, second = "0", before = "", year, after = before } = found?.groups ?? {};
  if (found === null || !months.includes(month)) return undefined;
  const time = Date.UTC(Number(year), months.indexOf(month), Number(day), Number(hour), Number(minute), Number(second));
  return {
    sender: rest.slice(0, rest.length - found[0].length).trim(),
    date: new Date(time - zoneMinutes(after) * 60_000),
  };
}

/** True if the octets from the last LF before `end` up to `end` are nothing but `>`; `before` answers for what came earlier. */
function onlyQuotes(octets: Buffer, end: number, before: boolean): boolean {
  let at = end - 1;
  while (at >= 0 && octets[at] === GT) at--;
  return at < 0 ? before : octets[at] === LF;
}

/** How many octets at the end may be the beginning of `From `. */
function partialFrom(octets: Buffer): number {
  for (let length = Math.min(from_.length - 1, octets.length); length > 0; length--) {
    if (octets.subarray(octets.length - length).equals(from_.subarray(0, length))) return length;
  }
  return 0;
}

/** Cuts `octets` before each `From ` that stands at a line start or after nothing but `>`. */
function cutAtFrom(octets: Buffer, atLineStart: boolean): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = octets.indexOf(from_); at >= 0; at = octets.indexOf(from_, at + 1)) {
    if (!onlyQuotes(octets, at, atLineStart)) continue;
    pieces.push(octets.subarray(start, at));
    start = at;
  }
  pieces.push(octets.subarray(start));
  return pieces;
}

/** Puts `>` before each line that is `From ` after any number of `>`. Lines end at LF. */
export function quoteFromLines(): Conversion {
  let atLineStart = true;
  let held = none;
  return {
    push(chunk) {
      const octets = held.length === 0 ? viewOf(chunk) : Buffer.concat([held, chunk]);
      const partial = partialFrom(octets);
      const sure = octets.subarray(0, octets.length - partial);
      held = Buffer.from(octets.subarray(sure.length));
      const pieces = cutAtFrom(sure, atLineStart);
      atLineStart = onlyQuotes(sure, sure.length, atLineStart);
      // One more `>` in a row of them is the same wherever it stands: so rows of any length need not be held back.
      return pieces.length === 1 ? sure : Buffer.concat(pieces.flatMap((piece, n) => (n === 0 ? piece : [gt, piece])));
    },
    end: () => held,
  };
}

/** Takes one `>` from each line that is `From ` after one or more of them. Undoes `quoteFromLines`. */
export function unquoteFromLines(): Conversion {
  let atLineStart = true;
  let held = none;
  return {
    push(chunk) {
      const octets = held.length === 0 ? viewOf(chunk) : Buffer.concat([held, chunk]);
      let end = octets.length - partialFrom(octets);
      // The last `>` of a row waits until it is clear whether `From ` follows.
      if (end > 0 && octets[end - 1] === GT && onlyQuotes(octets, end, atLineStart)) end--;
      const sure = octets.subarray(0, end);
      held = Buffer.from(octets.subarray(end));
      const pieces = cutAtFrom(sure, atLineStart);
      atLineStart = onlyQuotes(sure, end, atLineStart);
      if (pieces.length === 1) return sure;
      const last = pieces.pop() ?? none;
      return Buffer.concat([...pieces.map((piece) => (piece.at(-1) === GT ? piece.subarray(0, -1) : piece)), last]);
    },
    end: () => held,
  };
}

/** What must be remembered of an entry to get the original back. */
export interface EntryForm {
  /** False: the line ends of the original are CRLF, those in the entry LF. True: they are alike. */
  readonly verbatim: boolean;
  /** One LF was added because the message does not end in one. */
  readonly addedNewline: boolean;
}

/** The form for a message that has been surveyed to its end. */
export function entryForm(survey: {
  readonly size: number;
  readonly bareLf: boolean;
  readonly endsWithNewline: boolean;
}): EntryForm {
  return { verbatim: survey.bareLf, addedNewline: survey.size > 0 && !survey.endsWithNewline };
}

function toEntry(form: EntryForm): Conversion[] {
  return form.verbatim ? [quoteFromLines()] : [crlfToLf(), quoteFromLines()];
}

function endOfEntry(form: EntryForm): Buffer {
  return form.addedNewline ? Buffer.of(LF, LF) : newline;
}

/** The entry of a message that is at hand as a whole. */
export function formatWholeEntry(message: Uint8Array, date: Date | undefined): { entry: Buffer; form: EntryForm } {
  const form = entryForm(surveyOctets(message));
  const body = convert(message, ...toEntry(form));
  return { entry: Buffer.concat([Buffer.from(formatFromLine(date)), body, endOfEntry(form)]), form };
}

/** More than the From_ line and the end of an entry ever take, and quotes as a rule. */
export const entryFrame = 512;

/**
 * Writes the entry of a message to the beginning of `target`, which has room for the message and `entryFrame`. Returns the
 * octets of the entry; undefined if so many lines have to be quoted that there may be too little room.
 */
export function writeEntry(
  target: Buffer,
  message: Uint8Array,
  form: EntryForm,
  date: Date | undefined,
): number | undefined {
  const start = target.write(formatFromLine(date), "latin1");
  let end = start + message.length;
  if (form.verbatim) target.set(message, start);
  else end = start + writeAsLf(message, target.subarray(start));
  const body = target.subarray(start, end);
  if (body.includes(from_)) {
    const quoted = convert(body, quoteFromLines());
    if (quoted.length > message.length + entryFrame - 2 * formatFromLine(date).length) return undefined;
    target.set(quoted, start);
    end = start + quoted.length;
  }
  const last = endOfEntry(form);
  target.set(last, end);
  return end + last.length;
}

/** The entry of a message that is read piece by piece, after a first reading has told its form. */
export async function* formatEntry(
  message: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  form: EntryForm,
  date: Date | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from(formatFromLine(date));
  yield* convertStream(message, ...toEntry(form));
  yield endOfEntry(form);
}

function damaged(what: string): MailferryError {
  return new MailferryError("V901", `mbox entry ${what}`, {
    scope: "message",
    retry: "never",
    remedy: "Run mailferry verify on this archive.",
  });
}

/** Leaves out the From_ line and the last `surplus` octets, which must be LFs. */
function withoutFrame(surplus: number): Conversion {
  let lineOctets = 0;
  let inFromLine = true;
  let held = none;
  return {
    push(chunk) {
      let octets = viewOf(chunk);
      if (inFromLine) {
        const expected = from_.subarray(lineOctets, lineOctets + octets.length);
        if (!octets.subarray(0, expected.length).equals(expected)) throw damaged("does not begin with a From_ line");
        const end = octets.indexOf(LF);
        lineOctets += end < 0 ? octets.length : end;
        if (end < 0) return none;
        if (lineOctets < from_.length) throw damaged("does not begin with a From_ line");
        inFromLine = false;
        octets = octets.subarray(end + 1);
      }
      if (held.length > 0) octets = Buffer.concat([held, octets]);
      const end = Math.max(0, octets.length - surplus);
      held = Buffer.from(octets.subarray(end));
      return octets.subarray(0, end);
    },
    end() {
      if (inFromLine || held.length < surplus || held.some((octet) => octet !== LF)) {
        throw damaged("does not end with an empty line");
      }
      return none;
    },
  };
}

function toMessage(form: EntryForm): Conversion[] {
  const frame = withoutFrame(form.addedNewline ? 2 : 1);
  return form.verbatim ? [frame, unquoteFromLines()] : [frame, unquoteFromLines(), lfToCrlf()];
}

/** The original octets of an entry that is at hand as a whole. Throws V901 (scope "message") if it is not an entry. */
export function parseWholeEntry(entry: Uint8Array, form: EntryForm): Buffer {
  return convert(entry, ...toMessage(form));
}

/** The same in `target`, of a message of so many octets; undefined if it has no room for them, or it is another message. */
export function readWholeEntry(entry: Buffer, form: EntryForm, target: Buffer, size: number): Buffer | undefined {
  const body = convert(entry, withoutFrame(form.addedNewline ? 2 : 1));
  const unquoted = body.includes(from_) ? convert(body, unquoteFromLines()) : body;
  return form.verbatim ? unquoted : writeAsCrlf(unquoted, target, size);
}

/** The original octets of an entry that is read piece by piece. Throws V901 (scope "message") if it is not an entry. */
export function parseEntry(
  entry: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  form: EntryForm,
): AsyncGenerator<Buffer, void, undefined> {
  return convertStream(entry, ...toMessage(form));
}

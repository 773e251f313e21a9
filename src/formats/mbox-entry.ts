// The octets of one entry of a foreign mbox file: what becomes of them, and what names the message.

import { createHash } from "node:crypto";
import { LineEnds } from "./line-ends.ts";
import type { ForeignEntry } from "./mbox-dialect.ts";
import { withoutStateHeaders } from "./mbox-headers.ts";
import { unquoteFromLines } from "./mboxrd.ts";
import { type Conversion, convertStream, lfToCrlf, viewOf } from "./octets.ts";

export interface SurveyedEntry {
  /**
   * 24 hexadecimal digits. The same for as long as the message stays what it is, whatever a mail reader notes in its
   * header without making it longer, and wherever it stands in the file.
   */
  readonly content: string;
  /** Of the octets as they are in the file. */
  readonly digest: string;
  /** Octets of the message, as `readEntry` gives them. */
  readonly size: number;
  /** All lines end in LF alone. */
  readonly isBare: boolean;
  /** Lines that are `From ` after one or more `>`; counted only where quoting matters. */
  readonly quotedLines: number;
  /** As it is in the file. */
  readonly head: Buffer;
}

/** The entries of a file, which is read from its beginning to its end; each as soon as its body has ended. */
export async function* surveyEntries(
  octets: AsyncIterable<Uint8Array>,
  entries: readonly ForeignEntry[],
): AsyncGenerator<{ readonly entry: ForeignEntry; readonly survey: SurveyedEntry }, void, undefined> {
  let at = 0;
  let number = 0;
  let open: EntrySurvey | undefined;
  for await (const chunk of octets) {
    const end = at + chunk.length;
    for (let entry = entries[number]; entry !== undefined && entry.body.offset <= end; entry = entries[number]) {
      const { offset, length } = entry.body;
      open ??= new EntrySurvey(entry);
      open.push(chunk.subarray(Math.max(0, offset - at), Math.max(0, offset + length - at)));
      if (offset + length > end) break;
      yield { entry, survey: open.end() };
      open = undefined;
      number++;
    }
    at = end;
  }
}

/** Takes the body of an entry in any pieces. */
class EntrySurvey {
  readonly #entry: ForeignEntry;
  readonly #digest: EntryDigest;
  readonly #lineEnds = new LineEnds();
  readonly #unquoting: Conversion | undefined;
  #unquotedSize = 0;

  constructor(entry: ForeignEntry) {
    this.#entry = entry;
    this.#digest = new EntryDigest(entry.headLength);
    this.#unquoting = entry.isQuoted || entry.isDoubtful ? unquoteFromLines() : undefined;
  }

  push(chunk: Uint8Array): void {
    this.#digest.push(chunk);
    this.#lineEnds.push(chunk);
    this.#unquotedSize += this.#unquoting?.push(chunk).length ?? 0;
  }

  end(): SurveyedEntry {
    const { size: length, areBare: isBare, restoredSize } = this.#lineEnds;
    const quotedLines = this.#unquoting === undefined ? 0 : length - this.#unquotedSize - this.#unquoting.end().length;
    const size = restoredSize - (this.#entry.isQuoted ? quotedLines : 0);
    const { head, rest, digest } = this.#digest.end();
    const content = createHash("sha256").update(withoutStateHeaders(head)).update(`\n${size} ${rest}`).digest("hex");
    return { content: content.slice(0, 24), digest, size, isBare, quotedLines, head };
  }
}

/** Tells whether an entry's body is the one that was surveyed. */
export class EntryDigest {
  readonly #head: Buffer[] = [];
  readonly #rest = createHash("sha256");
  #headLeft: number;

  constructor(headLength: number) {
    this.#headLeft = headLength;
  }

  push(chunk: Uint8Array): void {
    const octets = viewOf(chunk);
    if (this.#headLeft > 0) this.#head.push(Buffer.from(octets.subarray(0, this.#headLeft)));
    this.#rest.update(octets.subarray(this.#headLeft));
    this.#headLeft = Math.max(0, this.#headLeft - octets.length);
  }

  end(): { head: Buffer; rest: string; digest: string } {
    const head = Buffer.concat(this.#head);
    const rest = this.#rest.digest("hex");
    return { head, rest, digest: createHash("sha256").update(head).update(rest).digest("base64") };
  }
}

/**
 * The message of an entry whose body is read piece by piece: unquoted, and with CRLF where all its lines end in LF. Throws
 * what `changed` gives, at the end, if the body is not the one that was surveyed.
 */
export function readEntry(
  body: AsyncIterable<Uint8Array>,
  entry: ForeignEntry,
  survey: Pick<SurveyedEntry, "digest" | "isBare">,
  changed: () => Error,
): AsyncGenerator<Buffer, void, undefined> {
  const conversions = [...(entry.isQuoted ? [unquoteFromLines()] : []), ...(survey.isBare ? [lfToCrlf()] : [])];
  return convertStream(checked(body, entry, survey.digest, changed), ...conversions);
}

async function* checked(
  body: AsyncIterable<Uint8Array>,
  { headLength }: ForeignEntry,
  expected: string,
  changed: () => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  const found = new EntryDigest(headLength);
  for await (const chunk of body) {
    found.push(chunk);
    yield chunk;
  }
  if (found.end().digest !== expected) throw changed();
}

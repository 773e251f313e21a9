// What goes over an append-only connection: the text around the literals of an APPEND (RFC 9051 section 6.3.12, RFC 7888,
// RFC 3502), and the lines of the answers. Pure: it knows no socket, and chunks may be cut anywhere.

import { broken, byeIn, type Refusal } from "./imap-errors.ts";
import { parseUidSet } from "./uid-set.ts";

export interface AppendHead {
  readonly size: number;
  /** Each of them an atom that the mailbox accepts. */
  readonly flags: readonly string[];
  /** As RFC 9051 section 9 writes a date-time; undefined leaves it to the server. */
  readonly dateTime: string | undefined;
}

/** What stands before a message's octets, its non-synchronizing literal announced. */
export function formatAppendHead({ size, flags, dateTime }: AppendHead): string {
  const list = flags.length > 0 || dateTime !== undefined ? ` (${flags.join(" ")})` : "";
  const date = dateTime === undefined ? "" : ` "${dateTime}"`;
  return `${list}${date} {${size}+}\r\n`;
}

/** A string, quoted where that is allowed and a literal where not (RFC 9051 section 4.3). */
export function formatString(text: string): Buffer {
  if (!/[^\x01-\x09\x0b\x0c\x0e-\x7f]/.test(text)) return Buffer.from(`"${text.replace(/["\\]/g, "\\$&")}"`);
  const octets = Buffer.from(text);
  return Buffer.concat([Buffer.from(`{${octets.length}+}\r\n`), octets]);
}

/** Longer than any set of UIDs that one APPEND can be answered with. */
const longestLine = 64 * 1024;
const none = Buffer.alloc(0);

/** Throws an error with a code of imapflow's where the lines are not such as a server may send. */
export class ReplyLines {
  #rest: Buffer = none;

  /** The lines that end in what has been pushed so far, without their line ends. */
  *push(chunk: Buffer): Generator<string> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      if (end > longestLine || (end < 0 && this.#rest.length > longestLine)) {
        throw broken("LineTooLarge", `a line of more than ${longestLine} octets`);
      }
      if (end < 0) return;
      const line = this.#rest.toString("utf8", 0, end).replace(/\r$/, "");
      this.#rest = this.#rest.subarray(end + 1);
      yield line;
    }
  }

  /** What came behind the last line: it is something else, and not for this one to read. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = none;
    return rest;
  }
}

export type AppendAnswer =
  /** The UIDs that APPENDUID names (RFC 4315), in the order of the messages: hints. */
  { readonly uids: readonly number[] | undefined } | { readonly refusal: Refusal };

export interface TaggedReply {
  readonly tag: string;
  readonly status: string;
  /** The response code with its arguments, or an empty string. */
  readonly code: string;
  readonly words: string;
}

export type Reply =
  | TaggedReply
  /** Any other answer without a tag, or a request to go on: it means nothing here. */
  | "untagged"
  | { readonly bye: string };

/** @throws what `ReplyLines` throws. */
export function parseReply(line: string): Reply {
  // Nothing that was asked for is answered with a literal: what follows it could not be told from an answer.
  if (/\{\d+\+?\}$/.test(line)) throw broken("InvalidResponse", "a literal that was not asked for");
  const bye = byeIn(line);
  if (bye !== undefined) return { bye };
  if (/^[*+](?: |$)/.test(line)) return "untagged";
  const [, tag, status, code = "", words = ""] = /^(\w+) (OK|NO|BAD)\b ?(?:\[([^\]]*)\] ?)?(.*)$/i.exec(line) ?? [];
  if (tag === undefined || status === undefined) throw broken("InvalidResponse", `a line that is no answer: ${line}`);
  return { tag, status: status.toUpperCase(), code, words: words || status };
}

/** What a tagged reply says of an APPEND of so many messages. */
export function answerOf({ status, code, words }: TaggedReply, messages: number): AppendAnswer {
  const [name = "", , set = ""] = code.split(" ");
  if (status !== "OK") return { refusal: { status, code: name.toUpperCase(), words } };
  const uids = name.toUpperCase() === "APPENDUID" ? parseUidSet(set, messages) : undefined;
  return { uids: uids?.length === messages ? uids : undefined };
}

// POP3 replies out of octets, RFC 1939 section 3. Pure: it knows no socket, and chunks may be cut anywhere.

import { MailferryError } from "../errors.ts";
import { giveBack } from "../formats/give-back.ts";
import { quoteServer } from "../formats/printable.ts";

/** Octets of a line without its CRLF. RFC 2449 section 4 allows a status line 512; servers are chattier. */
export const longestLine = 8192;

const mostSpent = 64;

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const stuffedLine = Buffer.from("\r\n.");

/** A piece of a multi-line body, unstuffed; `end` says that its terminator has come. */
export interface BodyPiece {
  readonly octets: Buffer;
  readonly end: boolean;
}

// Where a body stands between two octets. `dot`: after a line's first dot, which is not part of the body. `dotCr`:
// after that dot and a CR, which is held back as it may belong to the terminator.
type BodyState = "lineStart" | "text" | "cr" | "dot" | "dotCr";

/**
 * Only the client knows whether a line or a body comes next, so it asks: `line` for a status line or for the next
 * line of a listing, `body` for the next piece of a message. Both return undefined when more octets must be pushed.
 * Pieces are views of what was pushed. There is no end of input: a connection that ends in mid-reply just never gives
 * the rest.
 */
export class Pop3Framing {
  readonly #server: string;
  #octets: Buffer = Buffer.alloc(0);
  /** What `#octets` is a view of. */
  #memory = this.#octets;
  readonly #spent: Buffer[] = [];
  #state: BodyState = "lineStart";

  /** `server` names it in errors. */
  constructor(server: string) {
    this.#server = server;
  }

  /** The memory of the chunk is this one's from here on. */
  push(octets: Uint8Array): void {
    const chunk = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    // Of a large message all would gather: that is left to the garbage collector.
    if (this.#spent.length > mostSpent) this.#spent.length = 0;
    this.#spent.push(this.#memory);
    if (this.#octets.length === 0) this.#memory = chunk;
    else {
      this.#memory = Buffer.concat([this.#octets, chunk]);
      this.#spent.push(chunk);
    }
    this.#octets = this.#memory;
  }

  /** What was returned so far is of no more use. */
  release(): void {
    for (const memory of this.#spent.splice(0)) giveBack(memory);
  }

  /** Octets that were pushed and belong to no reply yet. */
  get pending(): number {
    return this.#octets.length;
  }

  /**
   * The next line without its CRLF, as it came: in a listing, `.` is the terminator and other lines may be stuffed.
   * Throws N307 if the line is too long or ends with a bare LF.
   */
  line(): Buffer | undefined {
    const end = this.#octets.indexOf(LF);
    if (end > longestLine || (end === -1 && this.#octets.length > longestLine)) {
      throw brokenProtocol(this.#server, `sent a line of more than ${longestLine} octets`);
    }
    if (end === -1) return undefined;
    const line = this.#octets.subarray(0, end);
    if (line.at(-1) !== CR) {
      throw brokenProtocol(this.#server, `ended a line with a bare LF: ${quoteServer(line.toString("utf8"))}`);
    }
    this.#octets = this.#octets.subarray(end + 1);
    return line.subarray(0, -1);
  }

  /** The next piece of a body. After the piece with `end` the next octet belongs to the next reply. */
  body(): BodyPiece | undefined {
    if (this.#octets.length === 0) return undefined;
    const pieces: Buffer[] = [];
    const octets = this.#octets;
    // octets[from..at) are part of the body and not in `pieces` yet.
    let from = 0;
    let at = 0;
    while (at < octets.length) {
      const octet = octets[at];
      switch (this.#state) {
        case "lineStart":
          if (octet === DOT) {
            pieces.push(octets.subarray(from, at));
            at += 1;
            from = at;
            this.#state = "dot";
          } else {
            this.#state = "text";
          }
          break;
        case "dot":
          if (octet === CR) {
            at += 1;
            from = at;
            this.#state = "dotCr";
          } else {
            this.#state = "text";
          }
          break;
        case "dotCr":
          if (octet === LF) {
            this.#octets = octets.subarray(at + 1);
            this.#state = "lineStart";
            return { octets: joined(pieces), end: true };
          }
          pieces.push(Buffer.of(CR));
          this.#state = "text";
          break;
        case "cr":
          if (octet === LF) {
            at += 1;
            this.#state = "lineStart";
          } else {
            this.#state = "text";
          }
          break;
        case "text": {
          // Straight to the next line that begins with a dot; else to the end, remembering how the chunk ends.
          const next = octets.indexOf(stuffedLine, at);
          if (next === -1) {
            this.#state = stateAfter(octets, at);
            at = octets.length;
          } else {
            at = next + 2;
            this.#state = "lineStart";
          }
          break;
        }
      }
    }
    pieces.push(octets.subarray(from));
    this.#octets = octets.subarray(octets.length);
    return { octets: joined(pieces), end: false };
  }
}

/** A line of a listing without the dot that was stuffed before it; undefined for the terminator. */
export function unstuffedLine(line: Buffer): Buffer | undefined {
  if (line[0] !== DOT) return line;
  return line.length === 1 ? undefined : line.subarray(1);
}

/** The error for replies that RFC 1939 does not know. Whatever follows on the connection can't be trusted. */
export function brokenProtocol(server: string, fault: string): MailferryError {
  return new MailferryError("N307", `${server} does not follow the POP3 protocol: it ${fault}`, {
    scope: "session",
    retry: "later",
  });
}

/** The state after the text octets[at..], in which no line begins with a dot. */
function stateAfter(octets: Buffer, at: number): BodyState {
  const last = octets.length - 1;
  if (octets[last] === CR) return "cr";
  return octets[last] === LF && last > at && octets[last - 1] === CR ? "lineStart" : "text";
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

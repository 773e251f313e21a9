// How much of a server's answers imapflow gets to see. imapflow bounds one response at a time (imap-session.ts); here is what
// one command may be answered with in all, and that no literal is held that is larger than any that is asked for. A server
// that goes beyond it is told to go (TooManyResponses). All of this is off imapflow's types.

import { broken } from "./imap-errors.ts";
import { LiteralFilter } from "./imap-literal-filter.ts";
import type { ImapFlow } from "./imapflow.ts";

const MiB = 1024 * 1024;
const [QUOTE, OPEN, CLOSE, BACKSLASH] = [0x22, 0x28, 0x29, 0x5c];
/** Messages are asked for whole up to 4 MiB, and in parts of 1 MiB: only a server that lies about a size exceeds this. */
export const largestLiteral = 16 * MiB;
/** Octets of larger ones that a connection reads past: with any more it ends. */
export const mostSkipped = 3 * 1024 * MiB;
/** Of a mailbox: more than that is not believed. */
export const mostMessages = 10_000_000;

/** What nobody asked for, in answer to any command: unsolicited data (RFC 9051 section 7), notices. */
const mostUnasked = 10_000;
const unaskedOctets = 4 * MiB;
/** Mailboxes with what LIST-STATUS tells of each. */
const mostListed = 50_000;
const listedOctets = 16 * MiB;
/** Flags, dates and sizes of one message. */
const rowOctets = 1024;
/** Lists within lists; nothing that is asked for has more than a few. imapflow holds each as an object. */
const mostNested = 1_000;
/** An EXPUNGE for each message (RFC 9051 section 7.5.1). */
const expungeOctets = 32;

export interface Bounds {
  /** The next FETCH asks for so many messages, with so many octets of content as far as is known. */
  expect(messages: number, octets: number): void;
  /** The size of the largest literal that was read past since this was asked last. */
  takeLargest(): number | undefined;
}

interface Answer {
  readonly payload: Buffer;
  readonly literals?: readonly Buffer[];
}

/** To be called before the client connects. */
export function boundAnswers(client: ImapFlow): Bounds {
  const filter = new LiteralFilter({ largest: largestLiteral, mostSkipped });
  filterInput(client, filter);
  let expected = { messages: 1, octets: 0 };
  let request: unknown;
  let most = mostOf("", 0, expected);
  let [responses, rows, octets] = [0, 0, 0];

  const handle: unknown = Reflect.get(client, "handleResponse");
  if (typeof handle !== "function") throw new Error("imapflow has no handleResponse to bound");
  Reflect.set(client, "handleResponse", async (answer: Answer) => {
    const { payload, literals = [] } = answer;
    const current: unknown = Reflect.get(client, "currentRequest");
    if (current !== request) {
      request = current;
      [responses, rows, octets] = [0, 0, 0];
      most = mostOf(commandOf(current), heldIn(client), expected);
      if (most.isFetch) expected = { messages: 1, octets: 0 };
    }
    responses += 1;
    if (isRow(payload)) rows += 1;
    octets += literals.reduce((sum, { length }) => sum + length, payload.length);
    const isBounded = responses <= most.responses && rows <= most.rows && octets <= most.octets;
    const isFlat = nesting(payload, mostNested) <= mostNested;
    if (isBounded && isFlat) return handle.call(client, answer);
    const error = isFlat
      ? broken("TooManyResponses", "answers without end")
      : broken("TooManyTokens", "lists within lists without end");
    call(client, "rejectCurrentRequest", error);
    call(client, "failProtocol", error);
    return false;
  });

  return {
    expect(messages, content) {
      expected = { messages, octets: content };
    },
    takeLargest: () => filter.takeLargest(),
  };
}

function mostOf(command: string, exists: number, expected: { readonly messages: number; readonly octets: number }) {
  const held = Math.min(exists, mostMessages);
  // What a search or a listing is answered with is gathered in memory.
  if (/SEARCH$/.test(command)) return most(mostUnasked, mostUnasked, unaskedOctets);
  if (/^X?LIST$|^LSUB$/.test(command)) return most(mostListed, mostUnasked, listedOctets);
  const isFetch = /FETCH$/.test(command);
  const asked = isFetch ? Math.min(expected.messages, mostMessages) : held;
  const content = isFetch ? 32 * MiB + 2 * expected.octets : unaskedOctets;
  return {
    ...most(
      mostUnasked + 2 * asked + held,
      mostUnasked + 2 * asked,
      content + rowOctets * asked + expungeOctets * held,
    ),
    isFetch,
  };
}

/** What the server says is in the mailbox; it may not have said. */
export function heldIn({ mailbox }: ImapFlow): number {
  const exists: number | undefined = mailbox === false ? 0 : mailbox.exists;
  return exists ?? 0;
}

function most(responses: number, rows: number, octets: number) {
  return { responses, rows, octets, isFetch: false };
}

/** How deep the lists of a response go, quoted strings left out; counts no further than just beyond `most`. */
function nesting(payload: Buffer, most: number): number {
  if (payload.length <= most) return 0;
  let [depth, deepest, isQuoted] = [0, 0, false];
  for (let at = 0; at < payload.length && deepest <= most; at++) {
    const octet = payload[at];
    if (octet === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) at += octet === BACKSLASH ? 1 : 0;
    else if (octet === OPEN) deepest = Math.max(deepest, ++depth);
    else if (octet === CLOSE) depth -= 1;
  }
  return deepest;
}

function isRow(payload: Buffer): boolean {
  return /^\* \d+ FETCH/i.test(payload.toString("latin1", 0, 24));
}

function commandOf(request: unknown): string {
  const command: unknown = typeof request === "object" && request !== null ? Reflect.get(request, "command") : "";
  return typeof command === "string" ? command.toUpperCase() : "";
}

/** All that comes, encrypted or compressed or not, goes through the one stream that parses it. */
function filterInput(client: ImapFlow, filter: LiteralFilter): void {
  const streamer: unknown = Reflect.get(client, "streamer");
  const transform: unknown = typeof streamer === "object" && streamer !== null && Reflect.get(streamer, "_transform");
  if (typeof streamer !== "object" || streamer === null || typeof transform !== "function") {
    throw new Error("imapflow has no stream to filter");
  }
  Reflect.set(streamer, "_transform", (chunk: Buffer, encoding: unknown, next: (error?: unknown) => void) => {
    let passed: Buffer;
    try {
      passed = filter.filter(chunk);
    } catch (error) {
      next(error);
      return;
    }
    if (passed.length === 0) next();
    else transform.call(streamer, passed, encoding, next);
  });
}

function call(client: ImapFlow, name: string, error: Error): void {
  const method: unknown = Reflect.get(client, name);
  if (typeof method === "function") method.call(client, error);
}

// Messages of the selected mailbox, octet by octet with BODY.PEEK[].
// What was asked for is always held against what came: a server may leave messages out without a word.

import type { FetchMessageObject, FetchQueryObject } from "imapflow";
import { normalizeFlags } from "../flags.ts";
import { quoteServer } from "../formats/printable.ts";
import type { Message, MessageRef } from "../message.ts";
import { refusalOf, unreadable } from "./imap-errors.ts";
import { contentOf, dateOf, facts, fetchRows, originOf, type Row } from "./imap-row.ts";
import type { ImapSession } from "./imap-session.ts";
import { type UidSet, uidSets } from "./uid-set.ts";

// imapflow holds a fetched message whole: above this, and where the server claims no size, it is read in parts.
const largestWhole = 4 * 1024 * 1024;
const partOctets = 1024 * 1024;

/** True for a message that is read as one piece. */
export function isWhole({ size }: MessageRef): boolean {
  return size !== undefined && size > 0 && size <= largestWhole;
}

/**
 * The messages with these UIDs that still exist, in any order. One that exists but can't be read comes all the same, with
 * a body that throws an error of scope "message". Left before its end, it ends the session.
 */
export function fetchMessages(session: ImapSession, refs: readonly MessageRef[]): AsyncGenerator<Message> {
  return new Fetch(session, refs).messages();
}

class Fetch {
  readonly #session: ImapSession;
  /** By UID, what the listing told of the messages that are being fetched. */
  readonly #listed: ReadonlyMap<number, MessageRef>;

  constructor(session: ImapSession, refs: readonly MessageRef[]) {
    this.#session = session;
    this.#listed = new Map(refs.map((ref) => [Number(ref.key), ref]));
  }

  async *messages(): AsyncGenerator<Message> {
    const whole: number[] = [];
    const inParts: number[] = [];
    for (const [uid, ref] of this.#listed) (isWhole(ref) ? whole : inParts).push(uid);
    for (const set of uidSets(whole)) yield* this.#fetchWhole(set);
    for (const uid of inParts) yield* this.#fetchInParts(uid);
  }

  /**
   * All of these in one command. If the server refuses, those that are gone are left out; if that was not it, the set
   * is halved until the message that it can't read stands alone. What it leaves out without a word is asked for alone.
   */
  async *#fetchWhole({ set, uids }: UidSet): AsyncGenerator<Message> {
    const missing = new Set(uids);
    let refused = false;
    try {
      for await (const row of fetchRows(this.#session, set, { ...facts, source: true })) {
        const bytes = contentOf(row);
        if (bytes === undefined || bytes.length === 0 || !missing.delete(row.uid)) continue;
        yield this.#message(row, bytes.length, once(bytes));
      }
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      refused = true;
    }
    if (missing.size === 0) return;
    const present = uids.length === 1 ? uids : await this.#present([...missing]);
    if (uids.length === 1) for (const uid of present) yield* this.#fetchInParts(uid, "sick");
    else if (!refused) for (const uid of present) yield* this.#fetchWhole({ set: `${uid}`, uids: [uid] });
    else {
      const parts = present.length < uids.length ? 1 : 2;
      const length = Math.ceil(present.length / parts);
      for (const half of [present.slice(0, length), present.slice(length)]) {
        for (const rest of uidSets(half)) yield* this.#fetchWhole(rest);
      }
    }
  }

  /**
   * Which of these the server still has, as a row or a search tells. One that refuses even to say leaves all in doubt, so
   * all are tried.
   */
  async #present(uids: readonly number[]): Promise<readonly number[]> {
    const asked = new Set(uids);
    const found = new Set<number>();
    try {
      for (const { set } of uidSets(uids)) {
        for await (const row of fetchRows(this.#session, set, facts)) if (asked.has(row.uid)) found.add(row.uid);
      }
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return uids;
    }
    const silent = uids.filter((uid) => !found.has(uid));
    if (silent.length > 0) for (const uid of await this.#searched(silent)) if (asked.has(uid)) found.add(uid);
    return [...found];
  }

  /** Those of these that a search finds; none where the server knows no search. */
  async #searched(uids: readonly number[]): Promise<number[]> {
    const { client } = this.#session;
    const found: number[] = [];
    try {
      // RFC 9051 section 7.5.1: only now the server may tell what is gone, and a search has to find it until then.
      await client.noop();
      for (const { set } of uidSets(uids)) {
        const answer = await client.search({ uid: set }, { uid: true });
        if (Array.isArray(answer)) found.push(...answer);
      }
      // imapflow takes a lost connection for an answer here.
      if (!this.#session.usable) throw new Error("the connection was lost");
    } catch (error) {
      throw this.#session.classify(error) ?? error;
    }
    return found;
  }

  /**
   * One message alone, part after part: it need not fit into memory, and it is the last cure for one that did not come
   * with the others. A sick one has to be as long as the server says; otherwise the literals win.
   */
  async *#fetchInParts(uid: number, health: "sound" | "sick" = "sound"): AsyncGenerator<Message> {
    const found = await this.#one(uid, { ...facts, size: true });
    const isGone = async ({ row, words }: Answer) =>
      row === undefined && words === undefined && (await this.#present([uid])).length === 0;
    if (await isGone(found)) return;
    const first = await this.#one(uid, { uid: true, source: { start: 0, maxLength: partOctets } });
    if (await isGone(first)) return;
    const row = { ...found.row, uid };
    const bytes = contentOf(first.row);
    const content =
      bytes === undefined || (bytes.length === 0 && row.size !== 0)
        ? broken(unreadable(reasonOf(first.words ?? found.words)))
        : (originOf(first.row) ?? 0) !== 0
          ? broken(unreadable("asked for its beginning, the server sent another part"))
          : this.#parts(uid, bytes, row.size, health);
    yield this.#message(row, row.size, content);
  }

  async *#parts(
    uid: number,
    first: Buffer,
    size: number | undefined,
    health: "sound" | "sick",
  ): AsyncGenerator<Uint8Array> {
    let part = first;
    let offset = 0;
    for (let early = 0; early < 2; ) {
      if (part.length > 0) yield part;
      offset += part.length;
      if (part.length < partOctets && offset === size) return;
      // A server that does not know parts sends the whole.
      if (part.length > partOctets) break;
      const next = await this.#one(uid, { uid: true, source: { start: offset, maxLength: partOctets } });
      // RFC 9051 section 6.4.5 wants an empty string from beyond the end; some servers say NIL.
      const beyond = next.row !== undefined && size !== undefined && offset >= size;
      const bytes = contentOf(next.row) ?? (beyond ? Buffer.alloc(0) : undefined);
      if (bytes === undefined) throw unreadable(`it broke off after ${offset} octets: ${reasonOf(next.words)}`);
      if (bytes.length > 0 && originOf(next.row) !== offset) {
        throw unreadable(`asked for its part from octet ${offset}, the server sent another`);
      }
      // An end before the announced one is believed only when it comes twice.
      if (bytes.length === 0) early += size !== undefined && offset < size ? 1 : 2;
      part = bytes;
    }
    if (health === "sick" && offset !== size) {
      throw unreadable(`the server announces ${size} octets and sends ${offset}`);
    }
  }

  async #one(uid: number, query: FetchQueryObject): Promise<Answer> {
    try {
      const row = await this.#session.client.fetchOne(`${uid}`, query, { uid: true });
      return row === false ? {} : { row };
    } catch (error) {
      const words = refusalOf(error)?.words;
      const session = this.#session.classify(error);
      if (session !== undefined) throw session;
      return { words };
    }
  }

  /** Flags and date are those of this row; of the listing, where the server left them out. */
  #message(row: Row, size: number | undefined, body: AsyncIterable<Uint8Array>): Message {
    const listed = this.#listed.get(row.uid);
    const flags = row.flags === undefined ? (listed?.flags ?? []) : normalizeFlags(row.flags);
    const internalDate = dateOf(row) ?? listed?.internalDate;
    const emailId = listed?.emailId;
    return { key: `${row.uid}`, size, flags, internalDate, body, ...(emailId === undefined ? {} : { emailId }) };
  }
}

/** One message's row, if it is there and comes; the server's words, if it refuses. */
interface Answer {
  readonly row?: FetchMessageObject | undefined;
  readonly words?: string | undefined;
}

/** A body that is at hand. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

// biome-ignore lint/correctness/useYield: a body that can't be read breaks off at once.
async function* broken(error: Error): AsyncGenerator<Uint8Array> {
  throw error;
}

function reasonOf(words: string | undefined): string {
  return words === undefined ? "the server sends no content" : `the server answered ${quoteServer(words)}`;
}

// One mailbox of a target account, read again: which of the messages that a book tells of are there as they were stored.

import { MailferryError } from "../errors.ts";
import { type Digest, digestOf } from "../formats/digest.ts";
import type { MessageRef, Stored } from "../message.ts";
import type { MailboxReader } from "../sources/source.ts";

/** What was read of a message; `error` where it could not be. */
interface Reading extends Digest {
  readonly error?: MailferryError | undefined;
}

export interface Finding {
  readonly kind: "missing" | "differing";
  readonly key: string;
  readonly code?: string | undefined;
  readonly reason: string;
}

export class TargetMailbox {
  readonly #stored: readonly Stored[];
  readonly #read: () => void;
  #validity: string | undefined;
  /** What the mailbox has now, by UID. */
  #refs: ReadonlyMap<number, MessageRef> = new Map();
  readonly #readings = new Map<number, Reading>();

  /** `read` is called for each message that was read. */
  constructor(stored: readonly Stored[], read: () => void) {
    this.#stored = stored;
    this.#read = read;
  }

  /** How many messages were read so far. */
  get read(): number {
    return this.#readings.size;
  }

  /** True if messages were stored in another mailbox of this name: then their UIDs mean nothing. */
  get isRenewed(): boolean {
    return this.#validity !== undefined && this.#stored.some((stored) => !this.#isKnown(stored));
  }

  /** Reads what was not read yet; the same again goes on where it was interrupted. */
  async look(reader: MailboxReader, signal: AbortSignal): Promise<void> {
    if (reader.validity !== this.#validity) this.#readings.clear();
    this.#validity = reader.validity;
    const refs = new Map<number, MessageRef>();
    for await (const ref of reader.list()) refs.set(Number(ref.key), ref);
    this.#refs = refs;
    const uids = this.#knownUids();
    const lost = new Set(this.#stored.filter((stored) => !this.#isKnown(stored)).map((one) => expected(one).size));
    const mayBeLost = ({ size }: MessageRef) => lost.size > 0 && (size === undefined || lost.has(size));
    const toRead = [...refs].filter(([uid, ref]) => !this.#readings.has(uid) && (uids.has(uid) || mayBeLost(ref)));
    if (toRead.length === 0) return;
    for await (const { key, body } of reader.fetch(toRead.map(([, ref]) => ref))) {
      signal.throwIfAborted();
      this.#readings.set(Number(key), await readWhole(body));
      this.#read();
    }
  }

  /** What is not there as it was stored, how many messages are not of the book, and how many were altered when they came. */
  result(): { readonly findings: readonly Finding[]; readonly altered: number; readonly others: number } {
    const uids = this.#knownUids();
    const strangers = new Map<string, number[]>();
    for (const uid of this.#refs.keys()) {
      const reading = uids.has(uid) ? undefined : this.#readings.get(uid);
      if (reading?.error !== undefined || reading === undefined) continue;
      strangers.set(reading.sha256, [...(strangers.get(reading.sha256) ?? []), uid]);
    }
    const ours = new Set<number>();
    const findings: Finding[] = [];
    let altered = 0;
    for (const stored of this.#stored) {
      const known = this.#isKnown(stored) ? Number(stored.place.uid) : undefined;
      const uid = known ?? strangers.get(expected(stored).sha256)?.pop();
      const reading = uid === undefined || !this.#refs.has(uid) ? undefined : this.#readings.get(uid);
      const finding = findingOf(stored, reading);
      if (uid !== undefined && reading !== undefined) ours.add(uid);
      if (finding !== undefined) findings.push(finding);
      else if (stored.altered !== undefined) altered++;
    }
    return { findings, altered, others: this.#refs.size - ours.size };
  }

  #isKnown({ place }: Stored): boolean {
    return place.uidValidity === this.#validity;
  }

  #knownUids(): Set<number> {
    return new Set(this.#stored.flatMap((stored) => (this.#isKnown(stored) ? [Number(stored.place.uid)] : [])));
  }
}

/** What the target gave back when the message was stored. */
function expected({ altered, size, sha256 }: Stored): Digest {
  return altered ?? { size, sha256 };
}

function findingOf(stored: Stored, reading: Reading | undefined): Finding | undefined {
  const { key } = stored;
  if (reading === undefined) return { kind: "missing", key, reason: "not at the target any more" };
  const { error } = reading;
  if (error !== undefined) return { kind: "differing", key, code: error.code, reason: error.message };
  const { size, sha256 } = expected(stored);
  if (reading.size !== size) return { kind: "differing", key, reason: `${reading.size} octets instead of ${size}` };
  return reading.sha256 === sha256 ? undefined : { kind: "differing", key, reason: "as many octets, but others" };
}

async function readWhole(body: AsyncIterable<Uint8Array>): Promise<Reading> {
  try {
    return await digestOf(body);
  } catch (error) {
    if (!(error instanceof MailferryError) || error.scope !== "message") throw error;
    return { size: 0, sha256: "", error };
  }
}

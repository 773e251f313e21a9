// The engine: carries what the ledger has not settled from a reader to a writer. First run, next night, retry and the
// run after a crash are this one loop; the writer, opened at the ledger's checkpoint, makes a repeat harmless.

import { MailferryError } from "../errors.ts";
import type { Commit, Failure, Message, MessageRef, Stored } from "../message.ts";
import type { MailboxWriter } from "../sinks/sink.ts";
import type { MailboxReader } from "../sources/source.ts";
import type { Ledger } from "../storage/ledger.ts";
import { type Spooled, spool } from "../storage/spool.ts";
import type { Unclaimed } from "./unclaimed.ts";

/** One sync round of sink and ledger covers this much; a crash costs at most this much to bring again. */
const batchMessages = 500;
const batchOctets = 16 * 1024 * 1024;

export interface Route {
  readonly reader: MailboxReader;
  readonly writer: MailboxWriter;
  readonly ledger: Ledger;
  /** What is stored already, perhaps under another key: a message with these octets is not stored again, but claims it. */
  readonly unclaimed: Unclaimed;
  /** For bodies too large for memory. */
  readonly spoolDirectory: string;
  /** The octets of a message that need not come from the reader, with the digest they must have. */
  recall(ref: MessageRef): Promise<{ readonly sha256: string; readonly body: AsyncIterable<Uint8Array> } | undefined>;
  readonly signal: AbortSignal;
  /** Ask for one message at a time. */
  readonly oneByOne: boolean;
  readonly observe: {
    /** These are being fetched from now on. */
    asking(refs: readonly MessageRef[]): void;
    /** Its body is about to be read; what it says of its flags is newer than the listing. */
    arrived(message: Message): void;
    /** What was asked for has arrived, and is being made durable. */
    storing(): void;
    /** Octets of a body, as they arrive. */
    octets(count: number): void;
    /** Durable and in the ledger. So many messages besides were found in the store, that no ledger knew of. */
    committed(commit: Commit, found: number): Promise<void>;
    /** These were listed but exist no more. */
    gone(refs: readonly MessageRef[]): void;
  };
}

/**
 * Brings `refs`, which must not be settled, and records `failed`, which were given up before. When it rejects, all that was committed stays; whatever had arrived whole
 * before the source failed is committed first, so that a server which drops every connection is still drained.
 */
export async function copyMessages(
  route: Route,
  refs: Iterable<MessageRef>,
  failed: readonly Failure[] = [],
): Promise<void> {
  if (route.ledger.checkpoint === undefined || failed.length > 0) await commit(route, new Map(), failed);
  for (const batch of batchesOf(refs, route.oneByOne ? 1 : batchMessages)) {
    route.signal.throwIfAborted();
    route.observe.asking(batch);
    await copyBatch(route, batch);
  }
}

async function copyBatch(route: Route, batch: readonly MessageRef[]): Promise<void> {
  let failed: Failure[] = [];
  let claimed: Stored[] = [];
  let octets = 0;
  const asked = new Map(batch.map((ref) => [ref.key, ref]));
  const missing = new Map(asked);
  const recalled = new Set<string>();
  let broken: { readonly error: unknown } | undefined;
  const messages = read(route, batch, recalled)[Symbol.asyncIterator]();
  for (;;) {
    const next = await messages.next().catch((error: unknown) => {
      broken = { error };
      return undefined;
    });
    if (next === undefined || next.done) break;
    const message = next.value;
    if (!missing.delete(message.key)) continue;
    route.observe.arrived(message);
    try {
      const old = await carry(route, message, (count) => {
        octets += count;
        if (!recalled.has(message.key)) route.observe.octets(count);
      });
      if (old !== undefined) claimed.push(old);
      // Only a server that lies about sizes gets here; what waits for a commit is bounded all the same.
      if (octets > 2 * batchOctets) {
        await commit(route, asked, failed, claimed);
        failed = [];
        claimed = [];
        octets = 0;
      }
    } catch (error) {
      if (error instanceof MailferryError && error.scope === "message") {
        failed.push({ key: message.key, code: error.code, reason: error.message, final: error.retry === "never" });
        continue;
      }
      broken = { error };
      await messages.return?.(undefined).catch(() => undefined);
      break;
    }
    if (route.signal.aborted) {
      broken = { error: route.signal.reason };
      await messages.return?.(undefined).catch(() => undefined);
      break;
    }
  }
  try {
    if (broken === undefined) route.observe.storing();
    await commit(route, asked, failed, claimed);
  } catch (error) {
    // The first error is the cause; a sink that failed in `append` fails again here.
    throw broken === undefined ? error : broken.error;
  }
  if (broken !== undefined) throw broken.error;
  if (missing.size > 0) route.observe.gone([...missing.values()]);
}

/** The messages of a batch; the keys of those whose octets are at hand already go into `recalled`. */
async function* read(
  { reader, recall, spoolDirectory }: Route,
  batch: readonly MessageRef[],
  recalled: Set<string>,
): AsyncGenerator<Message> {
  const rest: MessageRef[] = [];
  for (const ref of batch) {
    const known = await recall(ref);
    await using spooled = known === undefined ? undefined : await spool(known.body, spoolDirectory).catch(ifUnreadable);
    if (spooled === undefined || spooled.sha256 !== known?.sha256) {
      rest.push(ref);
      continue;
    }
    recalled.add(ref.key);
    yield { ...ref, flags: ref.flags ?? [], body: spooled.chunks() };
  }
  if (rest.length > 0) yield* reader.fetch(rest);
}

/** What can't be read where it is stored comes from the source. */
function ifUnreadable(error: unknown): undefined {
  if (!(error instanceof MailferryError) || error.scope === "session") throw error;
}

/** Appends the message, unless it is recognised: then its octets are stored already and only its key is new. */
async function carry(route: Route, message: Message, observe: (octets: number) => void): Promise<Stored | undefined> {
  const body = counted(message.body, observe);
  if (route.unclaimed.size === 0) {
    await route.writer.append({ ...message, body });
    return undefined;
  }
  await using spooled: Spooled = await spool(body, route.spoolDirectory);
  const old = route.unclaimed.claim(spooled.sha256, message.internalDate);
  if (old !== undefined) return { ...old, key: message.key };
  await route.writer.append({ ...message, body: spooled.chunks() });
  return undefined;
}

async function commit(
  route: Route,
  asked: ReadonlyMap<string, MessageRef>,
  failed: readonly Failure[] = [],
  claimed: readonly Stored[] = [],
): Promise<void> {
  const written = await route.writer.commit();
  const listed = (stored: Stored) => asListed(stored, asked.get(stored.key));
  const stored = written.stored.map(listed);
  const whole: Commit = {
    checkpoint: written.checkpoint,
    stored: [...stored, ...claimed.map(listed)],
    failed: [...written.failed, ...failed],
  };
  await route.ledger.record(whole);
  const found = new Set(written.found ?? []);
  const brought = stored.filter(({ key }) => !found.has(key));
  await route.observe.committed({ ...whole, stored: brought }, stored.length - brought.length);
}

/** With what the listing says of the message that its octets do not: by this its key is known to be the same one. */
function asListed({ listedSize: _size, listedDate: _date, ...stored }: Stored, ref: MessageRef | undefined): Stored {
  const { size, internalDate, emailId } = ref ?? {};
  return {
    ...stored,
    ...(emailId === undefined ? {} : { emailId }),
    ...(size === undefined || size === stored.size ? {} : { listedSize: size }),
    ...(internalDate?.getTime() === stored.internalDate?.getTime() ? {} : { listedDate: internalDate }),
  };
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  octets: (count: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    octets(chunk.length);
    yield chunk;
  }
}

function* batchesOf(refs: Iterable<MessageRef>, most: number): Iterable<MessageRef[]> {
  let batch: MessageRef[] = [];
  let octets = 0;
  for (const ref of refs) {
    if (batch.length >= most || (batch.length > 0 && octets + (ref.size ?? 0) > batchOctets)) {
      yield batch;
      batch = [];
      octets = 0;
    }
    batch.push(ref);
    octets += ref.size ?? 0;
  }
  if (batch.length > 0) yield batch;
}

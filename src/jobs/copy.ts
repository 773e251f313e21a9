// The engine: carries what the ledger has not settled from a reader to a writer. First run, next night, retry and the
// run after a crash are this one loop; the writer, opened at the ledger's checkpoint, makes a repeat harmless.

import { MailferryError } from "../errors.ts";
import type { Commit, Failure, Message, MessageRef, Stored } from "../message.ts";
import type { BatchSize, MailboxWriter } from "../sinks/sink.ts";
import type { MailboxReader } from "../sources/source.ts";
import type { Ledger } from "../storage/ledger.ts";
import { type Spooled, spool } from "../storage/spool.ts";
import type { Unclaimed } from "./unclaimed.ts";

/** One sync round of sink and ledger covers this much; a crash costs at most twice this much to bring again. */
const smallBatch: BatchSize = { messages: 500, octets: 4 * 1024 * 1024 };
/** The source is asked for this much at once, so that it need not wait for the next question; octets as it lists them. */
const stretchMessages = 5_000;
const stretchOctets = 64 * 1024 * 1024;

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
  /** Ask for no more messages than this at a time. */
  readonly mostAtOnce: number;
  readonly observe: {
    /** These are being fetched from now on. */
    asking(refs: readonly MessageRef[]): void;
    /** Its body is about to be read; what it says of its flags is newer than the listing. */
    arrived(message: Message): void;
    /** What was asked for has arrived, and is being made durable. */
    storing(): void;
    /** Octets of a body, as they arrive. */
    octets(count: number): void;
    /**
     * Durable and in the ledger. So many messages besides were found in the store, that no ledger knew of; so many are
     * settled in all, those that were recognised included.
     */
    committed(commit: Commit, found: number, settled: number): Promise<void>;
    /** These were listed but exist no more. */
    gone(refs: readonly MessageRef[]): void;
  };
}

/**
 * Brings `refs`, which must not be settled, and records `failed`, which were given up before. While a batch is made durable
 * the next one is read. When it rejects, all that was committed stays; whatever had arrived whole before the source failed
 * is committed first, so that a server which drops every connection is still drained.
 */
export async function copyMessages(
  route: Route,
  refs: Iterable<MessageRef>,
  failed: readonly Failure[] = [],
): Promise<void> {
  if (route.ledger.checkpoint === undefined || failed.length > 0) {
    await commit(route, new Map(), { failed, claimed: [] });
  }
  const commits = new Commits(route);
  try {
    for (const stretch of stretchesOf(refs, Math.min(route.mostAtOnce, stretchMessages))) {
      if (commits.haveFailed) break;
      route.signal.throwIfAborted();
      route.observe.asking(stretch);
      await copyStretch(route, stretch, commits);
      // Whatever breaks is to blame on these alone.
      if (route.mostAtOnce < stretchMessages) await commits.end();
    }
  } finally {
    await commits.end();
  }
}

/** What has come since the last commit was begun. */
class Batch {
  readonly refs = new Map<string, MessageRef>();
  readonly failed: Failure[] = [];
  readonly claimed: Stored[] = [];
  octets = 0;

  isFull({ messages, octets }: BatchSize): boolean {
    return this.octets >= octets || this.refs.size >= messages;
  }
}

/** Commits in the order in which the batches were read, never two at a time. */
class Commits {
  readonly #route: Route;
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #isUnderWay = false;

  constructor(route: Route) {
    this.#route = route;
  }

  /** True if nothing that is read from here on can be stored. */
  get haveFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** A batch has to wait while another is under way: it may as well grow. */
  get nextSize(): BatchSize {
    return this.#isUnderWay ? (this.#route.writer.largeBatch ?? smallBatch) : smallBatch;
  }

  /** Resolves when all that was begun is durable; rejects with the failure of the batch that is not. */
  async end(): Promise<void> {
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Begins to store what was appended of this batch, as soon as the one before is durable. */
  async begin(batch: Batch): Promise<void> {
    const { observe, writer } = this.#route;
    writer.goAhead?.();
    await this.end();
    this.#isUnderWay = true;
    this.#last = commit(this.#route, batch.refs, batch)
      .catch((error: unknown) => {
        observe.asking([...batch.refs.values()]);
        observe.storing();
        this.#failure = { error };
      })
      .finally(() => {
        this.#isUnderWay = false;
      });
  }
}

async function copyStretch(route: Route, stretch: readonly MessageRef[], commits: Commits): Promise<void> {
  let batch = new Batch();
  const missing = new Map(stretch.map((ref) => [ref.key, ref]));
  const recalled = new Set<string>();
  let broken: { readonly error: unknown } | undefined;
  const messages = read(route, stretch, recalled)[Symbol.asyncIterator]();
  const leave = async (error: unknown) => {
    broken = { error };
    await messages.return?.(undefined).catch(() => undefined);
  };
  while (broken === undefined) {
    const next = await messages.next().catch((error: unknown) => {
      broken = { error };
      return undefined;
    });
    if (next === undefined || next.done) break;
    const message = next.value;
    const ref = missing.get(message.key);
    if (ref === undefined) continue;
    missing.delete(ref.key);
    batch.refs.set(ref.key, ref);
    route.observe.arrived(message);
    try {
      const old = await carry(route, message, (count) => {
        batch.octets += count;
        if (!recalled.has(message.key)) route.observe.octets(count);
      });
      if (old !== undefined) batch.claimed.push(old);
      if (batch.isFull(commits.nextSize)) {
        await commits.begin(batch);
        batch = new Batch();
      }
    } catch (error) {
      if (error instanceof MailferryError && error.scope === "message") {
        batch.failed.push({
          key: message.key,
          code: error.code,
          reason: error.message,
          final: error.retry === "never",
        });
        continue;
      }
      await leave(error);
    }
    if (route.signal.aborted) await leave(route.signal.reason);
    else if (commits.haveFailed) await leave(undefined);
  }
  if (broken === undefined) route.writer.goAhead?.();
  await commits.end();
  if (broken !== undefined) {
    // The first error is the cause; a sink that failed in `append` fails again here.
    await commit(route, batch.refs, batch).catch(() => undefined);
    throw broken.error;
  }
  route.observe.storing();
  await commits.begin(batch);
  if (missing.size === 0) return;
  await commits.end();
  route.observe.gone([...missing.values()]);
}

/** The messages of a stretch; the keys of those whose octets are at hand already go into `recalled`. */
async function* read(
  { reader, recall, spoolDirectory }: Route,
  stretch: readonly MessageRef[],
  recalled: Set<string>,
): AsyncGenerator<Message> {
  const rest: MessageRef[] = [];
  for (const ref of stretch) {
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
  { failed, claimed }: { readonly failed: readonly Failure[]; readonly claimed: readonly Stored[] },
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
  await route.observe.committed({ ...whole, stored: brought }, stored.length - brought.length, whole.stored.length);
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

function* stretchesOf(refs: Iterable<MessageRef>, most: number): Iterable<MessageRef[]> {
  let stretch: MessageRef[] = [];
  let octets = 0;
  for (const ref of refs) {
    if (stretch.length >= most || (stretch.length > 0 && octets + (ref.size ?? 0) > stretchOctets)) {
      yield stretch;
      stretch = [];
      octets = 0;
    }
    stretch.push(ref);
    octets += ref.size ?? 0;
  }
  if (stretch.length > 0) yield stretch;
}

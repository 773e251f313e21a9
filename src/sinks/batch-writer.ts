// What all writers share: bodies are collected as they come, and a commit stores them together.

import type { Commit, FlagChange, Message } from "../message.ts";
import { Arena, type Spooled, spool } from "../storage/spool.ts";
import type { BatchSize, MailboxWriter } from "./sink.ts";

/** A message that waits for the commit. */
export interface Pending {
  readonly message: Message;
  readonly spooled: Spooled;
}

/** The part of a writer that knows its store. */
export interface BatchStore {
  /** For bodies too large for memory. */
  readonly spoolDirectory: string;
  readonly renewed?: boolean;
  readonly largeBatch?: BatchSize;
  /** Called before the first message of a batch is collected. */
  prepare?(): Promise<void>;
  /** What `store` is called with next, once the call under way has ended well: the work may begin now. Never throws. */
  goAhead?(pending: readonly Pending[]): void;
  /** Makes these durable, in their order; after a rejection it is not called again. */
  store(pending: readonly Pending[]): Promise<Commit>;
  setFlags?(changes: readonly FlagChange[]): Promise<void>;
  /** Called once, when the writer is disposed; what was to be stored is good until it resolves. */
  release?(): Promise<void>;
}

/** What a batch comes to, as a rule. */
const batchOctets = 4 * 1024 * 1024;

export function createBatchWriter(store: BatchStore): MailboxWriter {
  const arenaOctets = store.largeBatch?.octets ?? batchOctets;
  let pending: Pending[] = [];
  let isComplete = false;
  let arena = new Arena(arenaOctets);
  let spare: Arena | undefined;
  /** A commit that failed is not tried again: what of it was stored is known to the next writer alone. */
  let broken: { readonly error: unknown } | undefined;

  /** Those that waited are the caller's now, until it is done with them. */
  const take = () => {
    const taken = { pending, arena };
    pending = [];
    isComplete = false;
    arena = spare ?? new Arena(arenaOctets);
    spare = undefined;
    return taken;
  };

  const drop = async (taken: ReturnType<typeof take>) => {
    for (const { spooled } of taken.pending) if (spooled.octets === undefined) await spooled[Symbol.asyncDispose]();
    taken.arena.clear();
    spare = taken.arena;
  };

  return {
    ...(store.renewed === undefined ? {} : { renewed: store.renewed }),
    ...(store.largeBatch === undefined ? {} : { largeBatch: store.largeBatch }),
    async append(message) {
      if (broken !== undefined) throw broken.error;
      if (isComplete) throw new Error("a message was appended to a batch that may be on its way");
      if (pending.length === 0) await store.prepare?.();
      const spooled = await spool(message.body, store.spoolDirectory, arena);
      pending.push({ message, spooled });
    },
    goAhead() {
      if (broken !== undefined || isComplete || pending.length === 0) return;
      isComplete = true;
      store.goAhead?.(pending);
    },
    async commit() {
      if (broken !== undefined) throw broken.error;
      const taken = take();
      try {
        return await store.store(taken.pending);
      } catch (error) {
        broken = { error };
        throw error;
      } finally {
        await drop(taken);
      }
    },
    ...(store.setFlags === undefined ? {} : { setFlags: store.setFlags.bind(store) }),
    async [Symbol.asyncDispose]() {
      try {
        await store.release?.();
      } finally {
        spare?.free();
        await drop({ pending, arena });
        arena.free();
      }
    },
  };
}

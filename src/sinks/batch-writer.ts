// What all writers share: bodies are collected as they come, and a commit stores them together.

import type { Commit, FlagChange, Message } from "../message.ts";
import { type Spooled, spool } from "../storage/spool.ts";
import type { MailboxWriter } from "./sink.ts";

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
  /** Called before the first message of a batch is collected. */
  prepare?(): Promise<void>;
  /** Makes these durable, in their order; after a rejection it is not called again. */
  store(pending: readonly Pending[]): Promise<Commit>;
  setFlags?(changes: readonly FlagChange[]): Promise<void>;
  /** Called once, when the writer is disposed. */
  release?(): Promise<void>;
}

export function createBatchWriter(store: BatchStore): MailboxWriter {
  let pending: Pending[] = [];
  /** A commit that failed is not tried again: what of it was stored is known to the next writer alone. */
  let broken: { readonly error: unknown } | undefined;

  /** Those that waited are the caller's now. */
  const take = () => {
    const taken = pending;
    pending = [];
    return taken;
  };

  return {
    ...(store.renewed === undefined ? {} : { renewed: store.renewed }),
    async append(message) {
      if (broken !== undefined) throw broken.error;
      if (pending.length === 0) await store.prepare?.();
      const spooled = await spool(message.body, store.spoolDirectory);
      pending.push({ message, spooled });
    },
    async commit() {
      if (broken !== undefined) throw broken.error;
      const taken = take();
      try {
        return await store.store(taken);
      } catch (error) {
        broken = { error };
        throw error;
      } finally {
        await drop(taken);
      }
    },
    ...(store.setFlags === undefined ? {} : { setFlags: store.setFlags.bind(store) }),
    async [Symbol.asyncDispose]() {
      await drop(take());
      await store.release?.();
    },
  };
}

async function drop(dropped: readonly Pending[]): Promise<void> {
  for (const { spooled } of dropped) if (spooled.octets === undefined) await spooled[Symbol.asyncDispose]();
}

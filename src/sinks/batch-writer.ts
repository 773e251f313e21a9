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

  const drop = async () => {
    const dropped = pending;
    pending = [];
    for (const { spooled } of dropped) await spooled[Symbol.asyncDispose]();
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
      try {
        const commit = await store.store(pending);
        await drop();
        return commit;
      } catch (error) {
        broken = { error };
        throw error;
      }
    },
    ...(store.setFlags === undefined ? {} : { setFlags: store.setFlags.bind(store) }),
    async [Symbol.asyncDispose]() {
      await drop();
      await store.release?.();
    },
  };
}

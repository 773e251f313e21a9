// Sources and sinks within the limits of their accounts, by back-pressure: who reads slower is sent less.

import type { Commit, Message, MessageRef } from "../message.ts";
import type { MailboxWriter, Sink } from "../sinks/sink.ts";
import type { MailboxReader, Source } from "../sources/source.ts";
import type { Bandwidth } from "./bandwidth.ts";
import type { DailyBudget } from "./daily-budget.ts";
import type { Limit } from "./limits.ts";

/** `target`: of the account that it goes to; where that may take no more, nothing more is asked for. */
export function limitSource(
  source: Source,
  own: Limit | undefined,
  target: Limit | undefined,
  signal: AbortSignal,
): Source {
  if (own === undefined && target?.budget === undefined) return source;
  return {
    get sharesContent() {
      return source.sharesContent ?? false;
    },
    mailboxes: () => source.mailboxes(),
    async standing(mailbox) {
      return source.standing?.(mailbox);
    },
    async open(mailbox) {
      return limitReader(await source.open(mailbox), own, target?.budget, signal);
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

function limitReader(
  reader: MailboxReader,
  own: Limit | undefined,
  target: DailyBudget | undefined,
  signal: AbortSignal,
): MailboxReader {
  const { validity, keys, state } = reader;
  return {
    validity,
    keys,
    ...(state === undefined ? {} : { state }),
    list: (known) => reader.list(known),
    async *fetch(refs) {
      target?.throwIfUsedUp();
      for await (const message of fetchWithin(reader, refs, own?.budget)) {
        yield { ...message, body: paced(message.body, own?.bandwidth, signal) };
      }
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

async function* fetchWithin(
  reader: MailboxReader,
  refs: readonly MessageRef[],
  budget: DailyBudget | undefined,
): AsyncGenerator<Message> {
  if (budget === undefined) return yield* reader.fetch(refs);
  for (let next = 0; next < refs.length; ) {
    const grant = await budget.reserve(refs.slice(next));
    next += grant.refs.length;
    let isFirst = true;
    try {
      for await (const message of reader.fetch(grant.refs)) {
        if (!isFirst) budget.throwIfOverdrawn();
        isFirst = false;
        yield { ...message, body: counted(message.body, (octets) => grant.count(message, octets)) };
      }
    } finally {
      grant.end();
    }
  }
}

/** What is sent is held back by the sink itself, just before it goes; here it is counted. */
export function limitSink<S extends Sink>(sink: S, limit: Limit | undefined, signal: AbortSignal): Sink {
  if (limit === undefined) return sink;
  return {
    async open(mailbox, since) {
      const writer = await sink.open(mailbox, since);
      return limit.budget === undefined ? writer : countedWriter(writer, limit.budget);
    },
    read: (mailbox, place) => {
      const body = counted(sink.read(mailbox, place), async (octets) => limit.budget?.count(octets));
      return paced(body, limit.bandwidth, signal);
    },
    ...(sink.whereabouts === undefined ? {} : { whereabouts: sink.whereabouts.bind(sink) }),
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

function countedWriter(writer: MailboxWriter, budget: DailyBudget): MailboxWriter {
  const { renewed } = writer;
  /** What was appended since the last commit was begun. */
  let sizes = new Map<string, number>();
  return {
    ...(renewed === undefined ? {} : { renewed }),
    async append(message) {
      const grant = await budget.reserve([message]);
      const taken = sizes;
      const body = counted(message.body, (octets) => {
        taken.set(message.key, (taken.get(message.key) ?? 0) + octets);
        return grant.count(message, octets);
      });
      try {
        await writer.append({ ...message, body });
      } finally {
        grant.end();
      }
    },
    async commit(): Promise<Commit> {
      const taken = sizes;
      sizes = new Map();
      const commit = await writer.commit();
      // Those were there already.
      for (const key of commit.found ?? []) budget.giveBack(taken.get(key) ?? 0);
      return commit;
    },
    ...(writer.setFlags === undefined ? {} : { setFlags: writer.setFlags.bind(writer) }),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  };
}

/** `count` is told of octets before they are handed on. */
async function* counted(
  body: AsyncIterable<Uint8Array>,
  count: (octets: number) => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    await count(chunk.length);
    yield chunk;
  }
}

async function* paced(
  body: AsyncIterable<Uint8Array>,
  bandwidth: Bandwidth | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    await bandwidth?.take(chunk.length, signal);
    yield chunk;
  }
}

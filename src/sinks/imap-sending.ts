// Sending a batch to a mailbox: many messages on their way at once over an append-only connection, or one after the other.

import type { Failure } from "../message.ts";
import { appendLimit, appendMessage, spoilsMailbox } from "../protocol/imap-append.ts";
import type { AppendAnswer } from "../protocol/imap-append-framing.ts";
import type { ImapAppender, OutgoingMessage } from "../protocol/imap-appender.ts";
import type { ImapMailbox } from "./imap-mailbox.ts";
import { hasNul, octetsOf, type Parcel } from "./imap-parcel.ts";

/** Those of the flags of a message that it is sent with. */
export type WantedFlags = (parcel: Parcel) => string[];

/** Those that may go without the server's word before each; of the others it has to be asked. */
export async function goTogether({ session }: ImapMailbox, parcels: readonly Parcel[]): Promise<Parcel[]> {
  const limit = appendLimit(session);
  const together: Parcel[] = [];
  for (const parcel of parcels) {
    // RFC 3502 section 6.3.11: an empty literal takes a MULTIAPPEND back.
    if (parcel.size > 0 && parcel.size <= limit && !(await hasNul(parcel))) together.push(parcel);
  }
  return together.length > 1 ? together : [];
}

export interface Refused {
  readonly parcels: Parcel[];
  /** The server would refuse all others too. */
  isForAll: boolean;
}

/** What goes with one command, where there is a limit on octets a second, unless it is one message. */
const mostAtOnce = 256 * 1024;
/** Reading back in small portions costs more round trips than it saves time. */
const portions = 3;

/**
 * Sends these, several to a command where the server takes that and `alone` is not set. Yields those that it has said OK to,
 * in a few portions, while others are on their way; refused ones go into `refused`. When it ends, however it ends, every answer
 * has come or the connection is lost: what had no answer is in doubt.
 */
export async function* sendTogether(
  { path, name, doubts, pace }: ImapMailbox,
  appender: ImapAppender,
  parcels: readonly Parcel[],
  flagsOf: WantedFlags,
  refused: Refused,
  alone = false,
): AsyncGenerator<readonly Parcel[], void> {
  let said: Parcel[] = [];
  let stopped = false;
  let ended = false;
  let broken: { readonly error: unknown } | undefined;
  let wake = () => {};
  const underWay = new Map<string, number>();
  const count = (parcel: Parcel, change: number) => {
    const left = (underWay.get(parcel.sha256) ?? 0) + change;
    underWay.set(parcel.sha256, left);
    // Of twins one may be answered while nothing is known of the other.
    if (left > 0) doubts.add(parcel.sha256);
    else doubts.delete(parcel.sha256);
  };

  const take = (group: readonly Parcel[], told: AppendAnswer) => {
    for (const parcel of group) count(parcel, -1);
    if ("refusal" in told) {
      refused.parcels.push(...group);
      refused.isForAll ||= spoilsMailbox(told.refusal, path) !== undefined;
      return;
    }
    for (const [index, parcel] of group.entries()) {
      parcel.sent = true;
      parcel.hint = told.uids?.[index];
    }
    said.push(...group);
    wake();
  };

  const sendAll = async () => {
    const answers: Promise<void>[] = [];
    try {
      for (let next = 0; next < parcels.length && !stopped && !refused.isForAll; ) {
        const { messages, octets } = appender.share;
        const group = groupFrom(parcels, next, {
          messages: alone ? 1 : messages,
          octets: pace === undefined ? octets : Math.min(octets, mostAtOnce),
        });
        next += group.length;
        await pace?.(group.reduce((sum, { size }) => sum + size, 0));
        for (const parcel of group) count(parcel, 1);
        const { answer } = await appender.send(
          name,
          group.map((parcel) => outgoingOf(parcel, flagsOf)),
        );
        const taken = answer.then((told) => take(group, told));
        taken.catch(() => undefined);
        answers.push(taken);
      }
    } finally {
      await Promise.allSettled(answers);
      for (const [digest, left] of underWay) if (left > 0) doubts.add(digest);
    }
    await Promise.all(answers);
  };

  const all = sendAll()
    .catch((error: unknown) => {
      broken = { error };
    })
    .finally(() => {
      ended = true;
      wake();
    });
  try {
    while (!ended || said.length > 0) {
      if (!ended && said.length < parcels.length / portions) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const batch = said;
      said = [];
      if (batch.length > 0) yield batch;
    }
  } finally {
    stopped = true;
    await all;
  }
  if (broken !== undefined) throw broken.error;
}

/** The next of them that fit into one command, at least one. */
function groupFrom(
  parcels: readonly Parcel[],
  first: number,
  { messages, octets }: { readonly messages: number; readonly octets: number },
): readonly Parcel[] {
  let end = first + 1;
  let size = parcels[first]?.size ?? 0;
  for (; end < parcels.length && end - first < messages; end += 1) {
    size += parcels[end]?.size ?? 0;
    if (size > octets) break;
  }
  return parcels.slice(first, end);
}

function outgoingOf(parcel: Parcel, flagsOf: WantedFlags): OutgoingMessage {
  const { size, internalDate, spooled } = parcel;
  return { size, internalDate, flags: flagsOf(parcel), chunks: () => spooled.chunks() };
}

/** Sends one message as every server takes it; the failure, if it is refused. Rejects where the outcome is in doubt. */
export async function sendAlone(
  { session, path, name, refusals, doubts, pace }: ImapMailbox,
  parcel: Parcel,
  flagsOf: WantedFlags,
): Promise<Failure | undefined> {
  const { message, spooled } = parcel;
  const octets = await octetsOf(parcel);
  await pace?.(octets.length);
  doubts.add(parcel.sha256);
  const { internalDate } = message;
  const outcome = await appendMessage(session, path, name, { octets, flags: flagsOf(parcel), internalDate }).catch(
    (error: unknown) => {
      doubts.add(parcel.sha256);
      throw error;
    },
  );
  doubts.delete(parcel.sha256);
  if ("refused" in outcome) {
    await refusals?.keep(path, spooled);
    return { key: message.key, ...outcome.refused };
  }
  parcel.hint = outcome.uid;
  parcel.sent = true;
  return undefined;
}

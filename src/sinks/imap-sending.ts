// Sending a batch to a mailbox: many messages on their way at once over an append-only connection, or one after the other.

import type { Failure } from "../message.ts";
import { appendLimit, appendMessage, overQuota, spoilsMailbox } from "../protocol/imap-append.ts";
import type { AppendAnswer } from "../protocol/imap-append-framing.ts";
import type { ImapAppender, OutgoingMessage } from "../protocol/imap-appender.ts";
import { classified } from "../protocol/imap-loss.ts";
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

/** @throws D507 before anything is sent that the account has no room for (RFC 9208). */
export async function checkRoom({ session, name }: ImapMailbox, parcels: readonly Parcel[]): Promise<void> {
  if (parcels.length === 0) return;
  const quota = await classified(session, session.client.getQuota(name));
  const { usage, limit } = (quota !== false && quota !== undefined && quota.storage) || {};
  if (typeof usage !== "number" || typeof limit !== "number" || limit <= 0) return;
  const octets = parcels.reduce((sum, { size }) => sum + size, 0);
  if (octets > limit - usage) throw overQuota(`${octets} octets are to come, and there is room for ${limit - usage}`);
}

/** Octets that go with one command where there is a limit on octets a second, unless it is one message. */
const mostAtOnce = 256 * 1024;
/** Reading back in small portions costs more round trips than it saves time. */
const portions = 3;

/**
 * Messages on their way over an append-only connection from the moment on at which it is made, several to a command where
 * the server takes that and `alone` is not set. The connection may serve another sending once this one has ended.
 */
export class Sending {
  readonly refused: Parcel[] = [];
  /** The server would refuse all others too. */
  isRefusedForAll = false;
  /**
   * Resolves when every answer has come or the connection is lost: what had no answer is in doubt then. True if the server
   * said OK to all, and which UID each has.
   */
  readonly ended: Promise<boolean>;
  readonly #mailbox: ImapMailbox;
  readonly #appender: ImapAppender;
  readonly #parcels: readonly Parcel[];
  readonly #flagsOf: WantedFlags;
  readonly #alone: boolean;
  /** How many of the same octets have no answer. */
  readonly #underWay = new Map<string, number>();
  #said: Parcel[] = [];
  #isStopped = false;
  #hasEnded = false;
  #broken: { readonly error: unknown } | undefined;
  #wake = () => {};

  constructor(
    mailbox: ImapMailbox,
    appender: ImapAppender,
    parcels: readonly Parcel[],
    flagsOf: WantedFlags,
    alone = false,
  ) {
    this.#mailbox = mailbox;
    this.#appender = appender;
    this.#parcels = parcels;
    this.#flagsOf = flagsOf;
    this.#alone = alone;
    this.ended = this.#sendAll()
      .catch((error: unknown) => {
        this.#broken = { error };
      })
      .then(() => {
        this.#hasEnded = true;
        this.#wake();
        return this.#parcels.every(({ sent, hint }) => sent && hint !== undefined);
      });
  }

  /**
   * Those that the server has said OK to, in a few portions, while others are on their way. Called once. Rejects where the
   * connection is lost. When it ends, however it ends, so has the sending.
   */
  async *said(): AsyncGenerator<readonly Parcel[], void> {
    try {
      while (!this.#hasEnded || this.#said.length > 0) {
        if (!this.#hasEnded && this.#said.length < this.#parcels.length / portions) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        const batch = this.#said;
        this.#said = [];
        if (batch.length > 0) yield batch;
      }
    } finally {
      await this.stop();
    }
    if (this.#broken !== undefined) throw this.#broken.error;
  }

  /** Sends no more, and waits for what is on its way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.ended;
  }

  /** True if it is not known of a message with these octets whether the server has it. */
  hasInDoubt(sha256: string): boolean {
    return (this.#underWay.get(sha256) ?? 0) > 0;
  }

  async #sendAll(): Promise<void> {
    const { doubts, name, pace } = this.#mailbox;
    const answers: Promise<void>[] = [];
    try {
      for (let next = 0; next < this.#parcels.length && !this.#isStopped && !this.isRefusedForAll; ) {
        const { messages, octets } = this.#appender.share;
        const group = groupFrom(this.#parcels, next, {
          messages: this.#alone ? 1 : messages,
          octets: pace === undefined ? octets : Math.min(octets, mostAtOnce),
        });
        next += group.length;
        await pace?.(group.reduce((sum, { size }) => sum + size, 0));
        if (this.#isStopped) break;
        for (const parcel of group) this.#count(parcel, 1);
        const { answer } = await this.#appender.send(
          name,
          group.map((parcel) => outgoingOf(parcel, this.#flagsOf)),
        );
        const taken = answer.then((told) => this.#take(group, told));
        taken.catch(() => undefined);
        answers.push(taken);
      }
    } finally {
      await Promise.allSettled(answers);
      for (const [digest, left] of this.#underWay) if (left > 0) doubts.add(digest);
    }
    await Promise.all(answers);
  }

  #take(group: readonly Parcel[], told: AppendAnswer): void {
    for (const parcel of group) this.#count(parcel, -1);
    if ("refusal" in told) {
      this.refused.push(...group);
      this.isRefusedForAll ||= spoilsMailbox(told.refusal, this.#mailbox.path) !== undefined;
      return;
    }
    for (const [index, parcel] of group.entries()) {
      parcel.sent = true;
      parcel.hint = told.uids?.[index];
    }
    this.#said.push(...group);
    this.#wake();
  }

  #count({ sha256 }: Parcel, change: number): void {
    const left = (this.#underWay.get(sha256) ?? 0) + change;
    this.#underWay.set(sha256, left);
    // Of twins one may be answered while nothing is known of the other.
    if (left > 0) this.#mailbox.doubts.add(sha256);
    else this.#mailbox.doubts.delete(sha256);
  }
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

// One mailbox of a target account, opened with SELECT. Nothing is taken for granted: a message counts as stored when its
// octets were read back. The checkpoint says how far the last commit had looked; messages that no ledger knows may be
// ours, from a run that died, and are recognised by content, not sent again. No header is ever added to a message.

import type { Commit, Failure, FlagChange, Place } from "../message.ts";
import type { ImapAppender } from "../protocol/imap-appender.ts";
import { keepsFlag } from "../protocol/imap-flags.ts";
import { listMessages } from "../protocol/imap-listing.ts";
import { learnNews } from "../protocol/imap-loss.ts";
import { facts, fetchRows, refOf } from "../protocol/imap-row.ts";
import type { BatchStore, Pending } from "./batch-writer.ts";
import { Ahead, type Carried } from "./imap-ahead.ts";
import type { ImapMailbox } from "./imap-mailbox.ts";
import { type Parcel, parcelOf, vanished } from "./imap-parcel.ts";
import { recogniseSent, recogniseThere } from "./imap-recognition.ts";
import { checkRoom, goTogether, Sending, sendAlone } from "./imap-sending.ts";
import { changeFlags, Settling } from "./imap-settling.ts";
import { type Recognised, Strangers } from "./imap-strangers.ts";
import type { Since } from "./sink.ts";

/** A mailbox to which something comes in every quiet time is waited for no longer. */
const mostQuietRounds = 10;

/** Each batch has its round trips, at its end. A crash costs twice this much to read again. */
const largeBatch = { messages: 1_500, octets: 12 * 1024 * 1024 };

export class ImapMailboxStore implements BatchStore {
  readonly spoolDirectory: string;
  readonly renewed: boolean;
  readonly largeBatch = largeBatch;
  readonly #mailbox: ImapMailbox;
  readonly #since: Since | undefined;
  readonly #uidValidity: string;
  readonly #strangers = new Strangers();
  readonly #keeps: (flag: string) => boolean;
  /** Every message with a UID below it is known to the ledger or among the strangers; 0 before the first look. */
  #next = 0;
  /** Nothing has been stored through it. */
  #isNew = true;
  /** What is left of a run that died in the middle may be on its way still. */
  #isTorn = false;
  #appender: ImapAppender | undefined;
  readonly #ahead = new Ahead((last, parcels) => this.#beginAfter(last, parcels));
  /** From this UID on, a message of ours may lie that was never recorded. */
  #uncertainFrom: number;
  /** The server is known to rewrite messages so that they can be told only by Message-ID and date. */
  #rewrites: boolean;

  constructor(mailbox: ImapMailbox, uidValidity: string, since: Since | undefined) {
    this.#mailbox = mailbox;
    this.spoolDirectory = mailbox.spoolDirectory;
    this.#uidValidity = uidValidity;
    const { checkpoint } = since ?? {};
    this.renewed = checkpoint !== undefined && checkpoint.uidValidity !== uidValidity;
    this.#since = this.renewed ? undefined : since;
    const known = this.#since?.checkpoint ?? {};
    this.#uncertainFrom = typeof known.uidNext === "number" ? known.uidNext : (mailbox.selected.uidNext ?? 1);
    this.#rewrites = known.rewrites === true;
    this.#keeps = keepsFlag(mailbox.selected);
  }

  async store(pending: readonly Pending[]): Promise<Commit> {
    if (pending.length === 0) return { checkpoint: this.#checkpoint(), stored: [], failed: [] };
    try {
      return await this.#store(pending, await this.#ahead.take(pending));
    } finally {
      this.#ahead.halt();
    }
  }

  async #store(pending: readonly Pending[], begun: Carried | undefined): Promise<Commit> {
    const parcels = begun?.parcels ?? pending.map(parcelOf);
    const placed = begun === undefined ? await this.#lookFor(parcels) : new Map<Parcel, Recognised>();
    const from = begun?.from ?? this.#next;
    this.#strangers.beginFrom(from);
    const failed = new Map<Parcel, Failure>();
    const rest = () => parcels.filter((parcel) => !placed.has(parcel) && !failed.has(parcel));
    if (begun === undefined) await checkRoom(this.#mailbox, rest());
    await this.#sendTogether(rest(), placed, from, begun?.sending);
    if (rest().length > 0) await this.#leaveAside();
    for (const parcel of rest()) {
      const refusal = parcel.sent ? undefined : await sendAlone(this.#mailbox, parcel, this.#flagsOf);
      if (refusal !== undefined) failed.set(parcel, refusal);
    }
    await this.#lookForRefused(failed, placed);
    if (rest().length > 0) {
      await this.#look();
      const arrived = await recogniseSent(this.#mailbox.session, this.#strangers, rest(), from);
      for (const [parcel, recognised] of arrived.placed) placed.set(parcel, recognised);
      this.#rewrites ||= arrived.rewritten;
    }
    const settling = new Settling(this.#mailbox, this.#uidValidity, this.#flagsOf);
    const merged = await settling.merge(rest());
    for (const parcel of rest()) if (!merged.has(parcel)) failed.set(parcel, vanished(parcel));
    const stored = new Map([...(await settling.settle(placed)), ...merged]);
    const next = await this.#ahead.begun();
    for (const { sha256 } of parcels) if (!next?.sending.hasInDoubt(sha256)) this.#mailbox.doubts.delete(sha256);
    const found = [...placed.keys()].flatMap(({ sent, message }) => (sent ? [] : [message.key]));
    return {
      checkpoint: this.#checkpoint(),
      ...(found.length === 0 ? {} : { found }),
      stored: parcels.flatMap((parcel) => stored.get(parcel) ?? []),
      failed: parcels.flatMap((parcel) => failed.get(parcel) ?? []),
    };
  }

  /** A server may say NO and yet have stored. */
  async #lookForRefused(failed: Map<Parcel, Failure>, placed: Map<Parcel, Recognised>): Promise<void> {
    const refused = [...failed].filter(([, { code }]) => code !== "M402").map(([parcel]) => parcel);
    if (refused.length === 0) return;
    await this.#look();
    for (const [parcel, recognised] of await this.#strangers.recognise(this.#mailbox.session, refused)) {
      parcel.sent = true;
      failed.delete(parcel);
      placed.set(parcel, recognised);
    }
  }

  goAhead(pending: readonly Pending[]): void {
    this.#ahead.announce(pending);
  }

  setFlags(changes: readonly FlagChange[]): Promise<void> {
    return changeFlags(this.#mailbox.session, this.#uidValidity, this.#keeps, changes);
  }

  async release(): Promise<void> {
    this.#ahead.halt();
    const begun = await this.#ahead.begun();
    await begun?.sending.stop();
    if (this.#appender !== undefined) this.#mailbox.appenders.giveBack(this.#appender);
    this.#mailbox.release();
  }

  /** Only where nothing has to be looked up before it is known that each of these has to be sent, and how. */
  async #beginAfter(last: Carried, parcels: readonly Parcel[]): Promise<Carried | undefined> {
    if (this.#isTorn || this.#mailbox.doubts.size > 0) return undefined;
    if (this.#strangers.mayHold(parcels, this.#uncertainFrom, last.from)) return undefined;
    if ((await goTogether(this.#mailbox, parcels)).length < parcels.length) return undefined;
    await checkRoom(this.#mailbox, parcels);
    const appender = this.#appender;
    if (appender?.usable !== true || !this.#ahead.mayFollow(last)) return undefined;
    return { parcels, from: this.#next, sending: new Sending(this.#mailbox, appender, parcels, this.#flagsOf) };
  }

  /** What was sent ahead is not taken for what is missing of the batch before. */
  async #leaveAside(): Promise<void> {
    this.#ahead.halt();
    const begun = await this.#ahead.begun();
    await begun?.sending.ended;
    this.#strangers.setAside(begun?.parcels.flatMap(({ hint }) => hint ?? []) ?? []);
  }

  #checkpoint() {
    // Strangers beyond the mark keep it where it is: one of them may still turn out to be ours.
    const next = Math.max(this.#next, this.#uncertainFrom);
    const uidNext = this.#strangers.lowestFrom(this.#uncertainFrom) ?? next;
    return { uidValidity: this.#uidValidity, uidNext, ...(this.#rewrites ? { rewrites: true } : {}) };
  }

  /** Takes in what has arrived since the last look; all there is, the first time. */
  async #look(): Promise<void> {
    const { session, path } = this.#mailbox;
    if (this.#next > 0) await learnNews(session);
    const rows = this.#next === 0 ? listMessages(session, path) : this.#newRefs();
    for await (const ref of rows) {
      const uid = Number(ref.key);
      if (uid >= this.#next) this.#next = uid + 1;
      if (this.#since?.holds(this.#placeOf(uid)) !== true) this.#strangers.add(ref);
    }
    if (this.#next === 0) this.#next = 1;
  }

  async *#newRefs() {
    const { client } = this.#mailbox.session;
    const known = this.#next;
    if (client.mailbox === false || client.mailbox.exists === 0) return;
    // RFC 9051 section 6.4.9: the last message always belongs to `n:*`.
    for await (const row of fetchRows(this.#mailbox.session, `${known}:*`, { ...facts, size: true })) {
      if (row.uid >= known) yield refOf(row);
    }
  }

  /** What is there already, before anything is sent. */
  async #lookFor(parcels: readonly Parcel[]): Promise<Map<Parcel, Recognised>> {
    // What arrives later can be ours only if an APPEND of this run had no answer.
    if (this.#isNew || this.#mailbox.doubts.size > 0) await this.#look();
    return this.#recognise(parcels);
  }

  /** What is there already, of a run that died or of another tool. */
  async #recognise(parcels: readonly Parcel[]): Promise<Map<Parcel, Recognised>> {
    const { session, doubts, isFirst } = this.#mailbox;
    const placed = await this.#recogniseOnce(parcels);
    const missing = () => parcels.filter((parcel) => !placed.has(parcel));
    // A run died in the middle of these, or of those after them: what is missing may be on its way still.
    const isLeft = [...placed.values()].some(({ uid }) => uid >= this.#uncertainFrom);
    if (isFirst && this.#isNew) this.#isTorn = isLeft;
    if (missing().some(({ sha256 }) => this.#isTorn || doubts.has(sha256))) {
      const doubted = [...doubts];
      for (let round = 1, before = -1; round <= mostQuietRounds && before < this.#next; round += 1) {
        before = this.#next;
        await this.#mailbox.quiet();
        if (!session.usable) throw session.classify(new Error("the connection was lost"));
        await this.#look();
      }
      for (const [parcel, recognised] of await this.#recogniseOnce(missing())) placed.set(parcel, recognised);
      // What has not come by now does not come; what has come is known by its octets when its turn is.
      for (const digest of doubted) doubts.delete(digest);
      this.#isTorn = false;
    }
    this.#isNew = false;
    return placed;
  }

  #recogniseOnce(parcels: readonly Parcel[]): Promise<Map<Parcel, Recognised>> {
    const window = { from: this.#uncertainFrom, rewrites: this.#rewrites };
    return recogniseThere(this.#mailbox.session, this.#strangers, parcels, window);
  }

  /**
   * Sends many at once, where the server allows it, and reads back meanwhile what it says it has: those are `placed`. What
   * it refuses together is sent again alone, and what it refuses then is left unsent, for its own verdict; as a server may
   * say NO and yet have stored, it is looked for before. `begun`: they are on their way.
   */
  async #sendTogether(
    parcels: readonly Parcel[],
    placed: Map<Parcel, Recognised>,
    from: number,
    begun: Sending | undefined,
  ): Promise<void> {
    const { session } = this.#mailbox;
    const together = begun === undefined ? await goTogether(this.#mailbox, parcels) : parcels;
    if (together.length === 0) return;
    const appender = begun === undefined ? await this.#takeAppender() : this.#appender;
    if (appender === undefined) return;
    const said: Parcel[] = [];
    const unread = () => said.filter((parcel) => !placed.has(parcel));
    const keep = (found: Map<Parcel, Recognised>) => {
      for (const [parcel, recognised] of found) placed.set(parcel, recognised);
    };
    let isListed = false;
    const readBack = async () => {
      // Once in a batch is enough, where the server tells what lies where.
      if (isListed && unread().every(({ hint }) => hint !== undefined)) await learnNews(session);
      else await this.#look();
      isListed = true;
      keep(await this.#strangers.recogniseNamed(session, unread(), from));
      const unnamed = unread().filter(({ hint }) => hint === undefined);
      if (unnamed.length > 0) keep(await this.#strangers.recognise(session, unnamed));
    };
    const lookFor = async (refused: readonly Parcel[]) => {
      await this.#look();
      keep(await this.#strangers.recognise(session, [...unread(), ...refused]));
    };
    const finish = async (sending: Sending) => {
      for await (const more of sending.said()) {
        said.push(...more);
        await readBack();
      }
      const { refused } = sending;
      if (refused.length > 0) await lookFor(refused);
      for (const parcel of refused) parcel.sent = placed.has(parcel);
    };
    const sending = begun ?? new Sending(this.#mailbox, appender, together, this.#flagsOf);
    if (together.length === parcels.length) {
      void sending.ended.then((isSmooth) => {
        if (isSmooth) this.#ahead.allSaid({ parcels, from, sending });
      });
    }
    await finish(sending);
    const again = sending.refused.filter((parcel) => !placed.has(parcel));
    if (again.length <= 1 || sending.isRefusedForAll) return;
    await finish(new Sending(this.#mailbox, appender, again, this.#flagsOf, true));
  }

  /** Kept for the batches to come. */
  async #takeAppender(): Promise<ImapAppender | undefined> {
    const { appenders, session } = this.#mailbox;
    if (this.#appender?.usable === true) return this.#appender;
    if (this.#appender !== undefined) appenders.giveBack(this.#appender);
    this.#appender = await appenders.take(session);
    return this.#appender;
  }

  /** Gmail expunges at once what is marked as deleted. */
  readonly #flagsOf = ({ message }: Parcel): string[] => {
    const { client } = this.#mailbox.session;
    const isGmail = client.capabilities.has("X-GM-EXT-1");
    return message.flags.filter((flag) => this.#keeps(flag) && !(flag === "\\Deleted" && isGmail));
  };

  #placeOf(uid: number): Place {
    return { uidValidity: this.#uidValidity, uid };
  }
}

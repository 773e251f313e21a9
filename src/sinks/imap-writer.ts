// One mailbox of a target account, opened with SELECT. Nothing is taken for granted: a message counts as stored when its
// octets were read back. The checkpoint says how far the last commit had looked; messages that no ledger knows may be
// ours, from a run that died, and are recognised by content, not sent again. No header is ever added to a message.

import type { Commit, Failure, FlagChange, Place } from "../message.ts";
import { overQuota } from "../protocol/imap-append.ts";
import { keepsFlag, readFlags, storeFlags } from "../protocol/imap-flags.ts";
import { listMessages } from "../protocol/imap-listing.ts";
import { facts, fetchRows, refOf } from "../protocol/imap-row.ts";
import type { BatchStore, Pending } from "./batch-writer.ts";
import type { ImapMailbox } from "./imap-mailbox.ts";
import { type Parcel, parcelOf, vanished } from "./imap-parcel.ts";
import { recogniseSent, recogniseThere } from "./imap-recognition.ts";
import { goTogether, type Refused, sendAlone, sendTogether } from "./imap-sending.ts";
import { Settling } from "./imap-settling.ts";
import { type Recognised, Strangers } from "./imap-strangers.ts";
import type { Since } from "./sink.ts";

/** A mailbox to which something comes in every quiet time is waited for no longer. */
const mostQuietRounds = 10;

export class ImapMailboxStore implements BatchStore {
  readonly spoolDirectory: string;
  readonly renewed: boolean;
  readonly #mailbox: ImapMailbox;
  readonly #since: Since | undefined;
  readonly #uidValidity: string;
  readonly #strangers = new Strangers();
  readonly #keeps: (flag: string) => boolean;
  /** Every message with a UID below it is known to the ledger or among the strangers; 0 before the first look. */
  #next = 0;
  /** Nothing has been stored through it. */
  #isNew = true;
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
    const parcels = pending.map(parcelOf);
    // What arrives later can be ours only if an APPEND of this run had no answer.
    if (this.#isNew || this.#mailbox.doubts.size > 0) await this.#look();
    const placed = await this.#recognise(parcels);
    const failed = new Map<Parcel, Failure>();
    const rest = () => parcels.filter((parcel) => !placed.has(parcel) && !failed.has(parcel));
    await this.#checkRoom(rest());
    const from = this.#next;
    await this.#sendTogether(rest(), placed, from);
    for (const parcel of rest()) {
      const refusal = parcel.sent ? undefined : await sendAlone(this.#mailbox, parcel, this.#flagsOf);
      if (refusal !== undefined) failed.set(parcel, refusal);
    }
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
    for (const parcel of parcels) this.#mailbox.doubts.delete(parcel.sha256);
    const found = [...placed.keys()].flatMap(({ sent, message }) => (sent ? [] : [message.key]));
    return {
      checkpoint: this.#checkpoint(),
      ...(found.length === 0 ? {} : { found }),
      stored: parcels.flatMap((parcel) => stored.get(parcel) ?? []),
      failed: parcels.flatMap((parcel) => failed.get(parcel) ?? []),
    };
  }

  async setFlags(changes: readonly FlagChange[]): Promise<void> {
    const ours = changes.filter(({ place }) => place.uidValidity === this.#uidValidity);
    const now = await readFlags(
      this.#mailbox.session,
      ours.map(({ place }) => Number(place.uid)),
    );
    const orders = ours.flatMap(({ place, add, remove }) => {
      const uid = Number(place.uid);
      const has = now.get(uid);
      if (has === undefined) return [];
      const missing = add.filter((flag) => !has.includes(flag) && this.#keeps(flag));
      return [{ uid, add: missing, remove: remove.filter((flag) => has.includes(flag)) }];
    });
    await storeFlags(this.#mailbox.session, orders);
  }

  async release(): Promise<void> {
    this.#mailbox.release();
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
    if (this.#next > 0) await session.client.noop();
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

  /** What is there already, of a run that died or of another tool. */
  async #recognise(parcels: readonly Parcel[]): Promise<Map<Parcel, Recognised>> {
    const { session, doubts, isFirst } = this.#mailbox;
    const placed = await this.#recogniseOnce(parcels);
    const missing = () => parcels.filter((parcel) => !placed.has(parcel));
    // A run died in the middle of these: what is missing may be on its way still.
    const isTorn = isFirst && this.#isNew && [...placed.values()].some(({ uid }) => uid >= this.#uncertainFrom);
    if (missing().some(({ sha256 }) => isTorn || doubts.has(sha256))) {
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
   * say NO and yet have stored, it is looked for before.
   */
  async #sendTogether(parcels: readonly Parcel[], placed: Map<Parcel, Recognised>, from: number): Promise<void> {
    const { session, appenders } = this.#mailbox;
    const together = await goTogether(this.#mailbox, parcels);
    if (together.length === 0) return;
    const appender = await appenders.take(session);
    if (appender === undefined) return;
    const said: Parcel[] = [];
    const unread = () => said.filter((parcel) => !placed.has(parcel));
    const keep = (found: Map<Parcel, Recognised>) => {
      for (const [parcel, recognised] of found) placed.set(parcel, recognised);
    };
    const readBack = async () => {
      const isListed = this.#next > from;
      // Once in a batch is enough, where the server tells what lies where.
      if (isListed && unread().every(({ hint }) => hint !== undefined)) await session.client.noop();
      else await this.#look();
      keep(await this.#strangers.recogniseNamed(session, unread(), from));
      const unnamed = unread().filter(({ hint }) => hint === undefined);
      if (unnamed.length > 0) keep(await this.#strangers.recognise(session, unnamed));
    };
    const lookFor = async (refused: readonly Parcel[]) => {
      await this.#look();
      keep(await this.#strangers.recognise(session, [...unread(), ...refused]));
    };
    const send = async (these: readonly Parcel[], alone: boolean) => {
      const refused: Refused = { parcels: [], isForAll: false };
      for await (const more of sendTogether(this.#mailbox, appender, these, this.#flagsOf, refused, alone)) {
        said.push(...more);
        await readBack();
      }
      if (refused.parcels.length > 0) await lookFor(refused.parcels);
      for (const parcel of refused.parcels) parcel.sent = placed.has(parcel);
      return refused;
    };
    try {
      const { parcels: refused, isForAll } = await send(together, false);
      const again = refused.filter((parcel) => !placed.has(parcel));
      if (again.length > 1 && !isForAll) await send(again, true);
    } finally {
      appenders.giveBack(appender);
    }
  }

  /** Gmail expunges at once what is marked as deleted. */
  readonly #flagsOf = ({ message }: Parcel): string[] => {
    const { client } = this.#mailbox.session;
    const isGmail = client.capabilities.has("X-GM-EXT-1");
    return message.flags.filter((flag) => this.#keeps(flag) && !(flag === "\\Deleted" && isGmail));
  };

  /** @throws D507 before anything is sent that the account has no room for (RFC 9208). */
  async #checkRoom(parcels: readonly Parcel[]): Promise<void> {
    if (parcels.length === 0) return;
    const { client } = this.#mailbox.session;
    const quota = await client.getQuota(this.#mailbox.name);
    const { usage, limit } = (quota !== false && quota !== undefined && quota.storage) || {};
    if (typeof usage !== "number" || typeof limit !== "number" || limit <= 0) return;
    const octets = parcels.reduce((sum, { size }) => sum + size, 0);
    if (octets > limit - usage) throw overQuota(`${octets} octets are to come, and there is room for ${limit - usage}`);
  }

  #placeOf(uid: number): Place {
    return { uidValidity: this.#uidValidity, uid };
  }
}

// One mailbox of a target account, opened with SELECT. Nothing is taken for granted: a message counts as stored when its
// octets were read back. The checkpoint says how far the last commit had looked; messages that no ledger knows may be
// ours, from a run that died, and are recognised by content, not sent again. No header is ever added to a message.

import type { MailboxObject } from "imapflow";
import type { Commit, Failure, FlagChange, Place, Stored } from "../message.ts";
import { appendMessage, overQuota } from "../protocol/imap-append.ts";
import { keepsFlag, readFlags, storeFlags } from "../protocol/imap-flags.ts";
import { listMessages } from "../protocol/imap-listing.ts";
import { facts, fetchRows, refOf } from "../protocol/imap-row.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { BatchStore, Pending } from "./batch-writer.ts";
import { octetsOf, type Parcel, parcelOf, vanished } from "./imap-parcel.ts";
import { findMerged, recogniseSent, recogniseThere } from "./imap-recognition.ts";
import { isSameSecond, type Recognised, Strangers } from "./imap-strangers.ts";
import type { Refusals } from "./refusals.ts";
import type { Since } from "./sink.ts";

export interface ImapMailbox {
  readonly session: ImapSession;
  readonly path: readonly string[];
  /** The server's name of it, as imapflow takes it. */
  readonly name: string;
  /** As it was selected. */
  readonly selected: MailboxObject;
  readonly spoolDirectory: string;
  readonly refusals: Refusals | undefined;
  /** Digests of messages whose APPEND had no answer: a server may still be storing one when we come back. */
  readonly doubts: Set<string>;
  /** Waits until a server has finished what it was doing when the connection broke. */
  quiet(): Promise<void>;
  release(): void;
}

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
    await this.#look();
    const placed = await this.#recognise(parcels);
    const failed = new Map<Parcel, Failure>();
    const rest = () => parcels.filter((parcel) => !placed.has(parcel) && !failed.has(parcel));
    await this.#checkRoom(rest());
    for (const parcel of rest()) {
      const refusal = await this.#send(parcel);
      if (refusal !== undefined) failed.set(parcel, refusal);
    }
    const from = this.#next;
    if (rest().length > 0) {
      await this.#look();
      const arrived = await recogniseSent(this.#mailbox.session, this.#strangers, rest(), from);
      for (const [parcel, recognised] of arrived.placed) placed.set(parcel, recognised);
      this.#rewrites ||= arrived.rewritten;
    }
    const merged = await this.#merge(rest());
    for (const parcel of rest()) if (!merged.has(parcel)) failed.set(parcel, vanished(parcel));
    const stored = new Map([...(await this.#settle(placed)), ...merged]);
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
      if (this.#since?.holds(this.#placeOf(uid)) !== true) this.#strangers.add([ref]);
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
    const { session, doubts } = this.#mailbox;
    let placed = await this.#recogniseOnce(parcels);
    const doubtful = (parcel: Parcel) => !placed.has(parcel) && doubts.has(parcel.sha256);
    if (parcels.some(doubtful)) {
      await this.#mailbox.quiet();
      if (!session.usable) throw session.classify(new Error("the connection was lost"));
      await this.#look();
      const more = await this.#recogniseOnce(parcels.filter((parcel) => !placed.has(parcel)));
      placed = new Map([...placed, ...more]);
    }
    return placed;
  }

  #recogniseOnce(parcels: readonly Parcel[]): Promise<Map<Parcel, Recognised>> {
    const window = { from: this.#uncertainFrom, rewrites: this.#rewrites };
    return recogniseThere(this.#mailbox.session, this.#strangers, parcels, window);
  }

  async #send(parcel: Parcel): Promise<Failure | undefined> {
    const { session, path, name, refusals, doubts } = this.#mailbox;
    const { message, spooled } = parcel;
    const octets = await octetsOf(parcel);
    doubts.add(parcel.sha256);
    const outcome = await appendMessage(session, path, name, {
      octets,
      flags: message.flags.filter((flag) => this.#wants(flag)),
      internalDate: message.internalDate,
    });
    doubts.delete(parcel.sha256);
    if ("refused" in outcome) {
      await refusals?.keep(path, spooled);
      return { key: message.key, ...outcome.refused };
    }
    parcel.hint = outcome.uid;
    parcel.sent = true;
    return undefined;
  }

  /** Gmail expunges at once what is marked as deleted. */
  #wants(flag: string): boolean {
    const { client } = this.#mailbox.session;
    return this.#keeps(flag) && !(flag === "\\Deleted" && client.capabilities.has("X-GM-EXT-1"));
  }

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

  /** A message of which the mailbox keeps one copy for several is stored in that. */
  async #merge(parcels: readonly Parcel[]): Promise<Map<Parcel, Stored>> {
    const { session, path } = this.#mailbox;
    const merged = new Map<Parcel, Stored>();
    for (const [parcel, uid] of await findMerged(session, path, parcels)) {
      const { key, flags, internalDate } = parcel.message;
      const place = { ...this.#placeOf(uid), twin: key };
      merged.set(parcel, { key, size: parcel.size, sha256: parcel.sha256, place, flags, internalDate });
    }
    return merged;
  }

  /** Gives each message its flags, where the store has not; then says what it is like there. */
  async #settle(placed: ReadonlyMap<Parcel, Recognised>): Promise<Map<Parcel, Stored>> {
    const { session, path, refusals } = this.#mailbox;
    const orders = [...placed].flatMap(([parcel, { uid, ref }]) => {
      const wanted = parcel.message.flags.filter((flag) => this.#wants(flag) && (parcel.sent || flag !== "\\Deleted"));
      const add = wanted.filter((flag) => !ref.flags?.includes(flag));
      return add.length === 0 ? [] : [{ uid, add, remove: [] }];
    });
    await storeFlags(session, orders);
    const after = await readFlags(
      session,
      orders.map(({ uid }) => uid),
    );
    const stored = new Map<Parcel, Stored>();
    for (const [parcel, { uid, ref, digest }] of placed) {
      const { key, flags, internalDate } = parcel.message;
      const has = after.get(uid) ?? ref.flags ?? [];
      const unkept = flags.filter((flag) => !has.includes(flag) && (parcel.sent || flag !== "\\Deleted"));
      if (internalDate !== undefined && !isSameSecond(ref.internalDate, internalDate)) unkept.push("INTERNALDATE");
      const isAltered = digest.sha256 !== parcel.sha256;
      if (isAltered) await refusals?.keep(path, parcel.spooled);
      stored.set(parcel, {
        key,
        size: parcel.size,
        sha256: parcel.sha256,
        place: this.#placeOf(uid),
        flags,
        internalDate,
        ...(isAltered ? { altered: digest } : {}),
        ...(unkept.length > 0 ? { unkept } : {}),
      });
    }
    return stored;
  }

  #placeOf(uid: number): Place {
    return { uidValidity: this.#uidValidity, uid };
  }
}

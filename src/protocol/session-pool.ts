// The connections of one IMAP account: opened when needed, kept for the next, never more than allowed.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { type ImapSession, openImapSession } from "./imap-session.ts";
import { watchLogIn } from "./log-in-watch.ts";

export class SessionPool implements AsyncDisposable {
  readonly #account: Account;
  readonly #signal: AbortSignal | undefined;
  readonly #free: ImapSession[] = [];
  readonly #lent = new Set<ImapSession>();
  readonly #waiting: (() => void)[] = [];
  /** Settles when a session that is being opened is there, or is not to be had. */
  #opening: Promise<void> | undefined;
  #most: number;
  #disposed = false;
  /** Lends out what nobody uses at the moment: one that gives such a session back, and tells whether it has. */
  #lender: (() => boolean) | undefined;

  /** Opens nothing yet. The signal ends every session and every wait. */
  constructor(account: Account, signal?: AbortSignal) {
    this.#account = account;
    this.#signal = signal;
    this.#most = Math.max(1, account.connections);
    signal?.addEventListener("abort", this.#wakeAll, { once: true });
  }

  /** A session for the caller alone, until `giveBack`. Waits while all are lent. */
  async take(): Promise<ImapSession> {
    for (;;) {
      this.#signal?.throwIfAborted();
      if (this.#disposed) throw new Error("the source has been disposed");
      const free = this.#free.pop();
      if (free?.usable) {
        this.#lent.add(free);
        return free;
      }
      if (free !== undefined) continue;
      // One at a time: a server that refuses another connection is asked once.
      if (this.#opening === undefined && this.#lent.size < this.#most) {
        const session = await this.#open();
        if (session !== undefined) return session;
        continue;
      }
      if (this.#opening === undefined && this.#lender?.() === true) continue;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /**
   * A session besides the one that the caller has, if there is room for it now: undefined if all are lent, others wait
   * already, or the server allows no more. It may be kept: as the caller has one, `take` still gets its turn.
   */
  async takeIfRoom(): Promise<ImapSession | undefined> {
    for (;;) {
      this.#signal?.throwIfAborted();
      const taken = this.#lent.size + this.#waiting.length + (this.#opening === undefined ? 0 : 1);
      if (this.#disposed || this.#lent.size === 0 || taken >= this.#most) return undefined;
      const free = this.#free.pop();
      if (free?.usable) {
        this.#lent.add(free);
        return free;
      }
      if (free !== undefined) continue;
      if (this.#opening === undefined) return this.#open();
      await this.#opening;
    }
  }

  /** `lender` ends one of the sessions that are lent and idle, and gives it back; false if there is none. */
  askForRoom(lender: () => boolean): void {
    this.#lender = lender;
  }

  /** A broken session is dropped; so is one that the server had too much with, and fewer are opened from then on. */
  giveBack(session: ImapSession): void {
    if (!this.#lent.delete(session)) return;
    if (session.isThrottled) this.#most = Math.max(1, Math.floor(this.#most / 2));
    if (session.usable && !session.isThrottled && !this.#disposed) this.#free.push(session);
    else session.close();
    this.#waiting.shift()?.();
  }

  /** A new session; undefined if the server allows no more than are open now: then those have to do from here on. */
  async #open(): Promise<ImapSession | undefined> {
    let opened = () => {};
    this.#opening = new Promise((resolve) => {
      opened = resolve;
    });
    try {
      const session = await watchLogIn(
        this.#account,
        () => openImapSession(this.#account, this.#signal),
        ({ usable }) => usable,
      );
      if (this.#disposed) {
        session.close();
        return undefined;
      }
      this.#lent.add(session);
      return session;
    } catch (error) {
      const open = this.#lent.size + this.#free.length;
      if (open === 0 || !isRefused(error)) throw error;
      this.#most = open;
      return undefined;
    } finally {
      this.#opening = undefined;
      opened();
      this.#waiting.shift()?.();
    }
  }

  readonly #wakeAll = (): void => {
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** Logs out what is free, cuts what is still lent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#signal?.removeEventListener("abort", this.#wakeAll);
    this.#wakeAll();
    for (const session of this.#lent) session.close();
    this.#lent.clear();
    await Promise.all(this.#free.splice(0).map((session) => session.logout()));
  }
}

/** The account itself is good, as other sessions show: this is one connection too many, whatever the server calls it. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof MailferryError)) return false;
  return error.code.startsWith("A2") || (error.code === "N304" && error.waitMs === undefined);
}

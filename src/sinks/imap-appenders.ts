// The append-only connections of a target account: each is opened when a batch first finds room for it, and kept for whichever
// mailbox comes next.

import { canAppendUnasked, ImapAppender } from "../protocol/imap-appender.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { SessionPool } from "../protocol/session-pool.ts";

export class Appenders {
  readonly #pool: SessionPool;
  readonly #timeoutMs: number;
  readonly #free: ImapAppender[] = [];

  /** They stay lent from the pool until they break; whoever disposes of it ends them. */
  constructor(pool: SessionPool, timeoutMs: number) {
    this.#pool = pool;
    this.#timeoutMs = timeoutMs;
  }

  /** One for the caller alone, until `giveBack`; undefined where the server or the limit of connections allows none. */
  async take(beside: ImapSession): Promise<ImapAppender | undefined> {
    if (!canAppendUnasked(beside)) return undefined;
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (free.usable) return free;
      this.#pool.giveBack(free.session);
    }
    const session = await this.#pool.takeIfRoom();
    if (session === undefined) return undefined;
    if (canAppendUnasked(session)) return new ImapAppender(session, this.#timeoutMs);
    this.#pool.giveBack(session);
    return undefined;
  }

  giveBack(appender: ImapAppender): void {
    if (appender.usable) this.#free.push(appender);
    else this.#pool.giveBack(appender.session);
  }
}

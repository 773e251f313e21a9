// The append-only connections of a target account: each is opened when a batch first finds room for it, and kept for whichever
// mailbox comes next.

import { canAppendUnasked, ImapAppender } from "../protocol/imap-appender.ts";
import { compressSession } from "../protocol/imap-compression.ts";
import type { ImapSession } from "../protocol/imap-session.ts";
import type { SessionPool } from "../protocol/session-pool.ts";
import { SpareConnections } from "../protocol/spare-connections.ts";

export class Appenders {
  readonly #spare: SpareConnections<ImapAppender>;

  constructor(pool: SessionPool, timeoutMs: number) {
    this.#spare = new SpareConnections(pool, (session) =>
      canAppendUnasked(session) ? new ImapAppender(session, timeoutMs) : undefined,
    );
  }

  /**
   * One for the caller alone, until `giveBack`; undefined where the server or the limit of connections allows none. Nothing
   * may be under way on the session beside, over which the caller reads back: what is worth while for one is for both.
   */
  async take(beside: ImapSession): Promise<ImapAppender | undefined> {
    if (!canAppendUnasked(beside)) return undefined;
    const appender = await this.#spare.take();
    try {
      if (appender?.isCompressed) await compressSession(beside);
      return appender;
    } catch (error) {
      if (appender !== undefined) this.giveBack(appender);
      throw error;
    }
  }

  giveBack(appender: ImapAppender): void {
    this.#spare.giveBack(appender);
  }
}

// Connections beside those that look, each for one kind of work: opened when there is room, and kept for whoever comes next.

import type { ImapSession } from "./imap-session.ts";
import type { SessionPool } from "./session-pool.ts";

interface Connection {
  readonly session: ImapSession;
  readonly usable: boolean;
}

export class SpareConnections<T extends Connection> {
  readonly #pool: SessionPool;
  readonly #make: (session: ImapSession) => T | undefined;
  readonly #free: T[] = [];

  /**
   * `make` takes a session over, unless it can't serve. Their sessions stay lent from the pool until they break; whoever
   * disposes of it ends them.
   */
  constructor(pool: SessionPool, make: (session: ImapSession) => T | undefined) {
    this.#pool = pool;
    this.#make = make;
    // Fewer connections may be allowed than there were: then those that look go before.
    pool.askForRoom(() => {
      const free = this.#free.pop();
      if (free === undefined) return false;
      free.session.close();
      pool.giveBack(free.session);
      return true;
    });
  }

  /** One for the caller alone, until `giveBack`; undefined where the server or the limit of connections allows none. */
  async take(): Promise<T | undefined> {
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (free.usable) return free;
      this.#pool.giveBack(free.session);
    }
    const session = await this.#pool.takeIfRoom();
    if (session === undefined) return undefined;
    const made = this.#make(session);
    if (made === undefined) this.#pool.giveBack(session);
    return made;
  }

  giveBack(connection: T): void {
    if (connection.usable) this.#free.push(connection);
    else this.#pool.giveBack(connection.session);
  }

  /** Those that nobody has taken, for good. */
  takeAll(): T[] {
    return this.#free.splice(0);
  }
}

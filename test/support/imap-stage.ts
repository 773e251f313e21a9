// A demo IMAP server with an account of its own, and clients that are logged in to it: all gone when a test ends.

import { ImapFlow, type ImapFlowOptions } from "imapflow";
import { afterEach } from "vitest";
import { type ImapServer, type ImapServerOptions, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore, type MailStore, type StoredMailbox } from "../../src/demo/mail-store.ts";
import { RawClient } from "./raw-client.ts";

export const login = { user: "ada", password: "secret-of-ada" };

/** What a server offers that knows no extension. */
export const plainCapabilities = ["IMAP4rev1", "AUTH=PLAIN"];

export interface Stage {
  readonly server: ImapServer;
  readonly store: MailStore;
  readonly inbox: StoredMailbox;
}

/** To be called once in a file, at its top. A store that is given must have the account of `login`. */
export function imapStage() {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function serve(options: Partial<ImapServerOptions> = {}): Promise<Stage> {
    const { store = createMailStore(login.user, login.password) } = options;
    const server = await startImapServer({ ...options, store });
    cleanups.push(() => server.close());
    const [inbox] = store.mailboxes;
    if (inbox === undefined) throw new Error("the store has no mailbox");
    return { server, store, inbox };
  }

  async function rawTo(server: ImapServer): Promise<RawClient> {
    const raw = await RawClient.open(server, login);
    cleanups.push(() => raw.socket.destroy());
    return raw;
  }

  async function flowTo(server: ImapServer, options: Partial<ImapFlowOptions> = {}): Promise<ImapFlow> {
    const { host, port } = server;
    const auth = { user: login.user, pass: login.password };
    const client = new ImapFlow({ host, port, secure: false, auth, logger: false, ...options });
    client.on("error", () => {});
    cleanups.push(() => client.close());
    await client.connect();
    return client;
  }

  return { serve, rawTo, flowTo };
}

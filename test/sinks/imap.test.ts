import { mkdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, createMailStore, findMailbox, type MailStore } from "../../src/demo/mail-store.ts";
import { openImapSink } from "../../src/sinks/imap.ts";
import type { Sink } from "../../src/sinks/sink.ts";
import { describeSink, mailbox } from "../sink-contract.ts";
import { accountOn } from "../support/jobs.ts";

const store: MailStore = createMailStore("ada", "secret");
let server: ImapServer;
const sinks: Sink[] = [];

beforeAll(async () => {
  server = await startImapServer({ store });
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink[Symbol.asyncDispose]();
});
afterAll(async () => {
  await server.close();
});

function clear(): void {
  store.mailboxes.length = 0;
  addMailbox(store, ["INBOX"]);
}

function open(spoolDirectory: string): Sink {
  const account = accountOn({ protocol: "imap", port: server.port, ...store });
  const sink = openImapSink(account, { spoolDirectory });
  sinks.push(sink);
  return sink;
}

function there() {
  return findMailbox(store, mailbox.path)?.messages ?? [];
}

describeSink("an IMAP account", (directory) => {
  mkdirSync(directory, { recursive: true });
  clear();
  const sink = open(directory);
  return {
    sink,
    openMail: () => ({ read: (place) => sink.read(mailbox, place), async [Symbol.asyncDispose]() {} }),
    count: () => there().length,
    clear: () => void there().splice(0),
  };
});

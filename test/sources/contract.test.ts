import { startImapServer } from "../../src/demo/imap-server.ts";
import type { MailStore } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { openPop3Source } from "../../src/sources/pop3.ts";
import { describeSource, type SourceFixture } from "../source-contract.ts";
import { asPop3Serves } from "../support/crossing.ts";
import { accountOn } from "../support/jobs.ts";

async function imap(
  store: MailStore,
  naming: { prefix?: string; delimiter?: string },
  options: { worthWhile?: number } = {},
): Promise<SourceFixture> {
  const server = await startImapServer({ store, ...naming });
  const account = accountOn({ protocol: "imap", port: server.port, ...store });
  return {
    open: (signal) => openImapSource(account, signal, options),
    served: (bytes) => bytes,
    spoil(place) {
      server.script.onFetch = ({ uid, body }) => (body && uid === place ? "nil" : undefined);
    },
    cutAfter(octets) {
      server.script.cutAfterOctets = octets || Number.POSITIVE_INFINITY;
    },
    close: () => server.close(),
  };
}

async function pop3(store: MailStore, capabilities: { pipelining?: boolean; uidl?: boolean }): Promise<SourceFixture> {
  const server = await startPop3Server({ store, capabilities });
  const account = accountOn({ protocol: "pop3", port: server.port, ...store });
  return {
    open: (signal) => openPop3Source(account, signal),
    served: asPop3Serves,
    spoil(place) {
      server.script.onCommand = (command) => (command === `RETR ${place}` ? { reply: "-ERR no\r\n" } : undefined);
    },
    cutAfter(octets) {
      server.script.cutAfterOctets = octets || Number.POSITIVE_INFINITY;
    },
    close: () => server.close(),
  };
}

describeSource("an IMAP account", (store) => imap(store, {}));
describeSource("an IMAP account, read over a connection of its own", (store) => imap(store, {}, { worthWhile: 1 }));
describeSource("an IMAP account under a prefix", (store) => imap(store, { prefix: "INBOX.", delimiter: "." }));
describeSource("a POP3 account", (store) => pop3(store, {}));
describeSource("a POP3 account without pipelining", (store) => pop3(store, { pipelining: false }));

// The moves that are broken again and again: from each kind of server into an archive, and into an account each way an
// APPEND can go.

import { type ImapServerOptions, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { type Pop3ServerOptions, startPop3Server } from "../../src/demo/pop3-server.ts";
import type { Account, ArchiveFormat } from "../../src/index.ts";
import { multiset, readBack, sha256 } from "./archives.ts";
import { memoryFolder, removeFolder, type Scene, type SetScene, strayMail } from "./broken-run.ts";
import { digestsServed } from "./crossing.ts";
import { accountOn, jobTo } from "./jobs.ts";
import { letter, moveTo } from "./moves.ts";
import { tortureMessages } from "./torture.ts";

const wanted = [
  "plain message",
  "dot lines",
  "only bare LF",
  "no final newline",
  "From_ lines of every depth",
  "CR CR LF",
  "every octet, with CRLF",
  "twin of the plain message",
  "headers that carry state",
  "ends with several empty lines",
];

/** Twelve messages: dot lines, some that are stored verbatim, twins, an empty one, and one of 70 kB. */
export function oddMail(): Buffer[] {
  const named = new Map(tortureMessages().map(({ name, bytes }) => [name, bytes]));
  const lines = Array.from({ length: 1_000 }, (_, n) => `${n % 50 === 0 ? "." : ""}${"abcdefghij".repeat(7)}${n}\r\n`);
  return [
    ...wanted.flatMap((name) => named.get(name) ?? []),
    Buffer.from(`Subject: 70 kB\r\n\r\n${lines.join("")}`),
    Buffer.from(""),
  ];
}

function fill(store: MailStore, more: number): void {
  const inbox = addMailbox(store, ["INBOX"]);
  for (const bytes of oddMail()) addMessage(inbox, bytes, { flags: ["\\Seen", "proj"] });
  for (let n = 0; n < more; n += 1) addMessage(inbox, letter(`number ${n}`));
}

interface Source extends Pick<Scene, "protocol" | "port"> {
  readonly store: MailStore;
  moved(): number;
  close(): Promise<unknown>;
}

/** An IMAP account: `more` letters besides, so that a connection of their own is worth while; over one connection if none. */
function imapSource(more: number, options: Partial<ImapServerOptions> = {}): () => Promise<Source> {
  return async () => {
    const store = createMailStore("ada", "secret-of-ada");
    fill(store, more);
    if (more === 0) for (const bytes of oddMail().slice(0, 3)) addMessage(addMailbox(store, ["Été"]), bytes);
    const server = await startImapServer({ store, ...options });
    const { port, close, messageOctetsSent: moved } = server;
    return { protocol: "imap", port, store, moved, close };
  };
}

function pop3Source(options: Partial<Pop3ServerOptions> = {}): () => Promise<Source> {
  return async () => {
    const store = createMailStore("ada", "secret-of-ada");
    fill(store, 0);
    const { port, close, messageOctetsSent: moved } = await startPop3Server({ store, ...options });
    return { protocol: "pop3", port, store, moved, close };
  };
}

function intoArchive(open: () => Promise<Source>, format: ArchiveFormat, details: Partial<Account> = {}): SetScene {
  return async () => {
    const source = await open();
    const folder = memoryFolder();
    const { protocol, port, store, moved } = source;
    return {
      protocol,
      port,
      moved,
      job: (at, changes) =>
        jobTo(folder, format, accountOn({ protocol, port: at, ...store }, { ...details, ...changes })),
      expected: digestsServed(store, protocol),
      there: async () => multiset(await readBack(folder)),
      strays: () => strayMail(folder),
      async close() {
        removeFolder(folder);
        await source.close();
      },
    };
  };
}

const one = { connections: 1 };
const two = { connections: 2 };

/** By name. */
export const sources: Readonly<Record<string, SetScene>> = {
  "IMAP, one connection, to Maildir": intoArchive(imapSource(0), "maildir", one),
  "IMAP, one connection, to mbox": intoArchive(imapSource(0), "mbox", one),
  "IMAP, a connection for fetching, to Maildir": intoArchive(imapSource(200), "maildir", two),
  "IMAP, a connection for fetching, to mbox": intoArchive(imapSource(200), "mbox", two),
  "POP3 with PIPELINING, to mbox": intoArchive(pop3Source(), "mbox", one),
  "POP3 with PIPELINING, to Maildir": intoArchive(pop3Source(), "maildir", one),
  "POP3, one command at a time, to mbox": intoArchive(pop3Source({ capabilities: { pipelining: false } }), "mbox", one),
  "POP3, one command at a time, to Maildir": intoArchive(
    pop3Source({ capabilities: { pipelining: false } }),
    "maildir",
    one,
  ),
};

/** The same over TLS, where octets tell nothing of lines. */
export function encrypted(tls: { readonly key: string; readonly cert: string }): Readonly<Record<string, SetScene>> {
  const trust = { ...one, tlsCa: tls.cert };
  return {
    "IMAP over TLS": intoArchive(imapSource(0, { tls: { mode: "implicit", ...tls } }), "maildir", {
      ...trust,
      tls: "implicit",
    }),
    "IMAP after STARTTLS": intoArchive(imapSource(0, { tls: { mode: "starttls", ...tls } }), "mbox", {
      ...trust,
      tls: "starttls",
    }),
    "POP3 over TLS": intoArchive(pop3Source({ tls: { mode: "implicit", ...tls } }), "mbox", {
      ...trust,
      tls: "implicit",
    }),
    "POP3 after STLS": intoArchive(pop3Source({ tls: { mode: "starttls", ...tls } }), "maildir", {
      ...trust,
      tls: "starttls",
    }),
  };
}

const plain = ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT"];

/** Into an account that offers this for appending; `prepare` may script its server. */
export function intoAccount(
  offers: readonly string[],
  prepare: (server: Awaited<ReturnType<typeof startImapServer>>) => void = () => {},
): SetScene {
  return async () => {
    const source = await imapSource(0)();
    const store = createMailStore("bob", "secret-of-bob");
    const server = await startImapServer({ store, capabilities: [...plain, ...offers] });
    prepare(server);
    const stateDirectory = memoryFolder();
    const from = accountOn({ protocol: "imap", port: source.port, ...source.store }, one);
    const digests = ({ mailboxes }: MailStore) =>
      mailboxes
        .flatMap(({ path, messages }) => messages.map(({ bytes }) => `${path.join("/")} ${sha256(bytes)}`))
        .sort();
    return {
      protocol: "imap",
      port: server.port,
      stateDirectory,
      job: (at, changes) =>
        moveTo(accountOn({ protocol: "imap", port: at, ...store }, { ...two, ...changes }), from, { name: "broken" }),
      expected: digests(source.store),
      there: async () => digests(store),
      strays: () => [],
      moved: () => source.moved() + server.messageOctetsReceived(),
      async close() {
        removeFolder(stateDirectory);
        await source.close();
        await server.close();
      },
    };
  };
}

/** By name. */
export const targets: Readonly<Record<string, SetScene>> = {
  "an account that is asked before each literal": intoAccount(["UIDPLUS"]),
  "an account with LITERAL+": intoAccount(["LITERAL+"]),
  "an account with LITERAL+ and UIDPLUS": intoAccount(["LITERAL+", "UIDPLUS"]),
  "an account with MULTIAPPEND": intoAccount(["LITERAL+", "MULTIAPPEND", "UIDPLUS"]),
};

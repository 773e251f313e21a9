// Names of mailboxes that are not there yet: made on real servers, and listed again.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, type ImapServerOptions, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { delimiterOf, formatMailboxName, listMailboxes } from "../../src/protocol/imap-mailboxes.ts";
import { type ImapSession, openImapSession } from "../../src/protocol/imap-session.ts";
import { type Dovecot, dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { failureOf, imapAccount } from "../support/imap.ts";

const login = { user: "ada", password: "secret" };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function sessionOn(server: { port: number }, user = login): Promise<ImapSession> {
  const session = await openImapSession(imapAccount(server.port, user));
  closing.push(() => session.logout());
  return session;
}

async function demo(options: Partial<ImapServerOptions> = {}): Promise<{ server: ImapServer; session: ImapSession }> {
  const server = await startImapServer({ store: createMailStore(login.user, login.password), ...options });
  closing.push(() => server.close());
  return { server, session: await sessionOn(server) };
}

/** Makes a mailbox by the name of its path, and gives the path under which it is listed then. */
async function make(session: ImapSession, path: readonly string[]): Promise<readonly string[] | undefined> {
  const name = formatMailboxName(session, path, await delimiterOf(session));
  const before = new Set((await listMailboxes(session)).map((mailbox) => mailbox.name));
  await session.client.mailboxCreate(name);
  const added = (await listMailboxes(session)).filter((mailbox) => !before.has(mailbox.name));
  return added.find((mailbox) => mailbox.name === name)?.path;
}

const paths = [
  ["Sent"],
  ["Projets", "Été & Cie", "2026"],
  ["受信箱"],
  ["a&b"],
  ["&AOk-"],
  ["with space"],
  ["100%"],
  ['qu"ote'],
  ["INBOXES"],
  ["x", "INBOX"],
];

describe("a new mailbox", () => {
  test.each([
    { delimiter: "/", prefix: "" },
    { delimiter: ".", prefix: "" },
    { delimiter: ".", prefix: "INBOX." },
    { delimiter: "/", prefix: "INBOX/" },
    { delimiter: "/", prefix: "mail/" },
    { delimiter: "\\", prefix: "" },
  ])("is listed with the path it was made for: %o", async (naming) => {
    const { session } = await demo(naming);
    expect(await delimiterOf(session)).toBe(naming.delimiter);
    for (const path of paths) expect(await make(session, path)).toEqual(path);
    expect(formatMailboxName(session, ["inbox"], naming.delimiter)).toBe("INBOX");
  });

  test("below INBOX is listed at the top where the namespace begins with INBOX, and as it is elsewhere", async () => {
    const { session } = await demo({ delimiter: ".", prefix: "INBOX." });
    expect(formatMailboxName(session, ["Inbox", "x"], ".")).toBe("INBOX.x");
    expect(await make(session, ["INBOX", "x", "y"])).toEqual(["x", "y"]);
    // INBOX.INBOX would be INBOX itself on some servers.
    expect(() => formatMailboxName(session, ["INBOX", "inbox"], ".")).toThrow("INBOX/inbox");
    const other = await demo({ delimiter: "." });
    expect(await make(other.session, ["INBOX", "x"])).toEqual(["INBOX", "x"]);
    const third = await demo({ delimiter: "/", prefix: "mail/" });
    expect(await make(third.session, ["mail", "x"])).toEqual(["mail", "x"]);
  });

  test("on a server without levels has no levels", async () => {
    const { session } = await demo({ delimiter: "" });
    expect(await delimiterOf(session)).toBe("");
    expect(await make(session, ["a/b.c - d"])).toEqual(["a/b.c - d"]);
  });

  test.each([
    [["a.b"], "."],
    [["a", "b"], ""],
    [["a", ""], "/"],
    [[], "/"],
    [["a\r\nb"], "/"],
    [["a\u0000"], "/"],
    [["a\ud800b"], "/"],
  ])("%j with %j can't be, and no command is sent", async (path, delimiter) => {
    const { session, server } = await demo({ delimiter });
    const sent = server.log.length;
    const error = await failureOf(Promise.resolve().then(() => formatMailboxName(session, path, delimiter)));
    expect(error).toMatchObject({ code: "D504", scope: "mailbox", retry: "never" });
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(server.log).toHaveLength(sent);
  });
});

describe("the delimiter", () => {
  const naming = (reply: string): Partial<ImapServerOptions> => ({
    delimiter: "/",
    script: {
      onCommand: ({ name, tag }) => (name === "NAMESPACE" ? { reply: reply.replaceAll("TAG", tag) } : undefined),
    },
  });

  test.each([
    ["NIL", "* NAMESPACE NIL NIL NIL\r\nTAG OK done\r\n"],
    ["nothing", "TAG OK done\r\n"],
    ["a refusal", "TAG NO not now\r\n"],
  ])("is that of the listing where NAMESPACE brings %s", async (_, reply) => {
    const { session } = await demo(naming(reply));
    expect(await delimiterOf(session)).toBe("/");
  });

  test("is found without NAMESPACE", async () => {
    const { session } = await demo({ delimiter: ".", capabilities: ["IMAP4rev1", "AUTH=PLAIN"] });
    expect(await delimiterOf(session)).toBe(".");
  });

  test("is not asked for twice", async () => {
    const { session, server } = await demo({ delimiter: ".", prefix: "INBOX." });
    const sent = server.log.length;
    expect(await delimiterOf(session)).toBe(".");
    expect(server.log).toHaveLength(sent);
  });
});

describe.skipIf(!dovecotAvailable())("on Dovecot a new mailbox", () => {
  const servers: Dovecot[] = [];
  beforeAll(async () => {
    servers.push(await startDovecot(), await startDovecot({ separator: ".", prefix: "INBOX." }));
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  test.each([
    ["/", ""],
    [".", "INBOX."],
  ])("is listed with the path it was made for: separator %s, prefix %j", async (delimiter, prefix) => {
    const server = servers[prefix === "" ? 0 : 1];
    if (server === undefined) throw new Error("no server");
    const session = await sessionOn({ port: server.imapPort }, await server.addUser());
    expect(await delimiterOf(session)).toBe(delimiter);
    for (const path of paths) expect(await make(session, path)).toEqual(path);
    expect(await make(session, ["INBOX", "child"])).toEqual(prefix === "" ? ["INBOX", "child"] : ["child"]);
  });
});

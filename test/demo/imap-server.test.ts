import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ImapFlow, type ImapFlowOptions } from "imapflow";
import { afterEach, describe, expect, it } from "vitest";
import {
  type ImapScript,
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
} from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { makeCertificate } from "../support/certificates.ts";

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(options: Partial<ImapServerOptions> = {}): Promise<ImapServer> {
  const server = await startImapServer({ store: createDemoStore("ada", "secret-of-ada"), ...options });
  cleanups.push(() => server.close());
  return server;
}

function clientOf(server: ImapServer, options: Partial<ImapFlowOptions> = {}): ImapFlow {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: false,
    auth: { user: "ada", pass: "secret-of-ada" },
    logger: false,
    ...options,
  });
  client.on("error", () => {});
  cleanups.push(() => client.close());
  return client;
}

async function logIn(server: ImapServer, options: Partial<ImapFlowOptions> = {}): Promise<ImapFlow> {
  const client = clientOf(server, options);
  await client.connect();
  return client;
}

async function fetchAll(client: ImapFlow, range = "1:*"): Promise<Map<number, Buffer | undefined>> {
  const found = new Map<number, Buffer | undefined>();
  for await (const message of client.fetch(range, { uid: true, source: true }, { uid: true })) {
    found.set(message.uid, message.source);
  }
  return found;
}

/** A client that sends lines as they are and reads to a given end. */
class RawClient {
  readonly socket: Socket;
  text = "";

  constructor(server: ImapServer) {
    this.socket = connect(server.port, server.host);
    this.socket.on("error", (error) => this.socket.emit("reset", error));
    this.socket.on("data", (chunk) => {
      this.text += chunk.toString("latin1");
      this.socket.emit("text");
    });
    cleanups.push(() => void this.socket.destroy());
  }

  async until(end: RegExp): Promise<string> {
    while (!end.test(this.text)) await once(this.socket, "text");
    const text = this.text;
    this.text = "";
    return text;
  }

  async command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`, "latin1");
    return this.until(new RegExp(`^(${line.split(" ")[0]}|\\+) .*\\r\\n`, "m"));
  }

  async logIn(): Promise<this> {
    await this.until(/\r\n$/);
    await this.command('l LOGIN ada "secret-of-ada"');
    return this;
  }
}

function oneMessage(bytes: Buffer | string): MailStore {
  const store = createMailStore("ada", "secret-of-ada");
  for (const mailbox of store.mailboxes) addMessage(mailbox, bytes);
  return store;
}

describe("reading with ImapFlow", () => {
  it("gives every octet of the demo's messages, in every mailbox, and changes no flag", async () => {
    const server = await serve();
    const store = createDemoStore();
    const client = await logIn(server);
    let octets = 0;
    for (const { path, messages, uidValidity, uidNext } of store.mailboxes) {
      const opened = await client.mailboxOpen(path.join("/"), { readOnly: true });
      expect([opened.readOnly, Number(opened.uidValidity), opened.uidNext]).toEqual([true, uidValidity, uidNext]);
      expect(opened.exists).toBe(messages.length);
      const query = { uid: true, flags: true, internalDate: true, size: true, source: true };
      for await (const row of client.fetch("1:*", query, { uid: true })) {
        const expected = messages.find((message) => message.uid === row.uid);
        expect(row.source?.equals(expected?.bytes ?? Buffer.alloc(0))).toBe(true);
        expect([...(row.flags ?? [])].sort()).toEqual(expected?.flags);
        expect(row.internalDate).toEqual(expected?.internalDate);
        expect(row.size).toBe(expected?.bytes.length);
        octets += row.source?.length ?? 0;
      }
    }
    await client.logout();
    expect(store.mailboxes.flatMap((mailbox) => mailbox.messages)).toHaveLength(62);
    expect(server.messageOctetsSent()).toBe(octets);
    expect(server.octetsSent()).toBeGreaterThan(octets);
  });

  it("carries NUL, all 8-bit octets, bare line ends and empty messages", async () => {
    const every = Buffer.from(Array.from({ length: 512 }, (_, index) => index & 0xff));
    const store = oneMessage(every);
    for (const mailbox of store.mailboxes) addMessage(mailbox, "");
    const client = await logIn(await serve({ store }));
    await client.mailboxOpen("INBOX", { readOnly: true });
    const found = await fetchAll(client);
    expect(found.get(1)?.equals(every)).toBe(true);
    expect(found.get(2)).toHaveLength(0);
  });

  it("gives a part of a message where a part is asked for", async () => {
    const client = await logIn(await serve({ store: oneMessage("0123456789") }));
    await client.mailboxOpen("INBOX", { readOnly: true });
    const middle = await client.fetchOne("1", { source: { start: 3, maxLength: 4 } }, { uid: true });
    expect(middle).toMatchObject({ source: Buffer.from("3456") });
    const { content } = await client.download("1", undefined, { uid: true, chunkSize: 4 });
    const chunks: Buffer[] = [];
    for await (const chunk of content ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("0123456789");
  });

  it("lists mailboxes with their special use, and a parent that is none", async () => {
    const client = await logIn(await serve());
    const listed = await client.list();
    expect(listed.map((mailbox) => mailbox.path).sort()).toEqual(
      ["INBOX", "Projets", "Projets/2026", "Sent", "Trash", "Éphémère"].sort(),
    );
    expect(listed.find((mailbox) => mailbox.path === "Sent")?.specialUse).toBe("\\Sent");
    expect(listed.find((mailbox) => mailbox.path === "Projets")?.flags.has("\\NonExistent")).toBe(true);
    expect(listed.every((mailbox) => mailbox.delimiter === "/")).toBe(true);
  });

  it("names mailboxes below a prefix, with another delimiter, in modified UTF-7", async () => {
    const store = createMailStore("ada", "secret-of-ada");
    addMailbox(store, ["Entwürfe", "R&D", "日本語 / 😀"]);
    addMailbox(store, ["ÿÿ"]);
    const server = await serve({ store, prefix: "INBOX.", delimiter: "." });
    const client = await logIn(server);
    const paths = (await client.list()).map((mailbox) => mailbox.path);
    expect(paths.sort()).toEqual([
      "INBOX",
      "INBOX.Entwürfe",
      "INBOX.Entwürfe.R&D",
      "INBOX.Entwürfe.R&D.日本語 / 😀",
      "INBOX.ÿÿ",
    ]);
    const raw = await new RawClient(server).logIn();
    expect(await raw.command('a LIST "" "INBOX.&*"')).toContain('"INBOX.&AP8A,w-"');
    expect(client.namespace).toMatchObject({ prefix: "INBOX.", delimiter: "." });
    const opened = await client.mailboxOpen("INBOX.Entwürfe.R&D.日本語 / 😀", { readOnly: true });
    expect(opened.exists).toBe(0);
    expect(server.log.some((line) => line.includes("EXAMINE") && line.includes("INBOX.Entw&APw-rfe.R&-D"))).toBe(true);
  });

  it("tells the status of a mailbox without opening it", async () => {
    const client = await logIn(await serve());
    const status = await client.status("Éphémère", { messages: true, uidNext: true, uidValidity: true, unseen: true });
    expect(status).toMatchObject({ messages: 3, uidNext: 4, unseen: 3 });
  });

  it("finds UIDs", async () => {
    const store = createDemoStore("ada", "secret-of-ada");
    const inbox = store.mailboxes[0];
    const client = await logIn(await serve({ store }));
    await client.mailboxOpen("INBOX", { readOnly: true });
    const all = await client.search({ all: true }, { uid: true });
    expect(all).toEqual(inbox?.messages.map((message) => message.uid));
    expect(await client.search({ uid: "3:5,30:*", seen: false }, { uid: true })).toContain(5);
  });
});

describe("logging in", () => {
  it("refuses a wrong password, and never logs a password", async () => {
    const server = await serve();
    const failed = clientOf(server, { auth: { user: "ada", pass: "wrong-secret" } }).connect();
    await expect(failed).rejects.toMatchObject({
      authenticationFailed: true,
      serverResponseCode: "AUTHENTICATIONFAILED",
    });
    await logIn(server);
    const raw = new RawClient(server);
    await raw.until(/\r\n$/);
    expect(await raw.command('a LOGIN "ada" "wrong-secret"')).toBe(
      "a NO [AUTHENTICATIONFAILED] Invalid credentials\r\n",
    );
    raw.socket.write("b AUTHENTICATE PLAIN\r\n");
    await raw.until(/^\+ /m);
    raw.socket.write(`${Buffer.from("\0ada\0secret-of-ada").toString("base64")}\r\n`);
    expect(await raw.until(/^b /m)).toMatch(/^b OK /);
    const logged = server.log.join("\n");
    expect(logged).toContain("a LOGIN ada ***");
    expect(logged).not.toMatch(/secret/);
    expect(logged).not.toContain(Buffer.from("\0ada\0secret-of-ada").toString("base64"));
    expect(logged).not.toContain(Buffer.from("\0ada\0wrong-secret").toString("base64"));
  });

  it("works over STARTTLS, and not in the clear while LOGINDISABLED is offered", async () => {
    const { key, cert } = await makeCertificate();
    const server = await serve({ tls: { mode: "starttls", key, cert } });
    const client = await logIn(server, { doSTARTTLS: true, tls: { ca: cert } });
    await client.mailboxOpen("INBOX", { readOnly: true });
    expect((await fetchAll(client, "1:3")).size).toBe(3);
    expect(client.secureConnection).toBe(true);
    const raw = new RawClient(server);
    expect(await raw.until(/\r\n$/)).toContain("STARTTLS LOGINDISABLED");
    expect(await raw.command("a LOGIN ada secret-of-ada")).toMatch(/^a NO \[PRIVACYREQUIRED\]/);
  });

  it("works over TLS from the first octet, and survives a client that does not trust it", async () => {
    const { key, cert } = await makeCertificate();
    const server = await serve({ tls: { mode: "implicit", key, cert } });
    await expect(clientOf(server, { secure: true }).connect()).rejects.toThrow(/certificate/i);
    const client = await logIn(server, { secure: true, tls: { ca: cert } });
    await client.mailboxOpen("INBOX", { readOnly: true });
    expect((await fetchAll(client)).size).toBe(34);
  });
});

describe("the protocol, word by word", () => {
  it("sets \\Seen for BODY[] without PEEK only, and not after EXAMINE", async () => {
    const store = oneMessage("Subject: x\r\n\r\nbody\r\n");
    const flags = () => store.mailboxes[0]?.messages[0]?.flags;
    const raw = await new RawClient(await serve({ store })).logIn();
    await raw.command("a EXAMINE INBOX");
    await raw.command("b FETCH 1 BODY[]");
    expect(flags()).toEqual([]);
    await raw.command("c SELECT inbox");
    expect(await raw.command("d UID FETCH 1 (BODY.PEEK[TEXT] BODY.PEEK[HEADER])")).toBe(
      "* 1 FETCH (UID 1 BODY[TEXT] {6}\r\nbody\r\n BODY[HEADER] {14}\r\nSubject: x\r\n\r\n)\r\nd OK UID FETCH done\r\n",
    );
    expect(flags()).toEqual([]);
    await raw.command("e FETCH 1 BODY[]");
    expect(flags()).toEqual(["\\Seen"]);
  });

  it("answers what it does not know with BAD, and what comes too early too", async () => {
    const raw = new RawClient(await serve());
    await raw.until(/\r\n$/);
    expect(await raw.command("a LIST (")).toMatch(/^a BAD A parenthesis is missing/);
    expect(await raw.command('b LIST "" "*"')).toBe("b BAD Log in first\r\n");
    await raw.command("c LOGIN ada secret-of-ada");
    expect(await raw.command("d XYZZY")).toBe("d BAD Unknown command\r\n");
    expect(await raw.command("e FETCH 1 FLAGS")).toBe("e BAD No mailbox is selected\r\n");
    expect(await raw.command("f SELECT nowhere")).toMatch(/^f NO \[NONEXISTENT\]/);
    await raw.command("g EXAMINE INBOX");
    expect(await raw.command("h UID FETCH 1:x FLAGS")).toMatch(/^h BAD /);
    expect(await raw.command("i UID FETCH 1 ENVELOPE")).toMatch(/^i BAD /);
  });

  it("takes literals of both kinds, and ends a connection that sends an endless line", async () => {
    const server = await serve();
    const raw = new RawClient(server);
    await raw.until(/\r\n$/);
    expect(await raw.command("a LOGIN {3}")).toMatch(/^\+ /);
    raw.socket.write("ada {13+}\r\nsecret-of-ada\r\n");
    expect(await raw.until(/^a .*\r\n$/m)).toMatch(/^a OK/);
    expect(server.log).toEqual(["a LOGIN ada ***"]);
    raw.socket.write("x".repeat(300_000));
    expect(await raw.until(/\r\n$/)).toBe("* BYE The line is too long\r\n");
  });

  it("takes \\* as the last message, and patterns by level", async () => {
    const raw = await new RawClient(await serve()).logIn();
    await raw.command("a EXAMINE INBOX");
    expect(await raw.command("b UID FETCH 900:* UID")).toBe("* 34 FETCH (UID 34)\r\nb OK UID FETCH done\r\n");
    expect(await raw.command("c FETCH 2,1:1 (UID)")).toBe(
      "* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 2)\r\nc OK FETCH done\r\n",
    );
    expect(await raw.command('d LIST "" "P%"')).toBe(
      '* LIST (\\HasChildren \\NonExistent) "/" "Projets"\r\nd OK LIST done\r\n',
    );
    expect(await raw.command('e LIST "Projets/" "*"')).toContain('"Projets/2026"');
    expect(await raw.command('f LSUB "" "inbox"')).toContain('* LSUB (\\HasNoChildren) "/" "INBOX"');
  });
});

describe("writing", () => {
  it("creates a mailbox and appends to it, and says under which UID", async () => {
    const store = createMailStore("ada", "secret-of-ada");
    const client = await logIn(await serve({ store }));
    await client.mailboxCreate(["Archive", "Été"]);
    const bytes = Buffer.from("Subject: é\r\n\r\n\xff\r\n", "latin1");
    const date = new Date("2019-03-31T01:02:03Z");
    const appended = await client.append("Archive/Été", bytes, ["\\Seen", "$Junk"], date);
    expect(appended).toMatchObject({ uid: 1, uidValidity: BigInt(store.mailboxes[1]?.uidValidity ?? 0) });
    expect(store.mailboxes[1]?.messages[0]).toMatchObject({ bytes, flags: ["$Junk", "\\Seen"], internalDate: date });
    await expect(client.append("Nowhere", bytes)).rejects.toMatchObject({ serverResponseCode: "TRYCREATE" });
  });

  it("stores flags, expunges by UID, and tells another client with the right sequence numbers", async () => {
    const store = createMailStore("ada", "secret-of-ada");
    for (const mailbox of store.mailboxes) for (const text of ["a", "b", "c", "d"]) addMessage(mailbox, text);
    const server = await serve({ store });
    const other = await new RawClient(server).logIn();
    await other.command("a EXAMINE INBOX");
    const raw = await new RawClient(server).logIn();
    await raw.command("a SELECT INBOX");
    expect(await raw.command("b UID STORE 2,3 +FLAGS (\\Deleted)")).toContain("* 2 FETCH (UID 2 FLAGS (\\Deleted))");
    expect(await raw.command("c UID EXPUNGE 2")).toBe("* 2 EXPUNGE\r\nc OK EXPUNGE done\r\n");
    expect(await raw.command("d EXPUNGE")).toBe("* 2 EXPUNGE\r\nd OK EXPUNGE done\r\n");
    expect(await other.command("b FETCH 1:* UID")).toBe(
      "* 1 FETCH (UID 1)\r\n* 4 FETCH (UID 4)\r\nb OK FETCH done\r\n",
    );
    expect(await other.command("c NOOP")).toBe("* 3 EXPUNGE\r\n* 2 EXPUNGE\r\nc OK NOOP done\r\n");
    expect(await other.command("d FETCH 2 UID")).toBe("* 2 FETCH (UID 4)\r\nd OK FETCH done\r\n");
  });
});

describe("scripted faults", () => {
  const bytes = Buffer.from(`Subject: x\r\n\r\n${"0123456789".repeat(20)}\r\n`);

  async function reading(script: ImapScript): Promise<{ server: ImapServer; fetched: Promise<unknown> }> {
    const server = await serve({ store: oneMessage(bytes) });
    const client = await logIn(server);
    await client.mailboxOpen("INBOX", { readOnly: true });
    server.script = script;
    return { server, fetched: fetchAll(client) };
  }

  it("splits its answers at every octet without harm", async () => {
    const server = await serve({ store: oneMessage(bytes), script: { split: 1 } });
    const client = await logIn(server);
    await client.mailboxOpen("INBOX", { readOnly: true });
    expect((await fetchAll(client)).get(1)?.equals(bytes)).toBe(true);
    const raw = new RawClient(server);
    let chunks = 0;
    raw.socket.on("data", () => {
      chunks += 1;
    });
    const greeting = await raw.until(/\r\n$/);
    expect(chunks).toBeGreaterThan(greeting.length / 2);
  });

  it("cuts each connection after so many octets, or the first only", async () => {
    const server = await serve({ store: oneMessage(bytes), script: { cutAfterOctets: 60 } });
    await expect(clientOf(server).connect()).rejects.toThrow();
    await expect(clientOf(server).connect()).rejects.toThrow();
    expect(server.octetsSent()).toBe(120);
    const merciful = await serve({ store: oneMessage(bytes), script: { cutAfterOctets: 60, cutOnce: true } });
    await expect(clientOf(merciful).connect()).rejects.toThrow();
    const client = await logIn(merciful);
    await client.mailboxOpen("INBOX", { readOnly: true });
    expect((await fetchAll(client)).size).toBe(1);
    expect(merciful.connections()).toBe(2);
  });

  it("ends a connection in order or resets it", async () => {
    const server = await serve({ script: { cutAfterOctets: 60, cutHow: "fin" } });
    const ended = new RawClient(server);
    await once(ended.socket, "end");
    expect(ended.text).toHaveLength(60);
    server.script = { cutAfterOctets: 60, cutHow: "rst" };
    const reset = new RawClient(server);
    const [error] = await once(reset.socket, "reset");
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });

  it.each(["fin", "rst"] as const)("cuts inside TLS too (%s)", async (cutHow) => {
    const { key, cert } = await makeCertificate();
    const server = await serve({
      tls: { mode: "implicit", key, cert },
      script: { onFetch: () => ({ cutAfter: 10 }), cutHow },
    });
    const client = await logIn(server, { secure: true, tls: { ca: cert } });
    await client.mailboxOpen("INBOX", { readOnly: true });
    await expect(fetchAll(client)).rejects.toThrow();
    expect(server.messageOctetsSent()).toBe(10);
  });

  it.each([0, 1, bytes.length - 1, bytes.length, bytes.length + 1])("cuts %i octets into a body", async (cutAfter) => {
    const { server, fetched } = await reading({ onFetch: () => ({ cutAfter }) });
    await expect(fetched).rejects.toThrow();
    expect(server.messageOctetsSent()).toBe(Math.min(cutAfter, bytes.length));
  });

  it("stalls in mid-greeting and in mid-body until the client gives up", async () => {
    const server = await serve({ script: { stallAfterOctets: 5 } });
    const silent = clientOf(server, { greetingTimeout: 50 }).connect();
    await expect(silent).rejects.toMatchObject({ code: "GREETING_TIMEOUT" });
    expect(server.octetsSent()).toBe(5);
    server.script = { onFetch: () => ({ stallAfter: 7 }) };
    const client = await logIn(server, { socketTimeout: 100 });
    const failed = once(client, "error");
    await client.mailboxOpen("INBOX", { readOnly: true });
    await expect(fetchAll(client)).rejects.toThrow();
    expect(await failed).toMatchObject([{ code: "ETIMEOUT" }]);
    expect(server.messageOctetsSent()).toBe(7);
  });

  it("sends what the script says instead of an answer", async () => {
    const server = await serve();
    const raw = await new RawClient(server).logIn();
    server.script = {
      onCommand: ({ tag, name }) => {
        if (name === "NOOP") return { reply: "* 99 EXISTS\r\n", next: "handle" };
        if (name === "CHECK") return { reply: `${tag} NO Request is throttled.\r\n` };
        return name === "ID" ? { reply: "* BYE Enough\r\n", next: "drop" } : undefined;
      },
    };
    expect(await raw.command("a NOOP")).toBe("* 99 EXISTS\r\na OK NOOP done\r\n");
    expect(await raw.command("b CHECK")).toBe("b NO Request is throttled.\r\n");
    raw.socket.write("c ID NIL\r\n");
    await once(raw.socket, "close");
    expect(raw.text).toBe("* BYE Enough\r\n");
  });

  it("greets as the script says: PREAUTH needs no log-in, BYE ends at once", async () => {
    const server = await serve({ script: { greeting: (n) => (n === 1 ? "* PREAUTH hello" : "* BYE too many") } });
    const first = new RawClient(server);
    expect(await first.until(/\r\n$/)).toBe("* PREAUTH hello\r\n");
    expect(await first.command("a EXAMINE INBOX")).toMatch(/^a OK \[READ-ONLY\]/m);
    const second = new RawClient(server);
    await once(second.socket, "close");
    expect(second.text).toBe("* BYE too many\r\n");
  });

  it("injects text behind the OK of STARTTLS, in the clear, and goes on with the handshake", async () => {
    const { key, cert } = await makeCertificate();
    const server = await serve({
      tls: { mode: "starttls", key, cert },
      script: {
        onCommand: ({ tag, name }) =>
          name === "STARTTLS"
            ? { reply: `${tag} OK Go\r\n* CAPABILITY IMAP4rev1 INJECTED\r\n`, next: "handshake" }
            : undefined,
      },
    });
    const raw = new RawClient(server);
    await raw.until(/\r\n$/);
    expect(await raw.command("a STARTTLS")).toBe("a OK Go\r\n* CAPABILITY IMAP4rev1 INJECTED\r\n");
    const secured = connectTls({ socket: raw.socket, ca: cert, host: server.host });
    await once(secured, "secureConnect");
    secured.write("b NOOP\r\n");
    expect(String((await once(secured, "data"))[0])).toBe("b OK NOOP done\r\n");
  });

  it("alters single messages: NIL, left out, refused, other octets, another size", async () => {
    const store = createMailStore("ada", "secret-of-ada");
    for (const mailbox of store.mailboxes)
      for (const text of ["one", "two", "three", "four"]) addMessage(mailbox, text);
    const server = await serve({ store });
    const raw = await new RawClient(server).logIn();
    await raw.command("a EXAMINE INBOX");
    server.script = {
      onFetch: ({ uid, body }) => {
        if (!body) return undefined;
        if (uid === 1) return "nil";
        if (uid === 2) return "omit";
        return uid === 3 ? { bytes: Buffer.from("THREE!"), size: 99 } : "no";
      },
    };
    expect(await raw.command("b UID FETCH 1:* (RFC822.SIZE BODY.PEEK[])")).toBe(
      "* 1 FETCH (UID 1 RFC822.SIZE 3 BODY[] NIL)\r\n" +
        "* 3 FETCH (UID 3 RFC822.SIZE 99 BODY[] {6}\r\nTHREE!)\r\n" +
        "b NO [SERVERBUG] The message can't be read\r\n",
    );
    expect(await raw.command("c UID FETCH 1:* RFC822.SIZE")).toContain("* 4 FETCH (UID 4 RFC822.SIZE 4)\r\nc OK");
  });

  it("lets messages vanish between two rows", async () => {
    const store = createMailStore("ada", "secret-of-ada");
    for (const mailbox of store.mailboxes) for (const text of ["one", "two", "three"]) addMessage(mailbox, text);
    const server = await serve({
      store,
      script: {
        afterFetchRow: ({ mailbox }) => {
          mailbox.messages = mailbox.messages.filter((message) => message.uid !== 2);
        },
      },
    });
    const client = await logIn(server);
    await client.mailboxOpen("INBOX", { readOnly: true });
    expect([...(await fetchAll(client)).keys()]).toEqual([1, 3]);
  });

  it("forgets closed connections", async () => {
    const server = await serve();
    const client = await logIn(server);
    expect([server.connections(), server.openConnections()]).toEqual([1, 1]);
    const closed = once(client, "close");
    await client.logout();
    await closed;
    await expect.poll(() => server.openConnections()).toBe(0);
    expect(server.connections()).toBe(1);
  });
});

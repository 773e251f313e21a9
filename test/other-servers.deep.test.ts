// Cyrus IMAP and Courier-IMAP start, serve and go: what the deep tests against them stand on.

import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { courierAvailable, startCourier } from "./support/courier.ts";
import { cyrusAvailable, startCyrus } from "./support/cyrus.ts";
import { greets, type OtherServer, type OtherUser } from "./support/other-server.ts";
import { RawClient } from "./support/raw-client.ts";

const message =
  "From: a@example.org\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
  "caf\xc3\xa9 \xff\xfe\r\n\r\nFrom the first line on\r\n.\r\n";
const unended = `${message}no line end here`;

let server: OtherServer;
let user: OtherUser;

describe.runIf(cyrusAvailable())("Cyrus IMAP", () => {
  beforeAll(async () => {
    server = await startCyrus();
    user = await server.addUser();
  });
  afterAll(() => server.stop());

  it("offers LITERAL+, MULTIAPPEND, UIDPLUS, CONDSTORE, QRESYNC, SPECIAL-USE and APPENDLIMIT after log-in", async () => {
    const offered = await capabilities();
    for (const one of ["LITERAL+", "MULTIAPPEND", "UIDPLUS", "CONDSTORE", "QRESYNC", "SPECIAL-USE"]) {
      expect(offered).toContain(one);
    }
    expect(offered.some((one) => one.startsWith("APPENDLIMIT="))).toBe(true);
  });

  it("gives back the octets that it was given, names their UID and lists the mailbox under INBOX/", async () => {
    const client = await open();
    expect(await client.command('1 CREATE "INBOX/Projets"')).toMatch(/^1 OK/m);
    expect(await append(client, "INBOX/Projets", unended)).toMatch(/^2 OK \[APPENDUID \d+ 1\]/m);
    expect(await client.command('3 LIST "" "*"')).toContain('(\\HasNoChildren) "/" INBOX/Projets');
    expect(await fetchFirst(client, "INBOX/Projets")).toBe(unended);
    client.socket.destroy();
  });

  it.each([
    ["a NUL", "Subject: a\r\n\r\nb\0c\r\n", "2 NO Message contains NUL characters"],
    ["a bare LF", "Subject: a\r\n\r\nb\nc\r\n", "2 NO Message contains bare newlines"],
    ["a header line without a colon", "Subject: a\r\nno header\r\n\r\nb\r\n", "2 NO Message contains invalid header"],
  ])("refuses a message with %s, says so, and goes on", async (_, text, words) => {
    const client = await open();
    expect(await append(client, "INBOX", text)).toContain(words);
    expect(await client.command("3 NOOP")).toContain("3 OK");
    client.socket.destroy();
  });

  it("has the delimiter, the namespace, the limit and the quota that a test asks for", async () => {
    const config = "maxmessagesize: 3000\nautocreate_quota: 4";
    const other = await startCyrus({ separator: ".", altNamespace: true, config });
    const client = await open(other, await other.addUser());
    expect(await client.command("1 NAMESPACE")).toContain('* NAMESPACE (("" "."))');
    expect(await client.command("4 CAPABILITY")).toContain(" APPENDLIMIT=3000");
    expect(await append(client, "INBOX", `Subject: a\r\n\r\n${"x".repeat(2900)}`)).toContain("2 OK");
    expect(await append(client, "INBOX", `Subject: a\r\n\r\n${"x".repeat(2900)}`)).toContain("2 NO Over quota");
    client.socket.destroy();
    await other.stop();
  });

  it("turns the 8-bit octets of a header into X, unless a test asks it not to, and says nothing", async () => {
    const text = "Subject: caf\xc3\xa9\r\n\r\nbody\r\n";
    const client = await open();
    expect(await client.command('1 CREATE "INBOX/Eight"')).toMatch(/^1 OK/m);
    expect(await append(client, "INBOX/Eight", text)).toContain("2 OK");
    expect(await fetchFirst(client, "INBOX/Eight")).toBe(text.replace("\xc3\xa9", "XX"));
    client.socket.destroy();

    const faithful = await startCyrus({ config: "munge8bit: no" });
    const other = await open(faithful, await faithful.addUser());
    expect(await append(other, "INBOX", text)).toContain("2 OK");
    expect(await fetchFirst(other, "INBOX")).toBe(text);
    other.socket.destroy();
    await faithful.stop();
  });

  it("says why it can't start", async () => {
    await expect(startCyrus({ config: "altnamespace: perhaps" })).rejects.toThrow("exit status 78");
  });
});

describe.runIf(courierAvailable())("Courier-IMAP", () => {
  beforeAll(async () => {
    server = await startCourier();
    user = await server.addUser();
  });
  afterAll(() => server.stop());

  it("offers UIDPLUS, and neither LITERAL+, MULTIAPPEND, CONDSTORE nor SPECIAL-USE", async () => {
    const offered = await capabilities();
    expect(offered).toEqual(expect.arrayContaining(["UIDPLUS", "NAMESPACE", "QUOTA", "UTF8=ACCEPT"]));
    for (const one of ["LITERAL+", "LITERAL-", "MULTIAPPEND", "CONDSTORE", "SPECIAL-USE"]) {
      expect(offered).not.toContain(one);
    }
  });

  it("gives back the octets that it was given, names their UID and lists the mailbox under INBOX.", async () => {
    const client = await open();
    expect(await client.command('1 CREATE "INBOX.Projets"')).toMatch(/^1 OK/m);
    expect(await append(client, "INBOX.Projets", message)).toMatch(/^2 OK \[APPENDUID \d+ 1\]/m);
    expect(await client.command('3 LIST "" "*"')).toMatch(/^\* LIST \([^)]*\) "\." "INBOX\.Projets"/m);
    expect(await fetchFirst(client, "INBOX.Projets")).toBe(message);
    client.socket.destroy();
  });

  it("forgets a command that comes in one packet with LOGIN", async () => {
    const client = await RawClient.open({ host: server.host, port: server.imapPort });
    client.send(`1 LOGIN ${user.user} ${user.password}\r\n2 NOOP\r\n`);
    const said = (await client.until(/^1 OK .*\r\n/m)) + (await client.command("3 NOOP"));
    expect(said).not.toContain("2 OK");
    client.socket.destroy();
  });

  it("puts nothing into a mailbox that the same connection has open with EXAMINE", async () => {
    const client = await open();
    await client.command('1 EXAMINE "INBOX"');
    expect(await append(client, "INBOX", message)).toContain("2 NO Current box is selected READ-ONLY");
    client.socket.destroy();
  });

  it("ends the last line of a message that it was given without", async () => {
    const client = await open();
    expect(await client.command('1 CREATE "INBOX.Ended"')).toMatch(/^1 OK/m);
    expect(await append(client, "INBOX.Ended", unended)).toContain("2 OK");
    expect(await fetchFirst(client, "INBOX.Ended")).toBe(`${unended}\r\n`);
    client.socket.destroy();
  });
});

describe.each([
  { name: "Cyrus IMAP", available: cyrusAvailable, start: startCyrus },
  { name: "Courier-IMAP", available: courierAvailable, start: startCourier },
])("$name", ({ available, start }) => {
  it.runIf(available())("runs beside another, keeps their users apart, and leaves nothing behind", async () => {
    const both = await Promise.all([start(), start()]);
    const accounts = await Promise.all(both.map((each) => each.addUser()));
    expect(accounts[0]?.user).toBe(accounts[1]?.user);
    expect(accounts[0]?.password).not.toBe(accounts[1]?.password);
    for (const each of both) {
      const [first, second] = [await each.addUser(), await each.addUser("marie")];
      const client = await open(each, first);
      expect(await append(client, "INBOX", message)).toContain("2 OK");
      expect(await (await open(each, second)).command("3 STATUS INBOX (MESSAGES)")).toContain("(MESSAGES 0)");
    }
    await Promise.all(both.map((each) => each.stop()));
    for (const { folder, imapPort } of both) {
      expect(existsSync(folder)).toBe(false);
      expect(await greets(imapPort, "")).toBe(false);
      expect(processesIn(folder)).toEqual([]);
    }
  });
});

/** What runs with the folder as its root, or names it in its command. */
function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && (readlinkSync(`/proc/${pid}/root`) === folder || commandOf(pid).includes(folder));
    } catch {
      return false; // It has ended since.
    }
  });
}

const commandOf = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, "utf8");

async function open(to = server, account = user): Promise<RawClient> {
  const client = await RawClient.open({ host: to.host, port: to.imapPort });
  const said = await client.command(`l LOGIN ${account.user} ${account.password}`);
  if (!/^l OK/m.test(said)) throw new Error(`can't log in: ${said}`);
  return client;
}

async function capabilities(): Promise<readonly string[]> {
  const client = await open();
  const said = await client.command("c CAPABILITY");
  client.socket.destroy();
  return /^\* CAPABILITY (.*)\r$/m.exec(said)?.[1]?.split(" ") ?? [];
}

async function append(client: RawClient, mailbox: string, text: string): Promise<string> {
  const said = await client.command(`2 APPEND "${mailbox}" {${text.length}}`);
  if (!said.startsWith("+")) return said;
  client.send(`${text}\r\n`);
  return client.until(/^2 .*\r\n/m);
}

async function fetchFirst(client: RawClient, mailbox: string): Promise<string> {
  await client.command(`5 EXAMINE "${mailbox}"`);
  client.send("6 UID FETCH 1 (BODY.PEEK[])\r\n");
  const said = await client.until(/^6 OK .*\r\n/m);
  const [announced = "", size] = /\{(\d+)\}\r\n/.exec(said) ?? [];
  return said.slice(said.indexOf(announced) + announced.length).slice(0, Number(size));
}

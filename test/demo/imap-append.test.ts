import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { AppendFault, ImapScript } from "../../src/demo/imap-server.ts";
import { addMessage } from "../../src/demo/mail-store.ts";
import { makeCertificate } from "../support/certificates.ts";
import { imapStage, plainCapabilities as plain, type Stage } from "../support/imap-stage.ts";

const { serve, rawTo, flowTo } = imapStage();
const withPlus = [...plain, "LITERAL+"];

describe("literals", () => {
  it("are taken unasked with LITERAL+ only, and read away without it", async () => {
    const { server, inbox } = await serve({ capabilities: plain });
    const raw = await rawTo(server);
    expect(await raw.command("a APPEND INBOX {12+}\r\nb LOGOUT\r\n12")).toMatch(/^a BAD /);
    expect(await raw.command("c NOOP")).toBe("c OK NOOP done\r\n");
    expect([inbox.messages.length, server.appends(), server.messageOctetsReceived()]).toEqual([0, 0, 12]);
    expect(server.log.at(-2)).toBe("a APPEND INBOX {12}");
    expect(await raw.command("d APPEND INBOX {3}")).toMatch(/^\+ /);
    raw.send("\r \n\r\n");
    expect(await raw.until(/^d .*\r\n/m)).toBe("d OK APPEND done\r\n");
    expect(inbox.messages.map(({ bytes }) => String(bytes))).toEqual(["\r \n"]);
  });

  it("are taken unasked up to 4096 octets with LITERAL-", async () => {
    const { server, inbox } = await serve({ capabilities: [...plain, "LITERAL-"] });
    const raw = await rawTo(server);
    expect(await raw.command(`a APPEND INBOX {4096+}\r\n${"x".repeat(4096)}`)).toMatch(/^a OK/);
    expect(await raw.command(`b APPEND INBOX {4097+}\r\n${"x".repeat(4097)}`)).toMatch(/^b BAD \[TOOBIG\]/);
    expect(await raw.command("c APPEND INBOX {4097}")).toMatch(/^\+ /);
    raw.send(`${"x".repeat(4097)}\r\n`);
    expect(await raw.until(/^c .*\r\n/m)).toMatch(/^c OK/);
    expect(inbox.messages.map(({ bytes }) => bytes.length)).toEqual([4096, 4097]);
  });

  it("may be binary in APPEND with BINARY, and nowhere else", async () => {
    const { server, inbox } = await serve({ capabilities: [...withPlus, "BINARY"] });
    const raw = await rawTo(server);
    expect(await raw.command("a APPEND INBOX ~{3+}\r\n\0\0\0")).toMatch(/^a OK/);
    expect(await raw.command("b APPEND INBOX ~{3}")).toMatch(/^\+ /);
    raw.send("\0b\0\r\n");
    expect(await raw.until(/^b .*\r\n/m)).toMatch(/^b OK/);
    expect(await raw.command("c SELECT ~{5+}\r\nINBOX")).toMatch(/^c BAD/);
    expect(inbox.messages.map(({ bytes }) => String(bytes))).toEqual(["\0\0\0", "\0b\0"]);
    const { server: without, inbox: empty } = await serve({ capabilities: withPlus });
    const other = await rawTo(without);
    expect(await other.command("a APPEND INBOX ~{3}")).toMatch(/^a BAD/);
    expect(await other.command("b APPEND INBOX ~{3+}\r\nb\r\n")).toMatch(/^b BAD/);
    expect(empty.messages).toEqual([]);
  });

  it("with NUL are refused where the server is strict, unless they are binary", async () => {
    const { server, inbox } = await serve({ capabilities: [...withPlus, "BINARY"], refuseNul: true });
    const raw = await rawTo(server);
    expect(await raw.command("a APPEND INBOX {3+}\r\n\0\0\0")).toBe("a BAD NUL in a literal\r\n");
    expect(await raw.command("b APPEND INBOX ~{3+}\r\n\0\0\0")).toMatch(/^b OK/);
    expect(inbox.messages).toHaveLength(1);
  });

  it("come from ImapFlow as each server wants them", async () => {
    const octets = Buffer.from(`Subject: x\r\n\r\n${"y".repeat(5000)}\r\n`);
    const nul = Buffer.concat([octets, Buffer.from("\0\r\n")]);
    for (const capabilities of [plain, withPlus, [...plain, "LITERAL-", "BINARY"]]) {
      const { server, inbox } = await serve({ capabilities, refuseNul: true });
      const client = await flowTo(server);
      await client.append("INBOX", octets);
      const second = client.append("INBOX", nul);
      if (capabilities.includes("BINARY")) await second;
      else await expect(second).rejects.toMatchObject({ responseStatus: "BAD" });
      expect(inbox.messages[0]?.bytes.equals(octets)).toBe(true);
      expect(inbox.messages[1]?.bytes.equals(nul)).toBe(capabilities.includes("BINARY") ? true : undefined);
      expect(server.appends()).toBe(inbox.messages.length);
      expect(server.messageOctetsReceived()).toBe(octets.length + nul.length);
    }
  });
});

describe("several messages in one APPEND", () => {
  const two = '(\\Seen) "01-Feb-2026 10:00:00 +0000" {3+}\r\none (x) {3+}\r\ntwo';

  it("are stored under a range of UIDs with MULTIAPPEND", async () => {
    const { server, inbox } = await serve({ capabilities: [...withPlus, "MULTIAPPEND", "UIDPLUS"] });
    addMessage(inbox, "zero");
    const raw = await rawTo(server);
    expect(await raw.command(`a APPEND INBOX ${two} {0+}\r\n`)).toBe(
      `a OK [APPENDUID ${inbox.uidValidity} 2:4] APPEND done\r\n`,
    );
    const [, one, other, empty] = inbox.messages;
    expect(one).toMatchObject({ flags: ["\\Seen"], internalDate: new Date("2026-02-01T10:00:00Z") });
    expect([one?.bytes, other?.bytes, empty?.bytes].map(String)).toEqual(["one", "two", ""]);
    expect([other?.flags, empty?.flags]).toEqual([["x"], []]);
  });

  it("are refused without it, and none is stored where one can't be", async () => {
    const { server, inbox } = await serve({ capabilities: withPlus });
    expect(await (await rawTo(server)).command(`a APPEND INBOX ${two}`)).toMatch(/^a BAD/);
    const many = await serve({ capabilities: [...withPlus, "MULTIAPPEND"], appendLimit: 3 });
    const raw = await rawTo(many.server);
    expect(await raw.command(`a APPEND INBOX ${two} {4+}\r\nmore`)).toMatch(/^a NO \[TOOBIG\]/);
    many.server.script = { onAppend: ({ count }) => (count === 2 ? { no: "[LIMIT] no more" } : undefined) };
    expect(await raw.command(`b APPEND INBOX ${two}`)).toBe("b NO [LIMIT] no more\r\n");
    expect(await raw.command(`c APPEND INBOX {3+}\r\nabc (x`)).toMatch(/^c BAD/);
    expect([inbox.messages.length, many.inbox.messages.length, many.server.appends()]).toEqual([0, 0, 0]);
  });
});

describe("scripted faults of APPEND", () => {
  const octets = Buffer.from("Subject: x\r\n\r\nbody\r\n");

  async function appendWith(fault: AppendFault, script: ImapScript = {}): Promise<Stage & { answer: unknown }> {
    const stage = await serve({ script: { ...script, onAppend: () => fault } });
    const client = await flowTo(stage.server);
    const answer = await client.append("INBOX", octets).catch((error: unknown) => error);
    return { ...stage, answer };
  }

  it.each<[string, AppendFault, object]>([
    ["NO", { no: "[LIMIT] enough for today" }, { responseStatus: "NO", serverResponseCode: "LIMIT" }],
    ["BAD", { bad: "no such mail" }, { responseStatus: "BAD" }],
    ["a cut before it is stored", "cut-before-store", { code: "NoConnection" }],
    ["OK", "ok-not-stored", { uid: 1 }],
    ["OK without a UID", { store: "nothing", appendUid: "none" }, { destination: "INBOX" }],
  ])("answer %s and store nothing", async (_name, fault, expected) => {
    const { server, inbox, answer } = await appendWith(fault);
    expect(answer).toMatchObject(expected);
    expect([inbox.messages, server.appends(), server.messageOctetsReceived()]).toEqual([[], 0, octets.length]);
  });

  it.each<[string, AppendFault, Buffer, object]>([
    ["lose the answer", "lost-answer", octets, { code: "NoConnection" }],
    ["store other octets", { store: Buffer.from("altered") }, Buffer.from("altered"), { uid: 1 }],
    ["do both", { store: Buffer.from("altered"), answer: "lost" }, Buffer.from("altered"), { code: "NoConnection" }],
    ["claim a wrong UID", { appendUid: 77 }, octets, { uid: 77 }],
    ["give no UID", { appendUid: "none" }, octets, { destination: "INBOX" }],
  ])("%s of a message that is stored", async (_name, fault, stored, expected) => {
    const { server, inbox, answer } = await appendWith(fault);
    expect(answer).toMatchObject(expected);
    expect(inbox.messages.map(({ uid, bytes }) => [uid, `${bytes}`])).toEqual([[1, `${stored}`]]);
    expect(server.appends()).toBe(1);
  });

  it("store late: after the cut, when the script says so", async () => {
    let commit = () => {};
    const permitted = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let tell: (message: unknown) => void = () => {};
    const stored = new Promise((resolve) => {
      tell = resolve;
    });
    const { server, inbox, answer } = await appendWith(
      { late: () => permitted },
      { afterAppend: ({ message }) => tell(message) },
    );
    expect(answer).toMatchObject({ code: "NoConnection" });
    const again = await flowTo(server);
    expect(await again.mailboxOpen("INBOX")).toMatchObject({ exists: 0 });
    expect(server.appends()).toBe(0);
    commit();
    expect(await stored).toBe(inbox.messages[0]);
    await again.noop();
    expect(again.mailbox).toMatchObject({ exists: 1 });
    expect(server.appends()).toBe(1);
  });

  it("merge what is there already, under a UID that never appears", async () => {
    const { server, inbox } = await serve({ script: { onAppend: () => "merge" } });
    const client = await flowTo(server);
    expect(await client.append("INBOX", octets)).toMatchObject({ uid: 1 });
    expect(await client.append("INBOX", octets)).toMatchObject({ uid: 2 });
    expect(await client.append("INBOX", "other")).toMatchObject({ uid: 3 });
    expect(inbox.messages.map(({ uid }) => uid)).toEqual([1, 3]);
    expect(server.appends()).toBe(2);
  });

  it("see each message as it came, and let foreign mail in behind it", async () => {
    const seen: unknown[] = [];
    const { server, inbox } = await serve({
      permanentFlags: ["\\Seen"],
      script: {
        onAppend: ({ mailbox, bytes, flags, internalDate, connection, count }) => {
          seen.push([mailbox.path, `${bytes}`, flags, internalDate, connection, count]);
          return undefined;
        },
        afterAppend: ({ mailbox, message, count }) => {
          seen.push([message.uid, message.flags, count]);
          if (count === 1) addMessage(mailbox, "foreign");
        },
      },
    });
    const client = await flowTo(server);
    const date = new Date("2020-02-29T12:00:00Z");
    await client.mailboxOpen("INBOX");
    await client.append("INBOX", "one", ["\\Seen", "\\Flagged"], date);
    expect(client.mailbox).toMatchObject({ exists: 2 });
    expect(await client.append("INBOX", "two")).toMatchObject({ uid: 3 });
    expect(seen).toEqual([
      [["INBOX"], "one", ["\\Seen"], date, 1, 1],
      [1, ["\\Seen"], 1],
      [["INBOX"], "two", [], undefined, 1, 2],
      [3, [], 2],
    ]);
    expect(inbox.messages.map(({ bytes }) => `${bytes}`)).toEqual(["one", "foreign", "two"]);
    const raw = await rawTo(server);
    await raw.command("a APPEND INBOX (\\Flagged x) {1+}\r\n3");
    expect(seen.slice(4)).toMatchObject([
      [["INBOX"], "3", ["\\Flagged", "x"], undefined, 2, 3],
      [4, [], 3],
    ]);
  });
});

describe("a connection that ends while the client sends", () => {
  const octets = "Subject: x\r\n\r\nbody\r\n";
  const command = `a APPEND INBOX {${octets.length}+}\r\n${octets}\r\n`;
  const before = "l LOGIN ada secret-of-ada\r\n".length;
  const literalAt = before + command.indexOf(octets);

  it.each([
    ["in the command line", before + 3, 0],
    ["before the literal", literalAt, 0],
    ["in the literal", literalAt + 7, 7],
    ["before its last octet", literalAt + octets.length - 1, octets.length - 1],
    ["behind the literal", literalAt + octets.length, octets.length],
    ["before the last LF", before + command.length - 1, octets.length],
  ])("%s leaves nothing stored", async (_where, cutAfterReceived, literalOctets) => {
    const { server, inbox } = await serve({ script: { cutAfterReceived } });
    const raw = await rawTo(server);
    raw.send(command);
    expect(await raw.untilClosed()).toBe("");
    expect([inbox.messages, server.appends()]).toEqual([[], 0]);
    expect([server.octetsReceived(), server.messageOctetsReceived()]).toEqual([cutAfterReceived, literalOctets]);
  });

  it("behind the command has it carried out first", async () => {
    const { server } = await serve({ script: { cutAfterReceived: before + command.length } });
    const raw = await rawTo(server);
    raw.send(`${command}b NOOP\r\n`);
    expect(await raw.untilClosed()).toMatch(/^a OK \[APPENDUID .*\r\n$/);
    expect(server.appends()).toBe(1);
  });

  it("suffers each time, or once; and may be reset", async () => {
    const cutAfterReceived = literalAt + 7;
    const { server } = await serve({ script: { cutAfterReceived, cutHow: "rst" } });
    for (let turn = 0; turn < 2; turn += 1) {
      const raw = await rawTo(server);
      const reset = once(raw.socket, "error");
      raw.send(command);
      expect(await reset).toMatchObject([{ code: "ECONNRESET" }]);
    }
    const merciful = await serve({ script: { cutAfterReceived, cutOnce: true } });
    const unlucky = await rawTo(merciful.server);
    unlucky.send(command);
    await unlucky.untilClosed();
    expect(await (await rawTo(merciful.server)).command(command)).toMatch(/^a OK/);
    expect([server.appends(), merciful.server.appends(), merciful.server.connections()]).toEqual([0, 1, 2]);
  });

  it("is seen by ImapFlow, inside TLS too", async () => {
    const { key, cert } = await makeCertificate();
    const { server, inbox } = await serve({ tls: { mode: "implicit", key, cert } });
    const client = await flowTo(server, { secure: true, tls: { ca: cert } });
    await client.noop();
    server.script = { cutAfterReceived: server.octetsReceived() + "9 APPEND INBOX {5000}\r\n".length + 2500 };
    await expect(client.append("INBOX", "x".repeat(5000))).rejects.toMatchObject({ code: "NoConnection" });
    expect([inbox.messages, server.log.at(-1)]).toEqual([[], expect.stringMatching(/ NOOP$/)]);
    expect(Math.abs(server.messageOctetsReceived() - 2500)).toBeLessThan(10);
  });

  it("stalls: the rest is never read, and no answer comes", async () => {
    const { server } = await serve({ script: { stallAfterReceived: literalAt + 7 } });
    const raw = await rawTo(server);
    raw.send(command);
    await expect.poll(() => server.messageOctetsReceived()).toBe(7);
    const other = await rawTo(server);
    expect(await other.command("a NOOP")).toBe("a OK NOOP done\r\n");
    const sent = before + "a NOOP\r\n".length;
    expect([server.appends(), server.openConnections(), server.octetsReceived()]).toEqual([0, 2, literalAt + 7 + sent]);
  });
});

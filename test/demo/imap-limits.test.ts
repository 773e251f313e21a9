import { describe, expect, it } from "vitest";
import { addMailbox, addMessage, findMailbox } from "../../src/demo/mail-store.ts";
import { imapStage, plainCapabilities as plain } from "../support/imap-stage.ts";

const { serve, rawTo, flowTo } = imapStage();

describe("the limit of a message", () => {
  it("is announced, whatever else is offered", async () => {
    for (const capabilities of [undefined, plain, [...plain, "APPENDLIMIT", "LITERAL+"]]) {
      const { server } = await serve({ appendLimit: 100, ...(capabilities === undefined ? {} : { capabilities }) });
      const client = await flowTo(server);
      expect(client.capabilities.get("APPENDLIMIT")).toBe(100);
      await client.append("INBOX", "x".repeat(100));
      await expect(client.append("INBOX", "x".repeat(101))).rejects.toThrow("APPENDLIMIT=100");
      expect([server.appends(), server.messageOctetsReceived()]).toEqual([1, 100]);
    }
  });

  it("holds against a client that does not look: before the literal, or when it has come unasked", async () => {
    const { server, inbox } = await serve({ appendLimit: 3 });
    const raw = await rawTo(server);
    expect(await raw.command("a APPEND INBOX {4}")).toBe("a NO [TOOBIG] The message is too big\r\n");
    expect(await raw.command("b APPEND INBOX {4+}\r\nbbbb")).toBe("b NO [TOOBIG] The message is too big\r\n");
    expect(await raw.command("c APPEND INBOX {3+}\r\nccc")).toMatch(/^c OK/);
    expect(inbox.messages.map(({ bytes }) => `${bytes}`)).toEqual(["ccc"]);
    expect(server.messageOctetsReceived()).toBe(7);
    expect(server.log.slice(1)).toEqual(["a APPEND INBOX {4}", "b APPEND INBOX {4}", "c APPEND INBOX {3}"]);
  });
});

describe("the quota", () => {
  it("is told to ImapFlow, and what goes beyond it is refused", async () => {
    const { server, store, inbox } = await serve({ quota: { storageKiB: 2 } });
    addMessage(addMailbox(store, ["Sent"]), "x".repeat(1000));
    const client = await flowTo(server);
    expect(await client.getQuota("INBOX")).toMatchObject({ storage: { usage: 1024, limit: 2048 } });
    await client.append("INBOX", "x".repeat(1048));
    const refused = client.append("INBOX", "x");
    await expect(refused).rejects.toMatchObject({ responseStatus: "NO", serverResponseCode: "OVERQUOTA" });
    inbox.messages.pop();
    await client.append("INBOX", "x");
    expect(server.appends()).toBe(2);
  });

  it("is enforced where QUOTA is not offered, and not told", async () => {
    const { server } = await serve({ capabilities: [...plain, "LITERAL+"], quota: { storageKiB: 0 } });
    const raw = await rawTo(server);
    expect(await raw.command("a GETQUOTAROOT INBOX")).toMatch(/^a BAD/);
    expect(await raw.command("b APPEND INBOX {1+}\r\nx")).toMatch(/^b NO \[OVERQUOTA\]/);
  });

  it("has one root, or none", async () => {
    const { server } = await serve({ quota: { storageKiB: 5 } });
    const raw = await rawTo(server);
    expect(await raw.command("a GETQUOTAROOT inbox")).toBe(
      '* QUOTAROOT "inbox" "User quota"\r\n* QUOTA "User quota" (STORAGE 0 5)\r\na OK GETQUOTAROOT done\r\n',
    );
    expect(await raw.command('b GETQUOTA "User quota"')).toContain("(STORAGE 0 5)");
    expect(await raw.command('c GETQUOTA ""')).toMatch(/^c NO/);
    const { server: unlimited } = await serve({ capabilities: [...plain, "QUOTA"] });
    expect(await (await rawTo(unlimited)).command("a GETQUOTAROOT INBOX")).toBe(
      '* QUOTAROOT "INBOX"\r\na OK GETQUOTAROOT done\r\n',
    );
  });
});

describe("permanent flags", () => {
  const permanentFlags = ["\\Seen", "\\Deleted", "$Junk"];

  it("are announced, and all others dropped without a word", async () => {
    const { server, inbox } = await serve({ permanentFlags });
    addMessage(inbox, "old", { flags: ["old", "\\Seen"] });
    const client = await flowTo(server);
    await client.append("INBOX", "new", ["\\Seen", "\\Flagged", "$junk", "other"]);
    const opened = await client.mailboxOpen("INBOX");
    expect([...(opened.permanentFlags ?? [])]).toEqual(permanentFlags);
    expect([...(opened.flags ?? [])]).toEqual(expect.arrayContaining(["\\Flagged", "$Junk", "old"]));
    const raw = await rawTo(server);
    await raw.command("a SELECT INBOX");
    expect(await raw.command("b STORE 1 FLAGS (\\Flagged x)")).toContain("* 1 FETCH (FLAGS ())\r\nb OK");
    expect(await raw.command("c STORE 1 +FLAGS (\\Flagged \\Deleted)")).toContain("(FLAGS (\\Deleted))");
    expect(inbox.messages.map(({ flags }) => flags)).toEqual([["\\Deleted"], ["$junk", "\\Seen"]]);
    expect(await raw.command("d EXAMINE INBOX")).toContain("[PERMANENTFLAGS ()]");
  });

  it("may let keywords in with \\*", async () => {
    const { server, inbox } = await serve({ permanentFlags: ["\\Seen", "\\*"] });
    await (await flowTo(server)).append("INBOX", "new", ["\\Seen", "\\Draft", "anything"]);
    expect(inbox.messages[0]?.flags).toEqual(["\\Seen", "anything"]);
  });
});

describe("names of mailboxes", () => {
  it("are one in any case where the server says so", async () => {
    const { server, store } = await serve({ caseInsensitiveNames: true });
    addMessage(addMailbox(store, ["Sent", "Été"]), "one");
    const client = await flowTo(server);
    expect(await client.mailboxOpen("SENT/éTÉ")).toMatchObject({ exists: 1 });
    await client.append("sent/été", "two");
    expect(findMailbox(store, ["Sent", "Été"])?.messages).toHaveLength(2);
    const raw = await rawTo(server);
    expect(await raw.command('a CREATE "SENT/&AMk-T&AMk-"')).toMatch(/^a NO \[ALREADYEXISTS\]/);
    expect(await raw.command('b LIST "" "SENT/*"')).toContain('"Sent/&AMk-t&AOk-"');
    const { server: strict, store: other } = await serve();
    addMailbox(other, ["Sent"]);
    expect(await (await rawTo(strict)).command("a EXAMINE SENT")).toMatch(/^a NO \[NONEXISTENT\]/);
    expect(await (await rawTo(strict)).command("a CREATE SENT")).toMatch(/^a OK/);
  });

  it("may be deleted; created anew they get a UIDVALIDITY never used before", async () => {
    const { server, store } = await serve();
    const client = await flowTo(server);
    const seen = new Set<bigint>();
    for (let turn = 0; turn < 3; turn += 1) {
      await client.mailboxCreate("Box");
      await client.mailboxCreate("Box/Below");
      await client.append("Box", "x");
      seen.add((await client.mailboxOpen("Box/Below")).uidValidity);
      seen.add((await client.mailboxOpen("Box")).uidValidity);
      await client.mailboxDelete("Box");
      expect(store.mailboxes.map(({ path }) => path.join("/"))).toEqual(["INBOX", "Box/Below"]);
      await client.mailboxDelete("Box/Below");
    }
    expect(seen.size).toBe(6);
    const raw = await rawTo(server);
    expect(await raw.command("a DELETE Box")).toMatch(/^a NO \[NONEXISTENT\]/);
    expect(await raw.command("b DELETE inbox")).toMatch(/^b NO \[CANNOT\]/);
    await raw.command("c CREATE Box");
    await raw.command("d SELECT Box");
    await raw.command("e DELETE Box");
    expect(await raw.command("f FETCH 1 FLAGS")).toBe("f BAD No mailbox is selected\r\n");
  });

  it("may change, with all that is below them, and keep their mail", async () => {
    const { server, store } = await serve();
    const mailbox = addMailbox(store, ["A", "B"]);
    addMailbox(store, ["A", "B", "C"]);
    addMailbox(store, ["A", "Bee"]);
    addMessage(mailbox, "kept");
    const { uidValidity } = mailbox;
    const client = await flowTo(server);
    await client.mailboxRename("A/B", "Neu/Ä");
    expect(store.mailboxes.map(({ path }) => path.join("/"))).toEqual(["INBOX", "Neu/Ä", "Neu/Ä/C", "A/Bee"]);
    expect(await client.mailboxOpen("Neu/Ä")).toMatchObject({ exists: 1, uidValidity: BigInt(uidValidity) });
    const raw = await rawTo(server);
    expect(await raw.command("a RENAME A/B X")).toMatch(/^a NO \[NONEXISTENT\]/);
    expect(await raw.command("b RENAME A/Bee INBOX")).toMatch(/^b NO \[ALREADYEXISTS\]/);
    expect(await raw.command("c RENAME A/Bee A/Bee/Below")).toMatch(/^c NO \[CANNOT\]/);
    expect(await raw.command("d RENAME INBOX X")).toMatch(/^d NO \[CANNOT\]/);
  });
});

describe("a server that offers nothing", () => {
  it("knows no command of an extension", async () => {
    const { server, inbox } = await serve({ capabilities: plain });
    addMessage(inbox, "x", { flags: ["\\Deleted"] });
    const raw = await rawTo(server);
    await raw.command("a SELECT INBOX");
    for (const line of ["ID NIL", "NAMESPACE", "UNSELECT", "UID EXPUNGE 1", "ENABLE X", "FETCH 1 X-GM-MSGID"]) {
      expect(await raw.command(`b ${line}`)).toMatch(/^b BAD /);
    }
    expect(inbox.messages).toHaveLength(1);
    expect(await raw.command("c APPEND INBOX {1}")).toMatch(/^\+/);
    raw.send("x\r\n");
    expect(await raw.until(/^c .*\r\n/m)).toBe("* 2 EXISTS\r\nc OK APPEND done\r\n");
  });
});

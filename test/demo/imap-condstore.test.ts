import { describe, expect, it } from "vitest";
import { addMessage, removeMessages, setFlags } from "../../src/demo/mail-store.ts";
import { imapStage, plainCapabilities as plain, type Stage } from "../support/imap-stage.ts";

const { serve, rawTo, flowTo } = imapStage();
const condstore = [...plain, "ENABLE", "CONDSTORE", "UIDPLUS"];

async function serveThree(capabilities = condstore): Promise<Stage> {
  const stage = await serve({ capabilities });
  for (const text of ["one", "two", "three"]) addMessage(stage.inbox, text);
  return stage;
}

describe("mod-sequences in the store", () => {
  it("grow with each message, each change of flags and each expunge, and with nothing else", async () => {
    const { inbox } = await serveThree();
    const [one, two] = inbox.messages;
    if (one === undefined || two === undefined) throw new Error("no messages");
    expect([inbox.highestModSeq, ...inbox.messages.map(({ modSeq }) => modSeq)]).toEqual([4, 2, 3, 4]);
    setFlags(inbox, one, ["\\seen", "x"]);
    expect([inbox.highestModSeq, one.modSeq, two.modSeq, one.flags]).toEqual([5, 5, 3, ["\\Seen", "x"]]);
    setFlags(inbox, one, ["x", "\\Seen"]);
    removeMessages(inbox, () => false);
    expect(inbox.highestModSeq).toBe(5);
    removeMessages(inbox, (message) => message === two);
    expect([inbox.highestModSeq, inbox.messages.map(({ uid }) => uid)]).toEqual([6, [1, 3]]);
  });
});

describe("CONDSTORE", () => {
  it("tells ImapFlow what changed, and nothing else", async () => {
    const { server, inbox } = await serveThree();
    const client = await flowTo(server);
    expect([...client.enabled]).toEqual(["CONDSTORE"]);
    const opened = await client.mailboxOpen("INBOX");
    expect(opened.highestModseq).toBe(4n);
    const changes = async (changedSince: bigint) => {
      const rows = await client.fetchAll("1:*", { uid: true, flags: true }, { uid: true, changedSince });
      return rows.map(({ uid, flags, modseq }) => [uid, [...(flags ?? [])], modseq]);
    };
    expect(await changes(4n)).toEqual([]);
    await client.messageFlagsAdd("2", ["\\Flagged"], { uid: true });
    addMessage(inbox, "four");
    await client.noop();
    expect(await changes(4n)).toEqual([
      [2, ["\\Flagged"], 5n],
      [4, [], 6n],
    ]);
    expect(await changes(0n)).toHaveLength(4);
    await client.messageDelete("1", { uid: true });
    expect(await client.status("INBOX", { highestModseq: true })).toMatchObject({ highestModseq: 8n });
  });

  it("is enabled by ENABLE, SELECT, FETCH or STATUS, and then STORE tells mod-sequences too", async () => {
    for (const enabling of [
      "ENABLE X-FOO condstore",
      "SELECT INBOX (CONDSTORE)",
      "FETCH 1 MODSEQ",
      "FETCH 1 FLAGS (CHANGEDSINCE 1)",
      "STATUS INBOX (HIGHESTMODSEQ)",
    ]) {
      const { server } = await serveThree();
      const raw = await rawTo(server);
      await raw.command("a SELECT INBOX");
      expect(await raw.command("b STORE 1 +FLAGS (x)")).toBe("* 1 FETCH (FLAGS (x))\r\nb OK STORE done\r\n");
      expect(await raw.command("c STORE 1 +FLAGS.SILENT (y)")).toBe("c OK STORE done\r\n");
      expect(await raw.command(`d ${enabling}`)).toMatch(/^d OK /m);
      expect(await raw.command("e UID STORE 1 +FLAGS (z)")).toContain("(UID 1 FLAGS (x y z) MODSEQ (7))");
      expect(await raw.command("f UID STORE 1 -FLAGS.SILENT (x)")).toContain("(UID 1 MODSEQ (8))");
    }
  });

  it("shows in each answer as RFC 7162 has it", async () => {
    const { server, inbox } = await serveThree();
    const raw = await rawTo(server);
    expect(await raw.command("a ENABLE CONDSTORE")).toBe("* ENABLED CONDSTORE\r\na OK ENABLE done\r\n");
    expect(await raw.command("b EXAMINE INBOX (CONDSTORE)")).toContain("* OK [HIGHESTMODSEQ 4] ");
    expect(await raw.command("c UID FETCH 1:* (FLAGS) (CHANGEDSINCE 2)")).toBe(
      "* 2 FETCH (UID 2 FLAGS () MODSEQ (3))\r\n* 3 FETCH (UID 3 FLAGS () MODSEQ (4))\r\nc OK UID FETCH done\r\n",
    );
    expect(await raw.command("d STATUS INBOX (MESSAGES HIGHESTMODSEQ)")).toContain("(MESSAGES 3 HIGHESTMODSEQ 4)");
    await raw.command("e SELECT INBOX");
    await raw.command("f FETCH 1 BODY[]");
    expect([inbox.messages[0]?.flags, inbox.messages[0]?.modSeq]).toEqual([["\\Seen"], 5]);
    expect(await raw.command("g FETCH 1 FLAGS (CHANGEDSINCE 2 VANISHED)")).toMatch(/^g BAD/);
    expect(await raw.command("h SELECT INBOX (QRESYNC (1 2))")).toMatch(/^h BAD/);
  });

  it("is unknown where it is not offered", async () => {
    const { server } = await serveThree(plain);
    const client = await flowTo(server);
    expect((await client.mailboxOpen("INBOX")).highestModseq).toBeUndefined();
    const raw = await rawTo(server);
    expect(await raw.command("a SELECT INBOX")).not.toContain("MODSEQ");
    for (const line of [
      "ENABLE CONDSTORE",
      "EXAMINE INBOX (CONDSTORE)",
      "FETCH 1 MODSEQ",
      "UID FETCH 1 FLAGS (CHANGEDSINCE 1)",
      "STATUS INBOX (HIGHESTMODSEQ)",
    ]) {
      await raw.command("b SELECT INBOX");
      expect(await raw.command(`c ${line}`)).toMatch(/^c BAD /);
    }
  });
});

describe("LIST-STATUS", () => {
  it("tells after each mailbox how it stands, where it is offered", async () => {
    const { server } = await serveThree([...condstore, "LIST-STATUS"]);
    const raw = await rawTo(server);
    expect(await raw.command('a LIST "" "*" RETURN (STATUS (MESSAGES HIGHESTMODSEQ) CHILDREN)')).toMatch(
      /^\* LIST \(\\HasNoChildren\) "\/" "INBOX"\r\n\* STATUS "INBOX" \(MESSAGES 3 HIGHESTMODSEQ 4\)\r\na OK /,
    );
    expect(await raw.command('b LIST "" "*" RETURN (STATUS)')).toMatch(/^b BAD/);
    const client = await flowTo(server);
    const [inbox] = await client.list({ statusQuery: { messages: true, uidNext: true, highestModseq: true } });
    expect(inbox?.status).toMatchObject({ messages: 3, uidNext: 4, highestModseq: 4n });
  });

  it("is unknown where it is not offered, as are mod-sequences without CONDSTORE", async () => {
    const raw = await rawTo((await serveThree()).server);
    expect(await raw.command('a LIST "" "*" RETURN (STATUS (MESSAGES))')).toMatch(/^a BAD/);
    const other = await rawTo((await serveThree([...plain, "LIST-STATUS"])).server);
    expect(await other.command('a LIST "" "*" RETURN (STATUS (HIGHESTMODSEQ))')).toContain("a BAD");
  });
});

describe("ESEARCH", () => {
  it("answers one line with a set, where it is asked for and offered", async () => {
    const { server, inbox } = await serveThree([...plain, "ESEARCH"]);
    addMessage(inbox, "four", { flags: ["\\Seen"] });
    removeMessages(inbox, ({ uid }) => uid === 2);
    const raw = await rawTo(server);
    await raw.command("a EXAMINE INBOX");
    expect(await raw.command("b UID SEARCH RETURN (ALL) ALL")).toBe(
      '* ESEARCH (TAG "b") UID ALL 1,3:4\r\nb OK UID SEARCH done\r\n',
    );
    expect(await raw.command("c SEARCH RETURN (MIN MAX COUNT) UID 3:*")).toContain(
      '* ESEARCH (TAG "c") MIN 2 MAX 3 COUNT 2\r\n',
    );
    expect(await raw.command("d UID SEARCH RETURN () UNSEEN")).toContain('* ESEARCH (TAG "d") UID ALL 1,3\r\n');
    expect(await raw.command("e UID SEARCH RETURN (ALL COUNT) DRAFT")).toContain('* ESEARCH (TAG "e") UID COUNT 0\r\n');
    expect(await raw.command("f UID SEARCH RETURN (SAVE) ALL")).toMatch(/^f BAD /);
    expect(await raw.command("g UID SEARCH ALL")).toContain("* SEARCH 1 3 4\r\n");
    const client = await flowTo(server);
    await client.mailboxOpen("INBOX");
    expect(await client.search({ all: true }, { uid: true, returnOptions: ["ALL"] })).toEqual({ all: "1,3:4" });
  });

  it("is unknown where it is not offered", async () => {
    const { server } = await serveThree(plain);
    const raw = await rawTo(server);
    await raw.command("a EXAMINE INBOX");
    expect(await raw.command("b UID SEARCH RETURN (ALL) ALL")).toMatch(/^b BAD /);
  });
});

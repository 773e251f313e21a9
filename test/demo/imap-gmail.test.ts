import { describe, expect, it } from "vitest";
import { addMailbox, addMessage, findMailbox } from "../../src/demo/mail-store.ts";
import { createGmailStore, gmailCapabilities } from "../support/gmail.ts";
import { imapStage, login, plainCapabilities as plain } from "../support/imap-stage.ts";

const { serve, rawTo, flowTo } = imapStage();
const date = new Date("2020-02-29T12:00:00Z");

function gmailStore() {
  return createGmailStore(login.user, login.password, [
    { bytes: "first", labels: ["\\Inbox", "\\Important", "Projets/2026/Été", "a label"], flags: ["\\Seen"], date },
    { bytes: "second", labels: ["\\Sent", "\\Starred", "日本語"] },
    { bytes: "archived" },
    { bytes: "second", labels: ["\\Inbox"] },
    { bytes: "spam", labels: ["\\Spam"] },
    { bytes: "gone", labels: ["\\Trash", "\\Inbox"] },
  ]);
}

describe("a store like Gmail's", () => {
  it("lists its mailboxes with their special use", async () => {
    const { server } = await serve({ store: gmailStore(), capabilities: gmailCapabilities });
    const listed = await (await flowTo(server)).list();
    const uses = listed.filter(({ specialUse }) => specialUse !== undefined).map((box) => [box.path, box.specialUse]);
    expect(new Map(uses as [string, string][])).toEqual(
      new Map([
        ["INBOX", "\\Inbox"],
        ["[Gmail]/All Mail", "\\All"],
        ["[Gmail]/Sent Mail", "\\Sent"],
        ["[Gmail]/Spam", "\\Junk"],
        ["[Gmail]/Trash", "\\Trash"],
        ["[Gmail]/Starred", "\\Flagged"],
      ]),
    );
    const paths = listed.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["Projets", "Projets/2026", "Projets/2026/Été", "a label", "日本語"]));
    expect(listed.find(({ path }) => path === "[Gmail]")?.flags.has("\\Noselect")).toBe(true);
  });

  it("has one message under one identity in all its places, and gives its other labels", async () => {
    const { server, store } = await serve({ store: gmailStore(), capabilities: gmailCapabilities });
    const client = await flowTo(server);
    const rowsOf = async (path: string) => {
      await client.mailboxOpen(path, { readOnly: true });
      const rows = await client.fetchAll("1:*", { source: true, labels: true, flags: true, threadId: true });
      return rows.map(({ source, emailId, threadId, labels, flags }) => {
        expect(threadId).toBe(emailId);
        return [`${source}`, emailId, [...(labels ?? [])].sort(), [...(flags ?? [])]];
      });
    };
    const [first, second, archived, twin, spam, gone] = [0n, 1n, 2n, 3n, 4n, 5n].map(
      (index) => `${1_278_455_344_230_334_865n + index}`,
    );
    const all = ["Projets/2026/Été", "\\Important", "\\Inbox", "a label"];
    expect(await rowsOf("[Gmail]/All Mail")).toEqual([
      ["first", first, all, ["\\Seen"]],
      ["second", second, ["\\Sent", "\\Starred", "日本語"], ["\\Flagged"]],
      ["archived", archived, [], []],
      ["second", twin, ["\\Inbox"], []],
    ]);
    expect(await rowsOf("INBOX")).toEqual([
      ["first", first, all.filter((label) => label !== "\\Inbox"), ["\\Seen"]],
      ["second", twin, [], []],
    ]);
    expect(await rowsOf("Projets/2026/Été")).toEqual([
      ["first", first, all.filter((label) => label !== "Projets/2026/Été"), ["\\Seen"]],
    ]);
    expect(await rowsOf("[Gmail]/Sent Mail")).toEqual([["second", second, ["\\Starred", "日本語"], ["\\Flagged"]]]);
    expect(await rowsOf("[Gmail]/Starred")).toEqual([["second", second, ["\\Sent", "日本語"], ["\\Flagged"]]]);
    expect(await rowsOf("日本語")).toEqual([["second", second, ["\\Sent", "\\Starred"], ["\\Flagged"]]]);
    expect(await rowsOf("[Gmail]/Spam")).toEqual([["spam", spam, [], []]]);
    expect(await rowsOf("[Gmail]/Trash")).toEqual([["gone", gone, ["\\Inbox"], []]]);
    const places = store.mailboxes.flatMap(({ messages }) => messages).filter(({ emailId }) => emailId === first);
    expect(places.map(({ internalDate }) => internalDate)).toEqual([date, date, date, date]);
  });

  it("quotes labels, in modified UTF-7", async () => {
    const { server } = await serve({ store: gmailStore(), capabilities: gmailCapabilities });
    const raw = await rawTo(server);
    await raw.command("a EXAMINE INBOX");
    expect(await raw.command("b UID FETCH 1:2 (X-GM-MSGID X-GM-LABELS)")).toBe(
      '* 1 FETCH (UID 1 X-GM-MSGID 1278455344230334865 X-GM-LABELS ("\\\\Important" "Projets/2026/&AMk-t&AOk-" "a label"))\r\n' +
        "* 2 FETCH (UID 2 X-GM-MSGID 1278455344230334868 X-GM-LABELS ())\r\nb OK UID FETCH done\r\n",
    );
  });
});

describe("identities", () => {
  it("come from the octets where none is given, and are those of RFC 8474 with OBJECTID", async () => {
    const { server, store, inbox } = await serve({ capabilities: [...plain, "X-GM-EXT-1", "OBJECTID"] });
    const other = addMailbox(store, ["Other"]);
    addMessage(inbox, "same");
    addMessage(inbox, "else");
    addMessage(other, "same");
    addMessage(other, "given", { emailId: "123" });
    const client = await flowTo(server);
    const idsOf = async (path: string) => {
      await client.mailboxOpen(path);
      return (await client.fetchAll("1:*", { threadId: true })).map(({ emailId, threadId }) => [emailId, threadId]);
    };
    const [same, differs] = await idsOf("INBOX");
    expect(same?.[0]).toMatch(/^M\d{1,19}$/);
    expect(same?.[0]).not.toBe(differs?.[0]);
    expect(await idsOf("Other")).toEqual([same, ["M123", "T123"]]);
    const raw = await rawTo(server);
    await raw.command("a EXAMINE INBOX");
    expect(await raw.command("b FETCH 1 (X-GM-MSGID EMAILID)")).toMatch(/\(X-GM-MSGID (\d+) EMAILID \(M\1\)\)/);
  });

  it("are unknown where they are not offered", async () => {
    const { server, store } = await serve({ store: gmailStore(), capabilities: plain });
    const raw = await rawTo(server);
    await raw.command("a EXAMINE INBOX");
    for (const item of ["X-GM-MSGID", "X-GM-THRID", "X-GM-LABELS", "EMAILID", "THREADID"]) {
      expect(await raw.command(`b FETCH 1 ${item}`)).toMatch(/^b BAD/);
    }
    expect(findMailbox(store, ["INBOX"])?.messages).toHaveLength(2);
  });
});

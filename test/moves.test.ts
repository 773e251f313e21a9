// Moving house on two scripted servers: what arrives, what a second pass does, and what is said.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addMailbox, addMessage, findMailbox } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { startPop3Server } from "../src/demo/pop3-server.ts";
import { inventory, likenesses } from "./support/inventory.ts";
import { accountOn, temporaryFolder } from "./support/jobs.ts";
import { deliver, type Houses, letter, moveTo, runMove, startHouses } from "./support/moves.ts";

let houses: Houses;
let state = "";
beforeEach(async () => {
  houses = await startHouses();
  state = temporaryFolder();
});
afterEach(() => houses.close());

const job = (changes = {}) => moveTo(houses.new.account, houses.old.account, changes);
const appends = () => houses.new.server.log.filter((line) => / APPEND /.test(line)).length;
const stores = () => houses.new.server.log.filter((line) => / STORE /.test(line)).length;
const login = (side: "old" | "new") => ({ port: houses[side].server.port, ...houses[side].store });

async function expectEqual(names: Record<string, string> = {}): Promise<void> {
  const [source, target] = [await inventory(login("old")), await inventory(login("new"))];
  for (const [name, messages] of source) {
    expect(likenesses(target.get(names[name] ?? name) ?? []), name).toEqual(likenesses(messages));
  }
}

describe("a move", () => {
  it("brings mailboxes, octets, flags, keywords and dates, and says SAFE", async () => {
    houses.old.store.mailboxes.splice(0, 1, ...createDemoStore("ada", "x").mailboxes);
    const report = await runMove(job(), state);
    expect(report).toMatchObject({ verdict: "safe", failures: [], messages: { failed: 0 } });
    expect(report.messages.copied).toBeGreaterThan(50);
    expect(report.verified).toEqual({ checked: report.messages.copied, intact: report.messages.copied });
    await expectEqual();
    expect(houses.new.store.mailboxes.every(({ subscribed }) => subscribed !== false)).toBe(true);
  });

  it("sends nothing in a second pass", async () => {
    houses.old.store.mailboxes.splice(0, 1, ...createDemoStore("ada", "x").mailboxes);
    await runMove(job(), state);
    const [before, sent] = [appends(), houses.old.server.messageOctetsSent()];
    const second = await runMove(job(), state);
    expect(second).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
    expect(appends()).toBe(before);
    expect(houses.old.server.messageOctetsSent()).toBe(sent);
  });

  it("carries what is new and what changed at the source, and leaves alone what changed at the target", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    await runMove(job(), state);
    const old = findMailbox(houses.old.store, ["INBOX"]);
    const there = findMailbox(houses.new.store, ["INBOX"]);
    if (old === undefined || there === undefined) throw new Error("no INBOX");
    const flag = (side: typeof old, at: number, flags: string[]) => {
      const message = side.messages[at];
      if (message !== undefined) message.flags = flags;
    };
    flag(old, 0, ["\\Flagged", "\\Seen"]);
    flag(old, 1, []);
    flag(old, 2, ["\\Answered", "\\Seen"]);
    flag(old, 3, ["\\Seen", "proj"]);
    flag(old, 4, ["\\Flagged", "\\Seen"]);
    flag(there, 4, ["\\Flagged", "\\Seen"]); // the same was done on both sides
    flag(there, 5, []);
    flag(there, 6, ["\\Flagged", "\\Seen"]);
    flag(there, 1, ["\\Seen", "mine"]);
    deliver(houses.old.store, ["INBOX"], "k", "l", "m");
    addMessage(there, letter("foreign"));

    const [appended, stored] = [appends(), stores()];
    const report = await runMove(job(), state);
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 3 } });
    expect(appends() - appended).toBe(3);
    expect(stores() - stored).toBe(4);
    expect(there.messages.map(({ flags }) => flags.join(" "))).toEqual([
      "\\Flagged \\Seen",
      "mine",
      "\\Answered \\Seen",
      "\\Seen proj",
      "\\Flagged \\Seen",
      "",
      "\\Flagged \\Seen",
      "\\Seen",
      "\\Seen",
      "\\Seen",
      "",
      "\\Seen",
      "\\Seen",
      "\\Seen",
    ]);
    const [again, storedAgain] = [appends(), stores()];
    await runMove(job(), state);
    expect([appends(), stores()]).toEqual([again, storedAgain]);
  });

  it("keeps the flags that a message had when it was read, if they changed after it was listed", async () => {
    deliver(houses.old.store, ["INBOX"], "a");
    houses.old.server.script.onFetch = ({ body, mailbox }) => {
      if (body) for (const message of mailbox.messages) message.flags = ["\\Flagged"];
      return undefined;
    };
    await runMove(job(), state);
    expect(findMailbox(houses.new.store, ["INBOX"])?.messages[0]?.flags).toEqual(["\\Flagged"]);
    expect(stores()).toBe(0);
  });

  it("never carries a deletion, on either side", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c");
    await runMove(job(), state);
    const there = findMailbox(houses.new.store, ["INBOX"]);
    findMailbox(houses.old.store, ["INBOX"])?.messages.shift();
    there?.messages.pop();
    const report = await runMove(job(), state);
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
    expect(report.mailboxes[0]).toMatchObject({ onServer: 2, inArchive: 2, kept: 1 });
    expect(there?.messages.length).toBe(2);
  });

  it("adopts what another tool has brought, twins counted", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c", "twin", "twin", "twin");
    const there = addMailbox(houses.new.store, ["INBOX"]);
    for (const words of ["b", "twin", "own"]) addMessage(there, letter(words));
    const report = await runMove(job(), state);
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 4 }, mailboxes: [{ new: 4, found: 2 }] });
    expect(appends()).toBe(4);
    expect(there.messages.length).toBe(7);
    // Its dates were not those of the source: that can't be mended, and is said.
    expect(report.notices).toMatchObject([{ code: "S604" }]);
  });

  it("adopts what a tool has brought that puts a header into each message, and says that these are altered", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c");
    const there = addMailbox(houses.new.store, ["INBOX"]);
    for (const { bytes, internalDate } of addMailbox(houses.old.store, ["INBOX"]).messages.slice(0, 2)) {
      addMessage(there, `${bytes}`.replace("Subject:", "X-TUID: abcdefghijkl\r\nSubject:"), { internalDate });
    }
    const report = await runMove(job(), state);
    expect(report).toMatchObject({ messages: { copied: 1 }, mailboxes: [{ inArchive: 3, found: 2, altered: 2 }] });
    expect(appends()).toBe(1);
  });

  it("does not take another message with the same Message-ID for one of ours", async () => {
    const [ours, list] = ["ours", "by the list"].map((words) =>
      Buffer.from(`Message-ID: <same@example.net>\r\nSubject: ${words}\r\n\r\n${words}\r\n`),
    );
    const internalDate = new Date("2020-02-02T02:02:02Z");
    addMessage(addMailbox(houses.old.store, ["INBOX"]), ours ?? "", { internalDate });
    addMessage(addMailbox(houses.new.store, ["INBOX"]), list ?? "", { internalDate });
    expect(await runMove(job(), state)).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
  });

  it("from POP3, which tells neither dates nor flags, brings each message once, also after a lost answer", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "b", "c");
    const pop3 = await startPop3Server({ store: houses.old.store });
    try {
      const from = accountOn({ protocol: "pop3", port: pop3.port, ...houses.old.store });
      houses.new.server.script.onAppend = ({ count }) => (count === 2 ? "lost-answer" : undefined);
      const report = await runMove(moveTo(houses.new.account, from), state);
      expect(report).toMatchObject({ verdict: "safe", mailboxes: [{ onServer: 4, inArchive: 4 }] });
      expect(addMailbox(houses.new.store, ["INBOX"]).messages.length).toBe(4);
      const second = await runMove(moveTo(houses.new.account, from), state);
      expect(second).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
      for (const message of addMailbox(houses.old.store, ["INBOX"]).messages) message.uidl = `new${message.uid}`;
      expect(await runMove(moveTo(houses.new.account, from), state)).toMatchObject({ messages: { copied: 0 } });
    } finally {
      await pop3.close();
    }
  });

  it("brings all again into a mailbox that was made anew, but nothing that is there", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c");
    await runMove(job(), state);
    const there = addMailbox(houses.new.store, ["INBOX"]);
    there.uidValidity += 1;
    there.messages.pop();
    const before = appends();
    const report = await runMove(job(), state);
    expect(report).toMatchObject({ verdict: "safe", notices: [{ code: "S605" }] });
    expect(appends() - before).toBe(1);
    await expectEqual();
  });

  it("recognises what is there when the source has renumbered its messages", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "b");
    await runMove(job(), state);
    const old = addMailbox(houses.old.store, ["INBOX"]);
    old.uidValidity += 1;
    for (const message of old.messages) message.uid += 100;
    old.uidNext += 100;
    const before = appends();
    expect(await runMove(job(), state)).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
    expect(appends()).toBe(before);
  });

  it("goes on without its book, by content alone", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c");
    await runMove(job(), state);
    const before = appends();
    expect(await runMove(job(), temporaryFolder())).toMatchObject({ verdict: "safe" });
    expect(appends()).toBe(before);
  });

  it("changes nothing in a rehearsal, and tells where everything would go", async () => {
    deliver(houses.old.store, ["Envoyés"], "a");
    addMailbox(houses.new.store, ["Sent"], "\\Sent");
    const report = await runMove(job(), state, true);
    expect(report).toMatchObject({ verdict: "rehearsal" });
    expect(report.mapping).toContainEqual({ from: ["Envoyés"], to: ["Sent"], why: "name", exists: true });
    expect(houses.new.server.log.filter((line) => /APPEND|CREATE|STORE|SELECT/.test(line))).toEqual([]);
    await runMove(job(), state);
    expect(findMailbox(houses.new.store, ["Sent"])?.messages.length).toBe(1);
  });
});

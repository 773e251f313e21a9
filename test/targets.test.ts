// What a target may do to a message, and what is said and done then.

import { afterEach, describe, expect, it } from "vitest";
import type { ArrivedMessage } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, findMailbox } from "../src/demo/mail-store.ts";
import { accountOn, temporaryFolder } from "./support/jobs.ts";
import { deliver, type Houses, letter, moveTo, runMove, startHouses } from "./support/moves.ts";

const plain = ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT"];

let houses: Houses | undefined;
afterEach(async () => {
  await houses?.close();
});

async function start(...options: Parameters<typeof startHouses>): Promise<Houses> {
  houses = await startHouses(...options);
  return houses;
}

const inbox = (all: Houses) => addMailbox(all.new.store, ["INBOX"]).messages;
const words = (all: Houses) => inbox(all).map(({ bytes }) => /Subject: (.*)\r\n/.exec(`${bytes}`)?.[1]);
const job = (all: Houses, changes = {}) => moveTo(all.new.account, all.old.account, changes);
const once = <T>(fault: T, at: (message: ArrivedMessage) => boolean) => {
  let done = false;
  return (message: ArrivedMessage): T | undefined => {
    if (done || !at(message)) return undefined;
    done = true;
    return fault;
  };
};
const isLetter = (subject: string) => (message: ArrivedMessage) =>
  `${message.bytes}`.includes(`Subject: ${subject}\r\n`);

describe("a target that refuses", () => {
  it.each([
    { answer: { no: "[TOOBIG] Message too large" }, code: "M402", words: /Message too large/ },
    { answer: { no: "Message contains NUL characters" }, code: "M403", words: /NUL characters/ },
    { answer: { bad: "Message has bare newlines" }, code: "M403", words: /bare newlines/ },
  ])("a message is named with its words ($answer), the rest goes on, and it is not offered again", async (row) => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "a", "b", "c");
    all.new.server.script.onAppend = (message) => (isLetter("b")(message) ? row.answer : undefined);
    const state = temporaryFolder();
    const report = await runMove(job(all), state);
    expect(report).toMatchObject({ verdict: "incomplete", exit: { name: "incomplete" }, messages: { copied: 2 } });
    expect(report.failures).toMatchObject([{ code: row.code, key: "2", reason: expect.stringMatching(row.words) }]);
    expect(words(all)).toEqual(["a", "c"]);
    const appends = all.new.server.log.filter((line) => / APPEND /.test(line)).length;
    const again = await runMove(job(all), state);
    expect(again.failures).toEqual(report.failures);
    expect(all.new.server.log.filter((line) => / APPEND /.test(line)).length).toBe(appends);
  });

  it("for a passing reason gets the message in the next run", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "a", "b");
    all.new.server.script.onAppend = (message) =>
      isLetter("b")(message) ? { no: "[UNAVAILABLE] Try again later" } : undefined;
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "incomplete", failures: [{ code: "M403" }] });
    all.new.server.script.onAppend = undefined;
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
    expect(words(all)).toEqual(["a", "b"]);
  });

  it("by cutting the connection whenever it is sent: the message is set aside and named, the others arrive", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "a", "b", "c", "d");
    all.new.server.script.onAppend = (message) => (isLetter("b")(message) ? "cut-before-store" : undefined);
    const to = accountOn({ protocol: "imap", port: all.new.server.port, ...all.new.store }, { timeoutMs: 1000 });
    const retry = { attempts: 6, maxWaitMs: 0 };
    const report = await runMove(moveTo(to, all.old.account, { retry }), temporaryFolder());
    expect(report).toMatchObject({ verdict: "incomplete", failures: [{ code: "M403", key: "2", reason: /was sent/ }] });
    expect(words(all).sort()).toEqual(["a", "c", "d"]);
  });

  it("a date gets the message without it, and that is said", async () => {
    const all = await start();
    addMessage(addMailbox(all.old.store, ["INBOX"]), letter("moon"), {
      internalDate: new Date("1969-07-20T20:17:40Z"),
    });
    all.new.server.script.onAppend = ({ internalDate }) =>
      internalDate === undefined ? undefined : { bad: "Invalid date-time in Append command" };
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe", notices: [{ code: "S604", reason: /INTERNALDATE/ }] });
    expect(words(all)).toEqual(["moon"]);
  });

  it("what is larger than it says it takes is not even sent", async () => {
    const all = await start({ appendLimit: 1000 });
    deliver(all.old.store, ["INBOX"], "small", "big ".repeat(400));
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ verdict: "incomplete", failures: [{ code: "M402", reason: /1000 octets/ }] });
    expect(all.new.server.log.filter((line) => / APPEND /.test(line)).length).toBe(1);
  });

  it("everything, being full, is asked no more: the job stops before it sends, and says what to do", async () => {
    const all = await start({ quota: { storageKiB: 1 }, capabilities: [...plain, "UIDPLUS", "QUOTA"] });
    deliver(all.old.store, ["INBOX"], "a", "b".repeat(1500));
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ exit: { code: 9 }, error: { code: "D507", remedy: /Make room/ } });
    expect(inbox(all)).toEqual([]);
  });

  it.each([
    { how: "one by one", capabilities: plain, most: 2 },
    // What is on its way by then is refused too, and one of these is asked for its verdict.
    { how: "many at once", capabilities: [...plain, "LITERAL+"], most: 5 },
  ])(
    "being full without having said so, stops the job at the first refusal, sent $how",
    async ({ capabilities, most }) => {
      const all = await start({ capabilities });
      deliver(all.old.store, ["INBOX"], "a", "b", "c", "d");
      let asked = 0;
      all.new.server.script.onAppend = () => (++asked > 1 ? { no: "[OVERQUOTA] Quota exceeded" } : undefined);
      const state = temporaryFolder();
      expect(await runMove(job(all), state)).toMatchObject({ error: { code: "D507" } });
      expect(asked).toBe(most);
      all.new.server.script.onAppend = undefined;
      expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
      expect(words(all)).toEqual(["a", "b", "c", "d"]);
    },
  );
});

describe("a target that alters", () => {
  const rewrites = {
    "line ends": (bytes: Buffer) => Buffer.from(`${bytes}`.replaceAll("\r\n", "\n")),
    "by adding a header": (bytes: Buffer) => Buffer.concat([Buffer.from("X-Seen-By: us\r\n"), bytes]),
    "by adding a header and a footer": (bytes: Buffer) =>
      Buffer.from(`Received: here\r\n${bytes}\r\n--\r\nScanned by nobody.\r\n`),
  };
  for (const [how, rewrite] of Object.entries(rewrites)) {
    for (const capabilities of [undefined, plain]) {
      const uidplus = capabilities === undefined ? "with" : "without";
      it(`${how}, ${uidplus} APPENDUID: each message is listed, and none sent twice, also after a crash`, async () => {
        const all = await start(capabilities === undefined ? {} : { capabilities });
        deliver(all.old.store, ["INBOX"], "a", "b", "c", "d");
        all.new.server.script.onAppend = ({ bytes }) => ({ store: rewrite(bytes) });
        const state = temporaryFolder();
        const report = await runMove(job(all), state);
        expect(report).toMatchObject({ verdict: "incomplete", mailboxes: [{ inArchive: 4, missing: 0, altered: 4 }] });
        expect(report.failures.map(({ code }) => code)).toEqual(["M404", "M404", "M404", "M404"]);
        expect(await runMove(job(all), state)).toMatchObject({ messages: { copied: 0 } });

        // A run that dies after the server has stored: the book knows nothing of these.
        deliver(all.old.store, ["INBOX"], "e", "f");
        all.new.server.script.onAppend = ({ bytes }) => {
          const alter = { store: rewrite(bytes) };
          if (isLetter("f")({ bytes } as ArrivedMessage)) return "cut-before-store";
          return alter;
        };
        await runMove(job(all, { retry: { attempts: 1, maxWaitMs: 0 } }), state);
        all.new.server.script.onAppend = ({ bytes }) => ({ store: rewrite(bytes) });
        const last = await runMove(job(all), state);
        expect(last).toMatchObject({ mailboxes: [{ onServer: 6, inArchive: 6, altered: 6 }] });
        expect(inbox(all).length).toBe(6);
      });
    }
  }
});

describe("an APPEND without an answer", () => {
  it.each(["lost-answer", "cut-before-store"] as const)(
    "(%s) is looked for, and sent again only if it is not there",
    async (fault) => {
      for (const capabilities of [undefined, plain]) {
        const all = await start(capabilities === undefined ? {} : { capabilities });
        deliver(all.old.store, ["INBOX"], "a", "b", "b", "c");
        all.new.server.script.onAppend = once(fault, isLetter("b"));
        all.new.server.script.afterAppend = ({ mailbox }) => void addMessage(mailbox, letter("a stranger"));
        const report = await runMove(job(all), temporaryFolder());
        expect(report).toMatchObject({ verdict: "safe" });
        expect(words(all).filter((subject) => subject !== "a stranger")).toEqual(["a", "b", "b", "c"]);
        await all.close();
      }
      houses = undefined;
    },
  );

  it("is waited for: a server may still be storing it when we come back", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "b", "a", "c");
    let land = () => {};
    const landing = new Promise<void>((resolve) => {
      land = resolve;
    });
    let selects = 0;
    all.new.server.script.onCommand = async ({ name }) => {
      if (name === "SELECT") selects += 1;
      // It lands when the mailbox was selected anew and listed; whoever looks only once sends the message again.
      if (name !== "NOOP" || selects < 2) return undefined;
      land();
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    };
    all.new.server.script.onAppend = once({ late: () => landing }, isLetter("b"));
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe" });
    expect(words(all).sort()).toEqual(["a", "b", "c"]);
  });
});

describe("a target that can't be taken at its word", () => {
  it("says OK and stores nothing: the message is named as missing, and not sent for ever", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "a", "b", "c");
    all.new.server.script.onAppend = (message) => (isLetter("b")(message) ? "ok-not-stored" : undefined);
    const state = temporaryFolder();
    const report = await runMove(job(all), state);
    expect(report).toMatchObject({
      verdict: "incomplete",
      failures: [{ code: "M403", key: "2", reason: /answered OK/ }],
    });
    expect(words(all)).toEqual(["a", "c"]);
    const { log } = all.new.server;
    const appends = log.filter((line) => / APPEND /.test(line)).length;
    await runMove(job(all), state);
    expect(log.filter((line) => / APPEND /.test(line)).length).toBe(appends);
  });

  it("keeps one of two equal messages, as Gmail does: both count as stored there", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "twin", "twin", "other");
    all.new.server.script.onAppend = () => "merge";
    const state = temporaryFolder();
    const report = await runMove(job(all), state);
    expect(report).toMatchObject({ verdict: "safe", mailboxes: [{ onServer: 3, inArchive: 3, twins: 1 }] });
    expect(words(all)).toEqual(["twin", "other"]);
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
  });

  it("names wrong UIDs: what counts is where the octets are", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], "a", "b", "c");
    all.new.server.script.onAppend = ({ count }) => ({ appendUid: 4 - count });
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
    for (const message of findMailbox(all.old.store, ["INBOX"])?.messages ?? []) {
      if (`${message.bytes}`.includes("Subject: a\r\n")) message.flags = ["\\Flagged", "\\Seen"];
    }
    await runMove(job(all), state);
    expect(inbox(all).map(({ flags }) => flags.join(" "))).toEqual(["\\Flagged \\Seen", "\\Seen", "\\Seen"]);
  });

  it("keeps few flags: those it drops are named, and the others kept", async () => {
    const all = await start({ permanentFlags: ["\\Seen", "\\Flagged"] });
    addMessage(addMailbox(all.old.store, ["INBOX"]), letter("a"), { flags: ["\\Seen", "\\Answered", "$Label1"] });
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe", mailboxes: [{ unkept: 1 }] });
    expect(report.notices).toMatchObject([{ code: "S604", reason: /\$Label1, \\\\?Answered/ }]);
    expect(inbox(all)[0]?.flags).toEqual(["\\Seen"]);
  });
});

describe("a target without LITERAL+, UIDPLUS and the rest", () => {
  it("gets every message all the same", async () => {
    const all = await start({ capabilities: ["IMAP4rev1", "AUTH=PLAIN"], delimiter: "." });
    deliver(all.old.store, ["INBOX"], "a", "b");
    deliver(all.old.store, ["Projets", "Été"], "c", "d");
    expect(await runMove(job(all), temporaryFolder())).toMatchObject({ verdict: "safe", messages: { copied: 4 } });
    expect(findMailbox(all.new.store, ["Projets", "Été"])?.messages.length).toBe(2);
  });
});

it("messages with NUL go as literal8 where BINARY is offered", async () => {
  const all = await start({ refuseNul: true, capabilities: [...plain, "UIDPLUS", "LITERAL+", "BINARY"] });
  addMessage(addMailbox(all.old.store, ["INBOX"]), Buffer.from("Subject: nul\r\n\r\na\0b\r\n"));
  expect(await runMove(job(all), temporaryFolder())).toMatchObject({ verdict: "safe" });
  expect(`${inbox(all)[0]?.bytes}`).toContain("a\0b");
});

it("an account that is source and target of two jobs waits for its turn, and no two connections more than allowed are open", async () => {
  const all = await start();
  for (let n = 0; n < 12; n++) deliver(all.old.store, [`M${n}`], "a", "b");
  const one = accountOn({ protocol: "imap", port: all.new.server.port, ...all.new.store }, { connections: 1 });
  const report = await runMove(moveTo(one, all.old.account), temporaryFolder());
  expect(report).toMatchObject({ verdict: "safe", messages: { copied: 24 } });
});

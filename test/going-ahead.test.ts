// A batch is on its way while the one before is read back: whatever becomes of either, each message is there exactly once.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AppendFault, ArrivedMessage } from "../src/demo/imap-script.ts";
import { addMailbox, addMessage } from "../src/demo/mail-store.ts";
import { acquireLock } from "../src/storage/lock.ts";
import { buryOwners } from "./support/bury-owners.ts";
import { temporaryFolder } from "./support/jobs.ts";
import { deliver, fastTarget, type Houses, letter, moveTo, runMove, startHouses } from "./support/moves.ts";

const opened: Houses[] = [];
afterEach(async () => {
  for (const houses of opened.splice(0)) await houses.close();
});

/** The first batch; what comes after it is the second. */
const first = 500;
const total = 900;
const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `letter ${from + n + 1}`);
const job = (all: Houses, changes = {}) => moveTo(all.new.account, all.old.account, changes);
const inbox = (all: Houses) => addMailbox(all.new.store, ["INBOX"]).messages;
const subjects = (all: Houses) =>
  inbox(all).flatMap(({ bytes }) => /Subject: (letter.*|twin)\r\n/.exec(`${bytes}`)?.[1] ?? []);
const saysSubject = ({ bytes }: ArrivedMessage, subject: string) => `${bytes}`.includes(`Subject: ${subject}\r\n`);

async function start(capabilities: readonly string[] = fastTarget): Promise<Houses> {
  const all = await startHouses({ capabilities });
  opened.push(all);
  const box = addMailbox(all.old.store, ["INBOX"]);
  // All of one second, so that no date tells them apart.
  const internalDate = new Date("2004-05-06T07:08:09Z");
  for (const each of numbered(0, total)) addMessage(box, letter(each), { internalDate });
  return all;
}

/** Lets nobody read the end of the first batch before something of the second has come. Resolves when that has happened. */
function holdBack(all: Houses, onAppend: (message: ArrivedMessage) => AppendFault | undefined = () => undefined) {
  let come = () => {};
  const hasCome = new Promise<void>((resolve) => {
    come = resolve;
  });
  const { script } = all.new.server;
  script.onAppend = (message) => {
    if (message.count > first) come();
    return onAppend(message);
  };
  script.onFetch = async ({ uid, body }) => {
    if (body && uid >= first) await hasCome;
    return undefined;
  };
  return hasCome;
}

describe("the second batch", () => {
  it("is on its way before the first is read back", async () => {
    const all = await start();
    const gone = holdBack(all);
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: total } });
    await gone;
    expect(subjects(all)).toEqual(numbered(0, total));
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
    expect(inbox(all)).toHaveLength(total);
  });

  it("is not taken for what is missing of the first", async () => {
    const all = await start();
    holdBack(all, (message) => (saysSubject(message, "letter 499") ? "ok-not-stored" : undefined));
    const report = await runMove(job(all), temporaryFolder());
    expect(report.failures).toMatchObject([{ code: "M403", key: "499" }]);
    expect(subjects(all)).toEqual(numbered(0, total).filter((each) => each !== "letter 499"));
  });

  it("is not taken for what the server has rewritten of the first", async () => {
    const all = await start();
    holdBack(all, ({ count, bytes }) =>
      count % 83 === 0 ? { store: Buffer.concat([Buffer.from("X-Seen-By: us\r\n"), bytes]) } : undefined,
    );
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ mailboxes: [{ inArchive: total, altered: 10 }] });
    expect(subjects(all)).toEqual(numbered(0, total));
    expect(await runMove(job(all), state)).toMatchObject({ messages: { copied: 0 } });
    expect(inbox(all)).toHaveLength(total);
  });

  it("may be refused in part, and that alone is named", async () => {
    const all = await start();
    holdBack(all, (message) => (saysSubject(message, "letter 777") ? { no: "[TOOBIG] That is too much" } : undefined));
    const report = await runMove(job(all), temporaryFolder());
    expect(report.failures).toMatchObject([{ code: "M402", key: "777" }]);
    expect(subjects(all).sort()).toEqual(
      numbered(0, total)
        .filter((each) => each !== "letter 777")
        .sort(),
    );
  });

  it("has twins in the first: there are as many as before", async () => {
    const all = await start();
    const box = addMailbox(all.old.store, ["INBOX"]);
    for (const at of [100, 450, 550, 700])
      box.messages.splice(at, 1, { ...box.messages[at], bytes: letter("twin") } as (typeof box.messages)[0]);
    let isLost = false;
    holdBack(all, ({ count }) => {
      if (count !== 600 || isLost) return undefined;
      isLost = true;
      return "lost-answer";
    });
    expect(await runMove(job(all), temporaryFolder())).toMatchObject({ verdict: "safe" });
    expect(isLost).toBe(true);
    const source = box.messages.map(({ bytes }) => /Subject: (.*)\r\n/.exec(`${bytes}`)?.[1]);
    expect(subjects(all).sort()).toEqual(source.sort());
  });

  it.each(["lost-answer", "cut-before-store"] as const)(
    "loses its connection (%s), and nothing else",
    async (fault) => {
      const all = await start();
      let isLost = false;
      holdBack(all, ({ count }) => {
        if (count !== first + 1 && count !== first + 130) return undefined;
        if (count > first + 1 && isLost) return undefined;
        isLost = count > first + 1;
        return count > first + 1 ? fault : undefined;
      });
      expect(await runMove(job(all), temporaryFolder())).toMatchObject({ verdict: "safe" });
      expect(subjects(all).sort()).toEqual(numbered(0, total).sort());
    },
  );

  it("finds mail of others in the mailbox, and of the same octets: it is not sent again", async () => {
    const all = await start();
    const internalDate = new Date("2004-05-06T07:08:09Z");
    deliver(all.new.store, ["INBOX"], "welcome");
    addMessage(addMailbox(all.new.store, ["INBOX"]), letter("letter 800"), { internalDate });
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe" });
    expect(subjects(all).sort()).toEqual(numbered(0, total).sort());
  });
});

describe("a run that died while two batches were on their way", () => {
  // So that what has landed and what is late are told apart by one number.
  const oneByOne = fastTarget.filter((name) => name !== "MULTIAPPEND");

  it.each([first + 1, first + 40])(
    "is followed by one that waits for message %s, the last that was sent",
    async (late) => {
      const all = await start(oneByOne);
      let land = () => {};
      const landing = new Promise<void>((resolve) => {
        land = resolve;
      });
      let come = () => {};
      const hasCome = new Promise<void>((resolve) => {
        come = resolve;
      });
      all.new.server.script.onAppend = ({ count }) => {
        if (count !== late) return undefined;
        come();
        return { late: () => landing };
      };
      // Nothing of the first batch is read back, so nothing of it is recorded.
      all.new.server.script.onFetch = async ({ body }) => {
        if (body) await hasCome;
        return body ? { cutAfter: 0 } : undefined;
      };
      const state = temporaryFolder();
      await runMove(job(all, { retry: { attempts: 1, maxWaitMs: 0 } }), state);
      expect(subjects(all)).toEqual(numbered(0, late - 1));
      // As kill -9 would have left it.
      const [book = ""] = readdirSync(join(state, "moves"));
      await acquireLock(join(state, "moves", book, "mailferry.lock"));
      buryOwners(state);
      all.new.server.script.onAppend = undefined;
      all.new.server.script.onFetch = undefined;
      all.new.server.script.onCommand = async ({ name }) => {
        if (name === "NOOP") land();
        return undefined;
      };
      expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
      expect(subjects(all).sort()).toEqual(numbered(0, total).sort());
    },
  );
});

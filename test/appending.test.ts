// Many messages on their way at once: whatever the target offers and however it fails, each is there exactly once, as it was.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import PQueue from "p-queue";
import { afterEach, describe, expect, it } from "vitest";
import { addMessage, findMailbox } from "../src/demo/mail-store.ts";
import { runJobs } from "../src/index.ts";
import { acquireLock } from "../src/storage/lock.ts";
import { appendingContract } from "./appending-contract.ts";
import {
  closeHouses,
  commands,
  expectEqual,
  fill,
  inbox,
  job,
  login,
  numbered,
  saysSubject,
  start,
  subjects,
} from "./support/appending.ts";
import { sha256 } from "./support/archives.ts";
import { buryOwners } from "./support/bury-owners.ts";
import { startCuttingProxy } from "./support/cutting-proxy.ts";
import { dovecotAvailable, startDovecot } from "./support/dovecot.ts";
import { inventory, likenesses } from "./support/inventory.ts";
import { accountOn, temporaryFolder } from "./support/jobs.ts";
import { spread } from "./support/kill-points.ts";
import { appendingTargets, deliver, fastTarget, letter, moveTo, runMove, startHouses } from "./support/moves.ts";

afterEach(closeHouses);

/** A message that the server stores only when it is let. */
function lateLanding(): { land: () => void; landing: Promise<void> } {
  let land = () => {};
  const landing = new Promise<void>((resolve) => {
    land = resolve;
  });
  return { land: () => land(), landing };
}

appendingContract([appendingTargets.at(0), appendingTargets.at(-1)].filter((target) => target !== undefined));

describe("a target that takes many messages at once", () => {
  it("is given them on a connection of its own, and is looked at over the other", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], ...numbered(60));
    const seen = new Map<string, Set<number>>();
    all.new.server.script.onCommand = ({ name, connection }) => {
      seen.set(name, (seen.get(name) ?? new Set()).add(connection));
      return undefined;
    };
    await runMove(job(all), temporaryFolder());
    expect(seen.get("APPEND")?.size).toBe(1);
    expect([...(seen.get("APPEND") ?? [])]).not.toEqual([...(seen.get("UID FETCH") ?? [])]);
    expect(subjects(all)).toEqual(numbered(60));
  });

  it("gets all over one connection where no more are allowed", async () => {
    const all = await start();
    fill(all);
    const connections = new Set<number>();
    all.new.server.script.onCommand = ({ connection }) => {
      connections.add(connection);
      return undefined;
    };
    const to = { ...all.new.account, connections: 1 };
    expect(await runMove(moveTo(to, all.old.account), temporaryFolder())).toMatchObject({ verdict: "safe" });
    expect(connections.size).toBe(1);
    await expectEqual(all);
  });

  it("gets all although it lets nobody have a second connection", async () => {
    const all = await start();
    fill(all);
    all.new.server.script.greeting = (connection) =>
      connection > 1 ? "* BYE Too many connections for this user" : undefined;
    expect(await runMove(job(all), temporaryFolder())).toMatchObject({ verdict: "safe" });
    all.new.server.script.greeting = undefined;
    await expectEqual(all);
  });

  it("never sees more connections than are allowed, and uses them for all mailboxes", async () => {
    const all = await start();
    for (let n = 0; n < 10; n++) deliver(all.old.store, [`M${n}`], ...numbered(5));
    const connections = new Set<number>();
    all.new.server.script.onCommand = ({ connection }) => {
      connections.add(connection);
      return undefined;
    };
    const to = { ...all.new.account, connections: 4 };
    expect(await runMove(moveTo(to, all.old.account), temporaryFolder())).toMatchObject({ messages: { copied: 50 } });
    expect(connections.size).toBeLessThanOrEqual(4);
  });

  it("may say NO and yet have stored: nothing is sent twice", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], ...numbered(20), "twin", "twin");
    let said = false;
    all.new.server.script.onAppend = () => {
      const answer = said ? undefined : ({ answer: { no: "Internal error" } } as const);
      said = true;
      return answer;
    };
    expect(await runMove(job(all), temporaryFolder())).toMatchObject({ verdict: "safe", messages: { copied: 22 } });
    expect(subjects(all).sort()).toEqual([...numbered(20), "twin", "twin"].sort());
  });

  it.each([
    { how: "wrong", uid: (count: number) => 1_000 - count },
    { how: "swapped", uid: (count: number) => (count % 2 === 0 ? count - 1 : count + 1) },
    { how: "equal", uid: () => 1 },
    { how: "missing here and there", uid: (count: number) => (count % 3 === 0 ? ("none" as const) : count) },
  ])("may name UIDs that are $how: what counts is where the octets are", async ({ uid }) => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], ...numbered(20), "twin", "twin");
    all.new.server.script.onAppend = ({ count }) => ({ appendUid: uid(count) });
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: 22 } });
    for (const message of findMailbox(all.old.store, ["INBOX"])?.messages.slice(3, 4) ?? [])
      message.flags = ["\\Flagged"];
    await runMove(job(all), state);
    const flagged = inbox(all).filter(({ flags }) => flags.includes("\\Flagged"));
    expect(flagged.map(({ bytes }) => /Subject: (.*)\r/.exec(`${bytes}`)?.[1])).toEqual(["letter 3"]);
  });

  it("may say OK and store nothing of some: these are named, the others are there", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], ...numbered(12));
    all.new.server.script.onAppend = ({ bytes }) => (saysSubject(bytes, "letter 5") ? "ok-not-stored" : undefined);
    const report = await runMove(job(all), temporaryFolder());
    expect(report.failures).toMatchObject([{ code: "M403", key: "6", reason: /answered OK/ }]);
    expect(subjects(all)).toEqual(numbered(12).filter((each) => each !== "letter 5"));
  });

  it("may rewrite some: these are listed as altered, and none is sent twice", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], ...numbered(12));
    all.new.server.script.onAppend = ({ bytes, count }) =>
      count % 3 === 0 ? { store: Buffer.concat([Buffer.from("X-Seen-By: us\r\n"), bytes]) } : undefined;
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ mailboxes: [{ inArchive: 12, altered: 4 }] });
    expect(await runMove(job(all), state)).toMatchObject({ messages: { copied: 0 } });
    expect(inbox(all)).toHaveLength(12);
  });

  it("may get mail from elsewhere meanwhile: it is not taken for ours", async () => {
    const all = await start();
    deliver(all.old.store, ["INBOX"], ...numbered(20));
    all.new.server.script.afterAppend = ({ mailbox }) => void addMessage(mailbox, letter("a stranger"));
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: 20 } });
    expect(subjects(all).filter((each) => each !== "a stranger")).toEqual(numbered(20));
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
  });

  it("may still be storing what a run that died has sent: the next one waits for that", async () => {
    const all = await start({ capabilities: fastTarget.filter((name) => name !== "MULTIAPPEND") });
    deliver(all.old.store, ["INBOX"], ...numbered(8));
    const { land, landing } = lateLanding();
    const state = temporaryFolder();
    const retry = { attempts: 1, maxWaitMs: 0 };
    all.new.server.script.onAppend = ({ count }) => (count === 6 ? { late: () => landing } : undefined);
    await runMove(job(all, { retry }), state);
    expect(subjects(all)).toEqual(numbered(5));
    // When the next run has looked once, it lands.
    all.new.server.script.onCommand = async ({ name }) => {
      if (name !== "NOOP") return undefined;
      land();
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    };
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
    expect(subjects(all).sort()).toEqual(numbered(8));
  });

  it("may still be storing what a run that was killed has sent, though nothing of it is there: the next one waits", async () => {
    const all = await start({ capabilities: fastTarget.filter((name) => name !== "MULTIAPPEND") });
    deliver(all.old.store, ["INBOX"], ...numbered(8));
    const { land, landing } = lateLanding();
    const state = temporaryFolder();
    all.new.server.script.onAppend = ({ count }) => (count === 1 ? { late: () => landing } : undefined);
    await runMove(job(all, { retry: { attempts: 1, maxWaitMs: 0 } }), state);
    expect(subjects(all)).toEqual([]);
    // As kill -9 would have left it.
    const [book = ""] = readdirSync(join(state, "moves"));
    await acquireLock(join(state, "moves", book, "mailferry.lock"));
    buryOwners(state);
    all.new.server.script.onCommand = ({ name }) => {
      if (name === "LIST") setTimeout(land, 20);
      return undefined;
    };
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
    expect(subjects(all).sort()).toEqual(numbered(8));
  });

  it.each([
    ["fails", 1],
    ["is stopped", 3],
  ])("may still be storing what a run has sent that %s: the next one waits", async (end, attempts) => {
    const all = await start({ capabilities: fastTarget.filter((name) => name !== "MULTIAPPEND") });
    deliver(all.old.store, ["INBOX"], ...numbered(8));
    const { land, landing } = lateLanding();
    const state = temporaryFolder();
    const stop = new AbortController();
    all.new.server.script.onAppend = ({ count }) => {
      if (count !== 1) return undefined;
      if (end === "is stopped") stop.abort();
      return { late: () => landing };
    };
    const move = job(all, { retry: { attempts, maxWaitMs: 0 } });
    await runJobs([move], { concurrency: 2, stateDirectory: state, signal: stop.signal });
    expect(subjects(all)).toEqual([]);
    all.new.server.script.onCommand = ({ name }) => {
      if (name === "LIST") setTimeout(land, 20);
      return undefined;
    };
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
    expect(subjects(all).sort()).toEqual(numbered(8));
    // Once is enough: nothing is in doubt any more.
    expect(readdirSync(state, { recursive: true, encoding: "utf8" }).filter((name) => /doubt/.test(name))).toEqual([]);
  });

  it("full in the middle of a batch stops the job; the next run brings the rest", async () => {
    const quota = { storageKiB: 8 };
    const all = await start({ quota });
    deliver(all.old.store, ["INBOX"], ...numbered(120));
    const state = temporaryFolder();
    expect(await runMove(job(all), state)).toMatchObject({ exit: { code: 9 }, error: { code: "D507" } });
    const before = inbox(all).length;
    expect(before).toBeLessThan(120);
    quota.storageKiB = 1024;
    expect(await runMove(job(all), state)).toMatchObject({ verdict: "safe" });
    expect(subjects(all).sort()).toEqual(numbered(120).sort());
  });

  it("that takes few flags is sent those alone, and the others are named", async () => {
    const all = await start({ permanentFlags: ["\\Seen", "\\Flagged"] });
    fill(all, 8);
    const report = await runMove(job(all), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe" });
    expect(report.notices?.[0]?.reason).toMatch(/\$Forwarded, .*proj/);
    expect(commands(all).join(" ")).not.toMatch(/proj/);
  });

  it("has its mailbox taken away meanwhile: it is made anew, and gets all", async () => {
    const all = await start();
    deliver(all.old.store, ["Box"], ...numbered(30));
    let appends = 0;
    all.new.server.script.onCommand = ({ name }) => {
      if (name !== "APPEND" || ++appends !== 2) return undefined;
      all.new.store.mailboxes.splice(
        all.new.store.mailboxes.findIndex(({ path }) => path[0] === "Box"),
        1,
      );
      return undefined;
    };
    const to = { ...all.new.account, timeoutMs: 1000 };
    await runMove(moveTo(to, all.old.account), temporaryFolder());
    const left = findMailbox(all.new.store, ["Box"])?.messages.map(({ bytes }) => sha256(bytes)) ?? [];
    expect(new Set(left).size).toBe(left.length);
  });
});

describe("the way to a target, broken off and taken again,", () => {
  const fast = appendingTargets.filter(({ offers }) => offers.includes("LITERAL+"));
  it.each(["cut", "stall"] as const)("brings each message once, %s after ever more octets", async (how) => {
    const attempt = async (after: number, kind: number): Promise<number> => {
      const houses = await startHouses({ capabilities: fast[kind % fast.length]?.capabilities ?? [] });
      const proxy = await startCuttingProxy(houses.new.server.port);
      try {
        fill(houses, 20);
        const state = temporaryFolder();
        const to = accountOn(
          { protocol: "imap", port: proxy.port, ...houses.new.store },
          { connections: 2, timeoutMs: how === "stall" ? 400 : 2_000 },
        );
        const move = moveTo(to, houses.old.account, { retry: { attempts: kind % 2 === 0 ? 1 : 3, maxWaitMs: 0 } });
        if (after > 0) proxy.arm({ direction: "to server", after, how });
        await runMove(move, state);
        const total = proxy.passed["to server"];
        proxy.arm();
        // On a machine with much to do the silence of 400 ms may be its own.
        const patient = moveTo({ ...to, timeoutMs: 4_000 }, houses.old.account, {
          retry: { attempts: 3, maxWaitMs: 0 },
        });
        expect((await runMove(patient, state)).verdict, `after ${after}`).toBe("safe");
        await expectEqual(houses, `${how} after ${after}`);
        return total;
      } finally {
        await proxy.close();
        await houses.close();
      }
    };
    const total = await attempt(0, 3);
    const queue = new PQueue({ concurrency: 4 });
    await queue.addAll(spread(total, 12).map((after, kind) => () => attempt(after, kind)));
  });
});

describe.runIf(dovecotAvailable())("Dovecot", () => {
  const known = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE NAMESPACE UNSELECT CHILDREN SPECIAL-USE";
  it.each(["LITERAL+ MULTIAPPEND UIDPLUS", "LITERAL-", ""])(
    "that offers %j gets every message once, with its flags and its date",
    async (offers) => {
      const dovecot = await startDovecot({ config: `imap_capability = ${known} ${offers}\n` });
      const all = await start();
      try {
        fill(all);
        for (const mailbox of all.old.store.mailboxes) {
          // It takes no empty message, and gives back no other line ends than CRLF, and no NUL.
          mailbox.messages = mailbox.messages.filter(
            ({ bytes }) => !/^$|\0|(?<!\r)\n|\r(?!\n)/.test(bytes.toString("latin1")),
          );
        }
        const target = { port: dovecot.imapPort, ...(await dovecot.addUser()) };
        const to = accountOn({ protocol: "imap", ...target });
        const report = await runMove(moveTo(to, all.old.account), temporaryFolder());
        expect(report.failures).toEqual([]);
        const [source, found] = [await inventory(login(all, "old")), await inventory(target)];
        for (const [name, messages] of source) {
          expect(likenesses(found.get(name) ?? []).sort(), name).toEqual(likenesses(messages).sort());
        }
      } finally {
        await dovecot.stop();
      }
    },
  );
});

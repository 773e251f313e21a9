// Accounts with a limit on octets a second, over real connections: what comes, when, and that patience is not mistaken for
// silence.

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import type { Account, Job } from "../../src/index.ts";
import { runJobs } from "../../src/index.ts";
import type { Wait } from "../../src/jobs/bandwidth.ts";
import { Limits } from "../../src/jobs/limits.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { fastTarget, moveTo } from "../support/moves.ts";
import { StandingClock } from "../support/standing-clock.ts";

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;

beforeEach(async () => {
  store = createMailStore("ada", "secret");
  imap = await startImapServer({ store });
  pop3 = await startPop3Server({ store });
});
afterEach(async () => {
  await Promise.all([imap.close(), pop3.close()]);
});

function deliver(count: number, octets: number, path: readonly string[] = ["INBOX"]): void {
  const mailbox = addMailbox(store, path);
  for (let index = 0; index < count; index += 1) {
    const line = `${path.join("-")} ${mailbox.uidNext} ${"x".repeat(60)}\r\n`;
    const body = Buffer.alloc(octets, line);
    body.write("\r\n", octets - 2);
    addMessage(mailbox, Buffer.concat([Buffer.from(`Subject: ${index}\r\n\r\n`), body]));
  }
}

const source = (protocol: "imap" | "pop3", changes: Partial<Account>) =>
  accountOn({ protocol, port: (protocol === "imap" ? imap : pop3).port, user: "ada", password: "secret" }, changes);
const allDay = (limit: number) => [{ limit, from: 0, to: 24 * 60 }];

async function run(
  jobs: readonly Job[],
  wait: Wait,
  clock: () => Date,
  more: Partial<Parameters<typeof runJobs>[1]> = {},
) {
  const stateDirectory = temporaryFolder();
  const limits = new Limits({ stateDirectory, clock, wait });
  return runJobs(jobs, { concurrency: 4, stateDirectory, clock, limits, ...more });
}

/** Runs in simulated time; `ahead`: the most octets that had come before their time. */
async function runSimulated(jobs: readonly Job[], rate: number) {
  const time = new StandingClock("2026-11-22T12:00:00Z");
  let octets = 0;
  let ahead = 0;
  const report = await run(jobs, time.wait, time.clock, {
    report: (event) => {
      if (event.type !== "octets-read") return;
      octets += event.octets;
      ahead = Math.max(ahead, octets - (rate * time.passedMs) / 1000);
    },
  });
  return { report, time, octets, ahead };
}

describe("a source with a limit on octets a second", () => {
  test.each([
    { what: "IMAP, a few messages", protocol: "imap", count: 20, octets: 50_000, piece: 51_000 },
    { what: "IMAP, many at once", protocol: "imap", count: 210, octets: 5_000, piece: 6_000 },
    { what: "IMAP, a message in parts", protocol: "imap", count: 1, octets: 6_000_000, piece: 2 ** 20 },
    { what: "POP3, many at once", protocol: "pop3", count: 210, octets: 5_000, piece: 6_000 },
    { what: "POP3, a large message", protocol: "pop3", count: 1, octets: 6_000_000, piece: 128 * 1024 },
  ] as const)("is read no faster: $what", async ({ protocol, count, octets, piece }) => {
    deliver(count, octets);
    const rate = 100_000;
    const job = jobTo(join(temporaryFolder(), "a"), "mbox", source(protocol, { bandwidth: allDay(rate) }));
    const { report, time, octets: read, ahead } = await runSimulated([job], rate);
    expect(report).toMatchObject({ verdict: "safe", jobs: [{ messages: { copied: count } }] });
    // A second's worth was saved up, and a piece goes before it is paid for.
    expect(ahead).toBeLessThanOrEqual(rate + piece);
    expect(time.passedMs).toBeGreaterThanOrEqual(((read - rate - piece) * 1000) / rate);
    expect(time.passedMs).toBeLessThanOrEqual((read * 1000) / rate);
  });

  test("shares it among all jobs and connections", async () => {
    for (const name of ["INBOX", "Sent", "Trash"]) deliver(10, 20_000, [name]);
    const rate = 100_000;
    const account = source("imap", { bandwidth: allDay(rate) });
    const folder = temporaryFolder();
    const jobs = ["one", "two"].map((name) => jobTo(join(folder, name), "mbox", account, { name }));
    const { report, octets, ahead } = await runSimulated(jobs, rate);
    expect(report).toMatchObject({ verdict: "safe" });
    expect(octets).toBeGreaterThan(2 * 30 * 20_000);
    expect(ahead).toBeLessThanOrEqual(rate + 8 * 21_000);
  });

  test("is left at once when the run is interrupted", async () => {
    deliver(5, 50_000);
    const stop = new AbortController();
    const wait: Wait = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        stop.abort(new Error("stopped"));
      });
    const job = jobTo(join(temporaryFolder(), "a"), "maildir", source("imap", { bandwidth: allDay(1_024) }));
    const report = await run([job], wait, () => new Date(0), { signal: stop.signal });
    expect(report.exit.name).toBe("interrupted");
  });
});

/** A target that takes many messages at once, and one that takes one after the other. */
const targets = [{ capabilities: fastTarget }, {}];

test("a target with a limit on octets a second is sent to no faster", async () => {
  deliver(30, 50_000);
  for (const options of targets) {
    const there = createMailStore("new", "secret");
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const rate = 100_000;
    let octets = 0;
    let ahead = 0;
    const target = await startImapServer({
      store: there,
      script: {
        onAppend({ bytes }) {
          octets += bytes.length;
          ahead = Math.max(ahead, octets - (rate * time.passedMs) / 1000);
          return undefined;
        },
      },
      ...options,
    });
    try {
      const to = accountOn(
        { protocol: "imap", port: target.port, user: "new", password: "secret" },
        { bandwidth: allDay(rate) },
      );
      const report = await run([moveTo(to, source("imap", {}))], time.wait, time.clock);
      expect(report).toMatchObject({ verdict: "safe", jobs: [{ messages: { copied: 30 } }] });
      expect(there.mailboxes.flatMap(({ messages }) => messages).length).toBe(30);
      // What goes with one command goes at once.
      expect(ahead).toBeLessThanOrEqual(rate + 256 * 1024);
      expect(time.passedMs).toBeGreaterThanOrEqual(((octets - rate - 256 * 1024) * 1000) / rate);
    } finally {
      await target.close();
    }
  }
});

test("a pause of ours is not mistaken for a server's silence", async () => {
  // The one thing that no simulated clock can show: timers of the connections that run while nobody reads.
  const timeoutMs = 1_000;
  const retries: string[] = [];
  const runPatiently = async (jobs: readonly Job[]) => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    let isFirst = true;
    const wait: Wait = async (ms, signal) => {
      if (isFirst) {
        isFirst = false;
        await delay(2 * timeoutMs + 100);
      }
      await time.wait(ms, signal);
    };
    const report = await run(jobs, wait, time.clock, {
      report: (event) => {
        if (event.type === "retrying") retries.push(`${jobs[0]?.name}: ${event.reason}`);
      },
    });
    expect(report.verdict).toBe("safe");
    expect(isFirst).toBe(false);
  };
  deliver(8, 300_000);
  deliver(210, 10_000, ["Many"]);
  const limited = { bandwidth: allDay(200_000), timeoutMs };
  const folder = temporaryFolder();
  const reading = (protocol: "imap" | "pop3", mailbox: string) =>
    jobTo(join(folder, `${protocol}-${mailbox}`), "mbox", source(protocol, limited), {
      name: `${protocol} ${mailbox}`,
      mailboxes: { include: [mailbox], exclude: [], map: [] },
    });
  const servers = await Promise.all(
    targets.map((options) => startImapServer({ store: createMailStore("new", "secret"), ...options })),
  );
  const moves = servers.map(({ port }, index) => {
    const to = accountOn({ protocol: "imap", port, user: "new", password: "secret" }, limited);
    const mailboxes = { include: ["INBOX"], exclude: [], map: [], specialUse: true };
    return moveTo(to, source("imap", {}), { name: `move ${index}`, mailboxes });
  });
  try {
    const jobs = [reading("imap", "INBOX"), reading("imap", "Many"), reading("pop3", "INBOX"), ...moves];
    await Promise.all(jobs.map((job) => runPatiently([job])));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
  expect(retries).toEqual([]);
});

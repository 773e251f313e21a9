// Octets a day: where a run stops, how the next day's goes on, and that nothing is doubled or left out on the way.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatJobSummary } from "../../src/cli/summary.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import type { Account, Job, JobEvent, JobReport } from "../../src/index.ts";
import { runJobs } from "../../src/index.ts";
import { DailyBudget } from "../../src/jobs/daily-budget.ts";
import { accountKey } from "../../src/jobs/identity.ts";
import { localTime } from "../../src/jobs/local-time.ts";
import { DayCounts } from "../../src/storage/day-counts.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { moveTo } from "../support/moves.ts";
import { StandingClock } from "../support/standing-clock.ts";

const size = 1_000;

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;
let targetStore: MailStore;
let target: ImapServer;
/** UIDs of which octets were asked for over IMAP, in this order. */
let asked: number[];
let listedSize: number | undefined;

beforeEach(async () => {
  store = createMailStore("ada", "secret");
  targetStore = createMailStore("new", "secret");
  asked = [];
  listedSize = undefined;
  imap = await startImapServer({
    store,
    script: {
      onFetch({ uid, body }) {
        if (body) asked.push(uid);
        return listedSize === undefined ? undefined : { size: listedSize };
      },
    },
  });
  pop3 = await startPop3Server({ store });
  target = await startImapServer({ store: targetStore });
});
afterEach(async () => {
  await Promise.all([imap.close(), pop3.close(), target.close()]);
});

function letter(words: string, octets: number): string {
  const head = `Message-ID: <${words}@example.org>\r\nSubject: ${words}\r\n\r\n`;
  return `${head}${"x".repeat(octets - head.length - 2)}\r\n`;
}

function deliver(path: readonly string[], ...sizes: readonly number[]): void {
  const mailbox = addMailbox(store, path);
  for (const octets of sizes) addMessage(mailbox, letter(`${path.join("-")}-${mailbox.uidNext}`, octets));
}

const tenOf = (octets: number) => Array.from({ length: 10 }, () => octets);
const source = (protocol: "imap" | "pop3", changes: Partial<Account>) =>
  accountOn({ protocol, port: (protocol === "imap" ? imap : pop3).port, user: "ada", password: "secret" }, changes);

/** Runs jobs at a time of 2026, remembering all that runs remember. */
function openDesk(...jobs: Job[]) {
  const state = temporaryFolder();
  const events: JobEvent[] = [];
  return {
    state,
    events,
    async at(time: string): Promise<JobReport[]> {
      const { clock } = new StandingClock(`2026-${time}:00Z`);
      asked = [];
      const report = await runJobs(jobs, {
        concurrency: 2,
        stateDirectory: state,
        clock,
        report: (event) => events.push(event),
      });
      for (const job of report.jobs) expectIdentity(job);
      return [...report.jobs];
    },
  };
}

function expectIdentity({ mailboxes }: JobReport): void {
  for (const { onServer, inArchive, missing } of mailboxes) expect(onServer).toBe(inArchive + missing);
}

const newIn = (report: JobReport | undefined) => report?.messages.copied;
const missingIn = (report: JobReport | undefined) => report?.mailboxes.reduce((sum, { missing }) => sum + missing, 0);

/** The subjects in an archive of Maildirs, sorted. */
function subjectsIn(archive: string): string[] {
  return readdirSync(join(archive, "maildir"), { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)(cur|new)\/[^/]+$/.test(path))
    .map((path) => /^Subject: (.*)$/m.exec(readFileSync(join(archive, "maildir", path), "latin1"))?.[1] ?? path)
    .sort();
}

describe("a budget", () => {
  const ref = (key: string, octets: number) => ({ key, size: octets });
  const open = (time: StandingClock, counts?: DayCounts) =>
    new DailyBudget({
      limit: 10_000_000,
      account: "ada",
      timeZone: "UTC",
      localTime: localTime("UTC"),
      clock: time.clock,
      counts,
    });

  test("is fresh at midnight, and what was reserved the day before takes nothing from it", async () => {
    const time = new StandingClock("2026-11-22T23:59:00Z");
    const budget = open(time);
    const before = await budget.reserve([ref("1", 6_000_000), ref("2", 3_000_000), ref("3", 5_000_000)]);
    expect(before.refs.map(({ key }) => key)).toEqual(["1", "2"]);
    await expect(budget.reserve([ref("3", 5_000_000)])).rejects.toMatchObject({ code: "N308", retry: "later" });
    await expect(budget.reserve([ref("4", 1)])).rejects.toMatchObject({ code: "N308" });
    time.set("2026-11-23T00:00:00Z");
    await before.count(ref("1", 6_000_000), 6_000_000);
    before.end();
    expect((await budget.reserve([ref("3", 4_000_000), ref("4", 1)])).refs.length).toBe(1);
  });

  test("loses little of its count in a crash, and forgets what never came", async () => {
    const time = new StandingClock("2026-11-22T12:00:00Z");
    const state = temporaryFolder();
    const budget = open(time, new DayCounts(state, "ada"));
    const grant = await budget.reserve([ref("1", 5_000_000)]);
    for (let piece = 0; piece < 40; piece += 1) await grant.count(ref("1", 5_000_000), 100_000);
    const seen = await new DayCounts(state, "ada").others("2026-11-22");
    expect(seen).toBeGreaterThan(4_000_000 - 2 ** 20 - 100_000);
    expect(seen).toBeLessThanOrEqual(4_000_000);
    grant.end();
    expect((await budget.reserve([ref("2", 6_000_000)])).refs.length).toBe(1);
    await expect(budget.reserve([ref("3", 1)])).rejects.toMatchObject({ code: "N308" });
  });
});

describe("a day's limit", () => {
  test.each(["imap", "pop3"] as const)("ends a run of %s as partial, and the next day's goes on", async (protocol) => {
    deliver(["INBOX"], ...tenOf(size));
    const archive = join(temporaryFolder(), "archive");
    const job = jobTo(archive, "maildir", source(protocol, { dailyLimit: 3_500 }), { timeZone: "Europe/Paris" });
    const desk = openDesk(job);

    const [first] = await desk.at("11-22T12:00");
    expect(first).toMatchObject({
      verdict: "incomplete",
      exit: { code: 5, name: "temporary" },
      messages: { copied: 3, failed: 0 },
      failures: [],
      verified: { checked: 3, intact: 3 },
      error: {
        code: "N308",
        message: "the daily limit of 3.5 kB for ada@127.0.0.1 is used up; 7 messages are still to come",
        remedy: "Nothing: the next run after 00:00 (Europe/Paris) goes on where this one has stopped.",
      },
    });
    if (protocol === "imap") expect(asked).toEqual([1, 2, 3]);
    expect(desk.events.filter(({ type }) => type === "retrying")).toEqual([]);

    // In Paris the day ends an hour before it does in UTC.
    const [again] = await desk.at("11-22T22:59");
    expect([newIn(again), missingIn(again), again?.exit.code]).toEqual([0, 7, 5]);
    expect(asked).toEqual([]);

    const [second] = await desk.at("11-22T23:00");
    expect([newIn(second), missingIn(second)]).toEqual([3, 4]);
    expect(newIn((await desk.at("11-24T12:00"))[0])).toBe(3);
    const [last] = await desk.at("11-25T12:00");
    expect(last).toMatchObject({ verdict: "safe", exit: { code: 0 }, messages: { copied: 1 } });
    expect(subjectsIn(archive)).toEqual(Array.from({ length: 10 }, (_, index) => `INBOX-${index + 1}`).sort());
  });

  test("is told of in the summary as what it is", async () => {
    deliver(["INBOX"], ...tenOf(size));
    const job = jobTo(join(temporaryFolder(), "a"), "maildir", source("imap", { dailyLimit: 3_500 }));
    const [report] = await openDesk(job).at("11-22T12:00");
    const plain = (text: string) => text;
    const paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain } as never;
    const lines = formatJobSummary(report as JobReport, { language: "en", cwd: "/", paint, verbose: false });
    expect(lines.at(-1)).toBe(
      "INCOMPLETE: partial, continues tomorrow: 7 messages are still to come, 3 are in the archive.",
    );
    expect(lines.join("\n")).toMatch(/daily limit reached +MF-N308/);
  });

  test("ends all mailboxes, and of each it is said what is still to come", async () => {
    deliver(["INBOX"], ...tenOf(size));
    deliver(["Sent"], size, 100);
    const job = jobTo(join(temporaryFolder(), "a"), "maildir", source("imap", { dailyLimit: 4_500, connections: 2 }));
    const [report] = await openDesk(job).at("11-22T12:00");
    expect(report?.mailboxes.map(({ path, onServer }) => [path[0], onServer])).toEqual([
      ["INBOX", 10],
      ["Sent", 2],
    ]);
    expect(report?.failures).toEqual([]);
    expect(report?.octets).toBeLessThanOrEqual(4_500);
    expect(missingIn(report)).toBeGreaterThanOrEqual(7);
  });

  test("is one for all jobs of the account, and for other processes", async () => {
    deliver(["INBOX"], ...tenOf(size));
    const folder = temporaryFolder();
    const account = source("imap", { dailyLimit: 8_500 });
    const jobs = ["one", "two"].map((name) => jobTo(join(folder, name), "maildir", account, { name }));
    const desk = openDesk(...jobs);
    const counts = new DayCounts(desk.state, accountKey(account));
    await counts.write("2026-11-22", 3_000);
    const reports = await desk.at("11-22T12:00");
    expect(reports.reduce((sum, { octets }) => sum + octets, 0)).toBe(5_000);
    expect(await new DayCounts(desk.state, "another").others("2026-11-22")).toBe(0);
    // All is kept for the next process, in files that are ours alone; those of former days go.
    expect(await new DayCounts(desk.state, accountKey(account)).others("2026-11-22")).toBe(8_000);
    const files = readdirSync(join(desk.state, "accounts"), { recursive: true, encoding: "utf8" });
    const found = files.filter((path) => path.endsWith(".json"));
    expect(found.length).toBe(2);
    for (const path of found) expect(statSync(join(desk.state, "accounts", path)).mode & 0o777).toBe(0o600);
    await desk.at("11-24T12:00");
    expect(await counts.others("2026-11-22")).toBe(0);
  });

  test("does not keep a message for ever that is larger than the day's", async () => {
    deliver(["INBOX"], size, size, 20_000, size);
    const desk = openDesk(jobTo(join(temporaryFolder(), "a"), "maildir", source("imap", { dailyLimit: 2_100 })));
    expect(newIn((await desk.at("11-22T12:00"))[0])).toBe(2);
    const [second] = await desk.at("11-23T12:00");
    expect([newIn(second), second?.octets]).toEqual([1, 20_000]);
    expect((await desk.at("11-24T12:00"))[0]).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
  });

  test("is not passed far where a server belittles its messages", async () => {
    deliver(["INBOX"], ...tenOf(size));
    listedSize = 10;
    const desk = openDesk(jobTo(join(temporaryFolder(), "a"), "maildir", source("imap", { dailyLimit: 3_500 })));
    const [first] = await desk.at("11-22T12:00");
    expect(first?.octets).toBe(4_000);
    expect(first?.error?.code).toBe("N308");
    expect(newIn((await desk.at("11-22T13:00"))[0])).toBe(0);
    expect(newIn((await desk.at("11-23T13:00"))[0])).toBe(4);
  });

  test("of a target holds for what is sent: nothing is doubled there, and nothing more asked for", async () => {
    deliver(["INBOX"], ...tenOf(size));
    deliver(["Sent"], ...tenOf(size));
    const to = accountOn(
      { protocol: "imap", port: target.port, user: "new", password: "secret" },
      { dailyLimit: 7_500, connections: 2 },
    );
    const desk = openDesk(moveTo(to, source("imap", { connections: 2 })));
    const [first] = await desk.at("11-22T12:00");
    expect(first).toMatchObject({ verdict: "incomplete", exit: { code: 5 }, error: { code: "N308" }, failures: [] });
    expect([newIn(first), missingIn(first)]).toEqual([7, 13]);
    const [again] = await desk.at("11-22T13:00");
    expect([newIn(again), missingIn(again)]).toEqual([0, 13]);
    expect(newIn((await desk.at("11-23T12:00"))[0])).toBe(7);
    expect((await desk.at("11-24T12:00"))[0]).toMatchObject({ verdict: "safe", messages: { copied: 6 } });
    const there = targetStore.mailboxes.flatMap(({ messages }) => messages.map(({ bytes }) => bytes.toString()));
    const here = store.mailboxes.flatMap(({ messages }) => messages.map(({ bytes }) => bytes.toString()));
    expect(there.sort()).toEqual(here.sort());
  });
});

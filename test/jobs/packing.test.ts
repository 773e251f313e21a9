// What a run does with packs: when it makes one, what it leaves alone, and what it says.

import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addMailbox, addMessage, createMailStore } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { type Job, runJobs } from "../../src/index.ts";
import { temporaryName } from "../../src/storage/durable.ts";
import { acquireLock } from "../../src/storage/lock.ts";
import { accountOn } from "../support/jobs.ts";
import { nameAt, openHousehold } from "../support/nights.ts";

const night = (day: string) => new Date(`${day}T01:30:00Z`);
const packOf = (day: string, stem?: string) => nameAt(night(day), stem);
const pack = (every: "run" | "day" | "month", to: string) => ({ as: "tar.gz", every, to }) as const;

test("a pack for each month, whether or not anything changed, and none in between", async () => {
  const home = openHousehold();
  const job = { pack: pack("month", home.vault) };
  const first = await home.run(night("2026-10-30"), { job });
  expect(first).toMatchObject({
    verdict: "safe",
    pack: { written: { file: packOf("2026-10-30"), messages: 1 }, kept: [{ file: packOf("2026-10-30"), why: [] }] },
  });
  const path = join(home.vault, packOf("2026-10-30"));
  expect(statSync(path)).toMatchObject({ size: first.pack?.written?.octets });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(home.vault).mode & 0o777).toBe(0o700);

  home.deliver();
  expect((await home.run(night("2026-10-31"), { job })).pack).toEqual({
    to: home.vault,
    notDueUntil: "2026-11-01",
    kept: [{ file: packOf("2026-10-30"), why: [] }],
    removed: [],
  });
  await home.run(night("2026-11-01"), { job });
  await home.run(night("2026-12-01"), { job });
  expect(home.packs()).toEqual([packOf("2026-10-30"), packOf("2026-11-01"), packOf("2026-12-01")]);
  // Nothing came in November: the packs are the same, octet for octet.
  const [, november = "", december = ""] = home.packs().map((name) => readFileSync(join(home.vault, name), "latin1"));
  expect(december).toBe(november);
});

test("a rehearsal says what would be written, kept and removed, and touches nothing", async () => {
  const home = openHousehold({ retention: { keepLast: 1, keepMonthly: 2 } });
  const planned = await home.run(night("2026-10-30"), { dryRun: true });
  expect(planned).toMatchObject({ verdict: "rehearsal", pack: { planned: packOf("2026-10-30") } });
  expect(existsSync(home.vault)).toBe(false);

  await home.run(night("2026-10-30"));
  await home.run(night("2026-11-01"));
  const before = home.inVault().map((name) => [name, statSync(join(home.vault, name)).mtimeMs]);
  const { pack } = await home.run(night("2026-11-02"), { dryRun: true });
  expect(pack).toEqual({
    to: home.vault,
    planned: packOf("2026-11-02"),
    kept: [
      { file: packOf("2026-11-02"), why: ["last", "monthly"] },
      { file: packOf("2026-10-30"), why: ["monthly"] },
    ],
    removed: [{ file: packOf("2026-11-01"), why: "older than the newest pack; a newer pack has its month" }],
  });
  expect(home.inVault().map((name) => [name, statSync(join(home.vault, name)).mtimeMs])).toEqual(before);
});

test("a run that stopped before its end packs nothing, and removes nothing", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  await home.run(night("2026-10-30"));
  rmSync(join(home.root, "inbox.mbox"));
  const stopped = await home.run(night("2026-10-31"));
  expect(stopped.error).toBeDefined();
  expect(stopped.pack).toMatchObject({ heldBack: "the run stopped before its end", removed: [] });
  expect(stopped.pack?.error).toBeUndefined();
  expect(home.packs()).toEqual([packOf("2026-10-30")]);
});

test("an archive that did not read back as it was written is not packed over good packs", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  await home.run(night("2026-10-30"));
  home.deliver();
  const { archive } = home.job.to as { archive: string };
  const spoil = () => {
    const names = readdirSync(archive, { recursive: true, encoding: "utf8" });
    for (const name of names.filter((each) => /\/(cur|new)\/./.test(each))) truncateSync(join(archive, name), 5);
  };
  const { jobs } = await runJobs([home.job], {
    concurrency: 1,
    clock: () => night("2026-10-31"),
    report: ({ type }) => type === "verifying" && spoil(),
  });
  expect(jobs[0]).toMatchObject({
    verdict: "failed",
    exit: { code: 7 },
    pack: { heldBack: "what this run wrote did not read back intact", removed: [] },
  });
  expect(home.packs()).toEqual([packOf("2026-10-30")]);
});

test("an archive that is damaged elsewhere makes no pack either: it is the mail that is not safe", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  await home.run(night("2026-10-30"));
  const { archive } = home.job.to as { archive: string };
  const [mail = ""] = readdirSync(archive, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\/(cur|new)\/./.test(name),
  );
  writeFileSync(join(archive, mail), readFileSync(join(archive, mail), "latin1").replace("Message", "Massage"));
  const damaged = await home.run(night("2026-10-31"));
  expect(damaged).toMatchObject({ verdict: "failed", exit: { code: 7 }, pack: { error: { code: "V901" } } });
  expect(home.inVault()).toEqual([packOf("2026-10-30"), "nightly.packs.json"]);
});

test("where no pack can be written the mail is safe, and the run says what is missing", async () => {
  const home = openHousehold();
  writeFileSync(home.vault, "a file where the folder should be");
  const report = await home.run(night("2026-10-30"));
  expect(report).toMatchObject({
    verdict: "incomplete",
    exit: { code: 9, name: "destination" },
    messages: { copied: 1 },
    pack: { kept: [], removed: [], error: { code: "D502" } },
  });
  expect(report.error).toBeUndefined();
});

test("a pack that lost octets counts for no rule and stays where it is, and every run says so until it is put right", async () => {
  const home = openHousehold({ retention: { keepLast: 2 } });
  for (const day of ["2026-10-01", "2026-10-02", "2026-10-03"]) await home.run(night(day));
  const [older = "", newer = ""] = home.packs().map((name) => join(home.vault, name));
  const whole = readFileSync(newer);
  truncateSync(newer, whole.length - 1);
  const report = await home.run(night("2026-10-03"));
  // Of that day it had the only pack, which is no pack any more.
  expect(report).toMatchObject({
    verdict: "incomplete",
    exit: { code: 7, name: "damaged" },
    pack: { written: { messages: 1 }, removed: [], error: { code: "V902" } },
  });
  const said = `has ${whole.length - 1} octets now and had ${whole.length} when it was written`;
  expect(report.pack?.error?.message).toContain(`${packOf("2026-10-03")} ${said}`);
  expect(home.packs()).toEqual([packOf("2026-10-02"), packOf("2026-10-03"), nameAt(new Date("2026-10-03T01:30:01Z"))]);

  truncateSync(older, 0);
  const empty = await home.run(night("2026-10-04"));
  expect(empty.pack?.error?.message).toContain(`${packOf("2026-10-02")} is empty`);
  expect(home.packs().length).toBe(4);

  // Put back, they are packs like the others: the rules take them next.
  writeFileSync(newer, whole);
  rmSync(older);
  expect(await home.run(night("2026-10-05"))).toMatchObject({ verdict: "safe", exit: { code: 0 } });
  expect(home.packs()).toEqual([packOf("2026-10-04"), packOf("2026-10-05")]);
});

test("what is not a pack of this job is never touched, whatever it is called", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  const others = [
    "nightly-2026-09-01T013000Z.tar.gz.part",
    "nightly-2026-09-01T013000Z (1).tar.gz",
    "nightly-old-2026-09-01T013000Z.tar.gz",
    "nightly2-2026-09-01T013000Z.tar.gz",
    "nightly-2026-02-30T013000Z.tar.gz",
    "README.txt",
  ];
  mkdirSync(home.vault);
  for (const name of others) writeFileSync(join(home.vault, name), "mine");
  await home.run(night("2026-10-01"));
  await home.run(night("2026-10-02"));
  expect(home.inVault()).toEqual([...others, packOf("2026-10-02"), "nightly.packs.json"].sort());

  // Something else with a name of ours.
  symlinkSync("README.txt", join(home.vault, packOf("2026-09-02")));
  mkdirSync(join(home.vault, packOf("2026-09-03")));
  const report = await home.run(night("2026-10-03"));
  expect(report.pack?.error?.message).toMatch(/09-03\S+ is not a file, \S+09-02\S+ is not a file$/);
  expect(home.inVault().length).toBe(others.length + 4);
});

test("two jobs with one folder pack at once and never touch each other's packs", async () => {
  const [home, other] = [openHousehold(), openHousehold()];
  const changes = { retention: { keepLast: 1 }, pack: pack("run", home.vault) };
  const jobs: Job[] = [
    { ...home.job, ...changes },
    { ...other.job, ...changes, name: "Nightly" },
    { ...openHousehold().job, ...changes, name: "night" },
  ];
  for (const day of ["2026-10-01", "2026-10-02", "2026-10-03"]) {
    const run = await runJobs(jobs, { concurrency: 3, clock: () => night(day) });
    expect(run.verdict).toBe("safe");
  }
  const stems = home.packs().map((name) => name.replace(/-2026-10-03T013000Z.tar.gz$/, ""));
  expect(stems).toEqual(["night", "nightly", expect.stringMatching(/^nightly~[0-9a-f]{12}$/)]);
});

test("jobs of one name, from two job files, with one folder keep their packs apart", async () => {
  const [home, other] = [openHousehold(), openHousehold()];
  const changes = { retention: { keepLast: 1 }, pack: pack("run", home.vault) };
  // Where both are new and come at the same time, one may have to wait for its next run.
  const first = await Promise.all([home, other].map((each) => each.run(night("2026-10-01"), { job: changes })));
  for (const { exit } of first) expect([0, 8]).toContain(exit.code);
  expect(first.map(({ exit }) => exit.code)).toContain(0);
  for (const each of [home, other]) {
    const { pack, exit } = await each.run(night("2026-10-02"), { job: changes });
    expect([exit.code, pack?.kept.length]).toEqual([0, 1]);
  }
  const packs = home.packs().toSorted((a, b) => a.length - b.length);
  expect(packs).toEqual([packOf("2026-10-02"), expect.stringMatching(/^nightly~[0-9a-f]{12}-2026-10-02T/)]);
});

test("what a run that died left half-written goes, but not while another job may be writing it", async () => {
  const home = openHousehold({ pack: undefined });
  const job = { pack: pack("run", home.vault) };
  await home.run(night("2026-10-01"), { job });
  const leftover = join(home.vault, temporaryName());
  writeFileSync(leftover, "half a pack");
  {
    await using _lock = await acquireLock(join(home.vault, "weekly.packs.lock"));
    await home.run(night("2026-10-02"), { job });
    expect(existsSync(leftover)).toBe(true);
  }
  await home.run(night("2026-10-03"), { job });
  expect(home.inVault()).toEqual([...home.packs(), "nightly.packs.json"]);
});

test("what a run that died did not come to remove goes with the next run, without another pack", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  await home.run(night("2026-10-01"));
  const first = readFileSync(join(home.vault, packOf("2026-10-01")));
  await home.run(night("2026-10-02"));
  writeFileSync(join(home.vault, packOf("2026-10-01")), first);
  const { pack: packs } = await home.run(new Date("2026-10-02T09:00:00Z"));
  expect(packs).toMatchObject({
    notDueUntil: "2026-10-03",
    kept: [{ file: packOf("2026-10-02") }],
    removed: [{ file: packOf("2026-10-01") }],
  });
  expect(home.inVault()).toEqual([packOf("2026-10-02"), "nightly.packs.json"]);
});

test("while another run has the job's packs, none is written and none removed", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  await home.run(night("2026-10-01"));
  await using _lock = await acquireLock(join(home.vault, "nightly.packs.lock"));
  expect(await home.run(night("2026-10-02"))).toMatchObject({
    verdict: "incomplete",
    exit: { code: 8 },
    pack: { error: { code: "L801" }, removed: [] },
  });
  expect(home.packs()).toEqual([packOf("2026-10-01")]);
});

test("packs that nothing is remembered of are counted like the others", async () => {
  const home = openHousehold({ retention: { keepLast: 2 } });
  await home.run(night("2026-10-01"));
  await home.run(night("2026-10-02"));
  rmSync(join(home.vault, "nightly.packs.json"));
  await home.run(night("2026-10-03"));
  expect(home.packs()).toEqual([packOf("2026-10-02"), packOf("2026-10-03")]);
  // From then on its size is known, too.
  truncateSync(join(home.vault, packOf("2026-10-02")), 100);
  expect((await home.run(night("2026-10-04"))).exit.code).toBe(7);

  writeFileSync(join(home.vault, "nightly.packs.json"), '{"job": "nightly", "archive"');
  expect(await home.run(night("2026-10-05"))).toMatchObject({ exit: { code: 7 }, pack: { error: { code: "V902" } } });
});

test("a folder of packs that has become empty is a disk that isn't there, not a new place for packs", async () => {
  const home = openHousehold();
  await home.run(night("2026-10-01"));
  rmSync(home.vault, { recursive: true });
  mkdirSync(home.vault);
  const report = await home.run(night("2026-10-02"));
  expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 9 }, pack: { error: { code: "D502" } } });
  expect(report.pack?.error?.message).toContain("the packs that were here are gone");
  expect(home.inVault()).toEqual([]);
});

test("runs within one second make a pack each", async () => {
  const home = openHousehold();
  const job = { pack: pack("run", home.vault), retention: { keepLast: 2 } };
  for (let run = 0; run < 3; run++) await home.run(night("2026-10-01"), { job });
  expect(home.packs()).toEqual(["2026-10-01T01:30:01Z", "2026-10-01T01:30:02Z"].map((at) => nameAt(new Date(at))));
});

test("a job whose server does not answer still has its packs, and makes none", async () => {
  const home = openHousehold();
  const from = accountOn({ protocol: "imap", port: 9, user: "ada", password: "x" });
  const report = await home.run(night("2026-10-01"), { job: { from } });
  expect(report).toMatchObject({ verdict: "failed", pack: { heldBack: "the run stopped before its end" } });
  expect(existsSync(home.vault)).toBe(false);
});

test("stopped in the middle of a pack, a run leaves no pack and removes none", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  await home.run(night("2026-10-01"));
  const stop = new AbortController();
  const { jobs } = await runJobs([home.job], {
    concurrency: 1,
    clock: () => night("2026-10-02"),
    signal: stop.signal,
    report: ({ type }) => type === "packing" && stop.abort(),
  });
  expect(jobs[0]).toMatchObject({ exit: { name: "interrupted" }, pack: { kept: [{ file: packOf("2026-10-01") }] } });
  expect(jobs[0]?.pack?.error).toBeUndefined();
  expect(home.inVault()).toEqual([packOf("2026-10-01"), "nightly.packs.json"]);
});

test("a run in which messages are missing is packed: the archive is still the best there is", async () => {
  const home = openHousehold();
  const store = createMailStore("ada", "secret");
  const inbox = addMailbox(store, ["INBOX"]);
  for (const body of ["one", "two"]) addMessage(inbox, Buffer.from(`Subject: ${body}\r\n\r\n${body}\r\n`));
  const server = await startPop3Server({ store });
  server.script.onCommand = (command) => (command === "RETR 2" ? { reply: "-ERR disk error\r\n" } : undefined);
  try {
    const from = accountOn({ protocol: "pop3", port: server.port, user: "ada", password: "secret" });
    const report = await home.run(night("2026-10-01"), { job: { from } });
    expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 3 }, pack: { written: { messages: 1 } } });
  } finally {
    await server.close();
  }
});

test("a pack that can't be removed is said, and what was removed before it", async () => {
  const home = openHousehold({ retention: { keepLast: 1 } });
  for (const day of ["2026-09-30", "2026-10-01"]) await home.run(night(day), { job: { retention: undefined } });
  const { unlink } = fs.promises;
  fs.promises.unlink = async (path) => {
    if (!`${path}`.endsWith(packOf("2026-10-01"))) return unlink(path);
    throw Object.assign(new Error("not permitted"), { code: "EPERM" });
  };
  syncBuiltinESMExports();
  try {
    const report = await home.run(night("2026-10-02"));
    expect(report).toMatchObject({
      verdict: "incomplete",
      exit: { code: 9 },
      pack: {
        written: { file: packOf("2026-10-02") },
        removed: [{ file: packOf("2026-09-30") }],
        error: { code: "D502" },
      },
    });
    expect(report.pack?.kept.map(({ file }) => file)).toEqual([packOf("2026-10-02"), packOf("2026-10-01")]);
  } finally {
    fs.promises.unlink = unlink;
    syncBuiltinESMExports();
  }
  await home.run(night("2026-10-03"));
  expect(home.packs()).toEqual([packOf("2026-10-03")]);
});

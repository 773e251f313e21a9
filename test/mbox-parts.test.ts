// An archive on a disk whose files can't be large: everything that reads, packs, mends or goes on with it.

import { cpSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore, removeMessages } from "../src/demo/mail-store.ts";
import { type Job, runJobs } from "../src/index.ts";
import { listArchive, listMailbox } from "../src/jobs/listing.ts";
import { verifyArchive } from "../src/jobs/verify.ts";
import { openSink } from "../src/sinks/index.ts";
import { openArchive } from "../src/storage/archive.ts";
import { openLedger } from "../src/storage/ledger.ts";
import { message, sinceOf, text } from "./sink-contract.ts";
import { readBack } from "./support/archives.ts";
import { dieAndRepairAgain, openTemplate, repair, sweepOne, type Template } from "./support/damaged.ts";
import { cuts, flips, removals } from "./support/damages.ts";
import { accountOn, inMemory, jobTo, temporaryFolder } from "./support/jobs.ts";
import { pack, packFormats } from "./support/packs.ts";
import { limitFiles } from "./support/small-files.mjs";

const further = "mbox/INBOX.mbox%~part-002.mbox";
const once = { verify: "never", retry: { attempts: 1, maxWaitMs: 0 } } as const;

let template: Template;
beforeAll(async () => {
  template = await openTemplate("mbox", 3, 420);
});
afterAll(() => template[Symbol.asyncDispose]());

const marker = (archive: string) => JSON.parse(readFileSync(join(archive, "mailferry.json"), "utf8"));

/** All that a source gives, brought into an archive of its own; digests without the names of mailboxes. */
async function brought(from: Job["from"]): Promise<string[]> {
  const to = join(temporaryFolder(inMemory), "brought");
  const job: Job = { ...template.job(to, { from }), to: { archive: to, format: "maildir" } };
  const { verdict, jobs } = await runJobs([job], { concurrency: 1 });
  expect(verdict, JSON.stringify(jobs)).toBe("safe");
  return digestsOf(await readBack(to));
}

const digestsOf = (messages: Iterable<{ readonly sha256: string }>) => [...messages].map(({ sha256 }) => sha256).sort();
const digestIn = (line: string) => line.slice(line.lastIndexOf(" ") + 1);

test("an archive with a mailbox in parts says so in its marker, for versions that know of none", async () => {
  expect(readdirSync(join(template.archive, "mbox"))).toContain("INBOX.mbox%~part-002.mbox");
  expect(marker(template.archive)).toMatchObject({ archive: 2, mail: "mbox" });
  const whole = join(temporaryFolder(inMemory), "whole");
  await runJobs([template.job(whole)], { concurrency: 1 });
  expect(marker(whole)).toMatchObject({ archive: 1 });
});

test("it is listed, verified and read as any other", async () => {
  const { mailboxes } = await listArchive(template.archive);
  expect(mailboxes.map(({ path }) => path.join("/")).sort()).toEqual(["Empty", "INBOX", "Projets/2026", "Sent"]);
  let listed = 0;
  for await (const _ of (await listMailbox(template.archive, ["INBOX"])) ?? []) listed++;
  expect(listed).toBe(mailboxes.find(({ path }) => path[0] === "INBOX")?.messages);
  const { problems, intact, messages } = await verifyArchive(template.archive);
  expect([problems, intact]).toEqual([[], messages]);
  expect(await brought({ archive: template.archive })).toEqual(template.expected.map(digestIn).sort());
});

test("equal messages at equal offsets of two parts stay two", async () => {
  const store = createMailStore("ada", "canary-parts-twins");
  const inbox = addMailbox(store, ["INBOX"]);
  for (let n = 0; n < 3; n++) addMessage(inbox, "Subject: twin\r\n\r\ntwin\r\n", { internalDate: new Date(0) });
  const { archive, close } = await archived(store, 100);
  await close();
  expect(readdirSync(join(archive, "mbox")).length).toBe(3);
  expect((await brought({ archive })).length).toBe(3);
});

describe.each(packFormats)("a pack of it, as %s,", (as) => {
  test("has each part as a file, and is read, verified and put back", async () => {
    const file = join(temporaryFolder(inMemory), `pack.${as}`);
    const { messages } = await pack(template.archive, file, as);
    expect(messages).toBe(template.expected.length);
    expect((await verifyArchive(file)).problems).toEqual([]);
    expect(await brought({ archive: file })).toEqual(template.expected.map(digestIn).sort());
  });
});

test("an mbox file that a job writes goes on beside it, and is brought whole by its first file and by its folder", async () => {
  const folder = join(temporaryFolder(inMemory), "plain");
  const file = join(folder, "all.mbox");
  const state = temporaryFolder(inMemory);
  const disk = limitFiles(420);
  const job: Job = {
    ...template.job(file),
    mailboxes: { include: ["INBOX"], exclude: [], map: [] },
    to: { mbox: file },
  };
  try {
    const run = () => runJobs([job], { concurrency: 1, stateDirectory: state });
    expect((await run()).verdict).toBe("safe");
    expect(await run()).toMatchObject({ verdict: "safe", jobs: [{ messages: { copied: 0 } }] });
  } finally {
    disk.end();
  }
  expect(readdirSync(folder).sort()).toEqual(["all.mbox", "all.mbox%~part-002.mbox"]);
  for (const mbox of [file, folder]) {
    const to = join(temporaryFolder(inMemory), "brought");
    const { jobs } = await runJobs([{ ...template.job(to), from: { mbox } }], { concurrency: 1 });
    expect(jobs[0]?.mailboxes.map(({ path }) => path.join("/")).sort()).toEqual(["all", "all 2"]);
    const wanted = template.expected.filter((line) => line.startsWith("INBOX ")).length;
    expect(jobs[0]?.mailboxes.reduce((sum, { onServer = 0 }) => sum + onServer, 0)).toBe(wanted);
  }
});

/** Some of each kind; the deep tests have many more. */
const damages = () => {
  const inParts = (what: string) => /INBOX\.mbox|INBOX\.jsonl|mailferry\.json|^all /.test(what);
  return [...flips(template, 2), ...cuts(template, 2), ...removals(template)].filter(({ what }) => inParts(what));
};

test("whatever of it is damaged or gone is named, and mended without harm to the other parts", async () => {
  const all = damages();
  expect(all.map(({ what }) => what)).toEqual(
    expect.arrayContaining([`${further} removed`, "mbox/INBOX.mbox removed", "all ledgers removed"]),
  );
  for (const damage of all) await sweepOne(template, damage);
});

test("a repair of a lost part that dies is taken up by the next one", async () => {
  const [lost] = damages().filter(({ what }) => what === "mbox/INBOX.mbox removed");
  for (const at of [2, 5, 8]) expect(lost && (await dieAndRepairAgain(template, lost, at))).toBe(true);
});

test("a repair leaves parts that are intact as they are, and keeps the damaged one aside", async () => {
  const archive = template.copy();
  const before = readFileSync(join(archive, "mbox/INBOX.mbox"));
  const octets = readFileSync(join(archive, further));
  octets[50] = (octets[50] ?? 0) ^ 1;
  writeFileSync(join(archive, further), octets);
  const found = await verifyArchive(archive);
  expect(found.problems).toMatchObject([{ mailbox: ["INBOX"], kind: "damaged" }]);
  const { aside, mailboxes } = await repair(archive, template);
  expect(aside.filter((path) => path.includes("mbox"))).toEqual([`aside/1/${further}`]);
  expect(readFileSync(join(archive, "aside/1", further)).equals(octets)).toBe(true);
  expect(readFileSync(join(archive, "mbox/INBOX.mbox")).equals(before)).toBe(true);
  expect(mailboxes[0]?.lost.length).toBe(1);
});

test("a marker that is written anew says that there are parts", async () => {
  const archive = template.copy();
  rmSync(join(archive, "mailferry.json"));
  await repair(archive, template);
  expect(marker(archive)).toMatchObject({ archive: 2 });
});

test("a part that lies there without its ledger and its first file is of its mailbox, and is taken in", async () => {
  const archive = template.copy();
  rmSync(join(archive, "mbox/Projets"), { recursive: true });
  rmSync(join(archive, "ledger/Projets.2026.jsonl"));
  rmSync(join(archive, "runs"), { recursive: true });
  renameSync(join(archive, further), join(archive, "mbox/Autre.mbox%~part-002.mbox"));
  const { problems } = await verifyArchive(archive);
  expect(problems).toContainEqual(expect.objectContaining({ mailbox: ["Autre"], kind: "unknown" }));
  expect(problems.find(({ mailbox }) => mailbox[0] === "Autre")?.reason).toBeDefined();
  await repair(archive, template);
  expect((await verifyArchive(archive)).problems).toEqual([]);
});

test("what a run has stored and not yet recorded is nothing to mend: the next run moves it aside and brings it once", async () => {
  const archive = template.copy();
  const { mail, account } = marker(archive);
  {
    await using opened = await openArchive(archive, { mail, account });
    await using sink = openSink(opened, { fileLimit: 420 });
    await using ledger = await openLedger(join(archive, "ledger/INBOX.jsonl"), ["INBOX"]);
    await using writer = await sink.open({ path: ["INBOX"] }, sinceOf(ledger));
    for (let n = 0; n < 9; n++) await writer.append(message(`new ${n}`, text(`of a run that dies ${n}`)));
    await writer.commit();
  }
  expect(readdirSync(join(archive, "mbox"))).toContain("INBOX.mbox%~part-004.mbox");
  const { problems, mailboxes } = await verifyArchive(archive);
  expect(problems).toEqual([]);
  expect(mailboxes.find(({ path }) => path[0] === "INBOX")).toMatchObject({ unfinished: 9 });
  expect((await repair(archive, template)).mailboxes).toEqual([]);
  expect((await runJobs([template.job(archive, { mailboxes: all })], { concurrency: 1 })).verdict).toBe("safe");
  addMessage(inboxOf(template.store), "Subject: a new one\r\n\r\n");
  expect((await runJobs([template.job(archive)], { concurrency: 1 })).verdict).toBe("safe");
  removeMessages(inboxOf(template.store), ({ bytes }) => bytes.includes("a new one"));
  expect(readdirSync(join(archive, "mbox")).filter((name) => name.includes("tail-1")).length).toBe(3);
  expect((await readBack(archive)).length).toBe(template.expected.length + 1);
  expect((await verifyArchive(archive)).problems).toEqual([]);
});

const all = { include: ["*"], exclude: [], map: [] };
function inboxOf(store: MailStore) {
  const found = store.mailboxes.find(({ path }) => path[0] === "INBOX");
  if (found === undefined) throw new Error("there is no INBOX");
  return found;
}

test("a ledger from before the last part is held, not believed, and a repair takes the part in again", async () => {
  const store = createMailStore("ada", "canary-parts-older");
  const inbox = addMailbox(store, ["INBOX"]);
  addMessage(inbox, "Subject: first\r\n\r\n1\r\n");
  const { archive, run, close } = await archived(store, 100);
  try {
    const ledger = join(archive, "ledger/INBOX.jsonl");
    cpSync(ledger, `${ledger}.older`);
    addMessage(inbox, "Subject: second\r\n\r\n2\r\n");
    await run();
    const [part = ""] = readdirSync(join(archive, "mbox")).filter((name) => name.includes("part-002"));
    const octets = readFileSync(join(archive, "mbox", part));
    renameSync(`${ledger}.older`, ledger);
    removeMessages(inbox, ({ uid }) => uid === 2);
    addMessage(inbox, "Subject: third\r\n\r\n3\r\n");
    const held = await run();
    expect(held.jobs[0]?.failures).toMatchObject([{ code: "V901", reason: /tells of 1 messages where.* had 2/ }]);
    expect(readFileSync(join(archive, "mbox", part)).equals(octets)).toBe(true);
    await repair(archive, {
      ...template,
      job: (to) => jobTo(to, "mbox", accountOn({ ...store, protocol: "imap", port: 1 })),
    });
    expect((await run()).verdict).toBe("safe");
    expect((await readBack(archive)).length).toBe(3);
  } finally {
    await close();
  }
});

/** By runs on a disk with small files. */
async function archived(store: MailStore, fileOctets: number) {
  const server = await startImapServer({ store });
  const archive = join(temporaryFolder(inMemory), "archive");
  const job = jobTo(archive, "mbox", accountOn({ protocol: "imap", port: server.port, ...store }), once);
  let minutes = 0;
  const run = async () => {
    const disk = limitFiles(fileOctets);
    const clock = () => new Date(Date.UTC(2026, 0, 2) + 60_000 * ++minutes);
    return runJobs([job], { concurrency: 1, clock }).finally(() => disk.end());
  };
  expect((await run()).verdict).toBe("safe");
  return { archive, run, close: () => server.close() };
}

test("a file of a closed part that was cut is refused by a run, which touches nothing", async () => {
  const archive = template.copy();
  addMessage(inboxOf(template.store), "Subject: a new one\r\n\r\n");
  truncateSync(join(archive, "mbox/INBOX.mbox"), 100);
  const { jobs } = await runJobs([template.job(archive)], { concurrency: 1 });
  removeMessages(inboxOf(template.store), ({ bytes }) => bytes.includes("a new one"));
  expect(jobs[0]?.failures).toMatchObject([
    { code: "V901", mailbox: ["INBOX"], reason: /INBOX\.mbox was not touched: it is shorter/ },
  ]);
  expect(readFileSync(join(archive, "mbox/INBOX.mbox")).length).toBe(100);
});

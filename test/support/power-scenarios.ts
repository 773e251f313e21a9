// The runs whose power losses are tested.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  findMailbox,
  type MailStore,
  type StoredMailbox,
  setFlags,
} from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { parseInfo, parseKeywords, parseUniqueName } from "../../src/formats/maildir.ts";
import { type ArchiveFormat, type Job, type JobReport, runJobs } from "../../src/index.ts";
import { runsOf } from "../../src/jobs/run-record.ts";
import { readArchive } from "../../src/storage/archive.ts";
import { multiset, readBack, sha256 } from "./archives.ts";
import { digestsServed } from "./crossing.ts";
import { accountOn, jobTo } from "./jobs.ts";
import { deliver, moveTo, startHouses } from "./moves.ts";
import { openHousehold } from "./nights.ts";
import { checkAfterDeath, checkNextRun, dying, prepareVault, retention } from "./pack-crash.ts";
import { countMail, expectStored, memoryFolder, type Scenario } from "./power-loss.ts";
import { limitFiles } from "./small-files.mjs";
import { tortureMessages } from "./torture.ts";

export interface Opened<Seen> extends Scenario<Seen> {
  /** How often somebody has logged in to the account. */
  logIns?(): number;
  run(): Promise<JobReport>;
  close(): Promise<void>;
}

export interface Life {
  readonly protocol: "imap" | "pop3";
  readonly format: ArchiveFormat;
  /** What is in the account before anything; a few adversarial messages in four mailboxes if not given. */
  fill?(store: MailStore): void;
  /** What happens to the account between two runs; after the last of them comes the run that is recorded. */
  readonly nights?: readonly ((store: MailStore) => void)[];
  /** The runs are remembered in a state directory, which may be lost, too. */
  readonly isRemembered?: boolean;
  /** `never` if not given. */
  readonly verify?: Job["verify"];
  /** No mbox file can be larger. */
  readonly fileOctets?: number;
}

const small = tortureMessages().filter(({ bytes }) => bytes.length < 5_000);

/** Plain ones, ones that are stored verbatim, twins; a mailbox in a folder of its own, an empty one. */
export function fillAFew(store: MailStore): void {
  const put = (path: string[], from: number, to: number, flags: string[]) => {
    const mailbox = addMailbox(store, path);
    for (const { bytes } of small.slice(from, to)) addMessage(mailbox, bytes, { flags });
  };
  put(["INBOX"], 10, 24, ["\\Seen", "proj"]);
  put(["INBOX"], 10, 11, []);
  put(["Sent"], 24, 28, []);
  put(["Projets", "2026"], 9, 13, ["\\Flagged"]);
  put(["Projets", "2027"], 30, 33, []);
  addMailbox(store, ["Empty"]);
}

/** More than go into one batch, each very small. */
export function fillMany(count: number): (store: MailStore) => void {
  return (store) => {
    const inbox = addMailbox(store, ["INBOX"]);
    for (let number = 0; number < count; number++) addMessage(inbox, `Subject: ${number}\r\n\r\n${number}\r\n`);
  };
}

/** New mail in two mailboxes, and in one that is new itself; flags of what is there change. */
export function aNight(store: MailStore): void {
  const inbox = addMailbox(store, ["INBOX"]);
  for (const { bytes } of small.slice(28, 34)) addMessage(inbox, bytes, { flags: ["\\Seen"] });
  for (const { bytes } of small.slice(2, 5)) addMessage(addMailbox(store, ["Sent"]), bytes);
  for (const { bytes } of small.slice(5, 8)) addMessage(addMailbox(store, ["Neu"]), bytes);
  for (const message of inbox.messages.slice(0, 5)) setFlags(inbox, message, ["\\Flagged", "later"]);
}

/** The server numbers the messages of INBOX anew. */
export function renumber(store: MailStore): void {
  const inbox = findMailbox(store, ["INBOX"]) ?? expect.fail("no INBOX");
  inbox.uidValidity += 1000;
}

interface SeenOfArchive {
  readonly stored: number;
  readonly runs: number;
}

/** An account on loopback that is brought into an archive. */
export async function openLife(life: Life): Promise<Opened<SeenOfArchive>> {
  const { protocol, format, fill = fillAFew, nights = [], isRemembered = false, verify = "never", fileOctets } = life;
  const root = memoryFolder();
  const archive = join(root, "archive");
  const store = createMailStore("ada", "canary-power-51c0");
  fill(store);
  const server = await (protocol === "imap" ? startImapServer({ store }) : startPop3Server({ store }));
  const account = accountOn({ protocol, port: server.port, user: store.user, password: store.password });
  const job: Job = jobTo(archive, format, account, { verify, retry: { attempts: 1, maxWaitMs: 0 } });
  const memory = isRemembered ? { stateDirectory: join(root, "state"), trigger: "schedule" as const } : {};
  const seen = { stored: 0, runs: 0 };
  const run = async (): Promise<JobReport> => {
    const disk = fileOctets === undefined ? undefined : limitFiles(fileOctets);
    const { jobs } = await runJobs([job], {
      concurrency: 4,
      ...memory,
      report(event) {
        if (event.type === "batch-committed") seen.stored += event.stored;
        if (event.type === "job-finished") seen.runs += 1;
      },
    }).finally(() => disk?.end());
    return jobs[0] ?? expect.fail("no report");
  };
  for (const night of nights) {
    expect(await run()).toMatchObject({ verdict: "safe" });
    night(store);
  }
  return {
    root,
    see: () => ({ ...seen }),
    logIns: () => server.connections(),
    run,
    async check({ stored, runs }) {
      // What a renumbering server has claimed anew was counted twice.
      await expectStored(archive, Math.min(stored, digestsServed(store, protocol).length));
      if (!isRemembered) return;
      expect((await runsOf(job, join(root, "state"))).length).toBeGreaterThanOrEqual(runs);
    },
    async goOn() {
      const before = isRemembered ? (await runsOf(job, join(root, "state"))).length : 0;
      const report = await run();
      expect(report, JSON.stringify(report)).toMatchObject({ verdict: "safe" });
      const expected = digestsServed(store, protocol);
      expect(multiset(await readBack(archive))).toEqual(expected);
      expect(countMail(archive)).toBe(expected.length);
      if (protocol === "imap" && format === "maildir") expect(await flagsInNames(archive)).toEqual(flagsServed(store));
      const again = await run();
      expect(again).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
      expect(countMail(archive)).toBe(expected.length);
      if (isRemembered) expect(await runsOf(job, join(root, "state"))).toHaveLength(before + 2);
    },
    close: () => server.close(),
  };
}

/** `mailbox sha256 flags` of every message by the name of its file in a Maildir, sorted. */
async function flagsInNames(directory: string): Promise<string[]> {
  await using archive = await readArchive(directory);
  const found: string[] = [];
  for (const mailbox of archive.mailboxes()) {
    const folder = archive.mailPath(mailbox);
    const keywords = join(folder, "dovecot-keywords");
    const table = existsSync(keywords) ? parseKeywords(readFileSync(keywords, "utf8")) : [];
    const names = existsSync(folder) ? readdirSync(join(folder, "cur")) : [];
    const byUnique = new Map(names.map((name) => [parseUniqueName(name).unique, name]));
    await using ledger = await archive.readLedger(mailbox);
    for (const { place, sha256: digest } of ledger?.all() ?? []) {
      const flags = parseInfo(byUnique.get(String(place.file)) ?? "", table);
      found.push(`${mailbox.path.join("/")} ${digest} ${flags.sort().join(" ")}`);
    }
  }
  return found.sort();
}

function flagsServed({ mailboxes }: MailStore): string[] {
  return mailboxes
    .flatMap(({ path, messages }) =>
      messages.map(({ bytes, flags }) => `${path.join("/")} ${sha256(bytes)} ${[...flags].sort().join(" ")}`),
    )
    .sort();
}

type SeenOfTarget = readonly { readonly mailbox: StoredMailbox; readonly was: StoredMailbox }[];

/** A move from one account to another: only its book can be lost. */
export async function openMove(nights: number): Promise<Opened<SeenOfTarget>> {
  const root = memoryFolder();
  const houses = await startHouses();
  fillAFew(houses.old.store);
  // How long is waited for what a run that died has sent depends on it.
  const job = moveTo({ ...houses.new.account, timeoutMs: 2_000 }, houses.old.account, {
    retry: { attempts: 1, maxWaitMs: 0 },
  });
  const target = houses.new.store;
  const run = async (): Promise<JobReport> => {
    const { jobs } = await runJobs([job], { concurrency: 3, stateDirectory: root });
    return jobs[0] ?? expect.fail("no report");
  };
  const digests = (store: MailStore) =>
    store.mailboxes.flatMap(({ path, messages }) => messages.map(({ bytes }) => `${path.join("/")} ${sha256(bytes)}`));
  for (let night = 0; night < nights; night++) {
    expect(await run()).toMatchObject({ verdict: "safe" });
    aNight(houses.old.store);
    deliver(target, ["INBOX"], "a letter from elsewhere");
  }
  const foreign = new Set(
    nights === 0 ? [] : digests(target).filter((line) => !digests(houses.old.store).includes(line)),
  );
  const expectWhole = () => {
    expect(
      digests(target)
        .filter((line) => !foreign.has(line))
        .sort(),
    ).toEqual(digests(houses.old.store).sort());
  };
  return {
    root,
    run,
    see: () => target.mailboxes.map((mailbox) => ({ mailbox, was: { ...mailbox, messages: [...mailbox.messages] } })),
    rewind(seen) {
      target.mailboxes = seen.map(({ mailbox, was }) =>
        Object.assign(mailbox, { ...was, messages: was.messages.map((message) => ({ ...message })) }),
      );
    },
    async check() {
      const { readMoveBook } = await import("../../src/storage/move-book.ts");
      const { moveIdentity } = await import("../../src/jobs/identity.ts");
      await using book = await readMoveBook(root, moveIdentity(job));
      expect(book?.damaged ?? []).toEqual([]);
      for (const mailbox of book?.mailboxes() ?? []) {
        await using ledger = await book?.readLedger(mailbox);
        const there = findMailbox(target, mailbox.path)?.messages ?? [];
        for (const { place, sha256: digest } of ledger?.all() ?? []) {
          const found = there.find(({ uid }) => uid === Number(place.uid));
          expect(found === undefined ? "nothing" : sha256(found.bytes), JSON.stringify(place)).toBe(digest);
        }
      }
    },
    async goOn() {
      const report = await run();
      expect(report, JSON.stringify(report)).toMatchObject({ verdict: "safe" });
      expectWhole();
      expect(await run()).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
      expectWhole();
    },
    close: () => houses.close(),
  };
}

/** A night of a household that packs and prunes. */
export async function openVault(): Promise<Opened<undefined>> {
  const root = memoryFolder();
  await prepareVault(root);
  const home = openHousehold({ verify: "never", retention }, root);
  home.deliver();
  return {
    root,
    see: () => undefined,
    run: () => home.run(dying),
    async check() {
      await expectStored(join(root, "archive"), 1);
      checkAfterDeath(home, 0);
    },
    async goOn() {
      await checkNextRun(home, 0);
      expect(multiset(await readBack(join(root, "archive")))).toHaveLength(2);
      expect(countMail(join(root, "archive"))).toBe(2);
      expect(await home.run(new Date(dying.getTime() + 2 * 86_400_000))).toMatchObject({ verdict: "safe", octets: 0 });
    },
    async close() {},
  };
}

// Small archives to damage, and what has to be true of them once they are repaired.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { type Job, runJobs } from "../../src/index.ts";
import { ownerOf } from "../../src/jobs/identity.ts";
import { repairArchive } from "../../src/jobs/repair.ts";
import { verifyArchive } from "../../src/jobs/verify.ts";
import { readArchive } from "../../src/storage/archive.ts";
import { multiset, readBack } from "./archives.ts";
import { buryOwners } from "./bury-owners.ts";
import { crashAt, mend } from "./crash-at.mjs";
import type { Damage } from "./damages.ts";
import { accountOn, jobTo } from "./jobs.ts";
import { limitFiles } from "./small-files.mjs";
import { tortureMessages } from "./torture.ts";

export type Format = "mbox" | "maildir";

export interface Template extends AsyncDisposable {
  readonly format: Format;
  readonly store: MailStore;
  readonly server: ImapServer;
  /** The archive as a run left it. */
  readonly archive: string;
  /** `mailbox sha256` of all that is in it. */
  readonly expected: readonly string[];
  /** Another like it; the caller removes it. */
  copy(): string;
  job(archive: string, changes?: Partial<Job>): Job;
}

const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Odd line ends, no line end, quoted From_ lines, twins, an empty message, and a large one for its kind. */
const odd = [
  "plain message",
  "no final newline",
  "only bare LF",
  "one bare LF among CRLF",
  "From_ lines of every depth",
  "empty",
  "twin of the plain message",
  "CR CR LF",
];

/** `fileOctets`: no mbox file of it is larger. Later runs know of no such limit. */
export async function openTemplate(format: Format, letters = 2, fileOctets?: number): Promise<Template> {
  const store = createMailStore("ada", "canary-damage-4f1c");
  const all = new Map(tortureMessages().map(({ name, bytes }) => [name, bytes]));
  const inbox = addMailbox(store, ["INBOX"]);
  for (const name of odd) addMessage(inbox, all.get(name) ?? "", { flags: ["\\Seen", "proj"] });
  for (const path of [["Sent"], ["Projets", "2026"], ["Empty"]]) {
    const mailbox = addMailbox(store, path);
    for (let n = 1; n <= letters && path[0] !== "Empty"; n++) {
      const subject = `Subject: =?UTF-8?Q?letter_${n}_=C3=A0_?= ${path.join(" ")}`;
      addMessage(mailbox, `From: ada@example.org\r\n${subject}\r\n\r\nDear ${n},\r\n\r\nFrom here on.\r\n`, {
        flags: ["\\Flagged"],
      });
    }
  }
  const server = await startImapServer({ store });
  const folder = mkdtempSync(join(root, "mailferry-damaged-"));
  const archive = join(folder, "archive");
  const account = accountOn({ protocol: "imap", port: server.port, ...store }, { connections: 1 });
  const job = (to: string, changes: Partial<Job> = {}) =>
    jobTo(to, format, account, { verify: "never", retry: { attempts: 1, maxWaitMs: 0 }, ...changes });
  const disk = fileOctets === undefined ? undefined : limitFiles(fileOctets);
  const report = await runJobs([job(archive)], { concurrency: 1 }).finally(() => disk?.end());
  if (report.verdict !== "safe") throw new Error(JSON.stringify(report));
  let copies = 0;
  return {
    format,
    store,
    server,
    archive,
    expected: multiset(await readBack(archive)),
    copy() {
      const to = join(folder, `copy-${++copies}`);
      cpSync(archive, to, { recursive: true, preserveTimestamps: true });
      return to;
    },
    job,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every file below a folder, relative to it, sorted. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Digests of all files, whatever their names. */
function contentsOf(folder: string): Map<string, string> {
  return new Map(filesOf(folder).map((name) => [digestOf(join(folder, name)), name]));
}

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Repairs as the command does; `report` is what it found before. */
export async function repair(archive: string, { job }: Template) {
  const { signal } = new AbortController();
  return repairArchive(archive, { dryRun: false, owner: ownerOf(job(archive).from), signal });
}

/** No octets of these files have vanished, wherever they lie now. */
function expectKept(files: ReadonlyMap<string, string>, archive: string, what: string): void {
  const kept = contentsOf(archive);
  for (const [digest, name] of files) expect(kept.has(digest), `${what}: octets of ${name} are gone`).toBe(true);
}

/** The same with a repair that dies at a step of it, and one after that. False if there are not so many steps. */
export async function dieAndRepairAgain(template: Template, damage: Damage, at: number): Promise<boolean> {
  let died = false;
  await sweepOne(template, { ...damage, what: `${damage.what}, died at step ${at}` }, async (archive) => {
    const files = contentsOf(archive);
    const disk = crashAt({ at });
    await repair(archive, template).catch(() => undefined);
    died = disk.dead;
    mend();
    if (!died) return;
    buryOwners(archive);
    expectKept(files, archive, `${damage.what}, just after step ${at}`);
    await repair(archive, template);
  });
  return died;
}

/** Of what is in the archive, each message by all its readings. */
async function readingsIn(archive: string): Promise<string[][]> {
  await using opened = await readArchive(archive);
  const all: string[][] = [];
  for (const mailbox of opened.mailboxes()) {
    await using ledger = await opened.readLedger(mailbox);
    for (const { sha256: digest, recovered = [] } of ledger?.all() ?? []) {
      all.push([digest, ...recovered.map((one) => one.sha256)].map((one) => `${mailbox.path.join("/")} ${one}`));
    }
  }
  return all;
}

/** What of these the archive does not hold, however it is read; each message of it counts once. */
export async function lackingIn(archive: string, wanted: readonly string[]): Promise<string[]> {
  const there = await readingsIn(archive);
  // Those that can be read in one way alone come first.
  there.sort((a, b) => a.length - b.length);
  return wanted.filter((one) => {
    const at = there.findIndex((readings) => readings.includes(one));
    if (at >= 0) there.splice(at, 1);
    return at < 0;
  });
}

/**
 * Damages a copy, and repairs it without a server, then with one. No file's octets may vanish; what was not named as
 * damaged or lost is there after the first repair, all of it after the second, and the run after that moves nothing.
 */
export async function sweepOne(
  template: Template,
  damage: Damage,
  repairing: (archive: string) => Promise<unknown> = (archive) => repair(archive, template),
): Promise<void> {
  const { what, messages, harmless } = damage;
  const archive = template.copy();
  try {
    damage.do(archive);
    const before = await verifyArchive(archive);
    const isNamed = ({ kind }: { readonly kind?: string | undefined }) => kind === "damaged" || kind === "lost";
    const named = before.problems.filter(isNamed).length;
    if (harmless) expect(before.problems, what).toEqual([]);
    else expect(before.problems.length, what).toBeGreaterThan(0);
    if (messages !== undefined) expect([named, before.problems.length], what).toEqual([messages, messages]);
    const files = contentsOf(archive);
    await repairing(archive);
    expectKept(files, archive, what);
    const repaired = await verifyArchive(archive);
    expect(repaired.problems, `${what}: after the repair`).toEqual([]);
    expect(repaired.intact, what).toBe(repaired.messages);

    const lacking = await lackingIn(archive, template.expected);
    expect(lacking.length, `${what}: ${JSON.stringify(before.problems)}`).toBeLessThanOrEqual(named);
    expect(repaired.lost?.length ?? 0, `${what}: losses`).toBe(lacking.length);

    const job = template.job(archive);
    const run = await runJobs([job], { concurrency: 1 });
    if (damage.isOther) {
      expect(run.jobs[0]?.error?.code, what).toBe("D505");
      return;
    }
    expect(run.verdict, `${what}: ${JSON.stringify(run.jobs)}`).toBe("safe");
    expect(await lackingIn(archive, template.expected), `${what}: after the run`).toEqual([]);
    const strangers = multiset(await readBack(archive)).length - template.expected.length;
    const isForeign = before.problems.some(({ kind }) => kind === "unknown");
    expect(strangers, `${what}: doubled`).toBeLessThanOrEqual(isForeign && damage.adds ? 1 : 0);
    const again = await runJobs([job], { concurrency: 1 });
    expect(again.jobs[0], `${what}: the next run`).toMatchObject({ verdict: "safe", octets: 0 });
    const after = await verifyArchive(archive);
    expect([after.problems, after.lost], `${what}: at last`).toEqual([[], undefined]);
  } finally {
    rmSync(archive, { recursive: true, force: true });
  }
}

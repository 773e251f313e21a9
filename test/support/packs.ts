// Archives to pack, made by the engine from a Maildir; folders that a whole file of tests shares.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type ArchiveFormat, runJobs } from "../../src/index.ts";
import { writePack } from "../../src/packs/write-pack.ts";
import type { NamedMessage } from "./corpus.ts";

export const packFormats = ["zip", "tar.gz"] as const;
export const combinations = (["mbox", "maildir"] as const).flatMap((format) =>
  packFormats.map((as) => ({ format, as })),
);

export const never = new AbortController().signal;

/** A new folder that is removed after the file of tests. */
export function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mailferry-packs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Maildir++ folder names; "" is INBOX. */
export type MailboxesOfTest = Readonly<Record<string, readonly NamedMessage[]>>;

/** Dates with odd seconds, one before 1970, one after 2038, flags and a keyword among them. */
function dateOf(number: number): Date {
  const unusual = [-86_400, 0, 2_500_000_000, 1_000_000_001];
  return new Date((unusual[number] ?? 1_100_000_000 + 100_003 * number) * 1000);
}

export function makeMaildir(root: string, mailboxes: MailboxesOfTest): void {
  for (const [name, messages] of Object.entries(mailboxes)) {
    const folder = join(root, name);
    for (const each of ["cur", "new", "tmp"]) mkdirSync(join(folder, each), { recursive: true });
    writeFileSync(join(folder, "dovecot-keywords"), "0 $Junk\n1 projet\n");
    for (const [number, { bytes }] of messages.entries()) {
      const path = join(folder, "cur", `${number}.test:2,${["", "S", "FS", "Sa", "RSb"][number % 5]}`);
      writeFileSync(path, bytes);
      utimesSync(path, dateOf(number), dateOf(number));
    }
  }
}

/** An archive of these messages. */
export async function makeArchive(folder: string, format: ArchiveFormat, mailboxes: MailboxesOfTest): Promise<string> {
  const maildir = join(folder, `source-of-${format}`);
  makeMaildir(maildir, mailboxes);
  const archive = join(folder, format);
  const job = {
    name: "packed",
    from: { maildir },
    to: { archive, format },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "never",
    retry: { attempts: 1, maxWaitMs: 0 },
  } as const;
  const report = await runJobs([job], { concurrency: 1 });
  if (report.verdict !== "safe") throw new Error(JSON.stringify(report));
  return archive;
}

export async function pack(archive: string, to: string, as: "zip" | "tar.gz") {
  return writePack({ archive, to, as, signal: never });
}

/** All files of a folder, relative to it, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Says aloud what is left out where a program is missing. */
export function isInstalled(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  if (missing.length > 0) console.warn(`SKIPPED: reading packs with ${missing.join(", ")}, not installed`);
  return missing.length === 0;
}

/** Numbers from 0 to `below`, the same for the same seed. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

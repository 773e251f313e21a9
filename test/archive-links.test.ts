// Links that somebody planted in an archive before a run: nothing is written where they lead to.

import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ArchiveFormat, type Job, runJobs } from "../src/index.ts";
import { makeMaildir } from "./support/packs.ts";
import { quickFolder } from "./support/quick-folder.ts";

const letters = [1, 2, 3].map((number) => ({
  name: `${number}`,
  bytes: Buffer.from(`Subject: ${number}\r\n\r\nbody\r\n`),
}));

function jobOf(folder: string, format: ArchiveFormat): Job {
  return {
    name: "links",
    from: { maildir: join(folder, "source") },
    to: { archive: join(folder, "archive"), format },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "after",
    retry: { attempts: 1, maxWaitMs: 0 },
  };
}

/** Names, and digests of contents. */
function stateOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => {
      const path = join(folder, name);
      return lstatSync(path).isFile()
        ? `${name} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`
        : name;
    })
    .sort();
}

/** An archive of two mailboxes, and mail at the source that is not in it yet. */
async function begin(format: ArchiveFormat): Promise<{ folder: string; archive: string; job: Job }> {
  const folder = quickFolder();
  const job = jobOf(folder, format);
  const mailboxes = { "": letters, ".Work.2026": letters.slice(0, 2) };
  makeMaildir(join(folder, "source"), mailboxes);
  const report = await runJobs([job], { concurrency: 1 });
  expect(report.verdict).toBe("safe");
  makeMaildir(join(folder, "source"), { "": [...letters, ...letters], ".Work.2026": [...letters, ...letters] });
  return { folder, archive: join(folder, "archive"), job };
}

const common = ["mailferry.json", "mailferry.lock", "ledger", "ledger/INBOX.jsonl", "ledger/Work.2026.jsonl", "runs"];
const places = {
  mbox: [...common, "mbox", "mbox/INBOX.mbox", "mbox/Work", "mbox/Work/2026.mbox", "mbox/INBOX.mbox.lock"],
  maildir: [
    ...common,
    ...["maildir", "maildir/cur", "maildir/new", "maildir/tmp", "maildir/dovecot-keywords", "maildir/maildirfolder"],
    ...["maildir/.Work.2026", "maildir/.Work.2026/cur", "maildir/.Work.2026/new", "maildir/.Work.2026/tmp"],
    ...["maildir/.Work.2026/dovecot-keywords", "maildir/.Work.2026/maildirfolder"],
  ],
} as const;

describe.each(["mbox", "maildir"] as const)("in an archive (%s)", (format) => {
  test.each(places[format])("a link in the place of %s leads nobody out of it", async (place) => {
    const { folder, archive, job } = await begin(format);
    const victim = join(folder, "victim");
    const path = join(archive, place);
    mkdirSync(victim);
    // What was there moves to the victim: through the link all looks as it did.
    if (existsSync(path)) renameSync(path, join(victim, "it"));
    else writeFileSync(join(victim, "it"), "precious");
    symlinkSync(join(victim, "it"), path);
    const before = stateOf(victim);
    const report = await runJobs([job], { concurrency: 1 });
    expect(stateOf(victim)).toEqual(before);
    const words = JSON.stringify(report.jobs);
    if (report.verdict !== "safe") expect(words).toMatch(/it is a symbolic link|lock that can't be read/);
    // What a run makes anew each time, it puts in the place of the link.
    else
      expect(["maildir/dovecot-keywords", "maildir/.Work.2026/maildirfolder", "maildir/maildirfolder"]).toContain(
        place,
      );
  });

  test.each(places[format])("a link to nothing in the place of %s makes nothing there", async (place) => {
    const { folder, archive, job } = await begin(format);
    const victim = join(folder, "victim");
    mkdirSync(victim);
    rmSync(join(archive, place), { recursive: true, force: true });
    mkdirSync(dirname(join(archive, place)), { recursive: true });
    symlinkSync(join(victim, "it"), join(archive, place));
    await runJobs([job], { concurrency: 1 });
    expect(readdirSync(victim)).toEqual([]);
  });

  test("the archive itself may be a link", async () => {
    const { folder, archive, job } = await begin(format);
    renameSync(archive, join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), archive);
    expect(await runJobs([job], { concurrency: 1 })).toMatchObject({ verdict: "safe" });
  });
});

// An mbox in parts keeps every promise of a sink, and other programs read it.

import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openMboxSink } from "../../src/sinks/index.ts";
import { openMboxWriter } from "../../src/sinks/mbox.ts";
import { openStoredMbox } from "../../src/storage/stored-mbox.ts";
import { describeSink, message } from "../sink-contract.ts";
import { countIn, partsOf } from "../support/mbox-parts.ts";
import { tortureMessages } from "../support/torture.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

// The largest message of the contract just fits.
describeSink("mbox in parts", (root) => ({
  sink: openMboxSink(join(root, "Projets.mbox"), { fileLimit: 9_001_000 }),
  openMail: () => openStoredMbox(join(root, "Projets.mbox")),
  count: () => countIn(join(root, "Projets.mbox")),
}));

test.skipIf(!hasPython)("Python's mailbox module reads every message of every part", async () => {
  const directory = mkdtempSync(join(tmpdir(), "mailferry-parts-"));
  const path = join(directory, "INBOX.mbox");
  try {
    const messages = tortureMessages().filter(({ bytes }) => bytes.length < 800);
    await using writer = await openMboxWriter(path, undefined, { fileLimit: 1_000 });
    for (const { name, bytes } of messages) await writer.append(message(name, bytes));
    await writer.commit();
    const script = "import mailbox,sys; print(sum(len([x.get_from() for x in mailbox.mbox(p)]) for p in sys.argv[1:]))";
    const parts = partsOf(path);
    expect(parts.length).toBeGreaterThan(1);
    expect(Number(execFileSync("python3", ["-c", script, ...parts], { encoding: "utf8" }))).toBe(messages.length);
    // Joined in their order they are one mbox.
    const joined = join(directory, "joined");
    copyFileSync(path, joined);
    for (const part of parts.slice(1)) appendFileSync(joined, readFileSync(part));
    expect(Number(execFileSync("python3", ["-c", script, joined], { encoding: "utf8" }))).toBe(messages.length);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

if (!hasPython) console.warn("WARNING: no python3: its mailbox module does not read the parts of our mbox files");

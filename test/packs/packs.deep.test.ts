// What takes long: every octet of a pack changed, packs of more entries than a plain zip file can hold, kill -9 all over.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyArchive } from "../../src/jobs/verify.ts";
import { corpusMessages } from "../support/corpus.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { spread } from "../support/kill-points.ts";
import { combinations, isInstalled, makeArchive, pack } from "../support/packs.ts";
import { memoryFolder } from "../support/power-loss.ts";
import { swept } from "../support/sweep-counts.ts";
import { tortureMessages } from "../support/torture.ts";
import { verifyFlipped } from "./flips.ts";
import { countSteps, dieAndPackAgain } from "./killed.ts";

test.each(combinations)("every octet of a $as of a $format archive counts", async ({ format, as }) => {
  const root = temporaryFolder();
  const archive = await makeArchive(root, format, { "": tortureMessages().slice(0, 4), ".Sent": [] });
  const file = join(root, `pack.${as}`);
  const { octets } = await pack(archive, file, as);
  for (let at = 0; at < octets; at++) {
    expect(await verifyFlipped(file, root, at, 1 << (at % 8)), `octet ${at}`).not.toEqual([]);
  }
});

describe.each([
  { as: "zip", count: 66_000 },
  { as: "tar.gz", count: 5_000 },
] as const)("a $as of $count messages", ({ as, count }) => {
  test("is written and read within bounds, here and by others", async () => {
    const root = memoryFolder();
    const messages = Array.from({ length: count }, (_, number) => ({
      name: `${number}`,
      bytes: Buffer.from(`Subject: ${number}\r\n\r\nbody of ${number}\r\n`),
    }));
    const archive = await makeArchive(root, "maildir", { "": messages });
    const file = join(root, `many.${as}`);
    const before = process.memoryUsage().rss;
    const { messages: packed } = await pack(archive, file, as);
    const mebibytes = (process.memoryUsage().rss - before) / 1024 / 1024;
    console.log(`${as} of ${count} messages: ${mebibytes.toFixed()} MiB more`);
    expect(packed).toBe(count);
    expect(await verifyArchive(file)).toMatchObject({ messages: count, intact: count, problems: [] });
    if (!isInstalled("python3")) return;
    const script =
      as === "zip"
        ? "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(len(z.namelist()))"
        : "import sys,tarfile; print(sum(1 for _ in tarfile.open(sys.argv[1])))";
    const entries = Number(execFileSync("python3", ["-c", script, file]).toString());
    expect(entries).toBeGreaterThan(count);
    if (as === "zip") expect(readFileSync(file).includes(Buffer.from("504b0606", "hex"))).toBe(true);
  });
});

test.each(combinations)(
  "killed anywhere while it makes a $as of a $format archive, a run leaves a whole pack or none",
  async ({ format, as }) => {
    const root = temporaryFolder();
    const mailboxes = { "": tortureMessages(), ".Corpus": corpusMessages().slice(0, 100) };
    const archive = await makeArchive(root, format, mailboxes);
    const { sha256 } = await pack(archive, join(root, `whole.${as}`), as);
    const packing = { archive, as, sha256 };
    let killed = 0;
    const steps = await countSteps(packing, join(root, "counted"), true);
    for (const at of spread(steps, Math.min(steps, 8))) {
      const folder = join(root, `${at}`);
      mkdirSync(folder);
      if (await dieAndPackAgain(packing, folder, at, true)) killed++;
    }
    swept("kill points", killed);
    expect(killed).toBeGreaterThan(4);
  },
);

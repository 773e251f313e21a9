// A disk on which an operation fails: a few of them; io-errors.deep.test.ts has thousands, kernel-errors.deep.test.ts those of
// a real kernel.

import { expect, test } from "vitest";
import { failDisk } from "./support/failing-disk.ts";
import { sweepErrors, wordsOf } from "./support/io-errors.ts";
import { openTrial } from "./support/io-trials.ts";
import { swept } from "./support/sweep-counts.ts";

const few = 8;

test("whatever fails, nothing is lost, it is said what it was, and the next run goes on", async () => {
  await using trial = await openTrial("a night of a Maildir, read again after");
  const injected = await sweepErrors(trial, few);
  expect(injected).toBe(few);
  swept("injected I/O errors", injected);
});

test("an mbox that can't be read at its end is not appended to, and the octet is named", async () => {
  await using trial = await openTrial("a night of an mbox archive, read again after");
  const path = "archive/mbox/INBOX.mbox";
  const disk = failDisk(trial.root, { code: "EIO", at: `read ${path}`, forGood: false });
  const report = await trial.run().finally(() => disk.end());
  expect(report).toMatchObject({ verdict: "failed", exit: { code: 9 }, error: { code: "D502" } });
  expect(wordsOf(report).join("\n")).toMatch(
    /INBOX\.mbox, octet \d+: the disk reported an input\/output error \(EIO\)/,
  );
  expect(disk.operations.filter((each) => each === `write ${path}`)).toEqual([]);
  await trial.check();
  await trial.goOn();
});

test("a folder that can't be written is refused before anybody logs in", async () => {
  for (const code of ["EROFS", "EACCES", "ENOSPC"] as const) {
    await using trial = await openTrial("a night of an mbox archive, read again after");
    const disk = failDisk(trial.root, { code, at: "symlink archive/mailferry.lock", forGood: true });
    const before = trial.logIns();
    const report = await trial.run().finally(() => disk.end());
    expect(report).toMatchObject({ verdict: "failed", exit: { code: 9 } });
    expect(wordsOf(report).join("\n")).toMatch(new RegExp(`/archive/mailferry\\.lock: .* \\(${code}\\)`));
    expect(trial.logIns()).toBe(before);
    await trial.goOn();
  }
});

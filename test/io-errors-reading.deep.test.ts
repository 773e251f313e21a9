// The same of who only reads: verify and ls, of archives and packs. What can't be read is named with its cause, is never
// called a bug, and never passes for intact.

import { join } from "node:path";
import { expect, test } from "vitest";
import { MailferryError } from "../src/errors.ts";
import { listArchive } from "../src/jobs/listing.ts";
import { verifyArchive } from "../src/jobs/verify.ts";
import { type FailingDisk, failDisk, failures } from "./support/failing-disk.ts";
import { bare, evenly } from "./support/io-errors.ts";
import { makeArchive, pack } from "./support/packs.ts";
import { memoryFolder } from "./support/power-loss.ts";
import { swept } from "./support/sweep-counts.ts";
import { tortureMessages } from "./support/torture.ts";

const most = 150;
const mail = { "": tortureMessages().slice(9, 21), ".Sent": tortureMessages().slice(24, 27) };
const messages = mail[""].length + mail[".Sent"].length;

async function make(what: string): Promise<{ root: string; path: string }> {
  const root = memoryFolder();
  const [format = "", as] = what.split(" as ");
  const archive = await makeArchive(root, format as "mbox" | "maildir", mail);
  if (as === undefined) return { root, path: archive };
  const path = join(root, `pack.${as}`);
  await pack(archive, path, as as "zip" | "tar.gz");
  return { root, path };
}

/** What came of it, in words; nothing where all is well. */
async function read(path: string): Promise<string[]> {
  try {
    const { intact, problems } = await verifyArchive(path);
    // It had to read what it calls intact.
    if (problems.length === 0) expect(intact).toBe(messages);
    const listed = await listArchive(path);
    if (problems.length === 0) expect(listed.mailboxes.reduce((sum, each) => sum + each.messages, 0)).toBe(messages);
    return problems.map(({ reason }) => reason);
  } catch (error) {
    expect(error).toBeInstanceOf(MailferryError);
    return [(error as MailferryError).message];
  }
}

test.each(["mbox", "maildir", "mbox as zip", "maildir as tar.gz"])("%s: what can't be read is named", async (what) => {
  const { root, path } = await make(what);
  const whole = failDisk(root, { code: "EIO", at: 0, forGood: false });
  expect(await read(path).finally(() => whole.end())).toEqual([]);
  const all = whole.operations.flatMap((operation, index) =>
    failures.flatMap((code) => [false, true].map((forGood) => ({ operation, code, at: index + 1, forGood }))),
  );
  let injected = 0;
  for (const { operation, ...failing } of evenly(all, most)) {
    const disk: FailingDisk = failDisk(root, failing);
    const words = await read(path).finally(() => disk.end());
    const where = `${failing.code} ${failing.forGood ? "from" : "at"} ${operation} (${failing.at}): ${words.join("\n")}`;
    for (const text of words) expect(text, where).not.toMatch(bare);
    // Once may be looked over by the fast way, whose place the careful way takes.
    if (failing.forGood) expect(words, where).not.toEqual([]);
    injected += 1;
  }
  expect(await read(path)).toEqual([]);
  swept("injected I/O errors", injected);
});

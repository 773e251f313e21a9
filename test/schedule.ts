// Weeks in the life of an archive, at random: mail comes and goes, keys are renumbered, connections break, the process
// dies at any step. Whatever the order, a run that says SAFE has every message, and no message is ever stored twice.

import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type StoredMailbox } from "../src/demo/mail-store.ts";
import { startPop3Server } from "../src/demo/pop3-server.ts";
import { type ArchiveFormat, runJobs } from "../src/index.ts";
import { readBack, sha256 } from "./support/archives.ts";
import { buryOwners } from "./support/bury-owners.ts";
import { crashAt, mend } from "./support/crash-at.mjs";
import { accountOn, jobTo, temporaryFolder } from "./support/jobs.ts";

/** Few contents, so that twins are common; the last one is stored verbatim, the one before in several chunks. */
const contents = [
  "Subject: a\r\n\r\nFrom here\r\n",
  "Subject: b\r\n\r\nhello\r\n",
  "Subject: c\r\n\r\nno end",
  `Subject: d\r\n\r\n${"long line ".repeat(3000)}\r\n`,
  "Subject: e\r\n\r\nbare\nline\r\n",
].map((text) => Buffer.from(text));

const pick = fc.nat({ max: 1000 });
export const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("deliver"), what: fc.array(pick, { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), which: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("renumber") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("mark") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("crash"), at: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cut"), after: fc.integer({ min: 1, max: 60_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("run") }) },
);
export type Step =
  | { do: "deliver"; what: number[] }
  | { do: "remove"; which: number }
  | { do: "renumber" }
  | { do: "mark" }
  | { do: "run" }
  | { do: "crash"; at: number }
  | { do: "cut"; after: number };

export async function live(protocol: "imap" | "pop3", format: ArchiveFormat, steps: readonly Step[]): Promise<void> {
  const store = createMailStore("ada", "secret");
  const inbox = addMailbox(store, ["INBOX"]);
  const server = await (protocol === "imap" ? startImapServer({ store }) : startPop3Server({ store }));
  const archive = temporaryFolder();
  const account = accountOn({ protocol, port: server.port, user: store.user, password: store.password });
  const job = jobTo(archive, format, account, { verify: "never", retry: { attempts: 2, maxWaitMs: 0 } });
  const delivered = new Map<string, number>();
  /** How many of each were on the server in a run that ended SAFE: the archive never has fewer again. */
  const floor = new Map<string, number>();

  const run = async () => {
    const report = await runJobs([job], { concurrency: 2 });
    if (report.verdict !== "safe") return false;
    for (const [digest, count] of countOf(inbox, protocol)) floor.set(digest, Math.max(count, floor.get(digest) ?? 0));
    return true;
  };
  try {
    for (const one of steps) {
      if (one.do === "deliver") {
        for (const what of one.what) {
          const { bytes } = addMessage(inbox, contents[what % contents.length] ?? Buffer.alloc(0));
          const digest = digestOf(bytes, protocol);
          delivered.set(digest, 1 + (delivered.get(digest) ?? 0));
        }
      } else if (one.do === "remove") inbox.messages.splice(one.which % (inbox.messages.length || 1), 1);
      else if (one.do === "renumber") renumber(inbox);
      else if (one.do === "mark") markAllRead(archive);
      else if (one.do === "run") await run();
      else if (one.do === "cut") {
        server.script.cutAfterOctets = one.after;
        await run();
        server.script.cutAfterOctets = undefined as never;
      } else {
        crashAt({ at: one.at });
        await run();
        mend();
        buryOwners(archive);
      }
    }
    expect(await run(), "the last run").toBe(true);
    const archived = new Map<string, number>();
    for (const { sha256: digest } of await readBack(archive)) archived.set(digest, 1 + (archived.get(digest) ?? 0));
    for (const [digest, least] of floor) expect(archived.get(digest) ?? 0, "kept").toBeGreaterThanOrEqual(least);
    for (const [digest, count] of archived) expect(count, "stored").toBeLessThanOrEqual(delivered.get(digest) ?? 0);
    const octets = server.messageOctetsSent();
    await run();
    expect(server.messageOctetsSent() - octets, "octets in one more run").toBe(0);
  } finally {
    mend();
    await server.close();
  }
}

function digestOf(bytes: Buffer, protocol: "imap" | "pop3"): string {
  const ends = bytes.subarray(-2).equals(Buffer.from("\r\n"));
  return sha256(protocol === "imap" || ends ? bytes : Buffer.concat([bytes, Buffer.from("\r\n")]));
}

function countOf(inbox: StoredMailbox, protocol: "imap" | "pop3"): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { bytes } of inbox.messages) {
    const digest = digestOf(bytes, protocol);
    counts.set(digest, 1 + (counts.get(digest) ?? 0));
  }
  return counts;
}

/** As after a restore on the server's side: the same mail, in the same order, under other keys. */
function renumber(inbox: StoredMailbox): void {
  inbox.uidValidity += 1;
  inbox.uidNext += 1000;
  for (const message of inbox.messages) {
    message.uid = inbox.uidNext++;
    message.uidl = `n${message.uid}`;
  }
}

/** What a mail reader does to a Maildir: other flags are other file names. */
function markAllRead(archive: string): void {
  const folder = join(archive, "maildir", "cur");
  for (const name of namesIn(folder)) renameSync(join(folder, name), join(folder, name.replace(/:2,.*$/, ":2,S")));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { encoding: "utf8" });
  } catch {
    return [];
  }
}

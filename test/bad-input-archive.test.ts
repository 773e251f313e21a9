// Two runs at once, runs that are stopped or killed, and archives that were damaged afterwards.

import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { findMailbox, type MailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { runJobs } from "../src/index.ts";
import type { Stored } from "../src/message.ts";
import { readArchive } from "../src/storage/archive.ts";
import { multiset, readBack } from "./support/archives.ts";
import { digestsServed } from "./support/crossing.ts";
import { lastLine, parseDocument } from "./support/desk.ts";
import { onlyJob, unwrapped } from "./support/hostile.ts";
import { openJobs, password } from "./support/job-file.ts";
import { accountOn, jobTo, routes } from "./support/jobs.ts";

type Protocol = "imap" | "pop3";

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;

beforeEach(async () => {
  store = createDemoStore("ada", password);
  imap = await startImapServer({ store });
  pop3 = await startPop3Server({ store });
});
afterEach(() => Promise.all([imap.close(), pop3.close()]));

const portOf = (protocol: Protocol) => (protocol === "imap" ? imap : pop3).port;

/** The servers fall silent at message 20 of INBOX, with the others on their way; resolves when a client is there. */
function stall(): Promise<void> {
  return new Promise((reached) => {
    imap.script = {
      onFetch({ body, uid }) {
        if (!body || uid !== 20) return undefined;
        reached();
        return { stallAfter: 10 };
      },
    };
    pop3.script.onCommand = (command) => {
      if (command !== "RETR 20") return undefined;
      reached();
      return "stall";
    };
  });
}

/** A run that brings all that is missing, and nothing twice. */
async function completes(archive: string, protocol: Protocol, format: "mbox" | "maildir"): Promise<void> {
  const account = accountOn({ protocol, port: portOf(protocol), user: "ada", password });
  const report = await runJobs([jobTo(archive, format, account)], { concurrency: 4 });
  expect(report.verdict, JSON.stringify(report)).toBe("safe");
  expect(multiset(await readBack(archive))).toEqual(digestsServed(store, protocol));
}

function goOn(): void {
  imap.script = {};
  pop3.script.onCommand = undefined;
}

describe.each([routes[0], routes[3]])("a run from $protocol to $format", ({ protocol, format }) => {
  test("keeps another away from its archive, and a killed one keeps nobody away", async () => {
    const { cwd, mailferry, start } = openJobs({ job: { protocol, format, port: portOf(protocol) } });
    const reached = stall();
    const first = start("run", "--json");
    await reached;
    const connections = imap.connections() + pop3.connections();
    const begin = performance.now();
    const second = await mailferry("run");
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(second.code, second.stdout).toBe(8);
    expect(second.stdout).toContain("MF-L801\n");
    expect(unwrapped(second.stdout)).toContain(`(process ${first.process.pid} on `);
    expect(lastLine(second.stdout)).toMatch(/^FAILED: nothing was copied\. Wait until the other run has ended/);
    expect(imap.connections() + pop3.connections()).toBe(connections);
    expect(first.process.exitCode).toBe(null);

    first.process.kill("SIGKILL");
    await first.result;
    expect(lstatSync(join(cwd, "job", "mailferry.lock")).isSymbolicLink()).toBe(true);
    goOn();
    await completes(join(cwd, "job"), protocol, format);
    expect(readdirSync(join(cwd, "job")).filter((name) => name.includes("lock"))).toEqual([]);
  });
});

describe.each([
  { ...routes[0], signal: "SIGINT", exit: 130 },
  { ...routes[1], signal: "SIGTERM", exit: 143 },
  { ...routes[2], signal: "SIGHUP", exit: 143 },
  { ...routes[3], signal: "SIGINT", exit: 130 },
] as const)("$signal in mid-run ($protocol to $format)", ({ protocol, format, signal, exit }) => {
  test("ends with its own exit code, says how to go on, and the next run brings the rest", async () => {
    const { cwd, start } = openJobs({ job: { protocol, format, port: portOf(protocol) } });
    const reached = stall();
    const running = start("run");
    await reached;
    running.process.kill(signal);
    const { code, stdout } = await running.result;
    expect(code, stdout).toBe(exit);
    expect(lastLine(stdout)).toMatch(/stopped before .* To go on, run the same command again\.$/);
    goOn();
    await completes(join(cwd, "job"), protocol, format);
  });
});

test("the run that had the archive first is not disturbed by the second", async () => {
  const { cwd, mailferry, start } = openJobs({ job: { protocol: "imap", port: imap.port } });
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    imap.script = {
      async onFetch({ body, uid }) {
        if (!body || uid !== 20) return undefined;
        resolve();
        await released;
        return undefined;
      },
    };
  });
  const first = start("run", "--json");
  await reached;
  expect((await mailferry("run")).code).toBe(8);
  release();
  const { code, stdout } = await first.result;
  expect(code).toBe(0);
  expect(onlyJob(stdout)).toMatchObject({ verdict: "safe", messages: { copied: 62 } });
  expect(multiset(await readBack(join(cwd, "job")))).toEqual(digestsServed(store, "imap"));
});

test.each(["SIGINT", "SIGTERM"] as const)("a run that waits for a busy server ends at once with %s", async (signal) => {
  const { start } = openJobs(
    { job: { protocol: "pop3", port: pop3.port } },
    { retry: { attempts: 5, maxWait: "10m" } },
  );
  pop3.script.onCommand = (command) =>
    /^(PASS|AUTH)/.test(command) ? { reply: "-ERR [IN-USE] later\r\n" } : undefined;
  const running = start("run");
  const waiting = new Promise<void>((resolve) => {
    running.process.stderr?.on("data", () => {
      if (running.stderr().includes("MF-N305")) resolve();
    });
  });
  await waiting;
  const begin = performance.now();
  running.process.kill(signal);
  const { code, stdout } = await running.result;
  expect(performance.now() - begin).toBeLessThan(3_000);
  expect(code).toBe(signal === "SIGINT" ? 130 : 143);
  expect(lastLine(stdout)).toMatch(
    /^FAILED: stopped before anything was copied\. To go on, run the same command again\.$/,
  );
});

describe("verify", () => {
  interface Archive {
    readonly mail: string;
    readonly stored: readonly Stored[];
    /** What `verify` says: the exit codes of both forms, and the keys that are not intact. */
    verify(): Promise<{
      readonly codes: (number | null)[];
      readonly screen: string;
      readonly keys: (string | undefined)[];
    }>;
  }

  async function archived(format: "mbox" | "maildir"): Promise<Archive> {
    const { cwd, mailferry } = openJobs({});
    await completes(join(cwd, "job"), "imap", format);
    await using archive = await readArchive(join(cwd, "job"));
    await using ledger = await archive.readLedger({ path: ["INBOX"] });
    const mail = join(cwd, "job", format === "mbox" ? "mbox/INBOX.mbox" : "maildir/cur");
    return {
      mail,
      stored: [...(ledger?.all() ?? [])],
      async verify() {
        const [screen, document] = await Promise.all([
          mailferry("verify", "job"),
          mailferry("verify", "job", "--json"),
        ]);
        const { problems, verdict } = parseDocument(document.stdout);
        const damaged: { mailbox: string[]; key?: string }[] = problems;
        expect(verdict).toBe(document.code === 0 ? "safe" : "failed");
        expect(lastLine(screen.stdout)).toMatch(screen.code === 0 ? /^SAFE: / : /^FAILED: /);
        for (const { mailbox } of damaged) expect(mailbox).toEqual(["INBOX"]);
        return { codes: [screen.code, document.code], screen: screen.stdout, keys: damaged.map(({ key }) => key) };
      },
    };
  }

  function flip(path: string, at: number): void {
    const octets = readFileSync(path);
    octets[at] = (octets[at] ?? 0) ^ 1;
    writeFileSync(path, octets);
  }

  function placeOf({ stored }: Archive, index: number): Stored {
    const one = stored[index];
    if (one === undefined) throw new Error(`there is no message ${index}`);
    return one;
  }

  function fileOf(archive: Archive, index: number): string {
    const unique = String(placeOf(archive, index).place.file);
    const name = readdirSync(archive.mail).find((file) => file.startsWith(unique));
    if (name === undefined) throw new Error(`there is no file ${unique}`);
    return join(archive.mail, name);
  }

  test.each<[string, "mbox" | "maildir", (archive: Archive) => readonly number[]]>([
    [
      "one flipped bit in an mbox",
      "mbox",
      (archive) => {
        const { offset, length } = placeOf(archive, 27).place;
        flip(archive.mail, Number(offset) + Number(length) - 5);
        return [27];
      },
    ],
    [
      "an mbox that lost its end",
      "mbox",
      (archive) => {
        const { length } = archive.stored;
        truncateSync(archive.mail, Number(placeOf(archive, length - 2).place.offset) + 50);
        return [length - 2, length - 1];
      },
    ],
    [
      "an mbox that is gone",
      "mbox",
      (archive) => {
        rmSync(archive.mail);
        return archive.stored.map((_, index) => index);
      },
    ],
    [
      "one flipped bit in a Maildir file",
      "maildir",
      (archive) => {
        flip(fileOf(archive, 27), 40);
        return [27];
      },
    ],
    [
      "a Maildir file that lost its end",
      "maildir",
      (archive) => {
        truncateSync(fileOf(archive, 27), 40);
        return [27];
      },
    ],
    [
      "two Maildir files that are gone",
      "maildir",
      (archive) => {
        rmSync(fileOf(archive, 3));
        rmSync(fileOf(archive, 27));
        return [3, 27];
      },
    ],
  ])("finds %s, and names mailbox and key", async (_, format, damage) => {
    const archive = await archived(format);
    const indexes = damage(archive);
    const keys = indexes.map((index) => placeOf(archive, index).key);
    const found = await archive.verify();
    expect(found.codes).toEqual([7, 7]);
    expect(found.keys).toEqual(keys);
    expect(found.screen).toContain("MF-V901");
    const listed = unwrapped(found.screen);
    for (const key of keys.slice(0, 20)) expect(listed).toMatch(new RegExp(`INBOX: [\\d, ]*\\b${key}\\b`));
    expect(found.screen).toContain(`${62 - keys.length} of 62 messages re-read intact`);
  });

  test("takes no offence at flags that a mail reader has changed", async () => {
    const archive = await archived("maildir");
    for (const name of readdirSync(archive.mail)) {
      renameSync(join(archive.mail, name), join(archive.mail, name.replace(/:2,.*$/, ":2,FRS")));
    }
    const { codes, keys, screen } = await archive.verify();
    expect([codes, keys], screen).toEqual([[0, 0], []]);
    expect(findMailbox(store, ["INBOX"])?.messages).toHaveLength(archive.stored.length);
  });
});

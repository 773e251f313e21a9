// Destinations that can't be used, that fill up, vanish, or are somebody's already; and archives that were damaged.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { addMessage, findMailbox, type MailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import type { RunReport } from "../src/jobs/events.ts";
import { multiset, readBack, sha256 } from "./support/archives.ts";
import { mountsAllowed } from "./support/cli.ts";
import { digestsServed } from "./support/crossing.ts";
import { lastLine, parseDocument } from "./support/desk.ts";
import { onlyJob } from "./support/hostile.ts";
import { openJobs, password, writeJobFile } from "./support/job-file.ts";
import { routes } from "./support/jobs.ts";

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;

beforeEach(async () => {
  store = createDemoStore("ada", password);
  imap = await startImapServer({ store });
  pop3 = await startPop3Server({ store });
});
afterEach(() => Promise.all([imap.close(), pop3.close()]));

const portOf = (protocol: "imap" | "pop3") => (protocol === "imap" ? imap : pop3).port;
const connections = () => imap.connections() + pop3.connections();

/** Every file and folder below, with its content. */
/** All that lies there but what is remembered of runs, whatever came of them. */
function snapshot(folder: string): string[] {
  const remembered = join(folder, "state", "mailferry", "jobs");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ parentPath, name }) => !join(parentPath, name).startsWith(remembered))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${relative(folder, path)} ${entry.isFile() ? sha256(readFileSync(path)) : "-"}`;
    })
    .sort();
}

describe("a destination that is not for this job", () => {
  test("is refused before anybody logs in, and not touched", async () => {
    const account = { protocol: "imap", port: imap.port } as const;
    const { cwd, mailferry } = openJobs({ mine: account });
    expect((await mailferry("run", "-q")).code).toBe(0);
    const others = {
      "other files": account,
      "a file": account,
      "below a file": { ...account, archive: "./a file/archive" },
      "other user": { ...account, user: "ida" },
      "other protocol": { protocol: "pop3", port: pop3.port, format: "maildir" },
      "other format": { ...account, format: "mbox" },
      "other version": account,
    } as const;
    writeJobFile(cwd, others);
    for (const name of ["other user", "other protocol", "other format"]) {
      cpSync(join(cwd, "mine"), join(cwd, name), { recursive: true });
    }
    mkdirSync(join(cwd, "other files"));
    writeFileSync(join(cwd, "other files", "summer.jpg"), "not mail");
    writeFileSync(join(cwd, "a file"), "not a folder");
    mkdirSync(join(cwd, "other version"));
    writeFileSync(join(cwd, "other version", "mailferry.json"), '{"archive":2}\n');
    const before = snapshot(cwd);
    const connected = connections();

    const { code, stdout } = await mailferry("run", "--all", "--json");
    expect(code).toBe(9);
    const report: RunReport = parseDocument(stdout);
    expect(report.jobs.map(({ name, exit, error }) => [name, exit.code, error?.code])).toEqual([
      ["other files", 9, "D506"],
      ["a file", 9, "D502"],
      ["below a file", 9, "D502"],
      ["other user", 9, "D505"],
      ["other protocol", 9, "D505"],
      ["other format", 9, "D506"],
      ["other version", 9, "D506"],
    ]);
    const { stdout: screen } = await mailferry("run", "other user");
    expect(screen).toContain("MF-D505\n");
    expect(screen).toContain("Nothing was changed, nothing was lost.");
    expect(lastLine(screen)).toMatch(/^FAILED: nothing was copied\. Put the destination right/);
    expect(connections()).toBe(connected);
    expect(snapshot(cwd)).toEqual(before);
  });

  test("is refused where the system lets nobody write, before anybody logs in", async () => {
    const { mailferry } = openJobs({ job: { protocol: "imap", port: imap.port, archive: "/proc/mailferry/archive" } });
    const { code, stdout } = await mailferry("run", "--json");
    expect([code, onlyJob(stdout).error?.code]).toEqual([9, "D502"]);
    expect(connections()).toBe(0);
  });

  test("is refused where an archive was and is no more: no new one is begun in its place", async () => {
    const { cwd, mailferry } = openJobs({ job: { protocol: "imap", port: imap.port } });
    expect((await mailferry("run", "-q")).code).toBe(0);
    const connected = connections();
    rmSync(join(cwd, "job"), { recursive: true });
    // The disk is not plugged in: first its mount point is gone, too, then it is empty.
    for (const empty of [false, true]) {
      if (empty) mkdirSync(join(cwd, "job"));
      const { code, stdout } = await mailferry("run", "--json");
      expect([code, onlyJob(stdout).error?.code]).toEqual([9, "D502"]);
      expect(connections()).toBe(connected);
      expect(readdirSync(cwd).includes("job")).toBe(empty);
      if (empty) expect(readdirSync(join(cwd, "job"))).toEqual([]);
    }
  });
});

describe.runIf(mountsAllowed())("a disk", () => {
  test("that is read-only is refused before anybody logs in, with or without an archive on it", async () => {
    const { shell } = openJobs({ job: { protocol: "imap", port: imap.port, archive: "./disk/ada" } });
    const { stdout, stderr } = await shell(
      `mkdir disk && mount -t tmpfs none disk && mount -o remount,ro disk || exit 1
      mailferry run --json >one; echo $?
      mount -o remount,rw disk; mailferry run -q; echo $?
      mount -o remount,ro disk; mailferry run --json >two; echo $?
      mailferry verify disk/ada -q; echo $?
      cat one two`,
      { mounts: true },
    );
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 4), stderr).toEqual(["9", "0", "9", "0"]);
    for (const document of lines.slice(4)) expect(onlyJob(`${document}\n`).error?.code).toBe("D502");
    // Those of the one run that could write.
    expect(imap.log.filter((line) => /LOGIN|AUTHENTICATE/.test(line)).length).toBe(imap.connections());
    expect(imap.log.filter((line) => /EXAMINE/.test(line))).toHaveLength(store.mailboxes.length);
  });

  test.each([routes[0], routes[3]])(
    "that fills up ($protocol to $format) harms nothing, and with room the same command goes on",
    async ({ protocol, format }) => {
      const inbox = findMailbox(store, ["INBOX"]);
      for (let number = 0; number < 40; number++) {
        if (inbox !== undefined) addMessage(inbox, `Subject: ${number}\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(1000)}`);
      }
      const { cwd, shell } = openJobs({ job: { protocol, format, port: portOf(protocol), archive: "./disk/ada" } });
      const { stdout, stderr } = await shell(
        `mkdir disk && mount -t tmpfs -o size=1536k none disk || exit 1
      mailferry run --json >one; echo $?
      mailferry verify disk/ada -q; echo $?
      mailferry run --json >two; echo $?
      mount -o remount,size=32m disk; mailferry run --json >three; echo $?
      cp -a disk/ada copy
      cat one two three`,
        { mounts: true },
      );
      const [first, verified, second, third, ...documents] = stdout.trimEnd().split("\n");
      expect([first, verified, second, third], stdout + stderr).toEqual(["9", "0", "9", "0"]);
      const [one, two, three] = documents.map((document) => onlyJob(`${document}\n`));
      expect([one?.error?.code, two?.error?.code]).toEqual(["D501", "D501"]);
      expect(one?.verdict).toBe("failed");
      // Said before it began, and with the figure when it happened.
      expect(one?.notices?.map(({ code }) => code)).toEqual(["D501"]);
      expect(one?.error?.message).toMatch(/: the disk is full \(ENOSPC\); [\d.]+ k?B are free on it$/);
      expect(three?.notices).toBeUndefined();
      expect(three?.verdict).toBe("safe");
      expect(multiset(await readBack(join(cwd, "copy")))).toEqual(digestsServed(store, protocol));
    },
  );
});

test("where no file can be large the mbox goes on in others, and what fits in none is named alone, until it fits", async () => {
  const { cwd, shell } = openJobs({ job: { protocol: "pop3", port: pop3.port } });
  // The largest message has some 34 kB, the others less than 20.
  const limited = await shell("ulimit -f 40; mailferry run --json");
  expect(limited.code, limited.stdout).toBe(3);
  const { failures } = onlyJob(limited.stdout);
  expect(failures).toMatchObject([{ code: "D503", mailbox: ["INBOX"], reason: /^it takes 33\.\d+ kB, and no file/ }]);
  const sizes = readdirSync(join(cwd, "job/mbox")).map((name) => statSync(join(cwd, "job/mbox", name)).size);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(40 * 512);
  expect((await shell("mailferry verify job -q")).code).toBe(0);
  expect((await shell("mailferry run -q")).code).toBe(0);
  expect(multiset(await readBack(join(cwd, "job")))).toEqual(digestsServed(store, "pop3"));
  expect(readdirSync(join(cwd, "job/mbox")).length).toBe(sizes.length);
});

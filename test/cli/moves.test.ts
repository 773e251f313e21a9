// What is said of jobs that put mail into an account, or take it from this machine: summaries, rehearsals and reports.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitNameOfFailure } from "../../src/cli/errors.ts";
import type { GlobalOptions, Invocation } from "../../src/cli/invocation.ts";
import { report } from "../../src/cli/report.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { formatJobSummary, formatRunSummary } from "../../src/cli/summary.ts";
import { displayWidth } from "../../src/cli/width.ts";
import type { JobFailure, JobReport, MailboxReport, MappedMailbox, RunReport } from "../../src/jobs/events.ts";
import { moveIdentity } from "../../src/jobs/identity.ts";
import { loadJobFile } from "../../src/jobs/load.ts";
import { moveDirectory } from "../../src/storage/move-book.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";
import { deliver, type Houses, moveTo, runMove, startHouses } from "../support/moves.ts";

const options = {
  language: "en",
  cwd: "/home/ada",
  paint: createPaint(false),
  verbose: false,
  timeZone: "UTC",
} as const;
const incomplete = { verdict: "incomplete", exit: { code: 3, name: "incomplete" } } as const;
const damaged = { verdict: "failed", exit: { code: 7, name: "damaged" } } as const;

function moveReport(changes: Partial<JobReport> = {}): JobReport {
  return jobReport({ name: "move", to: "ada@imap.example.net", mapping: [], seconds: 26, ...changes });
}

function runOf(job: JobReport, command = "run"): RunReport {
  return { v: 1, command, verdict: job.verdict, exit: job.exit, jobs: [job] };
}

function summary(changes: Partial<JobReport>, verbose = false): string {
  return formatRunSummary(runOf(moveReport(changes)), { ...options, verbose }).trimEnd();
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split("\n").at(-1);
}

function verdictOf(mailbox: Partial<MailboxReport>, changes: Partial<JobReport> = {}): string | undefined {
  return lastLine(summary({ ...incomplete, mailboxes: [mailboxReport("INBOX", mailbox)], ...changes }));
}

function text(block: string): string {
  return block.replace(/^\n/, "").trimEnd();
}

const refused: JobFailure = {
  code: "M403",
  mailbox: ["Sent"],
  key: "118",
  reason: 'the server answered "bare newlines"',
};
const altered = (key: string, reason: string): JobFailure => ({ code: "M404", mailbox: ["INBOX"], key, reason });

describe("the summary of a move", () => {
  test("speaks of a target, names both paths of a mailbox, and tells what is missing from what was altered", () => {
    expect(
      summary({
        ...incomplete,
        name: "m",
        mailboxes: [
          mailboxReport("INBOX", { onServer: 12_044, new: 38, altered: 2, reflagged: 5 }),
          mailboxReport("Sent", { source: ["Envoyés"], onServer: 9_310, new: 11, kept: 3, missing: 1 }),
          mailboxReport("All Mail", { onServer: 3, placed: 120 }),
        ],
        octets: 31_400_000,
        verified: { checked: 49, intact: 49 },
        failures: [
          refused,
          altered("7", "the target gives back 12 octets instead of 10"),
          altered("9", "the target gives back other octets"),
        ],
        notices: [{ code: "S604", mailbox: ["Sent"], reason: "the target does not keep proj; the ledger has it" }],
      }),
    ).toBe(
      text(`
m: ada@imap.example.org -> ada@imap.example.net   22 Nov 02:30 -> 02:30 (26 s)

  Mailbox           On server   At target     New   Missing
  INBOX                12,044      12,044      38         0   MF-M404
  Envoyés -> Sent       9,310       9,309      11         1   MF-M403
  All Mail                  3           3       0         0

  49 messages copied (31.4 MB, 1.2 MB/s); 3 gone from the server are kept at the target
  Verified: 49 of 49 messages read back from the target, intact
  5 messages got the flags they have at the source
  120 in All Mail are carried in their own mailboxes
  2 were altered by the target (MF-M404)

  MF-S604  Envoyés -> Sent: the target does not keep proj; the ledger has it

✖ 1 message: refused by the target                                     MF-M403
  Why     the server answered "bare newlines"
  Do      1. Ask the provider what these words mean, or import the message by
             webmail. With keepRefused, beside the account in the job's to,
             such messages are also kept as .eml files.
          2. More about it: mailferry explain MF-M403
  Which   Envoyés -> Sent: 118

✖ 2 messages: altered by the target                                    MF-M404
  Why     the target gives back other octets than it was given
  Do      1. The originals at the source are unaltered: keep them if every
             octet counts. With keepRefused, beside the account in the job's
             to, they are also kept as .eml files.
          2. More about it: mailferry explain MF-M404
  Which   INBOX: 7, 9

INCOMPLETE: 1 message is missing and 2 were altered by the target; the other 21,354 are there unaltered.       mailferry report m
`),
    );
  });

  test("that has all is SAFE, and does not send anybody to verify an archive", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 21_354, new: 4 })];
    const shown = summary({ mailboxes, octets: 10 });
    expect(lastLine(shown)).toBe("SAFE: all 21,354 messages are at the target.");
    expect(shown).not.toContain("verify");
    expect(lastLine(summary({ mailboxes: [mailboxReport("INBOX")] }))).toBe(
      "SAFE: the server has no message that this job carries.",
    );
  });

  test("keeps both halves of a long pair of names within 80 columns", () => {
    const long = ["Clients", "Société générale des eaux", "Correspondance", "2026"];
    const shown = summary({ mailboxes: [mailboxReport(["Archive", ...long], { source: long, onServer: 1_204_311 })] });
    const row = shown.split("\n").find((line) => line.startsWith("  Clie")) ?? "";
    expect(row).toMatch(/^ {2}Clie\S* ?\S*2026 -> Arch\S* ?\S*2026 {3}1,204,311/);
    expect(displayWidth(row)).toBeLessThan(80);
  });

  test.each([
    [{ onServer: 9, missing: 2 }, {}, "2 messages are missing; the other 7 are at the target."],
    [{ onServer: 9, altered: 3 }, {}, "3 messages were altered by the target; the other 6 are there unaltered."],
    [
      { onServer: 9, altered: 1, missing: 7 },
      {},
      "7 messages are missing and 1 was altered by the target; the other 1 is",
    ],
    [
      { onServer: 3, altered: 1, missing: 2 },
      {},
      "2 messages are missing and 1 was altered by the target; none is there",
    ],
    [
      { onServer: 4 },
      { failures: [{ code: "S602", mailbox: ["Public"], reason: "refused" }] },
      "1 mailbox could not be carried; 4 messages are at the target.",
    ],
  ])("of %j says what is wrong and no more", (mailbox, changes, expected) => {
    const verdict = verdictOf(mailbox, changes);
    expect(verdict?.slice("INCOMPLETE: ".length)).toMatch(new RegExp(`^${expected.replaceAll(/[.;]/g, "\\$&")}`));
    expect(verdict).toMatch(/ {7}mailferry report move$/);
  });

  test("that was stopped says how to go on", () => {
    const exit = { code: 130, name: "interrupted" };
    expect(verdictOf({ onServer: 9, missing: 5, new: 4 }, { exit })).toBe(
      "INCOMPLETE: stopped before the end; 5 messages are missing; the other 4 are at the target. To go on, run the same command again.",
    );
  });

  test("into an account that is full says that what was copied is safe, and not to check a disk", () => {
    const shown = summary({
      verdict: "failed",
      exit: { code: 9, name: "destination" },
      mailboxes: [mailboxReport("INBOX", { onServer: 9, missing: 5, new: 4, altered: 1 })],
      verified: { checked: 4, intact: 3 },
      error: { code: "D507", message: "the target account is full: over quota", remedy: "Make room there." },
    });
    expect(shown).toContain("✖ move: target over its quota");
    expect(shown).toContain("\n  What was copied before is safe.\n");
    expect(lastLine(shown)).toBe(
      "FAILED: only 4 messages could be copied. Make room at the target, then run the same command again.",
    );
  });

  test("from an archive that is damaged names the source as the place, not the target", () => {
    const shown = summary({
      ...damaged,
      from: "/home/ada/backup/ada",
      mailboxes: [mailboxReport("INBOX", { onServer: 9, missing: 1 })],
      failures: [{ code: "V901", mailbox: ["INBOX"], key: "3", reason: "12 octets instead of 400" }],
    });
    expect(shown).toMatch(/^move: \.\/backup\/ada -> ada@imap\.example\.net/);
    expect(shown).toMatch(/\n {2}Mailbox +At source {3}At target /);
    expect(lastLine(shown)).toBe("FAILED: 1 message at the source is damaged, as named above; 8 are at the target.");
  });

  test("whose book is damaged sends nobody to verify an account", () => {
    const error = { code: "V901", message: "state/mapping.json is not what mailferry wrote" };
    expect(lastLine(summary({ ...damaged, mapping: undefined, error }))).toBe(
      "FAILED: what is named above is damaged. Put it right, then run the same command again.",
    );
  });

  test("does not claim to be INCOMPLETE for what is only worth knowing", () => {
    const notices = [{ code: "S605", mailbox: ["INBOX"], reason: "it was made anew" }];
    const shown = summary({ mailboxes: [mailboxReport("INBOX", { onServer: 2, unkept: 2 })], notices });
    expect(shown).toContain("\n  MF-S605  INBOX: it was made anew\n");
    expect(lastLine(shown)).toBe("SAFE: all 2 messages are at the target.");
  });

  test("folds notices that say the same, shows few of many, and all when asked to be verbose", () => {
    const same = Array.from({ length: 9 }, (_, index) => ({
      code: "S604",
      mailbox: [`L${index}`],
      reason: "it does not keep proj",
    }));
    const others = Array.from({ length: 20 }, (_, index) => ({
      ...refused,
      code: "S603",
      reason: `line ${index}\x1b[2J`,
    }));
    const mailboxes = [mailboxReport("INBOX", { onServer: 2 })];
    const shown = summary({ mailboxes, notices: [...same, ...same, ...others] });
    expect(shown).toContain("\n  MF-S604  L0, L1, L2 and 6 more: it does not keep proj\n");
    expect(shown.match(/MF-S603/g)).toHaveLength(7);
    expect(shown).toContain("\n  and 13 more of these; -v shows them all\n");
    expect(shown).not.toContain("\x1b");
    const all = summary({ mailboxes, notices: [...same, ...others] }, true);
    expect(all).toContain("L7, L8: it does not keep proj\n");
    expect(all.match(/MF-S603/g)).toHaveLength(20);
  });

  test("of a restore into plain files speaks of a target, and knows no job to report on", () => {
    const job = moveReport({
      ...incomplete,
      from: "/home/ada/backup/ada",
      to: "/home/ada/out",
      mapping: undefined,
      mailboxes: [mailboxReport("INBOX", { onServer: 4, missing: 1, new: 3 })],
      verified: { checked: 3, intact: 3 },
    });
    const shown = formatRunSummary(runOf(job, "restore"), options);
    expect(shown).toMatch(/ At source {3}At target /);
    expect(shown).toContain("  Verified: 3 of 3 messages written in this run read again, intact\n");
    expect(lastLine(shown)).toBe(
      "INCOMPLETE: 1 message is missing; the other 3 are at the target. To try once more, run the same command again.",
    );
  });
});

describe("the rehearsal of a move", () => {
  const entry = (from: string, to: string, why: MappedMailbox["why"], exists = true): MappedMailbox => ({
    from: from.split("/"),
    to: to.split("/"),
    why,
    exists,
  });
  const rehearse = (mapping: readonly MappedMailbox[], mailboxes: readonly MailboxReport[], verbose = false) =>
    formatJobSummary(moveReport({ name: "m", verdict: "rehearsal", mapping, mailboxes }), {
      ...options,
      verbose,
      octetsToCopy: new Map([["m", 60_200_000]]),
    }).join("\n");

  test("shows where every mailbox goes and why, what is made, and how much is to copy", () => {
    const mapping = [
      entry("INBOX", "INBOX", "same"),
      entry("Envoyés", "Sent", "special-use"),
      entry("Corbeille", "Trash", "name"),
      entry("Projets/2026", "Old/2026", "map", false),
      entry("a.b", "a_b", "renamed", false),
      entry("Liste", "Liste", "before"),
    ];
    const listed = mapping.slice(0, 5).map(({ to }) => mailboxReport(to, { onServer: 200, missing: 200 }));
    expect(rehearse(mapping, listed)).toBe(
      text(`
m: ada@imap.example.org -> ada@imap.example.net   22 Nov 02:30 -> 02:30 (26 s)

  Mailbox        Goes to          Why           On server   To copy
  INBOX          INBOX            same name           200       200
  Envoyés        Sent             special use         200       200
  Corbeille      Trash            by its name         200       200
  Projets/2026   Old/2026   new   your map            200       200
  a.b            a_b        new   renamed             200       200
  Liste          Liste            as before             ?         ?

  1,000 messages to copy (60.2 MB)
  2 new mailboxes will be made at the target
  renamed: the name was taken there, or can't be used there

REHEARSAL: 1,000 messages would be copied; nothing was written. To copy, run it without -n.
`),
    );
  });

  test("folds no mailbox, and stays within 80 columns unless whole names are asked for", () => {
    const mapping = Array.from({ length: 40 }, (_, index) =>
      entry(
        `Clients/Société générale des eaux/${index}`,
        `Archive/Clients/Société générale des eaux/${index}`,
        "map",
        false,
      ),
    );
    const mailboxes = mapping.map(({ to }) => mailboxReport(to, { onServer: 1_204_311, missing: 999_999 }));
    const shown = rehearse(mapping, mailboxes).split("\n");
    expect(shown.filter((line) => line.includes("your map"))).toHaveLength(40);
    expect(Math.max(...shown.slice(2, 43).map(displayWidth))).toBeLessThan(80);
    expect(shown).toContain("  -v shows the names whole");
    expect(rehearse(mapping, mailboxes, true)).toContain("  Archive/Clients/Société générale des eaux/39 ");
  });

  test("shows hostile names as escapes", () => {
    const mapping = [entry("\x1b[2J", "\u202eexe", "renamed")];
    expect(rehearse(mapping, [])).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });
});

describe("mailferry report", () => {
  let cwd: string;
  let state: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "mailferry-report-"));
    state = join(cwd, "state", "mailferry");
    const account = (host: string) => `{ protocol: imap, host: ${host}, user: ada, password: { env: PW } }`;
    const jobs = `version: 1
accounts: { old: ${account("imap.example.org")}, new: ${account("imap.example.net")} }
jobs:
  - { name: move, from: old, to: { account: new } }
  - { name: put-back, from: { archive: ./ada }, to: { account: new, under: Restored } }
`;
    await writeFile(join(cwd, "jobs.yaml"), jobs, { mode: 0o600 });
  });

  afterEach(() => rm(cwd, { recursive: true }));

  /** Keeps a report as a run does, in the book of the job. */
  async function keep(document: unknown, name = "move", startedAt = "2026-11-22T02-30-12Z"): Promise<void> {
    const { jobs } = await loadJobFile(join(cwd, "jobs.yaml"), {});
    const job = jobs.find((each) => each.name === name) ?? expect.fail(`no job ${name}`);
    const runs = join(moveDirectory(state, moveIdentity(job)), "runs");
    await mkdir(runs, { recursive: true });
    await writeFile(join(runs, `${startedAt}-${name}.json`), JSON.stringify(document));
  }

  async function call(target?: string, flags: Partial<GlobalOptions> = {}): Promise<string> {
    let written = "";
    const invocation: Invocation = {
      options: { color: "auto", ...flags },
      language: "en",
      screen: {
        out: async (text) => {
          written += text;
        },
        err: (text) => expect.fail(text),
        outPaint: createPaint(false),
        errPaint: createPaint(false),
        bars: undefined,
      },
      env: { XDG_STATE_HOME: join(cwd, "state"), XDG_CONFIG_HOME: join(cwd, "config") },
      cwd,
      program: ["mailferry"],
      signal: new AbortController().signal,
      clock: () => new Date(),
      now: () => 0,
    };
    // The job file is looked for here, as `main` finds it in the folder it is called in.
    const config = flags.config ?? join(cwd, "jobs.yaml");
    const code = await report(target, {}, { ...invocation, options: { ...invocation.options, config } });
    expect(code).toBe(0);
    return written;
  }

  test("of a move between two servers tells what the run and its rehearsal have told", async () => {
    const houses = await startHouses({ prefix: "INBOX.", delimiter: "." });
    try {
      deliver(houses.old.store, ["INBOX"], "a", "b", "b");
      deliver(houses.old.store, ["Projets", "2026"], "c");
      const account = ({ server, store }: Houses["old"]) =>
        `{ protocol: imap, host: 127.0.0.1, port: ${server.port}, tls: none, user: ${store.user}, password: { env: PW } }`;
      const jobs = `version: 1
accounts: { old: ${account(houses.old)}, new: ${account(houses.new)} }
jobs: [{ name: move, from: old, to: { account: new } }]
`;
      await writeFile(join(cwd, "jobs.yaml"), jobs, { mode: 0o600 });
      const file = await loadJobFile(join(cwd, "jobs.yaml"), {});
      const [job = expect.fail("no job")] = file.jobs;
      const moving = moveTo(houses.new.account, houses.old.account, { name: job.name });
      const [plan, done] = [await runMove(moving, state, true), await runMove(moving, state)];
      const shown = [plan, done].map((each) => formatRunSummary(runOf(each), options));
      expect(shown[0]).toMatch(/\n {2}Projets\/2026 {3}Projets\/2026 {3}new {3}same name {3,}1 {3,}1\n/);
      expect(lastLine(shown[0] ?? "")).toMatch(/^REHEARSAL: 4 messages would be copied/);
      expect(lastLine(shown[1] ?? "")).toBe("SAFE: all 4 messages are at the target.");
      const told = await call("move");
      expect(told).toMatch(/\n {2}Projets\/2026 +1 {3}= +1 {3}\+ +0\n {2}Total +4 {3}= +4 {3}\+ +0\n/);
      expect(told).toContain("\n  1 there twice or more, octet for octet; each was carried: INBOX 1\n");
      expect(JSON.parse(await call("move", { json: true })).jobs).toEqual([JSON.parse(JSON.stringify(done))]);
    } finally {
      await houses.close();
    }
  });

  const told = moveReport({
    ...incomplete,
    mailboxes: [
      mailboxReport("INBOX", { onServer: 100, altered: 2, twins: 4, filtered: 6 }),
      mailboxReport("Sent", { source: ["Envoyés"], onServer: 50, missing: 3, kept: 9 }),
      mailboxReport("All Mail", { onServer: 3, placed: 120, unkept: 1 }),
    ],
    failures: [
      refused,
      altered("7", "the target gives back 12 octets instead of 10"),
      altered("9", "the target gives back other octets"),
    ],
    notices: [{ code: "S604", mailbox: ["All Mail"], reason: "the target does not keep proj; the ledger has it" }],
  });

  test("shows that the numbers add up, and gives the reason for every difference", async () => {
    await keep(told);
    const shown = await call("move");
    expect(shown.slice(shown.indexOf("  Mailbox"))).toBe(
      `${text(`
  Mailbox           On server   =   At target   +   Missing
  INBOX                   100   =         100   +         0   MF-M404
  Envoyés -> Sent          50   =          47   +         3   MF-M403
  All Mail                  3   =           3   +         0
  Total                   153   =         150   +         3

  Nothing copied: 0 octets of mail moved

  2 missing without a recorded reason: Envoyés -> Sent 2
  9 gone from the server, kept at the target: Envoyés -> Sent 9
  4 there twice or more, octet for octet; each was carried: INBOX 4
  1 with flags or a date that the target does not keep; the ledger has them:
    All Mail 1
  6 left out by the filter: INBOX 6
  120 are carried in their own mailboxes: All Mail 120
  2 were altered by the target (MF-M404): INBOX 2

  MF-S604  All Mail: the target does not keep proj; the ledger has it

✖ 1 message: refused by the target                                     MF-M403
  Why     the server answered "bare newlines"
  Do      1. Ask the provider what these words mean, or import the message by
             webmail. With keepRefused, beside the account in the job's to,
             such messages are also kept as .eml files.
          2. More about it: mailferry explain MF-M403
  Which   Envoyés -> Sent: 118

✖ 2 messages: altered by the target                                    MF-M404
  Why     the target gives back other octets than it was given
  Do      1. The originals at the source are unaltered: keep them if every
             octet counts. With keepRefused, beside the account in the job's
             to, they are also kept as .eml files.
          2. More about it: mailferry explain MF-M404
  Which   INBOX: 7 (12 octets instead of 10), 9 (other octets)

INCOMPLETE: 3 messages are missing and 2 were altered by the target; the other 148 are there unaltered. To try once more, run the job again.
`)}\n`,
    );
  });

  test("names every mailbox and every message, however many", async () => {
    const mailboxes = Array.from({ length: 40 }, (_, index) => mailboxReport(`M${index}`, { onServer: 1 }));
    const failures = Array.from({ length: 300 }, (_, index) => ({ ...refused, key: `uid-${index}` }));
    await keep({ ...told, mailboxes, failures });
    const shown = await call("move");
    for (const { path } of mailboxes) expect(shown).toContain(`\n  ${path[0]} `);
    for (const { key } of failures) expect(shown).toContain(key);
  });

  test("says so where messages were not reached before the run stopped", async () => {
    await keep({ ...told, failures: [], exit: { code: 130, name: "interrupted" } });
    expect(await call("move")).toContain("  3 not reached: the run stopped before its end: Envoyés -> Sent 3\n");
  });

  test("says so where a whole mailbox could not be finished", async () => {
    const failures = [{ code: "S602", mailbox: ["Sent"], reason: "mailbox Sent can't be written" }];
    await keep({ ...told, failures });
    const shown = await call("move");
    expect(shown).toContain("  3 not reached: the mailbox could not be finished: Envoyés -> Sent 3\n");
    expect(shown).toContain("✖ 1 mailbox: mailbox not usable");
  });

  test("takes the newest run of a job, and of several jobs the newest first", async () => {
    await keep({ ...told, startedAt: "2026-11-20T02:30:12.000Z" }, "move", "2026-11-20T02-30-12Z");
    await keep({ ...told, startedAt: "2026-11-21T02:30:12.000Z" }, "move", "2026-11-21T02-30-12Z");
    expect(await call()).toMatch(/^move: .*\(26 s\)\n[\s\S]*\n\n\nput-back: no report yet\n$/);
    await keep({ ...told, name: "put-back", startedAt: "2026-11-22T02:30:12.000Z" }, "put-back");
    const document = JSON.parse(await call(undefined, { json: true }));
    expect(document).toMatchObject({ v: 1, command: "report", verdict: "incomplete", exit: { code: 0, name: "ok" } });
    expect(document.jobs.map((job: JobReport) => [job.name, job.startedAt.slice(0, 10)])).toEqual([
      ["put-back", "2026-11-22"],
      ["move", "2026-11-21"],
    ]);
  });

  test("gives the stored document as it is with --json, also what this version does not know", async () => {
    await keep({ ...told, later: { a: "\x9b2J" } });
    const written = await call("move", { json: true });
    expect(JSON.parse(written).jobs).toEqual([JSON.parse(JSON.stringify({ ...told, later: { a: "\x9b2J" } }))]);
    expect(written).not.toContain("\x9b");
  });

  test("of an archive is that of the run that wrote it last, whatever the job file is like", async () => {
    await mkdir(join(cwd, "ada", "runs"), { recursive: true });
    const owner = { protocol: "imap", host: "imap.example.org", user: "ada" };
    const marker = { archive: 1, id: "x", mail: "mbox", created: told.startedAt, account: owner };
    await writeFile(join(cwd, "ada", "mailferry.json"), JSON.stringify(marker));
    await expect(call("ada")).rejects.toMatchObject({ code: "D506", remedy: expect.stringContaining("Run the job") });
    const kept = jobReport({ to: join(cwd, "ada"), mailboxes: [mailboxReport("INBOX", { onServer: 3 })] });
    await writeFile(join(cwd, "ada", "runs", "2026-11-22T02-30-12Z-nightly.json"), JSON.stringify(kept));
    await writeFile(join(cwd, "broken.yaml"), "version: [", { mode: 0o600 });
    for (const flags of [{}, { config: join(cwd, "broken.yaml") }]) {
      const shown = await call("./ada", flags);
      expect(shown).toMatch(/\n {2}INBOX +3 {3}= +3 {3}\+ +0\n/);
      expect(lastLine(shown)).toBe("SAFE: all 3 messages are in the archive.       mailferry verify ./ada");
    }
    await expect(call("nope", { config: join(cwd, "broken.yaml") })).rejects.toMatchObject({ code: "C701" });
  });

  test("of what is neither a job nor an archive is a mistake that names what there is", async () => {
    const failure = await call("moev").catch((error: unknown) => error);
    expect(exitNameOfFailure(failure)).toBe("usage");
    expect(String(failure)).toContain('neither a job "moev" nor an archive ./moev; the job file has: move, put-back');
    await expect(call(".")).rejects.toMatchObject({ code: "D506" });
  });

  test("of jobs that never ran says how to make one", async () => {
    const one = await call("put-back").catch((error: unknown) => error);
    expect(exitNameOfFailure(one)).toBe("destination");
    expect(one).toMatchObject({ code: "D506", remedy: expect.stringMatching(/mailferry -c \S+ run put-back$/) });
    await expect(call()).rejects.toMatchObject({ remedy: expect.stringMatching(/run --all$/) });
  });

  test("never lets a report that was tampered with reach the terminal raw", async () => {
    const evil = "\x1b[2J\u202e\r\n";
    await keep({
      ...told,
      name: evil,
      from: evil,
      to: evil,
      mailboxes: [mailboxReport(["a", evil], { source: [evil], onServer: 4, missing: 1 })],
      failures: [{ code: "M404", mailbox: ["a", evil], key: evil, reason: evil }],
      notices: [{ code: "S604", mailbox: [evil], reason: evil.repeat(1000) }],
      error: { code: "N302", message: evil, remedy: evil },
    });
    const shown = await call("move");
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(shown).toContain("\\x1b[2J");
    expect(shown.length).toBeLessThan(5_000);
  });

  test("shows where a stored report does not add up", async () => {
    await keep({ ...told, mailboxes: [{ ...mailboxReport("INBOX", { onServer: 4 }), inArchive: 3 }] });
    expect(await call("move")).toMatch(/\n {2}INBOX +4 {3}≠ +3 {3}\+ +0/);
  });

  test.each([
    ["a text", "text"],
    ["no mailboxes", { ...told, mailboxes: undefined }],
    ["a code of a terminal", { ...told, failures: [{ ...refused, code: "\x1b[2J" }] }],
    ["a number that is none", { ...told, octets: "1" }],
    ["a time that is none", { ...told, startedAt: "yesterday" }],
    ["a run without end", { ...told, seconds: 1e300 }],
  ])("refuses to make sense of %s", async (_, document) => {
    await keep(document);
    const failure = await call("move").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "V901", message: expect.stringContaining("is not what mailferry wrote") });
  });
});

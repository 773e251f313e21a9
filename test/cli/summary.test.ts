import { describe, expect, test } from "vitest";
import { createPaint } from "../../src/cli/screen.ts";
import { formatJobSummary, formatRunSummary } from "../../src/cli/summary.ts";
import type { JobReport, RunReport } from "../../src/jobs/events.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";

const options = {
  language: "en",
  cwd: "/home/ada",
  paint: createPaint(false),
  verbose: false,
  timeZone: "UTC",
} as const;

function summary(changes: Partial<JobReport>, verbose = false): string {
  return formatJobSummary(jobReport(changes), { ...options, verbose }).join("\n");
}

function verdictOf(changes: Partial<JobReport>): string | undefined {
  return summary(changes).split("\n").at(-1);
}

function text(block: string): string {
  return block.replace(/^\n/, "").trimEnd();
}

const interrupted = { verdict: "incomplete", exit: { code: 130, name: "interrupted" } } as const;
const incomplete = { verdict: "incomplete", exit: { code: 3, name: "incomplete" } } as const;

describe("the summary of a job", () => {
  test("shows each mailbox, what was copied and verified, what is missing and why, and ends with the verdict", () => {
    expect(
      summary({
        ...incomplete,
        mailboxes: [
          mailboxReport("INBOX", { onServer: 12_044, new: 38 }),
          mailboxReport("Sent", { onServer: 9_310, new: 11, kept: 3 }),
          mailboxReport("Projets/2026", { onServer: 1_207, missing: 2 }),
        ],
        octets: 31_400_000,
        seconds: 26,
        verified: { checked: 49, intact: 49 },
        failures: [
          { code: "M401", mailbox: ["Projets", "2026"], key: "118", reason: 'the server answered NO "[UNAVAILABLE]"' },
          { code: "M401", mailbox: ["Projets", "2026"], key: "204", reason: 'the server answered NO "[UNAVAILABLE]"' },
        ],
      }),
    ).toBe(
      text(`
nightly: ada@imap.example.org -> ./backup/ada     22 Nov 02:30 -> 02:30 (26 s)

  Mailbox          On server   In archive     New   Missing
  INBOX               12,044       12,044      38         0
  Sent                 9,310        9,310      11         0
  Projets/2026         1,207        1,205       0         2   MF-M401

  49 messages copied (31.4 MB, 1.2 MB/s); 3 gone from the server are kept here
  Verified: 49 of 49 messages written in this run read again, intact

✖ 2 messages: unreadable on the server                                 MF-M401
  Why     the server answered NO "[UNAVAILABLE]"
  Do      1. Open it in the provider's webmail, and save what you need from
             there; each run tries it once more.
          2. More about it: mailferry explain MF-M401
  Which   Projets/2026: 118, 204

INCOMPLETE: 2 messages are missing, the other 22,559 are safe. To try once more, run the same command again.
`),
    );
  });

  test("says that nothing is new when nothing is, and how many octets that took", () => {
    expect(summary({ mailboxes: [mailboxReport("INBOX", { onServer: 7, kept: 1 })], seconds: 2 })).toBe(
      text(`
nightly: ada@imap.example.org -> ./backup/ada      22 Nov 02:30 -> 02:30 (2 s)

  Mailbox          On server   In archive     New   Missing
  INBOX                    7            7       0         0

  Nothing new: 0 octets of mail moved; 1 gone from the server is kept here

SAFE: all 7 messages are in the archive.       mailferry verify ./backup/ada
`),
    );
  });

  test("does not speak of nothing new where messages are known to be missing", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 7, missing: 1 })];
    expect(summary({ ...incomplete, mailboxes })).toContain("  Nothing copied: 0 octets of mail moved\n");
  });

  test("of an account without a message is SAFE and says so", () => {
    expect(verdictOf({ mailboxes: [mailboxReport("INBOX")] })).toBe(
      "SAFE: the server has no message that this job carries.",
    );
  });

  test("aligns columns behind names of wide, combined and missing-width characters", () => {
    const names = ["日本語のメール", "Éphémère".normalize("NFD"), "Éphémère", "👩‍👩‍👧 famille", "Projets"];
    const lines = summary({ mailboxes: names.map((name) => mailboxReport(name, { onServer: 5 })) }).split("\n");
    expect(lines.slice(2, 8)).toEqual([
      "  Mailbox          On server   In archive     New   Missing",
      "  日本語のメール           5            5       0         0",
      `  ${"Éphémère".normalize("NFD")}                 5            5       0         0`,
      "  Éphémère                 5            5       0         0",
      "  👩‍👩‍👧 famille               5            5       0         0",
      "  Projets                  5            5       0         0",
    ]);
  });

  test("shortens a long name in its middle and stays within 80 columns", () => {
    const path = ["Archive", "Clients", "Société générale des eaux", "Correspondance", "2026"];
    const lines = summary({ mailboxes: [mailboxReport(path, { onServer: 1_204_311 })] }).split("\n");
    expect(lines[3]).toBe("  Archive/Clients…spondance/2026   1,204,311    1,204,311       0         0");
  });

  test("shows hostile names as escapes, never as what they would do to a terminal", () => {
    const shown = summary({
      ...incomplete,
      name: "night\x1b[2Jly",
      from: "a\u202eb@host",
      mailboxes: [mailboxReport(["\x1b]0;owned\x07"], { onServer: 1, missing: 1 })],
      failures: [{ code: "M401", mailbox: ["\x1b]0;owned\x07"], key: "\x9b1", reason: "line\r\nfeed" }],
    });
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(shown).toContain("\\x1b]0;owned\\x07: \\x9b1");
  });

  test("folds what is unremarkable among many mailboxes, and never one with something missing", () => {
    const mailboxes = Array.from({ length: 30 }, (_, index) =>
      mailboxReport(`List-${index}`, {
        onServer: 100 + index,
        missing: index % 3 === 0 ? 1 : 0,
        new: index === 16 ? 9 : 0,
      }),
    );
    const lines = summary({ ...incomplete, mailboxes }).split("\n");
    const table = lines.slice(2, lines.indexOf("", 2));
    expect(table.filter((line) => line.endsWith(" 1"))).toHaveLength(10);
    expect(table.at(-1)).toBe("  20 more              2,300        2,300       9         0");
    const few = summary({ mailboxes: mailboxes.map((mailbox) => ({ ...mailbox, missing: 0 })) }).split("\n");
    expect(few).toContain("  List-16                116          116       9         0");
    expect(few.find((line) => line.includes(" more "))).toMatch(/^ {2}23 more/);
  });

  test("shows every mailbox when asked to be verbose", () => {
    const mailboxes = Array.from({ length: 30 }, (_, index) => mailboxReport(`List-${index}`));
    expect(summary({ mailboxes }, true)).not.toContain(" more ");
  });

  test("has a folded row that adds up: on server = in archive + missing", () => {
    const mailboxes = Array.from({ length: 25 }, (_, index) => mailboxReport(`M${index}`, { onServer: index * 1000 }));
    const lines = summary({ mailboxes }).split("\n");
    const numbers = lines.slice(3, lines.indexOf("", 3)).map((line) =>
      line
        .slice(17)
        .trim()
        .split(/ +/)
        .map((cell) => Number(cell.replaceAll(",", ""))),
    );
    const totals = [0, 1, 3].map((column) => numbers.reduce((sum, row) => sum + (row[column] ?? Number.NaN), 0));
    expect(totals).toEqual([300_000, 300_000, 0]);
  });

  test("lists failures up to twenty and counts the others; equal reasons are one block", () => {
    const failures = Array.from({ length: 50 }, (_, index) => ({
      code: "M401",
      mailbox: ["INBOX"],
      key: String(index + 1),
      reason: "the body is missing",
    }));
    const mailboxes = [mailboxReport("INBOX", { onServer: 80, missing: 50 })];
    const shown = summary({ ...incomplete, mailboxes, failures });
    expect(shown.match(/✖/g)).toHaveLength(1);
    expect(shown).toContain("✖ 50 messages: unreadable on the server");
    expect(shown).toContain("19, 20\n          and 30 more\n");
    expect(summary({ ...incomplete, mailboxes, failures }, true)).toContain("49, 50\n");
  });

  test("counts failures of other reasons that have no room in the list", () => {
    const failures = Array.from({ length: 23 }, (_, index) => ({
      code: "M403",
      mailbox: ["INBOX"],
      key: String(index),
      reason: `reason ${index}`,
    }));
    const shown = summary({
      ...incomplete,
      failures,
      mailboxes: [mailboxReport("INBOX", { onServer: 23, missing: 23 })],
    });
    expect(shown).toContain("Why     reason 19\n");
    expect(shown).not.toContain("reason 20");
    expect(shown).toContain("✖ 3 more, for other reasons\n");
  });

  test("names a mailbox that could not be read at all, and counts it in the verdict", () => {
    const shown = summary({
      ...incomplete,
      mailboxes: [mailboxReport("INBOX", { onServer: 4 })],
      failures: [{ code: "S602", mailbox: ["Public"], reason: "the server refused to open it" }],
    });
    expect(shown).toContain("✖ 1 mailbox: mailbox not usable");
    expect(shown).toContain("  Which   Public\n");
    expect(shown.split("\n").at(-1)).toBe(
      "INCOMPLETE: 1 mailbox could not be read, 4 messages are safe. To try once more, run the same command again.",
    );
  });

  test("says how many messages the filter leaves out", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 4, filtered: 1_204 })];
    expect(summary({ mailboxes })).toContain("\n  1,204 left out by the filter\n");
  });

  test("says that messages were not read again when the job does not want it", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 4, new: 4 })];
    expect(summary({ mailboxes, octets: 10 })).toContain(
      "\n  Not read again in this run: mailferry verify ./backup/ada does it\n",
    );
  });

  test("of a run that was stopped says what is safe and how to go on", () => {
    expect(
      verdictOf({ ...interrupted, mailboxes: [mailboxReport("INBOX", { onServer: 9, missing: 5, new: 4 })] }),
    ).toBe(
      "INCOMPLETE: stopped before the end; 5 messages are missing, the other 4 are safe. To go on, run the same command again.",
    );
    expect(verdictOf({ ...interrupted, verdict: "failed" })).toBe(
      "FAILED: stopped before anything was copied. To go on, run the same command again.",
    );
  });

  test("of a job that never got in shows why, what to do, and that nothing is lost", () => {
    expect(
      summary({
        verdict: "failed",
        exit: { code: 4, name: "log-in" },
        seconds: 1.2,
        error: {
          code: "A201",
          message: 'imap.example.org refused the log-in for ada: "[AUTHENTICATIONFAILED] Authentication failed."',
          remedy: "Check user and password.",
        },
      }),
    ).toBe(
      text(`
nightly: ada@imap.example.org -> ./backup/ada    22 Nov 02:30 -> 02:30 (1.2 s)

✖ nightly: log-in refused                                              MF-A201
  Why     imap.example.org refused the log-in for ada: "[AUTHENTICATIONFAILED]
          Authentication failed."
  Do      1. Check user and password.
          2. More about it: mailferry explain MF-A201
  Nothing was changed, nothing was lost.

FAILED: nothing was copied. Put the log-in right, then run the same command again.
`),
    );
  });

  test("never claims that all is well with data that did not read back", () => {
    const shown = summary({
      verdict: "failed",
      exit: { code: 7, name: "damaged" },
      mailboxes: [mailboxReport("INBOX", { onServer: 4, new: 4 })],
      verified: { checked: 4, intact: 3 },
      octets: 400,
      failures: [{ code: "V901", mailbox: ["INBOX"], key: "3", reason: "12 octets instead of 400" }],
    });
    expect(shown).toContain("  Verified: only 3 of 4 messages written in this run read again, intact\n");
    expect(shown.split("\n").at(-1)).toBe(
      "FAILED: 1 message did not read back as written. Check the disk, then: mailferry verify ./backup/ada",
    );
  });

  test("of a rehearsal says what would be copied, and that nothing was written", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 1_204, missing: 1_200 })];
    const report = jobReport({ verdict: "rehearsal", mailboxes, seconds: 3 });
    expect(formatJobSummary(report, { ...options, octetsToCopy: new Map([["nightly", 60_200_000]]) }).join("\n")).toBe(
      text(`
nightly: ada@imap.example.org -> ./backup/ada      22 Nov 02:30 -> 02:30 (3 s)

  Mailbox          On server   In archive   To copy
  INBOX                1,204            4     1,200

  1,200 messages to copy (60.2 MB)

REHEARSAL: 1,200 messages would be copied; nothing was written. To copy, run it without -n.
`),
    );
  });

  test("quotes an archive's path for the shell where it has to", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 2 })];
    expect(verdictOf({ to: "/mnt/ada's disk", mailboxes })).toBe(
      "SAFE: all 2 messages are in the archive.       mailferry verify '/mnt/ada'\\''s disk'",
    );
  });

  test("gives both days of a run over midnight, and moves the times to a line of their own when there is no room", () => {
    expect(
      summary({ startedAt: "2026-11-22T23:50:00.000Z", seconds: 9_000, name: "a-rather-long-name-for-a-job" }),
    ).toMatch(
      /^a-rather-long-name-for-a-job: ada@imap\.example\.org -> \.\/backup\/ada\n {37}22 Nov 23:50 -> 23 Nov 02:20 \(2 h 30 min\)\n/,
    );
  });
});

describe("the summary of several jobs", () => {
  const run = (...jobs: JobReport[]): RunReport => ({
    v: 1,
    command: "run",
    verdict: jobs.some((job) => job.verdict !== "safe") ? "incomplete" : "safe",
    exit: { code: 0, name: "ok" },
    jobs,
  });

  test("ends with one verdict over all of them, which names those to look at", () => {
    const bad = jobReport({ name: "rescue", ...incomplete });
    expect(formatRunSummary(run(jobReport(), bad), options)).toMatch(
      /\n\n\nINCOMPLETE: 1 of 2 jobs safe; look above at rescue \(incomplete\)\.\n$/,
    );
    expect(formatRunSummary(run(jobReport(), jobReport()), options)).toMatch(/\n\n\nSAFE: 2 of 2 jobs\.\n$/);
  });

  test("has no second verdict for a single job", () => {
    expect(formatRunSummary(run(jobReport()), options).match(/SAFE/g)).toHaveLength(1);
  });
});

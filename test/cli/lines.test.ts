import { describe, expect, test } from "vitest";
import { createEventLines } from "../../src/cli/events.ts";
import { createLines } from "../../src/cli/lines.ts";
import { createTally, formatPace, formatProgress } from "../../src/cli/tally.ts";
import type { JobEvent } from "../../src/jobs/events.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";

const mailbox = ["INBOX"];
const started: JobEvent = { type: "job-started", job: "nightly", from: "ada@host", to: "/home/ada/backup" };

function listed(toCopy: number, octets: number, job = "nightly"): JobEvent {
  return { type: "mailbox-listed", job, mailbox, onServer: toCopy, toCopy, octets };
}

function read(octets: number, job = "nightly"): JobEvent {
  return { type: "octets-read", job, mailbox, octets };
}

function committed(stored: number, job = "nightly"): JobEvent {
  return { type: "batch-committed", job, mailbox, stored, octets: 0 };
}

/** Lines written for events at given milliseconds. */
function linesOf(events: readonly (readonly [atMs: number, event: JobEvent])[], verbose = false): string[] {
  let atMs = 0;
  const written: string[] = [];
  const report = createLines(
    (text) => written.push(text),
    { language: "en", cwd: "/home/ada", verbose },
    () => atMs,
  );
  for (const [time, event] of events) {
    atMs = time;
    report(event);
  }
  return written.map((line) => line.replace(/\n$/, ""));
}

describe("the lines of a run without a terminal", () => {
  test("tell the start, what went wrong, and the end; not what went well", () => {
    const events: JobEvent[] = [
      started,
      listed(3, 300),
      read(300),
      { type: "retrying", job: "nightly", mailbox, code: "N302", reason: "no answer\x1b[2J", attempt: 2 },
      committed(3),
      { type: "mailbox-finished", job: "nightly", report: mailboxReport("Sent", { onServer: 5, new: 5 }) },
      { type: "mailbox-finished", job: "nightly", report: mailboxReport("INBOX", { onServer: 4, new: 3, missing: 1 }) },
      { type: "verifying", job: "nightly", messages: 3 },
      { type: "job-finished", job: "nightly", report: jobReport({ verdict: "incomplete" }) },
    ];
    expect(linesOf(events.map((event) => [0, event]))).toEqual([
      "nightly: started, ada@host -> ./backup",
      "nightly: INBOX: trying again (2) after MF-N302: no answer\\x1b[2J",
      "nightly: INBOX: 3 messages copied, 1 message missing",
      "nightly: reading 3 messages again",
      "nightly: INCOMPLETE after 11 min",
    ]);
  });

  test("come at most every 30 seconds where they only tell progress", () => {
    const chunks = Array.from({ length: 100 }, (_, second) => [second * 1000, read(1_000_000)] as const);
    const lines = linesOf([[0, started], [0, listed(200, 200_000_000)], ...chunks]);
    expect(lines.slice(1)).toEqual([
      "nightly: 0 of 200 messages, 31.0 MB of 200.0 MB, 1.2 MB/s, 2 min left",
      "nightly: 0 of 200 messages, 61.0 MB of 200.0 MB, 1.2 MB/s, 2 min left",
      "nightly: 0 of 200 messages, 91.0 MB of 200.0 MB, 1.2 MB/s, 2 min left",
    ]);
  });

  test("say that a pack is being written, and which", () => {
    const packing: JobEvent = { type: "packing", job: "nightly", file: "nightly-2026-11-22T023000Z.zip" };
    expect(
      linesOf([
        [0, started],
        [0, packing],
        [31_000, read(1)],
      ]).slice(1),
    ).toEqual([
      "nightly: writing the pack nightly-2026-11-22T023000Z.zip",
      "nightly: writing a pack and reading it back",
    ]);
  });

  test("tell the progress of several jobs in one line", () => {
    const second: JobEvent = { ...started, job: "rescue" };
    const lines = linesOf([
      [0, started],
      [0, second],
      [0, listed(10, 1_000)],
      [0, listed(20, 3_000, "rescue")],
      [0, committed(4)],
      [31_000, read(2_000, "rescue")],
    ]);
    expect(lines.at(-1)).toBe("2 jobs: 4 of 30 messages, 2.0 kB of 4.0 kB, 2.0 kB/s, 1 s left");
  });

  test("name each mailbox and each failed message when asked to be verbose", () => {
    const failure = { key: "7", code: "M401", reason: "its body is missing", final: false };
    const lines = linesOf(
      [
        [0, started],
        [0, listed(3, 300)],
        [0, { type: "message-failed", job: "nightly", mailbox, failure }],
      ],
      true,
    );
    expect(lines.slice(1)).toEqual([
      "nightly: INBOX: 3 of 3 messages to copy",
      "nightly: INBOX: 7 failed (MF-M401): its body is missing",
    ]);
  });

  const notice = (code: string, reason: string, where = mailbox): JobEvent => ({
    type: "notice",
    job: "nightly",
    notice: { code, mailbox: where, reason },
  });
  const minor = [
    notice("S604", "the target does not keep proj\x1b[2J"),
    { type: "flags-carried", job: "nightly", mailbox, messages: 5 },
    { type: "flags-carried", job: "nightly", mailbox, messages: 1 },
  ] satisfies JobEvent[];

  test("tell once that a mailbox is not the one it was, and minor things only when asked to be verbose", () => {
    const events: JobEvent[] = [
      { type: "keys-void", job: "nightly", mailbox, code: "S601" },
      notice("S601", "the server has numbered its messages anew"),
      notice("S605", "the mailbox is another than before"),
      ...minor,
    ];
    const told = [
      "nightly: INBOX: the server has numbered its messages anew (MF-S601)",
      "nightly: INBOX: the mailbox is another than before (MF-S605)",
    ];
    expect(linesOf(events.map((event) => [0, event]))).toEqual(told);
    expect(
      linesOf(
        events.map((event) => [0, event]),
        true,
      ),
    ).toEqual([
      ...told,
      "nightly: INBOX: the target does not keep proj\\x1b[2J (MF-S604)",
      "nightly: INBOX: 5 messages got the flags they have at the source",
      "nightly: INBOX: 1 message got the flags it has at the source",
    ]);
  });

  test("name both paths of a mailbox that goes to another, and no mailbox where none is meant", () => {
    const report = mailboxReport("Sent", { source: ["Envoyés"], onServer: 2, missing: 1 });
    const retry = { job: "nightly", mailbox: [], code: "N302", reason: "no answer", attempt: 1 } as const;
    const lines = linesOf([
      [0, { ...started, from: "/home/ada/old.mbox", to: "ada@imap.example.net" }],
      [0, { type: "retrying", ...retry }],
      [0, { type: "mailbox-finished", job: "nightly", report }],
    ]);
    expect(lines).toEqual([
      "nightly: started, ./old.mbox -> ada@imap.example.net",
      "nightly: trying again (1) after MF-N302: no answer",
      "nightly: Envoyés -> Sent: 0 messages copied, 1 message missing",
    ]);
  });
});

describe("the progress of a job", () => {
  function tallyOf(events: readonly (readonly [atMs: number, event: JobEvent])[], nowMs: number) {
    let atMs = 0;
    const tally = createTally(() => atMs);
    for (const [time, event] of events) {
      atMs = time;
      tally.add(event);
    }
    atMs = nowMs;
    return tally.running()[0] ?? expect.fail("no job runs");
  }

  test("has the rate of the last few seconds, not of the whole run", () => {
    const fast = Array.from({ length: 50 }, (_, index) => [index * 100, read(1_000_000)] as const);
    const slow = Array.from({ length: 10 }, (_, index) => [10_000 + index * 1000, read(1_000)] as const);
    expect(tallyOf([[0, started], [0, listed(1, 1e9)], ...fast], 5_000).rate).toBe(10_000_000);
    expect(tallyOf([[0, started], [0, listed(1, 1e9)], ...fast, ...slow], 19_500).rate).toBeLessThan(1_200);
  });

  test("falls to no rate at all when nothing comes any more", () => {
    const progress = tallyOf(
      [
        [0, started],
        [0, listed(2, 200)],
        [0, read(100)],
      ],
      60_000,
    );
    expect(formatProgress(progress, "en")).toBe("0 of 2 messages, 100 octets of 200 octets");
  });

  test("does not count a mailbox twice that a retry lists again", () => {
    const progress = tallyOf(
      [
        [0, started],
        [0, listed(10, 1_000)],
        [0, read(600)],
        [0, committed(4)],
        [0, listed(6, 600)],
      ],
      0,
    );
    expect(progress).toMatchObject({ messages: 4, messagesToCopy: 10, octets: 600, octetsToCopy: 1_200 });
  });

  test("never shows more octets than were expected, whatever the server claimed", () => {
    const progress = tallyOf(
      [
        [0, started],
        [0, listed(1, 1_000)],
        [1_000, read(5_000)],
      ],
      1_000,
    );
    expect(formatProgress(progress, "en")).toBe("0 of 1 message, 1.0 kB of 1.0 kB, 5.0 kB/s");
    expect(formatPace(progress, "en")).toBe("0/1  5.0 kB/s");
  });
});

describe("events as JSON lines", () => {
  test("add up octets to one line a second for each mailbox, and lose none of them", () => {
    let atMs = 0;
    const written: { type: string; octets?: number }[] = [];
    const report = createEventLines(
      (text) => written.push(JSON.parse(text)),
      () => atMs,
    );
    for (; atMs < 2_500; atMs += 10) report(read(7));
    report(committed(1));
    const octets = written.filter(({ type }) => type === "octets-read");
    expect(octets.length).toBeLessThanOrEqual(4);
    expect(octets.reduce((sum, event) => sum + (event.octets ?? 0), 0)).toBe(250 * 7);
    expect(written.at(-1)?.type).toBe("batch-committed");
  });

  test("hold no character that could steer a terminal, and still mean the same", () => {
    const written: string[] = [];
    const hostile = ["\x1b[2J", "\x9b31m", "\u202egnp.exe"];
    createEventLines(
      (text) => written.push(text),
      () => 0,
    )({ ...committed(1), mailbox: hostile } as JobEvent);
    expect(written[0]).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(JSON.parse(written[0] ?? "").mailbox).toEqual(hostile);
  });
});

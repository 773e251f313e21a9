// The page of a run: what a person reads on it, and what nobody can put into it.

import { describe, expect, it } from "vitest";
import type { JobReport } from "../../src/jobs/events.ts";
import type { ArchiveContents } from "../../src/reports/archive-contents.ts";
import { emptyStretches } from "../../src/reports/months.ts";
import { formatRunPage, type PageOptions } from "../../src/reports/run-page.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";
import { reachesOut, readPage } from "../support/pages.ts";

const commands = { again: "mailferry run nightly", verify: "mailferry verify /home/ada/backup/ada" };

function pageOf(changes: Partial<JobReport>, options: Partial<PageOptions> = {}) {
  const page = formatRunPage(jobReport(changes), { language: "en", timeZone: "UTC", commands, ...options });
  const read = readPage(page);
  expect(reachesOut(read, page)).toEqual([]);
  return { page, ...read };
}

const month = (year: number, number: number) => year * 12 + number - 1;

function contents(changes: Partial<ArchiveContents> = {}): ArchiveContents {
  return {
    directory: "/home/ada/backup/ada",
    format: "maildir",
    account: { protocol: "imap", host: "imap.example.org", user: "ada" },
    mailboxes: 2,
    messages: 40,
    octets: 31_400_000,
    months: new Map([
      [month(2025, 11), 12],
      [month(2026, 2), 20],
      [month(2026, 10), 8],
    ]),
    undated: 0,
    first: new Date("2025-11-03T10:00:00Z"),
    last: new Date("2026-10-20T10:00:00Z"),
    biggest: [{ mailbox: ["INBOX"], key: "4711", size: 48_000_000, date: new Date("2026-02-03T10:00:00Z") }],
    damaged: 0,
    ...changes,
  };
}

const two = [
  mailboxReport("INBOX", { onServer: 12_044, new: 38, kept: 3 }),
  mailboxReport("Sent", { onServer: 9_310, new: 11 }),
];

describe("the page of a run", () => {
  it("says in a word, a sign and a colour that all is safe, and what that means", () => {
    const { text, elements } = pageOf({ mailboxes: two, octets: 31_400_000, verified: { checked: 49, intact: 49 } });
    expect(text).toContain("✔ SAFE All 21,354 messages are in the archive. What to do Nothing.");
    expect(elements.some(({ attributes }) => attributes.get("class") === "verdict safe")).toBe(true);
    expect(text).toContain("49 messages, 31.4\u00a0MB");
    expect(text).toContain("49 of 49 messages written in this run were read again, intact.");
    expect(text).toContain("Nothing is missing.");
  });

  it("shows for each mailbox and in total that the sum holds", () => {
    const { text } = pageOf({ mailboxes: [...two, mailboxReport("Projets/2026", { onServer: 1_207, missing: 2 })] });
    expect(text).toContain("INBOX 12,044 = 12,044 + 0 38 3 ");
    expect(text).toContain("Projets/2026 1,207 = 1,205 + 2 0 0 ");
    expect(text).toContain("Total 22,561 = 22,559 + 2 49 3 ");
  });

  it("says what became of the packs, in either language, and what is wrong with them", () => {
    const file = "nightly-2026-11-01T023000Z.tar.gz";
    const written = { file, octets: 31_400_000, messages: 30_999, sha256: "0".repeat(64) };
    const removed = [{ file: "nightly-2025-11-01T023000Z.tar.gz", why: "older than the newest 12 months" }];
    const pack = { to: "/vault", written, kept: [{ file, why: ["monthly"] }], removed };
    expect(pageOf({ mailboxes: two, pack }).text).toContain(
      `Packs ✔ ${file}: written and read back intact (30,999 messages, 31.4\u00a0MB). 1 pack is kept. 1 older pack was removed. /vault`,
    );
    const french = pageOf(
      { mailboxes: two, pack: { ...pack, written: undefined, notDueUntil: "2026-12-01" } },
      { language: "fr" },
    );
    expect(french.text).toContain("Aucun nouveau paquet n’est prévu avant le 1 déc. 2026. 1 paquet est gardé.");
    const error = { code: "V902", message: `<b>${file}</b> has 10 octets now`, remedy: "Put it back." };
    const spoilt = pageOf({ mailboxes: two, verdict: "incomplete", pack: { ...pack, written: undefined, error } });
    expect(spoilt.text).toContain("! INCOMPLETE Something is wrong with the packs; what it is stands below.");
    expect(spoilt.text).toContain(`MF-V902 pack damaged <b>${file}</b> has 10 octets now Put it back.`);
  });

  it("says so where a sum does not hold", () => {
    const { text } = pageOf({ mailboxes: [{ ...mailboxReport("INBOX", { onServer: 5 }), inArchive: 3 }] });
    expect(text).toContain("INBOX 5 ≠ 3 + 0 ");
  });

  it("names each message that is missing, with its reason, and what to do", () => {
    const failures = [
      { code: "M401", mailbox: ["Projets", "2026"], key: "4711", reason: 'the server answered "NO [SERVERBUG]"' },
      { code: "S602", mailbox: ["Équipe"], reason: "the mailbox can't be opened" },
    ];
    const mailboxes = [...two, mailboxReport("Projets/2026", { onServer: 1_207, missing: 2 })];
    const exit = { code: 3, name: "incomplete" };
    const { text } = pageOf({ mailboxes, failures, verdict: "incomplete", exit });
    expect(text).toContain(
      "INCOMPLETE 2 messages are missing. 1 mailbox could not be read. The other 22,559 messages are safe",
    );
    expect(text).toContain('MF-M401 unreadable on the server Projets/2026 4711 the server answered "NO [SERVERBUG]"');
    expect(text).toContain("MF-S602 mailbox not usable Équipe the whole mailbox the mailbox can't be opened");
    expect(text).toContain("1 more message is missing that this run did not get to.");
    expect(text).toContain("mailferry run nightly");
    expect(text).toContain("webmail");
  });

  it("says what stopped a run that could not log in, and claims nothing about what is missing", () => {
    const error = { code: "A201", message: "imap.example.org refused the log-in", remedy: "Check the password." };
    const { text } = pageOf({ verdict: "failed", exit: { code: 4, name: "log-in" }, error });
    expect(text).toContain("✖ FAILED Nothing was copied.");
    expect(text).toContain("MF-A201 log-in refused imap.example.org refused the log-in Check the password.");
    expect(text).toContain("No mailbox could be counted in this run.");
    expect(text).not.toContain("Nothing is missing");
  });

  it.each([
    ["rehearsal", "○ REHEARSAL 5 messages would be copied; nothing was written."],
    ["skipped", "– SKIPPED Nothing was done"],
  ] as const)("has a word for %s", (verdict, words) => {
    const mailboxes = verdict === "skipped" ? [] : [mailboxReport("INBOX", { onServer: 5, missing: 5 })];
    expect(pageOf({ verdict, mailboxes }).text).toContain(words);
  });

  it("tells of a move that messages were altered, and does not call them an archive's", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 10, new: 10, altered: 2 })];
    const failures = [1, 2].map((key) => ({
      code: "M404",
      mailbox: ["INBOX"],
      key: String(key),
      reason: "other octets",
    }));
    const changes = {
      to: "ada@imap.example.net",
      mapping: [],
      verdict: "incomplete",
      exit: { code: 3, name: "incomplete" },
    } as const;
    const { text } = pageOf(
      { ...changes, mailboxes, failures, verified: { checked: 10, intact: 8 } },
      { commands: {} },
    );
    expect(text).toContain("2 messages were altered by the target. The other 8 messages are at the target.");
    expect(text).toContain("At target");
    expect(text).toContain("✖ 8 of 10 messages brought in this run were read back from the target, intact.");
    expect(text).not.toMatch(/archive/i);
  });

  it("is written in French", () => {
    const mailboxes = [mailboxReport("INBOX", { onServer: 12_044, missing: 2 })];
    const exit = { code: 3, name: "incomplete" };
    const { text, page } = pageOf({ mailboxes, verdict: "incomplete", exit }, { language: "fr", archive: contents() });
    expect(page).toContain('<html lang="fr">');
    expect(text).toContain(
      "INCOMPLET Il manque 2 messages. Les 12\u202f042 autres messages sont à l’abri dans l’archive.",
    );
    expect(text).toMatch(/9 mois sans courrier\u00a0: décembre 2025\s*–\s*janvier 2026 et mars\s*–\s*septembre 2026\./);
    expect(text).toContain("Lire cette archive sans mailferry");
  });

  it("tells the engine's reasons in French, and marks as English what nobody knows there", () => {
    const failures = [
      { code: "M401", mailbox: ["A"], key: "1", reason: 'the server answered "it is not there"' },
      { code: "M401", mailbox: ["A"], key: "2", reason: "Mercury is in retrograde" },
    ];
    const message = 'imap.example.org refused the log-in for ada: "NO"';
    const error = { code: "A201", message, remedy: "Correct the user name." };
    const changes = { failures, error, verdict: "failed", exit: { code: 4, name: "log-in" } } as const;
    const { text, page } = pageOf(changes, { language: "fr" });
    expect(text).toContain('le serveur a répondu "it is not there"');
    expect(text).toContain('imap.example.org a refusé la connexion de ada\u00a0: "NO"');
    expect(text).toContain("Corrigez l’identifiant.");
    expect(page).toContain('<span lang="en"><bdi>Mercury is in retrograde</bdi></span>');
    expect(page.match(/lang="en"/g)).toHaveLength(1);
  });

  it("forbids scripts and whatever lies elsewhere", () => {
    const { elements } = pageOf({ mailboxes: two });
    const policy = elements.find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");
    expect(policy?.attributes.get("content")).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src data:/);
  });
});

describe("hostile names", () => {
  const evil = `<script>alert(1)</script>"'&amp;\u202egnp.exe\u0000\u001b[2J</style></title><img src=x onerror=alert(1)>`;

  it.each(["en", "fr"] as const)("stay text wherever they turn up (%s)", (language) => {
    const failure = { code: "M401", mailbox: [evil], key: evil, reason: evil };
    const { page, text } = pageOf(
      {
        name: evil,
        from: evil,
        to: `/${evil}`,
        verdict: "incomplete",
        mailboxes: [mailboxReport([evil], { onServer: 1, missing: 1, source: [evil, "b"] })],
        failures: [failure],
        notices: [failure],
        error: { code: "N302", message: evil, remedy: evil },
      },
      {
        language,
        commands: { again: evil, verify: evil },
        archive: contents({
          account: { protocol: "imap", host: evil, user: evil },
          directory: evil,
          biggest: [{ mailbox: [evil], key: evil, size: 1, date: undefined }],
        }),
      },
    );
    expect(text.split("<script>alert(1)</script>\"'&amp;\\u202egnp.exe\\x00\\x1b[2J").length).toBeGreaterThan(12);
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it("do not turn the direction of what stands beside them", () => {
    const { page } = pageOf({ mailboxes: [mailboxReport("ארכיון", { onServer: 1 })] });
    expect(page).toContain("<bdi>ארכיון</bdi>");
  });
});

describe("a run that has much to say", () => {
  it("has a page of bounded length, with sums over all of it", () => {
    const mailboxes = Array.from({ length: 10_000 }, (_, index) =>
      mailboxReport(`Projets/${index}`, { onServer: 10, missing: index === 9_876 ? 3 : 0 }),
    );
    const failures = Array.from({ length: 20_000 }, (_, index) => ({
      code: "M401",
      mailbox: ["Projets", "9876"],
      key: `key-${index}`,
      reason: "unreadable",
    }));
    const { text, page } = pageOf({ mailboxes, failures, notices: failures, verdict: "incomplete" });
    expect(text).toContain("Projets/9876 MF-M401 10 = 7 + 3 ");
    expect(text).toContain("9,500 more mailboxes 95,000 = 95,000 + 0 ");
    expect(text).toContain("Total 100,000 = 99,997 + 3 ");
    expect(text).toContain("key-499 ");
    expect(text).not.toContain("key-500 ");
    expect(text).toContain("and 19,500 more.");
    expect(text).toContain("and 19,900 more.");
    expect(page.length).toBeLessThan(600_000);
  });
});

describe("mail per month", () => {
  it("marks the months without mail, in the picture and in words", () => {
    const { elements, text, page } = pageOf({ mailboxes: two }, { archive: contents() });
    // December, January, March to September; a tenth one explains the sign.
    expect(elements.filter(({ attributes }) => attributes.get("class") === "gap").length).toBe(9 + 1);
    expect(elements.filter(({ attributes }) => attributes.get("class") === "bar").length).toBe(3);
    expect(page).toContain("<title>December 2025: 0 messages</title>");
    expect(page).toContain("<title>February 2026: 20 messages</title>");
    expect(text).toMatch(/9 months without mail: December 2025\s*–\s*January 2026 and March\s*–\s*September 2026\./);
    expect(elements.filter(({ name }) => name === "svg").map(({ attributes }) => attributes.get("aria-label"))).toEqual(
      [undefined, "2025: 12 messages", "2026: 28 messages", undefined],
    );
  });

  it("takes neither the time before the first message nor the month of the run for a gap", () => {
    const now = new Date("2026-11-22T02:30:00Z");
    expect(emptyStretches(new Map([[month(2026, 11), 1]]), now)).toEqual([]);
    expect(emptyStretches(new Map([[month(2026, 9), 1]]), now)).toEqual([
      { first: month(2026, 10), last: month(2026, 10) },
    ]);
    expect(emptyStretches(new Map(), now)).toEqual([]);
  });

  it("draws forty years and counts what was before", () => {
    const months = new Map([
      [month(1975, 3), 4],
      [month(2026, 11), 1],
    ]);
    const { elements, text } = pageOf({ mailboxes: two }, { archive: contents({ months, undated: 2 }) });
    expect(elements.filter(({ attributes }) => attributes.get("role") === "img").length).toBe(40);
    expect(text).toContain("earlier 4 ");
    expect(text).toContain("2 messages have no such date, or none that can be right.");
  });

  it("says why there is nothing to draw where no date is known", () => {
    const { text } = pageOf(
      { mailboxes: two },
      { archive: contents({ months: new Map(), first: undefined, last: undefined }) },
    );
    expect(text).toContain("POP3 does not");
  });
});

describe("the archive", () => {
  it.each([
    ["mbox", "mutt -f mbox/INBOX.mbox", "ImportExportTools"],
    ["maildir", "mutt -f maildir", "Dovecot"],
  ] as const)("is explained for those who have no mailferry: %s", (format, ...words) => {
    const { text } = pageOf({ mailboxes: two }, { archive: contents({ format }) });
    for (const word of words) expect(text).toContain(word);
    expect(text).toContain("The folder ledger has a text file for each mailbox");
  });

  it("has its biggest messages named, and what can't be read of it", () => {
    const { text } = pageOf({ mailboxes: two }, { archive: contents({ damaged: 1 }) });
    expect(text).toContain("48.0\u00a0MB 3 Feb 2026 INBOX 4711 ");
    expect(text).toContain("✖ 1 ledger could not be read");
  });
});

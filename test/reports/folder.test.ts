// What a run leaves on the disk beside its record: pages, their list, metrics, and the README of its archive.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { report } from "../../src/cli/report.ts";
import { run } from "../../src/cli/run.ts";
import { verify } from "../../src/cli/verify.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { formatReadme, keepReadme } from "../../src/reports/archive-readme.ts";
import { fileNameOf, mostReports, reportsAmong } from "../../src/reports/report-folder.ts";
import { openArchive } from "../../src/storage/archive.ts";
import { parseExposition } from "../support/exposition.ts";
import { type Caller, openCaller } from "../support/in-process.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { reachesOut, readPage } from "../support/pages.ts";

const password = "analytical-engine";
let imap: ImapServer;
let caller: Caller;

beforeEach(async () => {
  imap = await startImapServer({ store: createDemoStore("ada", password) });
  caller = openCaller(password);
});
afterEach(() => imap.close());

function writeJobs({ language = "en", port = imap.port, names = ["nightly"], keys = "" } = {}): void {
  const jobs = names.map(
    (name) => `  - { name: ${JSON.stringify(name)}, from: a, to: { archive: ./${name}, format: mbox } }\n`,
  );
  const text = `version: 1
defaults: { language: ${language}, timezone: Europe/Paris, retry: { attempts: 1 } }
accounts:
  a: { protocol: imap, host: 127.0.0.1, port: ${port}, tls: none, user: ada, password: { env: PW } }
jobs:
${jobs.join("")}report: { html: ./reports, metrics: ./mailferry.prom }
${keys}`;
  writeFileSync(join(caller.cwd, "jobs.yaml"), text, { mode: 0o600 });
}

const path = (...names: string[]) => join(caller.cwd, ...names);
const read = (...names: string[]) => readFileSync(path(...names), "utf8");
const mode = (...names: string[]) => (statSync(path(...names)).mode & 0o777).toString(8);
const at = (text: string) => ({ clock: () => new Date(text) });
const runAll = (clock?: () => Date) =>
  caller.call((invocation) => run([], true, invocation), { ...(clock && { clock }) });

function textOf(...names: string[]): string {
  const page = read(...names);
  const found = readPage(page);
  expect(reachesOut(found, page)).toEqual([]);
  return found.text;
}

describe("a run of a job file with report", () => {
  it("leaves a page, a list, metrics and a README, and nothing else", async () => {
    writeJobs();
    const { code, stderr } = await runAll(at("2026-11-22T02:30:12.345Z").clock);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("could not")]);
    expect(readdirSync(path("reports")).sort()).toEqual(["index.html", "nightly-2026-11-22T02-30-12Z.html"]);
    const page = textOf("reports", "nightly-2026-11-22T02-30-12Z.html");
    expect(page).toContain("SAFE All 62 messages are in the archive.");
    expect(page).toContain("62 messages, 75.9\u00a0kB, in 5 mailboxes.");
    expect(page).toContain("22 November 2026 at 03:30");
    expect(textOf("reports", "index.html")).toContain("nightly ✔ SAFE 22 November 2026 at 03:30");
    expect(read("reports", "index.html")).toContain('href="nightly-2026-11-22T02-30-12Z.html"');
    expect(textOf("nightly", "README.html")).toContain("Reading this archive without mailferry");
    const exit = parseExposition(read("mailferry.prom")).find(({ name }) => name === "mailferry_last_exit_code");
    expect(exit).toEqual({ name: "mailferry_last_exit_code", labels: { job: "nightly" }, value: 0 });
    expect(readdirSync(caller.cwd).sort()).toEqual(["jobs.yaml", "mailferry.prom", "nightly", "reports", "state"]);
  });

  it("keeps pages to their owner, and lets the collector read the metrics whatever the umask", async () => {
    writeJobs({ language: "fr" });
    const before = process.umask(0o077);
    await runAll(at("2026-11-22T02:30:12Z").clock).finally(() => process.umask(before));
    expect(mode("reports")).toBe("700");
    for (const name of readdirSync(path("reports"))) expect(mode("reports", name)).toBe("600");
    expect(mode("nightly", "README.html")).toBe("600");
    expect(mode("mailferry.prom")).toBe("644");
    // And all in the language of the job file.
    const page = textOf("reports", "nightly-2026-11-22T02-30-12Z.html");
    expect(page).toContain("À L’ABRI Les 62 messages sont tous dans l’archive.");
    expect(textOf("reports", "index.html")).toContain("Dernière exécution");
    expect(textOf("nightly", "README.html")).toContain("Lire cette archive sans mailferry");
  });

  it("has a page of a run that failed, too, and makes no archive of a folder that has none", async () => {
    await imap.close();
    writeJobs();
    mkdirSync(path("nightly"));
    writeFileSync(path("nightly", "mine.txt"), "mine");
    const { code } = await runAll(at("2026-11-22T02:30:12Z").clock);
    expect(code).toBe(9);
    expect(textOf("reports", "nightly-2026-11-22T02-30-12Z.html")).toContain("FAILED Nothing was copied.");
    expect(readdirSync(path("nightly"))).toEqual(["mine.txt"]);
    expect(parseExposition(read("mailferry.prom")).map(({ name }) => name)).not.toContain("mailferry_messages_missing");
  });

  it("is none the worse for a page that can't be written, and says so", async () => {
    writeJobs();
    writeFileSync(path("reports"), "not a folder");
    mkdirSync(path("mailferry.prom"));
    const { code, stderr, stdout } = await runAll();
    expect(code).toBe(0);
    expect(stdout).toContain("SAFE:");
    expect(stderr).toContain("the HTML report could not be written to ./reports: ");
    expect(stderr).toContain("the metrics could not be written to ./mailferry.prom: ");
    expect(readdirSync(path("mailferry.prom"))).toEqual([]);
    expect(readdirSync(caller.cwd).filter((name) => name.startsWith(".~"))).toEqual([]);
  });

  it("leaves nothing behind in a rehearsal", async () => {
    writeJobs();
    await caller.call((invocation) => run([], true, invocation), { dryRun: true });
    expect(readdirSync(caller.cwd)).toEqual(["jobs.yaml"]);
  });

  it(`keeps the newest ${mostReports} pages of each job, and touches no other file`, async () => {
    const names = ["nightly", "nightly-2"];
    writeJobs({ names });
    mkdirSync(path("reports"));
    const old = Array.from({ length: mostReports + 5 }, (_, index) => {
      const startedAt = new Date(Date.UTC(2025, 0, 1 + index, 2, 30)).toISOString();
      return names.map((name) => fileNameOf({ name, startedAt }));
    }).flat();
    const others = ["nightly-notes.html", "nightly-2026-11-22T02-30-12Z.html.bak", "other-2020-01-01T00-00-00Z.html"];
    // What a run has left that died a week ago, and what one may be at.
    const [dead, young] = [".~0123456789abcdef.mailferry-tmp", ".~fedcba9876543210.mailferry-tmp"];
    for (const name of [dead, young]) writeFileSync(path("reports", name), "half");
    utimesSync(path("reports", dead), new Date("2026-11-15T02:30:00Z"), new Date("2026-11-15T02:30:00Z"));
    utimesSync(path("reports", young), new Date("2026-11-22T02:30:00Z"), new Date("2026-11-22T02:30:00Z"));
    for (const name of [...old, ...others]) writeFileSync(path("reports", name), "old");
    await caller.call((invocation) => run(["nightly"], false, invocation), at("2026-11-22T02:30:12Z"));
    const left = readdirSync(path("reports"));
    for (const name of names) expect(reportsAmong(left, name).length).toBe(mostReports);
    expect(reportsAmong(left, "nightly")[0]).toBe("nightly-2026-11-22T02-30-12Z.html");
    expect(left).toEqual(expect.arrayContaining([...others, young]));
    expect(left).not.toContain(dead);
    expect(left).not.toContain("nightly-2025-01-06T02-30-00Z.html");
    expect(left).toContain("nightly-2025-01-07T02-30-00Z.html");
    expect(readPage(read("reports", "index.html")).elements.filter(({ name }) => name === "a").length).toBe(60);
  });
});

describe("names of pages", () => {
  it("stay in their folder and are told apart, whatever jobs are called", () => {
    const startedAt = "2026-11-22T02:30:12.000Z";
    const jobs = ["nightly", "../../etc/passwd", "a/b", "a_b", "a b", "é", "e\u0301", ".", "x".repeat(100)];
    const names = jobs.map((name) => fileNameOf({ name, startedAt }));
    expect(new Set(names).size).toBe(jobs.length);
    for (const name of names) expect(name).toMatch(/^[\p{L}\p{N}_-]+-2026-11-22T02-30-12Z\.html$/u);
    for (const [index, job] of jobs.entries()) expect(reportsAmong(names, job)).toEqual([names[index]]);
  });
});

describe("README.html in an archive", () => {
  it("is written once, again when its text is another, and is nothing foreign to verify", async () => {
    writeJobs();
    await runAll();
    const { ino } = statSync(path("nightly", "README.html"));
    await runAll();
    expect(statSync(path("nightly", "README.html")).ino).toBe(ino);
    writeJobs({ language: "fr" });
    await runAll();
    expect(read("nightly", "README.html")).toBe(formatReadme("mbox", "fr"));
    const { code, stdout } = await caller.call((invocation) => verify("nightly", {}, invocation));
    expect([code, stdout]).toEqual([0, expect.stringContaining("SAFE: 62 of 62 messages re-read intact.")]);
    expect((await runAll()).code).toBe(0);
  });

  it("waits for a later run where another is at work", async () => {
    const folder = join(temporaryFolder(), "archive");
    const account = { protocol: "imap", host: "imap.example.org", user: "ada" } as const;
    await using archive = await openArchive(folder, { mail: "mbox", account });
    await keepReadme(folder, "en");
    expect(existsSync(join(folder, "README.html"))).toBe(false);
    await archive[Symbol.asyncDispose]();
    await keepReadme(folder, "en");
    expect(readPage(readFileSync(join(folder, "README.html"), "utf8")).text).toContain("mutt -f mbox/INBOX.mbox");
  });

  it("is not made where there is no archive", async () => {
    const folder = temporaryFolder();
    await keepReadme(folder, "en");
    await keepReadme(join(folder, "gone"), "en");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("mailferry report --html", () => {
  const call = (target: string | undefined, html: string, options = {}) =>
    caller.call((invocation) => report(target, { html }, invocation), options);

  it("writes the page of a job, or of an archive without a job file", async () => {
    writeJobs({ language: "fr" });
    await runAll();
    const { code, stdout } = await call("nightly", "page.html");
    expect([code, stdout]).toEqual([0, "Written: ./page.html\n"]);
    expect(textOf("page.html")).toContain("Écrit par mailferry.");
    expect(mode("page.html")).toBe("600");
    rmSync(path("jobs.yaml"));
    expect((await call("./nightly", "archive.htm", { quiet: true })).stdout).toBe("");
    const text = textOf("archive.htm");
    expect(text).toContain("All 62 messages are in the archive.");
    expect(text).toContain(`mailferry verify ${path("nightly")}`);
    expect(text).not.toContain("mailferry run");
  });

  it("shows a ledger that is damaged, and counts the others", async () => {
    writeJobs();
    await runAll();
    const ledger = path("nightly", "ledger", "Sent.jsonl");
    writeFileSync(ledger, read("nightly", "ledger", "Sent.jsonl").replace('"sha256":"', '"sha256":"0'));
    await call("nightly", "page.html");
    expect(textOf("page.html")).toMatch(/✖ 1 ledger could not be read/);
  });

  it("replaces nothing but pages, and takes one job at a time", async () => {
    writeJobs({ names: ["nightly", "weekly"] });
    await runAll();
    const before = read("jobs.yaml");
    await expect(call("nightly", "jobs.yaml")).rejects.toThrow("whose name ends in .html");
    await expect(call(undefined, "page.html")).rejects.toThrow("name it: nightly, weekly");
    await expect(call("nightly", "page.html", { json: true })).rejects.toThrow("not both");
    await expect(call("nightly", "gone/page.html")).rejects.toThrow("there is no folder ./gone");
    expect(read("jobs.yaml")).toBe(before);
    expect(existsSync(path("page.html"))).toBe(false);
  });
});

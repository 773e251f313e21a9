// What a French-speaking person sees while jobs are at work, and where none has run.

import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createLines } from "../../src/cli/lines.ts";
import { formatBarLine } from "../../src/cli/progress.ts";
import { report } from "../../src/cli/report.ts";
import { run } from "../../src/cli/run.ts";
import { formatProgress } from "../../src/cli/tally.ts";
import { displayWidth } from "../../src/cli/width.ts";
import type { JobEvent } from "../../src/jobs/events.ts";
import { translate } from "../../src/language/sentences.ts";
import { openCaller } from "../support/in-process.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";

/** With plain spaces in place of those that do not break, which catalogues.test.ts looks after. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, " ");
}

describe("before its first run", () => {
  test.each([
    ["run", "il n’y a pas de tâche « nix » ; le fichier de tâches contient : nightly", ["nix"]],
    ["report", "il n’y a ni tâche « nix » ni archive ./nix ; le fichier de tâches contient : nightly", ["nix"]],
    ["report", "nightly n’a pas encore de rapport : rien n’y a jamais été apporté", ["nightly"]],
  ])("%s says: %s", async (command, expected, [name = ""]) => {
    const caller = openCaller("secret");
    writeFileSync(
      `${caller.cwd}/jobs.yaml`,
      `version: 1
accounts: { old: { protocol: pop3, host: 127.0.0.1, port: 1, tls: none, user: ada, password: { env: PW } } }
jobs: [{ name: nightly, from: old, to: { archive: ./ada, format: mbox } }]
`,
    );
    const called = caller.call(
      (invocation) => (command === "run" ? run([name], false, invocation) : report(name, {}, invocation)),
      { lang: "fr" },
    );
    const message = await called.then(
      () => "",
      (error: Error) => error.message,
    );
    expect(plain(translate(message, "fr"))).toBe(expected);
  });
});

describe("what is said in French while a run is at work", () => {
  const mailbox = ["INBOX"];

  test("on lines", () => {
    const events: JobEvent[] = [
      { type: "job-started", job: "nightly", from: "ada@host", to: "/home/ada/backup" },
      { type: "mailbox-listed", job: "nightly", mailbox, onServer: 2_000, toCopy: 1, octets: 300 },
      { type: "hook-started", job: "nightly", hook: "before", program: "mount" },
      { type: "retrying", job: "nightly", mailbox, code: "N302", reason: "no\x1b[2J", attempt: 2 },
      {
        type: "message-failed",
        job: "nightly",
        mailbox,
        failure: { key: "7", code: "M401", reason: "non", final: false },
      },
      { type: "flags-carried", job: "nightly", mailbox, messages: 0 },
      { type: "mailbox-finished", job: "nightly", report: mailboxReport("INBOX", { new: 3, missing: 1 }) },
      { type: "verifying", job: "nightly", messages: 1_000_000 },
      { type: "packing", job: "nightly", file: "nightly.zip" },
      { type: "job-finished", job: "nightly", report: jobReport({ verdict: "incomplete" }) },
    ];
    const written: string[] = [];
    const report = createLines(
      (line) => written.push(plain(line.trimEnd())),
      { language: "fr", cwd: "/home/ada", verbose: true },
      () => 0,
    );
    for (const event of events) report(event);
    expect(written).toEqual([
      "nightly : démarrage, ada@host -> ./backup",
      "nightly : INBOX : à copier : 1 sur 2 000",
      "nightly : before : exécution de mount",
      "nightly : INBOX : nouvel essai (2) après MF-N302 : no\\x1b[2J",
      "nightly : INBOX : échec de 7 (MF-M401) : non",
      "nightly : INBOX : 0 message a reçu les marques qu’il porte à la source",
      "nightly : INBOX : 3 messages copiés, 1 manquant",
      "nightly : relecture de 1 000 000 de messages",
      "nightly : écriture du paquet nightly.zip",
      "nightly : INCOMPLET après 11 min",
    ]);
  });

  const progress = {
    job: "nightly",
    mailbox: "Projets/日本語のメール/2026/avec un nom long",
    messages: 1_204,
    messagesToCopy: 20_003,
    octets: 31_400_000,
    octetsToCopy: 60_200_000,
    rate: 1_200_000,
    phase: "copying",
  } as const;

  test("beside a bar, and where there is none", () => {
    expect(plain(formatProgress(progress, "fr"))).toBe(
      "message 1 204 sur 20 003, 31,4 Mo sur 60,2 Mo, 1,2 Mo/s, encore 24 s",
    );
    expect(plain(formatBarLine(progress, 80, "fr"))).toBe(
      "nightly P…nom long ██████░░░░░░ 1 204/20 003  1,2 Mo/s  encore 24 s",
    );
    for (const phase of ["copying", "listing", "verifying", "packing"] as const) {
      for (const columns of [40, 80, 100]) {
        expect(displayWidth(formatBarLine({ ...progress, phase }, columns, "fr"))).toBeLessThan(columns);
      }
    }
  });
});

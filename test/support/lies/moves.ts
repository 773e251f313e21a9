// Two nights of a move into an account that lies, and two into the same account when it does not: what is there after each,
// and what is said of what is not.

import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { addMailbox, addMessage, type MailStore } from "../../../src/demo/mail-store.ts";
import type { JobReport } from "../../../src/index.ts";
import { sha256 } from "../archives.ts";
import { accountOn } from "../jobs.ts";
import { moveTo, runMove, startHouses } from "../moves.ts";
import type { ImapLie } from "./lie.ts";
import { mailFor } from "./nights.ts";
import { together } from "./scripts.ts";
import { subjectOf, type TargetLie } from "./target.ts";

const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

function fill(store: MailStore): void {
  for (const { path, messages } of mailFor(16).mailboxes) {
    const mailbox = addMailbox(store, path);
    for (const { bytes } of messages) {
      const name = /^\d+$/.test(subjectOf(bytes)) ? `letter ${subjectOf(bytes)}` : undefined;
      const octets =
        name === undefined ? bytes : Buffer.from(bytes.toString("latin1").replace(/: \d+/, `: ${name}`), "latin1");
      const at = mailbox.messages.length;
      const flags = [["\\Seen"], [], ["\\Flagged", "proj"]][at % 3] ?? [];
      addMessage(mailbox, octets, { flags, internalDate: new Date(Date.UTC(2001 + at, 1, 2, 3, 4, 5)) });
    }
  }
  addMessage(addMailbox(store, ["INBOX"]), `Subject: long line\r\n\r\n${"x".repeat(12_000)}\r\n`);
}

interface Letter {
  readonly mailbox: string;
  readonly subject: string;
  readonly digest: string;
  readonly flags: string;
}

function lettersIn(store: MailStore): Letter[] {
  return store.mailboxes
    .flatMap(({ path, messages }) =>
      messages.map(({ bytes, flags }) => ({
        mailbox: path.join("/"),
        subject: subjectOf(bytes),
        digest: sha256(bytes),
        flags: flags.join(" "),
      })),
    )
    .filter(({ subject }) => subject !== "stranger");
}

const digests = (letters: readonly Letter[]) => letters.map(({ mailbox, digest }) => `${mailbox} ${digest}`).sort();
const names = (letters: readonly Letter[]) => letters.map(({ mailbox, subject }) => `${mailbox} ${subject}`).sort();

/** `sourceLies`: told by the source meanwhile; they must cost nothing. @throws what is wrong, as an assertion. */
export async function liveWithTarget(
  lie: TargetLie,
  capabilities: readonly string[],
  sourceLies: readonly ImapLie[] = [],
): Promise<void> {
  const houses = await startHouses({ capabilities, ...lie.traits });
  const state = mkdtempSync(join(root, "mailferry-lies-"));
  const target = houses.new;
  try {
    fill(houses.old.store);
    const source = lettersIn(houses.old.store);
    // A text that is altered is known by its subject, a text that is not by its octets too.
    const of = lie.alters === true ? names : digests;
    const once = (letters: readonly string[]) => (lie.merges === true ? [...new Set(letters)] : letters);
    const account = accountOn({ protocol: "imap", port: target.server.port, ...target.store }, { timeoutMs: 2_000 });
    const refused = join(state, "refused");
    const job = moveTo(account, houses.old.account, {
      to: { account, under: [], keepRefused: refused },
      retry: { attempts: 5, maxWaitMs: 0 },
    });
    const run = () => runMove(job, state);
    const isRefused = ({ mailbox, subject }: Letter) =>
      mailbox === "INBOX" && lie.refused?.subjects.includes(subject) === true;
    const taken = once(of(source.filter((letter) => !isRefused(letter))));
    let held: string[] = [];
    const reports: JobReport[] = [];
    for (const night of [1, 2]) {
      target.server.script = lie.tell(night);
      const inbox = addMailbox(houses.old.store, ["INBOX"]);
      const scripts = sourceLies.map((one) => one.tell(night, inbox));
      houses.old.server.script = Object.assign({}, ...scripts, together(scripts));
      const report = await run();
      reports.push(report);
      const shown = `night ${night}: ${JSON.stringify({ ...report, mapping: undefined })}`;
      const holds = of(lettersIn(target.store));
      checkReport(report, lie, source.filter(isRefused).length, shown);
      if (lie.stops === undefined) expect(holds, shown).toEqual(taken);
      else
        expect(new Set(holds).size >= holds.length - 1 && holds.every((one) => taken.includes(one)), shown).toBe(true);
      if (night === 2 && lie.stops === undefined) expect(holds, `${shown}: as it was`).toEqual(held);
      held = holds;
    }
    expectCopies(reports[0], houses.old.store, refused);
    const reasons = reports.flatMap(({ notices = [] }) => notices.map(({ reason }) => reason)).join("\n");
    if (lie.says !== undefined) expect(reasons).toMatch(lie.says);

    target.server.script = {};
    houses.old.server.script = {};
    const honest = await run();
    const isSafe = lie.alters !== true && lie.refused?.isFinal !== true;
    expect(honest.verdict, JSON.stringify([honest.error, honest.failures])).toBe(isSafe ? "safe" : "incomplete");
    const all = once(of(lie.refused?.isFinal === true ? source.filter((letter) => !isRefused(letter)) : source));
    expect(of(lettersIn(target.store)), "after the first honest night").toEqual(all);
    const [appends, sent] = [target.server.appends(), houses.old.server.messageOctetsSent()];
    expect(await run(), "the night after").toMatchObject({
      octets: 0,
      messages: { copied: 0 },
      verdict: honest.verdict,
    });
    expect([target.server.appends(), houses.old.server.messageOctetsSent()]).toEqual([appends, sent]);
    expect(of(lettersIn(target.store)), "in the end").toEqual(all);
    if (lie.says === undefined && lie.alters !== true && lie.merges !== true)
      expectFlags(source, lettersIn(target.store));
  } finally {
    await houses.close();
    rmSync(state, { recursive: true, force: true });
  }
}

function checkReport(report: JobReport, lie: TargetLie, refused: number, shown: string): void {
  for (const { onServer, inArchive, missing } of report.mailboxes) expect(onServer, shown).toBe(inArchive + missing);
  const codes = [
    ...report.failures.map(({ code }) => code),
    ...(report.error === undefined ? [] : [report.error.code]),
  ];
  for (const { reason } of report.failures) expect(reason, shown).not.toBe("");
  if (lie.stops !== undefined) {
    expect(codes, shown).toContain(lie.stops);
    expect(report.verdict, shown).not.toBe("safe");
    return;
  }
  const missing = report.mailboxes.reduce((sum, row) => sum + row.missing, 0);
  expect(missing, shown).toBe(refused);
  if (lie.refused !== undefined) expect(codes, shown).toEqual(Array.from({ length: refused }, () => lie.refused?.code));
  else if (lie.alters === true) expect(new Set(codes), shown).toEqual(new Set(["M404"]));
  else expect(codes, shown).toEqual([]);
  expect(report.verdict, shown).toBe(codes.length === 0 ? "safe" : "incomplete");
}

/** Whatever was refused or altered lies in the folder for that, under its digest. */
function expectCopies(report: JobReport | undefined, { mailboxes }: MailStore, folder: string): void {
  const copies = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).join("\n") : "";
  for (const { mailbox, key, reason } of report?.failures ?? []) {
    if (!/^the server answered|takes messages up to|gives back/.test(reason) || reason.includes("answered OK"))
      continue;
    const messages = mailboxes.find(({ path }) => path.join("/") === mailbox.join("/"))?.messages ?? [];
    const bytes = messages.find(({ uid }) => `${uid}` === key)?.bytes ?? expect.fail(`no message ${key}`);
    expect(copies, reason).toContain(`${sha256(bytes)}.eml`);
  }
}

/** Of what lies there under the same octets. */
function expectFlags(source: readonly Letter[], target: readonly Letter[]): void {
  const there = new Set(target.map(({ mailbox, digest, flags }) => `${mailbox} ${digest} ${flags}`));
  const known = new Set(target.map(({ digest }) => digest));
  for (const { mailbox, subject, digest, flags } of source) {
    if (known.has(digest)) expect(there.has(`${mailbox} ${digest} ${flags}`), `flags of ${subject}`).toBe(true);
  }
}

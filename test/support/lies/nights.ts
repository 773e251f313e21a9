// Two nights with a server that lies, and two with the same server when it does not: what the archive holds after each, and
// what is said of it. A mailbox is right if every message is in it once and to the octet, or is named as missing.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { startImapServer } from "../../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  type MailStore,
  type StoredMailbox,
} from "../../../src/demo/mail-store.ts";
import { startPop3Server } from "../../../src/demo/pop3-server.ts";
import { type ArchiveFormat, type JobReport, runJobs } from "../../../src/index.ts";
import { multiset, readBack, sha256 } from "../archives.ts";
import { asPop3Serves } from "../crossing.ts";
import { accountOn, jobTo } from "../jobs.ts";
import { type ImapLie, type Lie, messagesFor, remembering, type Way } from "./lie.ts";
import type { Pop3Lie } from "./pop3.ts";
import { together } from "./scripts.ts";

/** On memory where there is such a place: the disk is not what is tried here. */
const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const odd = [
  "Subject: twin\r\n\r\ntwin\r\n",
  "Subject: twin\r\n\r\ntwin\r\n",
  "Subject: NUL\r\n\r\na\0b\r\n",
  "Subject: bare\n\nline\nends\n",
  "Subject: no last line end\r\n\r\nend",
  "Subject: \xe9t\xe9\r\n\r\n\xff\xfe\r\n",
  "Subject: dots\r\n\r\n.\r\n..\r\nFrom here on\r\n",
];

/** INBOX with so many messages, no two of one length but twins, and a mailbox of which nothing is said but the truth. */
export function mailFor(count: number): MailStore & { readonly inbox: StoredMailbox } {
  const store = createMailStore("ada", "secret-of-ada");
  const inbox = addMailbox(store, ["INBOX"]);
  for (let n = 1; n <= count; n += 1) {
    const text = odd[n - 5] ?? `Subject: ${n}\r\n\r\n${"x".repeat(n)}\r\n`;
    addMessage(inbox, Buffer.from(text, "latin1"), { flags: n % 4 === 0 ? ["\\Seen"] : [] });
  }
  const project = addMailbox(store, ["Projets", "2026"]);
  for (const n of [1, 2, 3]) addMessage(project, `Subject: project ${n}\r\n\r\n`);
  return { ...store, inbox };
}

interface Server {
  readonly port: number;
  messageOctetsSent(): number;
  close(): Promise<void>;
}

interface Stage {
  readonly protocol: "imap" | "pop3";
  readonly store: ReturnType<typeof mailFor>;
  readonly server: Server;
  readonly connections: number;
  /** Lies as in this night; the truth where none is given. */
  say(night?: number): void;
}

/** @throws what is wrong, as an assertion. */
export async function liveWithImap(lies: readonly ImapLie[], way: Way, format: ArchiveFormat): Promise<void> {
  const store = mailFor(messagesFor[way]);
  const own = lies.flatMap((lie) => (lie.capabilities === undefined ? [] : [lie.capabilities]))[0];
  const capabilities = way === "remembered" ? remembering : own;
  const server = await startImapServer({ store, ...(capabilities === undefined ? {} : { capabilities }) });
  const say = (night?: number) => {
    const scripts = night === undefined ? [] : lies.map((lie) => lie.tell(night, store.inbox));
    server.script = Object.assign({}, ...scripts, together(scripts));
  };
  await live(lies, { protocol: "imap", store, server, say, connections: messagesFor[way] < 200 ? 1 : 2 }, format);
}

/** @throws what is wrong, as an assertion. */
export async function liveWithPop3(lie: Pop3Lie, format: ArchiveFormat): Promise<void> {
  const store = mailFor(40);
  const server = await startPop3Server({ store, capabilities: lie.offers ?? {} });
  const say = (night?: number) => {
    server.script = night === undefined ? {} : lie.tell(night, store.inbox);
  };
  await live([lie], { protocol: "pop3", store, server, say, connections: 1 }, format);
}

async function live(lies: readonly Lie[], stage: Stage, format: ArchiveFormat): Promise<void> {
  const archive = mkdtempSync(join(root, "mailferry-lies-"));
  const { store, server, say, protocol } = stage;
  const run = async (): Promise<JobReport> => {
    const timeoutMs = Math.min(...lies.map((lie) => lie.timeoutMs ?? 10_000));
    const maxWaitMs = Math.max(...lies.map((lie) => lie.maxWaitMs ?? 0));
    const { user, password } = store;
    const from = accountOn(
      { protocol, port: server.port, user, password },
      { timeoutMs, connections: stage.connections },
    );
    const job = jobTo(archive, format, from, { retry: { attempts: 5, maxWaitMs } });
    const { jobs } = await runJobs([job], { concurrency: 1 });
    return jobs[0] ?? expect.fail("no report");
  };
  try {
    const before = store.inbox.messages.map((message) => ({ ...message }));
    const nights: JobReport[] = [];
    let held: string[] = [];
    for (const night of [1, 2]) {
      if (night === 2) for (const lie of lies) changeMail(lie, store.inbox);
      say(night);
      const report = await run();
      nights.push(report);
      const holds = await contents(archive);
      const where = `night ${night}`;
      checkReport(report, lies, store, where);
      const all = expected(stage, lies, night === 1 ? [] : before);
      expect(without(holds, all), `${where}: in the archive, and not on the server`).toEqual([]);
      expect(without(held, holds), `${where}: lost from the archive`).toEqual([]);
      const isFree = lies.length === 1 && lies.every(({ costs, isLate }) => costs === undefined && isLate !== true);
      if (isFree) expect(holds, `${where}: all there is`).toEqual(all);
      const isSteady = lies.every(({ meanwhile, readsAgain, isLate }) => !meanwhile && !readsAgain && !isLate);
      if (night === 2 && isFree && isSteady) expect(report.octets, `${where}: octets`).toBe(0);
      held = holds;
    }
    checkNotices(nights, lies);
    say();
    const honest = await run();
    const shown = JSON.stringify([honest.error, honest.failures]);
    expect(honest.verdict, `the first honest night: ${shown}`).toBe("safe");
    expect(await contents(archive), "after the first honest night").toEqual(expected(stage, lies, before));
    const sent = server.messageOctetsSent();
    expect(await run(), "the night after").toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
    expect(server.messageOctetsSent() - sent, "octets of messages in the second honest night").toBe(0);
    expect(await contents(archive), "in the end").toEqual(expected(stage, lies, before));
  } finally {
    await server.close();
    rmSync(archive, { recursive: true, force: true });
  }
}

/** Whatever has changed has a mod-sequence of its own. */
function changeMail(lie: Lie, inbox: StoredMailbox): void {
  if (lie.meanwhile === undefined) return;
  lie.meanwhile(inbox);
  inbox.highestModSeq = (inbox.highestModSeq ?? 1) + 1;
  for (const message of inbox.messages) message.modSeq = inbox.highestModSeq;
}

const contents = async (archive: string) => multiset(await readBack(archive));

/** What the archive is to hold when the server has told the truth for a night. `before`: what was there once and has gone. */
function expected({ protocol, store }: Stage, lies: readonly Lie[], before: StoredMailbox["messages"]): string[] {
  const served = (bytes: Buffer) => sha256(protocol === "imap" ? bytes : asPop3Serves(bytes));
  const gave = lies.find((lie) => lie.gave !== undefined)?.gave;
  const there = store.mailboxes
    .filter(({ path }) => protocol === "imap" || path[0] === "INBOX")
    .flatMap(({ path, messages }) =>
      messages.map((message) => {
        const isGiven = gave !== undefined && path[0] === "INBOX";
        return `${path.join("/")} ${served(isGiven ? gave(message) : message.bytes)}`;
      }),
    );
  const kept = lies.flatMap(({ keeps }) => keeps?.(before) ?? []).map((bytes) => `INBOX ${served(bytes)}`);
  return [...there, ...kept].sort();
}

/** Those of `all` that are not among `others`, each of these taken once. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return all.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

function checkReport(report: JobReport, lies: readonly Lie[], store: MailStore, where: string): void {
  const shown = `${where}: ${JSON.stringify({ ...report, mapping: undefined })}`;
  for (const { onServer, inArchive, missing } of report.mailboxes) expect(onServer, shown).toBe(inArchive + missing);
  for (const { code, reason } of report.failures) {
    expect(code, shown).toMatch(/^[A-Z]\d{3}$/);
    expect(reason, shown).not.toBe("");
  }
  expect(report.error?.code, shown).not.toBe("bug");
  const inbox = store.mailboxes.find(({ path }) => path[0] === "INBOX")?.messages ?? [];
  const withheld = new Map<string, string>();
  for (const each of lies.flatMap(({ costs }) => costs?.withheld ?? [])) {
    for (const uid of each.uids === "all" ? inbox.map((message) => message.uid) : each.uids) {
      withheld.set(`${uid}`, each.code);
    }
  }
  const stops = lies.flatMap(({ costs }) => costs?.stops ?? []);
  const isCut = lies.some(({ costs }) => costs?.unlisted !== undefined);
  const row = report.mailboxes.find(({ path }) => path[0] === "INBOX");
  const named = report.failures.filter(({ mailbox, key }) => mailbox[0] === "INBOX" && key !== undefined);
  const errors = [...report.failures.filter(({ key }) => key === undefined).map(({ code }) => code)];
  if (report.error !== undefined) errors.push(report.error.code);
  const missing = row?.missing ?? 0;
  if (missing > 0 || errors.length > 0 || named.length > 0) expect(report.verdict, shown).not.toBe("safe");
  // Whatever is missing is named, or what kept it from coming is.
  if (errors.length === 0) expect(named.length, shown).toBe(missing);
  if (lies.length > 1) return;
  const [lie] = lies;
  if (stops.length > 0) {
    expect(
      errors.some((code) => stops.some((stop) => code.startsWith(stop))),
      shown,
    ).toBe(true);
    return;
  }
  const allowed = lies.flatMap(({ costs }) => costs?.mayEndWith ?? []);
  expect(
    errors.filter((code) => !allowed.includes(code)),
    shown,
  ).toEqual(isCut ? ["S602"] : []);
  expect(missing, shown).toBe(withheld.size);
  for (const { code, reason } of named) {
    const cost = lie?.costs?.withheld?.find((each) => each.code === code);
    expect(cost, shown).toBeDefined();
    if (cost?.words !== undefined) expect(reason, shown).toMatch(cost.words);
  }
  const hidden = lies.flatMap(({ costs }) => costs?.unlisted ?? []).length;
  expect(row?.onServer, shown).toBeGreaterThanOrEqual(inbox.length - hidden - 5);
  if (lie?.costs === undefined) expect(report.verdict, shown).toBe("safe");
}

function checkNotices(nights: readonly JobReport[], lies: readonly Lie[]): void {
  if (lies.length > 1) return;
  const notices = nights.flatMap((report) => report.notices ?? []);
  const says = lies[0]?.says;
  if (says === undefined) return;
  const fitting = notices.filter(({ code, reason }) => code === says.code && says.words.test(reason));
  expect(fitting.length, JSON.stringify(notices)).toBeGreaterThan(0);
}

// `mailferry verify` against servers on loopback: an archive and its account, a job and its target, and what became of them
// since; and the comparison itself, on listings made up for it.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { Stopped } from "../../src/cli/invocation.ts";
import { run } from "../../src/cli/run.ts";
import { verify } from "../../src/cli/verify.ts";
import { type FetchedMessage, type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  findMailbox,
  type MailStore,
  removeMessages,
  type StoredMailbox,
  setFlags,
} from "../../src/demo/mail-store.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import { compareMailbox, doubtfulOf, type Evidence } from "../../src/jobs/compare.ts";
import { RefTable } from "../../src/jobs/ref-table.ts";
import type { MessageRef } from "../../src/message.ts";
import { LedgerContents } from "../../src/storage/ledger-contents.ts";
import { createGmailStore, gmailCapabilities } from "../support/gmail.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";
import { letter } from "../support/moves.ts";

const password = "analytical-engine";

let caller: Caller;
let source: MailStore;
let target: MailStore;
let oldServer: ImapServer;
let newServer: ImapServer;
let popServer: Pop3Server;

beforeEach(async () => {
  caller = openCaller(password);
  source = createDemoStore("ada", password);
  target = createMailStore("ada", password);
  [oldServer, newServer, popServer] = await Promise.all([
    startImapServer({ store: source }),
    startImapServer({ store: target }),
    startPop3Server({ store: source }),
  ]);
});

afterEach(() => Promise.all([oldServer.close(), newServer.close(), popServer.close()]));

/** Each job in YAML; `old`, `new` and `pop` are accounts. */
async function writeJobs(...jobs: readonly string[]): Promise<void> {
  const account = (protocol: string, port: number) =>
    `{ protocol: ${protocol}, host: 127.0.0.1, port: ${port}, tls: none, user: ada, password: { env: PW } }`;
  const lines = [
    "version: 1",
    "defaults: { retry: { attempts: 3, maxWait: 10ms } }",
    "accounts:",
    `  old: ${account("imap", oldServer.port)}`,
    `  new: ${account("imap", newServer.port)}`,
    `  pop: ${account("pop3", popServer.port)}`,
    "jobs:",
    ...jobs.map((job) => `  - { ${job} }`),
  ];
  await writeFile(at("jobs.yaml"), `${lines.join("\n")}\n`, { mode: 0o600 });
}

const at = (...names: string[]) => join(caller.cwd, ...names);
const runJob = (name: string) => caller.call((invocation) => run([name], false, invocation));
const check = (name: string, server: boolean, call: Call = {}) =>
  caller.call((invocation) => verify(name, { server }, invocation), call);
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);
const mailbox = (store: MailStore, ...path: string[]): StoredMailbox =>
  findMailbox(store, path) ?? expect.fail(`no mailbox ${path.join("/")}`);

const nightly = "name: nightly, from: old, to: { archive: ./ada, format: maildir }";
const move = "name: move, from: old, to: { account: new }";
const rescue = "name: rescue, from: pop, to: { archive: ./pop, format: mbox }";

/** Runs a job with these settings, which has to end well. */
async function begin(...jobs: readonly string[]): Promise<void> {
  await writeJobs(...jobs);
  const name = /name: (\w+)/.exec(jobs[0] ?? "")?.[1] ?? "";
  expect((await runJob(name)).code).toBe(0);
}

describe("an archive and its account", () => {
  test("are equal after a run: SAFE, over one connection, with nothing written or read whole", async () => {
    await begin(nightly);
    const [connections, octets] = [oldServer.connections(), oldServer.messageOctetsSent()];
    const before = await contents();
    const { code, stdout } = await check("ada", true);
    expect(stdout).toContain("\n  Mailbox          On server   In archive   Missing\n");
    expect([code, lastLine(stdout)]).toEqual([
      0,
      "SAFE: 62 of 62 messages re-read intact; all 62 on the server are among them.",
    ]);
    expect(oldServer.connections() - connections).toBe(1);
    expect(oldServer.messageOctetsSent()).toBe(octets);
    expect(oldServer.log.filter((line) => / (SELECT|STORE|APPEND|EXPUNGE|DELETE|CREATE) /.test(line))).toEqual([]);
    expect(await contents()).toEqual(before);
  });

  test("differ by what came, went and changed since, each by its name", async () => {
    await begin(nightly);
    const inbox = mailbox(source, "INBOX");
    const size = letter("new").length;
    addMessage(inbox, letter("new"), { internalDate: new Date("2026-06-01T12:00:00Z") });
    const late = inbox.uidNext - 1;
    removeMessages(mailbox(source, "Sent"), ({ uid }) => uid <= 2);
    const [first = expect.fail("empty"), second = expect.fail("empty")] = mailbox(source, "Projets", "2026").messages;
    first.internalDate = new Date(first.internalDate.getTime() + 3_600_000);
    setFlags(mailbox(source, "Projets", "2026"), second, ["\\Answered"]);
    deliverAll(addMailbox(source, ["Neuf"]), "x", "y");

    const { code, document } = await check("ada", true, { json: true });
    expect(code).toBe(3);
    expect(document).toMatchObject({
      v: 1,
      command: "verify",
      verdict: "incomplete",
      exit: { code: 3, name: "incomplete" },
      messages: 62,
      intact: 62,
    });
    const { server } = document;
    expect(server.missing).toMatchObject([
      { mailbox: ["INBOX"], key: String(late), size, date: "2026-06-01T12:00:00.000Z" },
      { mailbox: ["Neuf"], key: "1" },
      { mailbox: ["Neuf"], key: "2" },
    ]);
    expect(server.differing).toMatchObject([{ mailbox: ["Projets", "2026"], key: String(first.uid) }]);
    expect(server.uncomparable).toEqual([]);
    const row = (name: string) => server.mailboxes.find(({ path }: { path: string[] }) => path.join("/") === name);
    expect(row("INBOX")).toMatchObject({ onServer: 35, inArchive: 34, missing: 1, kept: 0 });
    expect(row("Sent")).toMatchObject({ onServer: 10, inArchive: 10, missing: 0, kept: 2 });
    expect(row("Projets/2026")).toMatchObject({ onServer: 9, inArchive: 8, differing: 1, reflagged: 1 });
    expect(row("Neuf")).toMatchObject({ onServer: 2, inArchive: 0, missing: 2 });
    for (const each of server.mailboxes) {
      expect(each.onServer).toBe(each.inArchive + each.missing + each.differing + each.uncompared);
    }

    const { stdout } = await check("ada", true);
    expect(stdout).toContain(`  Which   INBOX: ${late} (${size} octets, `);
    expect(stdout).toContain("\n  3 gone from the server are kept in the archive\n");
    expect(lastLine(stdout)).toMatch(
      /^INCOMPLETE: 3 messages on the server are not in the archive, 1 message is not what was stored; 62 of 62/,
    );
    expect((await runJob("nightly")).code).toBe(0);
    expect((await check("ada", true)).code).toBe(0);
  });

  test("name a message that the server can't read, with the reason the run wrote down", async () => {
    await writeJobs(nightly);
    oldServer.script = {
      onFetch: ({ mailbox: { path }, uid, body }) => (body && path[0] === "Sent" && uid === 3 ? "no" : undefined),
    };
    expect((await runJob("nightly")).code).toBe(3);
    const { code, document } = await check("ada", true, { json: true });
    expect(code).toBe(3);
    expect(document.server.missing).toMatchObject([{ mailbox: ["Sent"], key: "3", code: "M401" }]);
    expect((await check("ada", true)).stdout).toMatch(/✖ 1 message: unreadable on the server +MF-M401\n/);
  });

  test("are compared as the job that writes the archive has it: which mailboxes, where, which messages", async () => {
    const [newest = expect.fail("empty")] = mailbox(source, "Sent").messages.toReversed();
    const since = newest.internalDate.toISOString();
    const mailboxes = `mailboxes: { exclude: [Trash, INBOX], map: { Sent: Archive/Sent } }, filter: { since: "${since}" }`;
    await begin(`${nightly}, ${mailboxes}`);
    const { code, document } = await check("ada", true, { json: true });
    expect(code).toBe(0);
    const rows = document.server.mailboxes.map(({ path, source: from }: { path: string[]; source?: string[] }) => [
      path.join("/"),
      from?.join("/"),
    ]);
    expect(rows).toContainEqual(["Archive/Sent", "Sent"]);
    expect(JSON.stringify(rows)).not.toMatch(/Trash|INBOX/);
    const sent = document.server.mailboxes.find(({ source: from }: { source?: string[] }) => from?.[0] === "Sent");
    expect(sent).toMatchObject({ onServer: 1, inArchive: 1, filtered: 11 });
  });

  test("are compared whole where no job writes the archive, and the file has its account", async () => {
    await begin(`${nightly}, mailboxes: { exclude: [Trash] }`);
    await writeJobs("name: other, from: pop, to: { archive: ./other, format: mbox }");
    const { code, document } = await check("ada", true, { json: true });
    expect(code).toBe(3);
    expect(document.server.missing.map(({ mailbox: path }: { mailbox: string[] }) => path[0])).toEqual(
      Array(4).fill("Trash"),
    );
  });

  test("can't be compared without an account of the archive's owner", async () => {
    await begin(nightly);
    const text = await readFile(at("jobs.yaml"), "utf8");
    await writeFile(at("jobs.yaml"), text.replace(/user: ada/g, "user: bob"), { mode: 0o600 });
    const problem = await check("ada", true).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(UsageError);
    expect(String(problem)).toMatch(/no account of ada on 127\.0\.0\.1/);
  });

  test("of which the archive is damaged, end with 7 and tell both", async () => {
    await begin(nightly);
    const folder = at("ada", "maildir", ".Sent", "cur");
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), "other octets\n");
    addMessage(mailbox(source, "INBOX"), letter("new"));
    const { code, document } = await check("ada", true, { json: true });
    expect([code, document.verdict, document.problems.length, document.server.missing.length]).toEqual([
      7,
      "failed",
      1,
      1,
    ]);
  });

  test("end with 4 where the log-in is refused, once, and with 5 where nobody answers", async () => {
    await begin(nightly);
    source.password = "another";
    const connections = oldServer.connections();
    await expect(check("ada", true)).rejects.toMatchObject({ code: "A201" });
    expect(oldServer.connections() - connections).toBe(1);
    await oldServer.close();
    await expect(check("ada", true)).rejects.toMatchObject({ code: "N302" });
  });

  test("are listed again where the connection breaks", async () => {
    await begin(nightly);
    let cuts = 0;
    oldServer.script = { onCommand: ({ name }) => (name === "UID FETCH" && cuts++ === 1 ? "drop" : undefined) };
    expect((await check("ada", true)).code).toBe(0);
    expect(cuts).toBeGreaterThan(1);
  });

  test("are compared by content where the server has numbered its messages anew", async () => {
    await begin(nightly);
    renumber(mailbox(source, "Sent"));
    addMessage(mailbox(source, "Sent"), letter("new"));
    removeMessages(mailbox(source, "Sent"), ({ uid }) => uid === 101);
    const { code, document } = await check("ada", true, { json: true });
    expect(code).toBe(3);
    const sent = document.server.mailboxes.find(({ path }: { path: string[] }) => path[0] === "Sent");
    expect(sent).toMatchObject({ onServer: 12, inArchive: 11, missing: 1, uncompared: 0, kept: 1 });
  });

  test("are not called equal where keys tell nothing and the content would take long", async () => {
    const isFirst = ({ mailbox: { path }, uid }: FetchedMessage) => path[0] === "Éphémère" && uid % 100 === 1;
    oldServer.script = { onFetch: (message) => (isFirst(message) ? { size: 40_000_000 } : undefined) };
    await begin(nightly);
    renumber(mailbox(source, "Éphémère"));
    const octets = oldServer.messageOctetsSent();
    const { code, stdout } = await check("ada", true);
    expect([code, oldServer.messageOctetsSent()]).toEqual([3, octets]);
    expect(lastLine(stdout)).toMatch(/^INCOMPLETE: 3 messages could not be compared; 62 of 62/);
    expect(stdout).toMatch(/✖ 1 mailbox: not compared\n {2}Why/);
  });
});

test("an account with labels and its archive are compared as they are stored: each message in a mailbox of its own", async () => {
  const messages = [
    { bytes: letter("a"), labels: ["\\Inbox", "Projets"] },
    { bytes: letter("b"), labels: ["Projets"] },
    { bytes: letter("c") },
  ];
  const labelled = createGmailStore("ada", password, messages);
  const server = await startImapServer({ store: labelled, capabilities: gmailCapabilities });
  const account = `{ protocol: imap, host: 127.0.0.1, port: ${server.port}, tls: none, user: ada, password: { env: PW } }`;
  try {
    await writeJobs(nightly);
    await writeFile(at("jobs.yaml"), (await readFile(at("jobs.yaml"), "utf8")).replace(/old: .*/, `old: ${account}`));
    expect((await runJob("nightly")).code).toBe(0);
    const { code, document } = await check("ada", true, { json: true });
    expect(code).toBe(0);
    const sum = (of: string) =>
      document.server.mailboxes.reduce((total: number, row: Record<string, number>) => total + (row[of] ?? 0), 0);
    expect([sum("inArchive"), sum("placed")]).toEqual([4, 2]);
  } finally {
    await server.close();
  }
});

describe("a POP3 account and its archive", () => {
  test("are compared by their UIDLs", async () => {
    await begin(rescue);
    const octets = popServer.messageOctetsSent();
    expect((await check("pop", true)).code).toBe(0);
    expect(popServer.messageOctetsSent()).toBe(octets);
    addMessage(mailbox(source, "INBOX"), letter("a letter of quite another length"));
    const { code, document } = await check("pop", true, { json: true });
    expect(code).toBe(3);
    expect(document.server.mailboxes).toMatchObject([{ onServer: 35, inArchive: 34, missing: 1 }]);
  });

  test("are compared by content where the server has no UIDLs that last", async () => {
    await begin(rescue);
    for (const message of mailbox(source, "INBOX").messages) message.uidl = `new-${message.uid}`;
    expect((await check("pop", true)).code).toBe(0);
  });
});

describe("a job and its target account", () => {
  test("are equal after a run, also with mailboxes under other names and other mail beside it", async () => {
    addMailbox(target, ["Gesendet"], "\\Sent");
    deliverAll(mailbox(target, "INBOX"), "own");
    await begin(move);
    const connections = [oldServer.connections(), newServer.connections()];
    const alone = await check("move", false, { json: true });
    expect(alone.document).toMatchObject({ verdict: "safe", messages: 62, intact: 62, problems: [] });
    expect(oldServer.connections()).toBe(connections[0]);
    const { code, stdout, document } = await check("move", true, { json: true });
    expect([code, stdout.length > 0]).toEqual([0, true]);
    const rows = document.server.mailboxes;
    expect(rows).toContainEqual(expect.objectContaining({ path: ["Gesendet"], source: ["Sent"], inArchive: 12 }));
    expect(document.mailboxes).toContainEqual(expect.objectContaining({ path: ["INBOX"], messages: 34, others: 1 }));
    expect([oldServer.connections(), newServer.connections()]).toEqual([
      (connections[0] ?? 0) + 1,
      (connections[1] ?? 0) + 2,
    ]);
    expect(lastLine((await check("move", true)).stdout)).toBe(
      "SAFE: 62 of 62 messages at the target as stored; all 62 on the server are among them.",
    );
    expect(newServer.log.slice(-200).filter((line) => / (STORE|EXPUNGE|DELETE) /.test(line))).toEqual([]);
  });

  test("name a message that was deleted at the target, and one that is another by now", async () => {
    await begin(move);
    const sent = mailbox(target, "Sent");
    const [gone = expect.fail("empty"), changed = expect.fail("empty"), flipped = expect.fail("empty")] = sent.messages;
    removeMessages(sent, (message) => message === gone);
    changed.bytes = letter("another");
    flipped.bytes = Buffer.from(flipped.bytes);
    flipped.bytes[100] = (flipped.bytes[100] ?? 0) ^ 1;
    const { code, document } = await check("move", false, { json: true });
    expect([code, document.verdict, document.messages, document.intact]).toEqual([3, "incomplete", 62, 59]);
    expect(document.problems).toMatchObject([
      { mailbox: ["Sent"], key: "1", kind: "missing", reason: "not at the target any more" },
      { mailbox: ["Sent"], key: "2", kind: "differing" },
      { mailbox: ["Sent"], key: "3", kind: "differing", reason: "as many octets, but others" },
    ]);
    expect(document.mailboxes).toContainEqual(expect.objectContaining({ path: ["Sent"], missing: 1, differing: 2 }));
    const { stdout } = await check("move", false);
    expect(stdout).toMatch(/✖ 1 message: not at the target any more\n {2}Which {3}Sent: 1\n/);
    expect(lastLine(stdout)).toBe("INCOMPLETE: 59 of 62 messages at the target as stored, 1 missing, 2 differing.");
  });

  test("name every message of a mailbox that was deleted at the target", async () => {
    await begin(move);
    target.mailboxes = target.mailboxes.filter(({ path }) => path[0] !== "Sent");
    const { code, document } = await check("move", false, { json: true });
    expect([code, document.problems.length, document.intact]).toEqual([3, 12, 50]);
  });

  test("take a message for what the target made of it, if that was written down", async () => {
    await writeJobs(move);
    newServer.script = {
      onAppend: ({ bytes, count }) =>
        count === 3 ? { store: Buffer.concat([Buffer.from("X-Added: 1\r\n"), bytes]) } : undefined,
    };
    expect((await runJob("move")).code).toBe(3);
    const { code, document } = await check("move", false, { json: true });
    expect([code, document.intact]).toEqual([0, 62]);
    expect(document.mailboxes.reduce((sum: number, { altered = 0 }) => sum + altered, 0)).toBe(1);
  });

  test("name a message that the target has refused", async () => {
    await writeJobs(move);
    let refused: Buffer | undefined;
    newServer.script = {
      onAppend({ bytes, count }) {
        if (count === 3) refused = bytes;
        return refused?.equals(bytes) ? { no: "NO [LIMIT] no such letters here" } : undefined;
      },
    };
    expect((await runJob("move")).code).toBe(3);
    const { code, document } = await check("move", true, { json: true });
    expect([code, document.problems.length, document.server.missing.length]).toEqual([3, 1, 1]);
    expect(document.problems[0]).toMatchObject({ code: expect.stringMatching(/^M40/) });
    expect(document.server.missing[0].code).toBe(document.problems[0].code);
  });

  test("are recognised by content in a mailbox that was made anew", async () => {
    await begin(move);
    renumber(mailbox(target, "Sent"));
    removeMessages(mailbox(target, "Sent"), ({ uid }) => uid === 102);
    const { code, document } = await check("move", false, { json: true });
    expect([code, document.intact]).toEqual([3, 61]);
    expect(document.notices).toMatchObject([{ code: "S605", mailbox: ["Sent"] }]);
    expect(document.problems).toMatchObject([{ mailbox: ["Sent"], key: "2" }]);
  });

  test("are read to the end where the connection breaks in between", async () => {
    await begin(move);
    newServer.script = { cutAfterOctets: 40_000, cutOnce: true };
    const [connections, octets] = [newServer.connections(), newServer.messageOctetsSent()];
    const { code, document } = await check("move", false, { json: true });
    expect(code).toBe(0);
    expect(newServer.connections() - connections).toBe(2);
    // What was read before is not read once more.
    expect(newServer.messageOctetsSent() - octets).toBeLessThan(document.octets + 20_000);
  });

  test("end at once where they are asked to", async () => {
    await begin(move);
    const stop = new AbortController();
    newServer.script = { onFetch: ({ body }) => void (body && stop.abort(new Stopped("interrupted"))) };
    await expect(check("move", false, { signal: stop.signal })).rejects.toBeInstanceOf(Stopped);
  });

  test("may have an archive as their source", async () => {
    await begin(nightly);
    await begin("name: back, from: { archive: ./ada }, to: { account: new, under: Restored }");
    expect((await check("back", true)).code).toBe(0);
    deliverAll(mailbox(source, "Sent"), "since");
    await writeJobs(nightly, "name: back, from: { archive: ./ada }, to: { account: new, under: Restored }");
    await runJob("nightly");
    const { code, document } = await check("back", true, { json: true });
    expect([code, document.server.missing.length]).toEqual([3, 1]);
    expect(document.server.missing[0].mailbox).toEqual(["Restored", "Sent"]);
  });

  test("compare what came at the source since", async () => {
    await begin(move);
    deliverAll(mailbox(source, "Sent"), "since");
    deliverAll(addMailbox(source, ["Neuf"]), "x");
    const { code, document } = await check("move", true, { json: true });
    expect([code, document.intact]).toEqual([3, 62]);
    expect(document.server.missing.map(({ mailbox: path }: { mailbox: string[] }) => path[0])).toEqual([
      "Sent",
      "Neuf",
    ]);
  });
});

describe("what is to be verified", () => {
  test("is an archive by the name of its job, too", async () => {
    await begin(nightly);
    expect((await check("nightly", false, { json: true })).document).toMatchObject({
      archive: at("ada"),
      messages: 62,
    });
  });

  test("is nothing before a job into an account has run", async () => {
    await writeJobs(move);
    const problem = await check("move", false).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(UsageError);
    expect(newServer.connections()).toBe(0);
  });

  test("is asked for where the name is of neither", async () => {
    await writeJobs(move);
    await expect(check("mvoe", false)).rejects.toThrow(/neither an archive nor a job "mvoe"; did you mean "move"\?/);
    await expect(check(".", false)).rejects.toMatchObject({ code: "D506" });
    await expect(check("./nothing", false)).rejects.toMatchObject({ code: "D506" });
  });
});

describe("the comparison", () => {
  const stored = (key: string, sha256: string, size = 10) => ({ key, sha256, size, place: { file: key }, flags: [] });
  const evidence = (
    refs: readonly MessageRef[],
    lines: Parameters<LedgerContents["apply"]>[0][],
    changes: Partial<Evidence> = {},
  ): Evidence => {
    const known = new LedgerContents(["INBOX"]);
    for (const line of lines) known.apply(line);
    const table = new RefTable();
    for (const one of refs) table.add(one);
    const listing = { refs: table, wanted: table.select(() => true), placed: 0 };
    const inbox = { path: ["INBOX"] };
    return { mailbox: inbox, target: inbox.path, listing, known, keysHold: true, keys: "stable", ...changes };
  };
  const twins = [{ checkpoint: {}, stored: [stored("1", "a"), stored("2", "a")], failed: [] }];
  const ref = (key: string, size = 10): MessageRef => ({ key, size });

  test("takes each of two equal messages once", () => {
    const renumbered = evidence([ref("7"), ref("8"), ref("9")], twins, { keysHold: false });
    expect([...doubtfulOf(renumbered)].map(({ key }) => key)).toEqual(["7", "8", "9"]);
    const digests = new Map(["7", "8", "9"].map((key) => [key, "a"]));
    expect(compareMailbox(renumbered, digests).row).toMatchObject({ inArchive: 2, missing: 1, kept: 0 });
  });

  test("doubts no message of a size that nothing stored has", () => {
    const renumbered = evidence([ref("7"), ref("8", 11)], twins, { keysHold: false });
    expect([...doubtfulOf(renumbered)].map(({ key }) => key)).toEqual(["7"]);
    const { row, missing } = compareMailbox(renumbered, new Map());
    expect(row).toMatchObject({ onServer: 2, uncompared: 1, missing: 1, kept: 1 });
    expect(missing).toMatchObject([{ key: "8" }]);
  });

  test("takes a key never seen before for a message never seen, unless keys are hints", () => {
    const fresh = [ref("1"), ref("3")];
    expect(compareMailbox(evidence(fresh, twins), new Map()).row).toMatchObject({ inArchive: 1, missing: 1, kept: 1 });
    const hinted = compareMailbox(evidence(fresh, twins, { keys: "hints" }), new Map([["3", "a"]]));
    expect(hinted.row).toMatchObject({ inArchive: 2, missing: 0, kept: 0 });
  });

  test("says what differs under one key, and never calls it stored", () => {
    const { row, differing } = compareMailbox(evidence([ref("1", 12), ref("2")], twins), new Map());
    expect(row).toMatchObject({ inArchive: 1, missing: 0, differing: 1, kept: 1 });
    expect(differing).toMatchObject([{ key: "1", reason: "12 octets instead of 10" }]);
  });

  test("has nothing where nothing was ever stored", () => {
    const { row } = compareMailbox(evidence([ref("1")], [], { known: undefined, keysHold: false }), new Map());
    expect(row).toMatchObject({ onServer: 1, inArchive: 0, missing: 1, uncompared: 0, kept: 0 });
  });
});

function deliverAll(box: StoredMailbox, ...words: readonly string[]): void {
  for (const each of words) addMessage(box, letter(each));
}

/** The same messages under other UIDs, from 101 on. */
function renumber(box: StoredMailbox): void {
  box.uidValidity += 1000;
  for (const [index, message] of box.messages.entries()) message.uid = 101 + index;
  box.uidNext = 101 + box.messages.length;
}

/** Every file below the caller's folder, with its octets. */
async function contents(): Promise<Map<string, string>> {
  const names = await readdir(caller.cwd, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, "latin1")] as const)));
}

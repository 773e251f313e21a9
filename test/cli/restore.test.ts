// `mailferry restore` end to end: from an archive on disk to a server on loopback, a folder, an mbox file.

import { mkdtempSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { type RestoreOptions, restore } from "../../src/cli/restore.ts";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore, findMailbox, type MailStore } from "../../src/demo/mail-store.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { runJobs } from "../../src/index.ts";
import { selectNamed } from "../../src/jobs/restore.ts";
import { multiset, readBack, sha256 } from "../support/archives.ts";
import { type Call, type Caller, openCaller } from "../support/in-process.ts";
import { inventory, likenesses } from "../support/inventory.ts";
import { accountOn, jobTo } from "../support/jobs.ts";
import { readersAvailable, readMaildirWithPython, readMboxWithPython } from "../support/readers.ts";

const password = "analytical-engine";
const independent = readersAvailable();

/** Of the demo's account, made once. */
/** Needed by all tests: a folder of `temporaryFolder` goes with the first of them. */
const home = mkdtempSync(join(tmpdir(), "mailferry-test-"));
const archive = join(home, "ada");

let caller: Caller;
let source: MailStore;
let target: MailStore;
let oldServer: ImapServer;
let newServer: ImapServer;

afterAll(() => rm(home, { recursive: true, force: true }));
beforeAll(async () => {
  const server = await startImapServer({ store: createDemoStore("ada", password) });
  const account = accountOn({ protocol: "imap", port: server.port, user: "ada", password });
  const { verdict } = await runJobs([jobTo(archive, "maildir", account)], { concurrency: 4 });
  expect(verdict).toBe("safe");
  await server.close();
});

beforeEach(async () => {
  caller = openCaller(password);
  source = createDemoStore("ada", password);
  target = createMailStore("ada", password);
  [oldServer, newServer] = await Promise.all([startImapServer({ store: source }), startImapServer({ store: target })]);
  const account = (protocol: string, port: number) =>
    `{ protocol: ${protocol}, host: 127.0.0.1, port: ${port}, tls: none, user: ada, password: { env: PW } }`;
  const lines = [
    "version: 1",
    "defaults: { retry: { attempts: 2, maxWait: 10ms } }",
    "accounts:",
    `  old: ${account("imap", oldServer.port)}`,
    `  new: ${account("imap", newServer.port)}`,
    `  pop: ${account("pop3", oldServer.port)}`,
    "jobs:",
    "  - { name: nightly, from: old, to: { archive: ./ada, format: maildir } }",
  ];
  await writeFile(join(caller.cwd, "jobs.yaml"), `${lines.join("\n")}\n`, { mode: 0o600 });
  await cp(archive, at("ada"), { recursive: true });
});

afterEach(() => Promise.all([oldServer.close(), newServer.close()]));

const put = (options: RestoreOptions, call: Call = {}, from = "ada") =>
  caller.call((invocation) => restore(from, options, invocation), call);
const at = (...names: string[]) => join(caller.cwd, ...names);
const login = (server: ImapServer) => ({ port: server.port, user: "ada", password });
const appends = () => newServer.appends();
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

/** Every mailbox of the source is at the target, octets, dates and flags, below `prefix`. */
async function expectAllThere(prefix: string): Promise<void> {
  const [from, to] = [await inventory(login(oldServer)), await inventory(login(newServer))];
  for (const [name, messages] of from) {
    expect(likenesses(to.get(prefix + name) ?? []), name).toEqual(likenesses(messages));
  }
}

describe("into an account", () => {
  test("puts everything below a new mailbox, and a second time sends nothing", async () => {
    const { code, stdout } = await put({ to: "new" });
    expect([code, lastLine(stdout)]).toEqual([0, expect.stringMatching(/^SAFE: all 62 messages are at the target/)]);
    await expectAllThere("Restored/");
    expect(findMailbox(target, ["INBOX"])?.messages).toEqual([]);

    const sent = appends();
    const second = await put({ to: "new" }, { json: true });
    expect(second.document).toMatchObject({ v: 1, command: "restore", verdict: "safe", exit: { code: 0, name: "ok" } });
    expect(second.document.jobs).toMatchObject([{ name: "restore ada", messages: { copied: 0, settled: 62 } }]);
    expect(appends()).toBe(sent);
  });

  test("with --into puts it into the mailboxes themselves", async () => {
    expect((await put({ to: "new", into: true })).code).toBe(0);
    await expectAllThere("");
    expect([...(await inventory(login(newServer))).keys()].some((name) => name.startsWith("Restored"))).toBe(false);
  });

  test("brings the named mailboxes alone, by exact name or by glob", async () => {
    expect((await put({ to: "new", mailbox: ["inbox", "Projets/**"] })).code).toBe(0);
    const found = await inventory(login(newServer));
    expect([...found].flatMap(([name, { length }]) => (length > 0 ? [`${name} ${length}`] : [])).sort()).toEqual([
      "Restored/INBOX 34",
      "Restored/Projets/2026 9",
    ]);
  });

  test("brings what arrived since a day", async () => {
    const since = source.mailboxes
      .flatMap(({ messages }) => messages.map(({ internalDate }) => internalDate))
      .sort((a, b) => Number(a) - Number(b))[40];
    const wanted = source.mailboxes
      .flatMap(({ messages }) => messages)
      .filter((one) => since && one.internalDate >= since);
    const { document } = await put({ to: "new", since: since?.toISOString() }, { json: true });
    expect(document.jobs).toMatchObject([{ messages: { copied: wanted.length } }]);
    expect(wanted.length).toBeLessThan(62);
  });

  test("goes on where it was cut off, and nothing is there twice", async () => {
    newServer.script = {
      onAppend: ({ count }) => (count > 20 ? "lost-answer" : undefined),
      greeting: () => (appends() > 20 ? "* BYE going down" : undefined),
    };
    const first = await put({ to: "new" });
    expect(first.code).toBe(5);
    expect(first.stdout).toMatch(/\nINCOMPLETE: stopped before the end/);
    const before = appends();
    expect(before).toBeGreaterThanOrEqual(20);
    expect(before).toBeLessThan(62);
    newServer.script = {};
    const second = await put({ to: "new" });
    expect(second.code).toBe(0);
    await expectAllThere("Restored/");
    expect(appends()).toBe(62);
  });

  test("stops when it is asked to, and goes on in the next run", async () => {
    const stop = new AbortController();
    newServer.script = { afterAppend: ({ count }) => void (count === 10 && stop.abort(new Error("enough"))) };
    expect((await put({ to: "new" }, { signal: stop.signal })).code).toBe(130);
    newServer.script = {};
    expect((await put({ to: "new" })).code).toBe(0);
    await expectAllThere("Restored/");
    expect(appends()).toBe(62);
  });

  test("rehearses with --dry-run, and writes nothing", async () => {
    const before = (await readdir(caller.cwd, { recursive: true })).sort();
    const { code, stdout } = await put({ to: "new" }, { dryRun: true });
    expect([code, lastLine(stdout)]).toEqual([0, expect.stringMatching(/^REHEARSAL: 62 messages would be copied/)]);
    expect((await readdir(caller.cwd, { recursive: true })).sort()).toEqual(before);
    expect(newServer.log.filter((line) => /APPEND|CREATE|STORE/.test(line))).toEqual([]);
  });
});

describe("into a folder", () => {
  test("writes a Maildir with a folder for each mailbox, and the second time nothing", async () => {
    expect((await put({ to: "./out" })).code).toBe(0);
    expect((await readdir(at("out"))).filter((name) => name.startsWith(".")).sort()).toEqual(
      (await readdir(at("ada", "maildir"))).filter((name) => name.startsWith(".")).sort(),
    );
    if (independent) {
      const letters = readMaildirWithPython(at("out")).map(({ bytes }) => sha256(bytes));
      const kept = readMaildirWithPython(at("ada", "maildir")).map(({ bytes }) => sha256(bytes));
      expect(letters.sort()).toEqual(kept.sort());
    }
    const files = (await readdir(at("out"), { recursive: true })).sort();
    const second = await put({ to: "./out" }, { json: true });
    expect(second.document.jobs).toMatchObject([{ messages: { copied: 0, settled: 62 } }]);
    expect((await readdir(at("out"), { recursive: true })).sort()).toEqual(files);
  });

  test("what it wrote can be restored in its turn", async () => {
    await put({ to: "./out" });
    expect((await put({ to: "new", into: true }, {}, "out")).code).toBe(0);
    const found = await inventory(login(newServer));
    const digests = [...found].flatMap(([mailbox, held]) => held.map((one) => ({ mailbox, sha256: one.sha256 })));
    const kept = await readBack(at("ada"));
    const inBoth = new Set(multiset(kept));
    // A plain Maildir does not tell which line ends a message had: only the few with odd ones come back another way.
    expect(multiset(digests).filter((line) => inBoth.has(line)).length).toBeGreaterThan(50);
    expect(digests.length).toBe(kept.length);
  });

  test("goes on where it was stopped", async () => {
    const stop = new AbortController();
    const heard = (text: string) => {
      if (/"batch-committed".*"stored":[1-9]/.test(text)) stop.abort(new Error("enough"));
    };
    expect((await put({ to: "./out" }, { events: true, heard, signal: stop.signal })).code).toBe(130);
    const { document } = await put({ to: "./out" }, { json: true });
    const [{ verdict, messages }] = document.jobs;
    expect([verdict, messages.settled + messages.copied]).toEqual(["safe", 62]);
    expect(messages.settled).toBeGreaterThan(0);
    const letters = (await readdir(at("out"), { recursive: true })).filter((name) => /cur\/./.test(name));
    expect(letters.length).toBe(62);
  });

  test("puts everything back again where all of it was removed", async () => {
    await put({ to: "./out", mailbox: ["Sent"] });
    await rm(at("out"), { recursive: true });
    const rehearsal = await put({ to: "./out", mailbox: ["Sent"] }, { dryRun: true, json: true });
    expect(rehearsal.document.jobs).toMatchObject([{ mailboxes: [{ missing: 12 }] }]);
    const { document } = await put({ to: "./out", mailbox: ["Sent"] }, { json: true });
    expect(document.jobs).toMatchObject([{ verdict: "safe", messages: { copied: 12 } }]);
    expect((await readdir(at("out", ".Sent", "cur"))).length).toBe(12);
  });

  test("leaves a folder alone that has something else in it", async () => {
    await mkdir(at("mine"));
    await writeFile(at("mine", "letter.txt"), "dear");
    await expect(put({ to: "./mine" })).rejects.toMatchObject({ code: "D506" });
    await expect(put({ to: "./mine", into: true })).rejects.toMatchObject({ code: "D506" });
    expect(await readdir(at("mine"))).toEqual(["letter.txt"]);
  });

  test("adds to a Maildir that is there with --into alone", async () => {
    for (const name of ["cur", "new", "tmp"]) await mkdir(at("mail", name), { recursive: true });
    await writeFile(at("mail", "cur", "1.own.host:2,S"), "Subject: own\n\nown\n");
    await expect(put({ to: "./mail" })).rejects.toMatchObject({ code: "D506" });
    expect(await readdir(at("mail", "cur"))).toEqual(["1.own.host:2,S"]);
    expect((await put({ to: "./mail", into: true })).code).toBe(0);
    expect((await readdir(at("mail", "cur"))).length).toBe(35);
    expect((await put({ to: "./mail" })).code).toBe(0);
  });

  test("is no place within the archive, nor one around it", async () => {
    await expect(put({ to: "./ada/out" })).rejects.toThrow(UsageError);
    await expect(put({ to: "." })).rejects.toThrow(UsageError);
  });
});

describe("into an mbox file", () => {
  test("writes one mailbox", async () => {
    expect((await put({ to: "sent.mbox", mailbox: ["Sent"] })).code).toBe(0);
    const mbox = await readFile(at("sent.mbox"), "latin1");
    expect(mbox.match(/^From /gm)).toHaveLength(12);
    if (independent) {
      const wanted = findMailbox(source, ["Sent"])?.messages.map(({ bytes }) =>
        sha256(Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1")),
      );
      expect(readMboxWithPython(at("sent.mbox")).map(sha256).sort()).toEqual(wanted?.sort());
    }
    const again = await put({ to: "sent.mbox", mailbox: ["Sent"] }, { json: true });
    expect(again.document.jobs).toMatchObject([{ verdict: "safe", messages: { copied: 0 } }]);
    expect(await readFile(at("sent.mbox"), "latin1")).toBe(mbox);
  });

  test("asks for the mailbox where there are several, and names them", async () => {
    const problem = await put({ to: "all.mbox" }).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(UsageError);
    expect(String(problem)).toMatch(/--mailbox.*INBOX.*Projets\/2026/);
  });

  test("does not write into a file that holds something already, be it another mailbox of the archive", async () => {
    await writeFile(at("mine.mbox"), "From me Thu Jan  1 00:00:00 2026\n\nown\n\n");
    await expect(put({ to: "mine.mbox", mailbox: ["Sent"] })).rejects.toMatchObject({ code: "D506" });
    await put({ to: "sent.mbox", mailbox: ["Sent"] });
    const mbox = await readFile(at("sent.mbox"));
    await expect(put({ to: "sent.mbox", mailbox: ["Trash"] })).rejects.toMatchObject({ code: "D506" });
    expect(await readFile(at("sent.mbox"))).toEqual(mbox);
  });
});

describe("from mail that mailferry did not write", () => {
  test.each([
    ["a Maildir", "maildir", () => cp(at("ada", "maildir"), at("plain"), { recursive: true })],
    ["an mbox file", "mbox", () => writeFile(at("plain"), "From a Thu Jan  1 00:00:00 2026\nSubject: x\n\nx\n")],
  ])("recognises %s", async (_, kind, make) => {
    await make();
    const { code, document } = await put(
      { to: "new", mailbox: kind === "mbox" ? ["*"] : ["Sent"] },
      { json: true },
      "plain",
    );
    expect(code).toBe(0);
    expect(document.jobs).toMatchObject([{ verdict: "safe", messages: { copied: kind === "mbox" ? 1 : 12 } }]);
  });

  test("recognises a folder of mbox files, also where they lie below it", async () => {
    await put({ to: "tree/Projets/2026.mbox", mailbox: ["Projets/2026"] });
    const { document } = await put({ to: "new" }, { json: true }, "tree");
    expect(document.jobs).toMatchObject([{ mailboxes: [{ source: ["Projets", "2026"], inArchive: 9 }] }]);
  });

  test.each([
    ["nothing", async () => undefined, /there is nothing here/],
    ["an empty folder", () => mkdir(at("plain")), /no archive, no mbox file and no Maildir/],
    ["a file of another kind", () => writeFile(at("plain"), "PK\x03\x04"), /no mbox file/],
    [
      "a folder of archives",
      () => cp(at("ada"), at("plain", "ada"), { recursive: true }),
      /a folder with archives in it/,
    ],
  ])("says that %s is no mail", async (_, make, words) => {
    await make();
    const problem = await put({ to: "new" }, {}, "plain").catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "D506", message: expect.stringMatching(words) });
    expect(newServer.connections()).toBe(0);
  });
});

describe("a mailbox by its name", () => {
  const paths = [["INBOX"], ["a*b"], ["a/b"], ["a", "b"], ["\\Sent"], ["axb"], ["Sent", "Old"]];
  const mailboxes = paths.map((path) => ({ path }));
  const chosen = (...names: string[]) => selectNamed(names, mailboxes).chosen.map(({ path }) => path);

  test.each([
    [["inbox"], [["INBOX"]]],
    [["\\Sent"], [["\\Sent"]]],
    [["Sent/*"], [["Sent", "Old"]]],
    [[], paths],
  ])("%j leads to %j", (names, expected) => {
    expect(chosen(...names)).toEqual(expected);
  });

  test("is meant as it is before it is a glob, whatever is in it", () => {
    expect(chosen("a*b")).toContainEqual(["a*b"]);
    expect(chosen("a/b")).toEqual(expect.arrayContaining([["a/b"], ["a", "b"]]));
    expect(chosen("a*b", "a/b")).not.toContainEqual(["Sent", "Old"]);
  });
});

describe("what it is told", () => {
  test.each([
    [{ to: "nwe" }, /no account "nwe"; did you mean "new"\?/],
    [{ to: "elsewhere" }, /no account "elsewhere"; the job file has: old, new, pop.*\.\/elsewhere/],
    [{ to: "pop" }, /POP3/],
    [{ to: "new", since: "yesterday" }, /"yesterday" is not a date/],
    [{ to: "new", mailbox: ["Snet"] }, /"Snet" is not among its mailboxes; did you mean "Sent"\?/],
    [{ to: "new", mailbox: ["\\Junk"] }, /is not among its mailboxes; it has: INBOX/],
    [{ to: "new", mailbox: ["a//b"] }, /is not a pattern/],
    [{ to: "x.mbox", into: true as const, mailbox: ["Sent"] }, /--into/],
  ])("%j is a usage error before anybody logs in", async (options: RestoreOptions, words) => {
    const problem = await put(options).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(UsageError);
    expect(String(problem)).toMatch(words);
    expect(newServer.connections()).toBe(0);
  });

  test("needs no job file for a folder, and a valid one for an account", async () => {
    await writeFile(at("jobs.yaml"), "version: 7\n", { mode: 0o600 });
    await expect(put({ to: "new" })).rejects.toMatchObject({ code: "C701" });
    expect((await put({ to: "./out" })).code).toBe(0);
    await rm(at("jobs.yaml"));
    await expect(put({ to: "new" })).rejects.toThrow(/there is no job file/);
    expect((await put({ to: "./more" })).code).toBe(0);
  });
});

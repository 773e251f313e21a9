// Every source into every sink, on the scripted servers: what a user would notice over several nights.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, findMailbox, type MailStore } from "../src/demo/mail-store.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { type Job, type JobReport, type RunOptions, runJobs } from "../src/index.ts";
import { readBack } from "./support/archives.ts";
import { accountOn, jobTo, routes, temporaryFolder } from "./support/jobs.ts";

const letter = (subject: string, lines = 3) =>
  `Subject: ${subject}\r\n\r\n${`${subject} says hello\r\n`.repeat(lines)}`;

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;
let archive: string;

beforeEach(async () => {
  store = createMailStore("ada", "canary-matrix-51c2");
  const inbox = addMailbox(store, ["INBOX"]);
  for (const subject of ["one", "two", "three", "twin", "twin"]) addMessage(inbox, letter(subject));
  imap = await startImapServer({ store });
  pop3 = await startPop3Server({ store });
  archive = temporaryFolder();
});
afterEach(async () => {
  await imap.close();
  await pop3.close();
});

const inbox = () => addMailbox(store, ["INBOX"]);

function jobFor(protocol: "imap" | "pop3", format: "mbox" | "maildir", changes: Partial<Job> = {}): Job {
  const { port } = protocol === "imap" ? imap : pop3;
  return jobTo(archive, format, accountOn({ protocol, port, user: store.user, password: store.password }), changes);
}

async function run(job: Job, options: Partial<RunOptions> = {}): Promise<JobReport> {
  const { jobs } = await runJobs([job], { concurrency: 4, ...options });
  if (jobs[0] === undefined) throw new Error("no report");
  for (const { onServer, inArchive, missing } of jobs[0].mailboxes) expect(onServer).toBe(inArchive + missing);
  return jobs[0];
}

/** The subjects in the archive, sorted; a message stored twice is there twice. */
async function subjects(): Promise<string[]> {
  const all = await readBack(archive);
  const known = new Map<string, string>();
  const { sha256 } = await import("./support/archives.ts");
  for (const mailbox of store.mailboxes) {
    for (const { bytes } of mailbox.messages) {
      known.set(sha256(bytes), /Subject: (.*)\r\n/.exec(bytes.toString())?.[1] ?? "?");
    }
  }
  return all.map((message) => known.get(message.sha256) ?? "gone").sort();
}

const everything = ["one", "three", "twin", "twin", "two"];

describe.each(routes)("$protocol to $format", ({ protocol, format }) => {
  const server = () => (protocol === "imap" ? imap : pop3);

  it("brings everything, then only what is new", async () => {
    expect(await run(jobFor(protocol, format))).toMatchObject({
      verdict: "safe",
      exit: { code: 0 },
      messages: { copied: 5, settled: 0, failed: 0 },
      verified: { checked: 5, intact: 5 },
    });
    expect(await subjects()).toEqual(everything);

    const sent = server().messageOctetsSent();
    expect(await run(jobFor(protocol, format))).toMatchObject({ octets: 0, messages: { copied: 0, settled: 5 } });
    expect(server().messageOctetsSent()).toBe(sent);

    addMessage(inbox(), letter("four"));
    expect(await run(jobFor(protocol, format))).toMatchObject({
      octets: letter("four").length,
      messages: { copied: 1, settled: 5 },
    });
    expect(await subjects()).toEqual(["four", ...everything]);
  });

  it("keeps what the server has lost, and says so", async () => {
    await run(jobFor(protocol, format));
    const [first] = inbox().messages.splice(0, 1);
    const report = await run(jobFor(protocol, format));
    expect(report.mailboxes[0]).toMatchObject({ onServer: 4, inArchive: 4, kept: 1, missing: 0 });
    inbox().messages.unshift(first as NonNullable<typeof first>);
    expect(await subjects()).toEqual(everything);
  });

  it("recognises by content what comes under new keys, twins included", async () => {
    await run(jobFor(protocol, format));
    inbox().uidValidity += 1;
    for (const [n, message] of inbox().messages.entries()) {
      message.uid = n + 101;
      message.uidl = `other-${n}`;
    }
    inbox().uidNext = 200;
    addMessage(inbox(), letter("twin"));
    addMessage(inbox(), letter("four"));
    const events: string[] = [];
    const report = await run(jobFor(protocol, format), { report: ({ type }) => events.push(type) });
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 2, settled: 5 } });
    // A POP3 server does not tell that its UIDLs are others.
    expect(events.includes("keys-void")).toBe(protocol === "imap");
    expect(await subjects()).toEqual(["four", ...everything, "twin"].sort());
    expect(await run(jobFor(protocol, format))).toMatchObject({ octets: 0, messages: { copied: 0, settled: 7 } });
  });

  it("settles twins for good, whichever of them was recognised as which", async () => {
    const arrive = (day: number) =>
      addMessage(inbox(), letter("twin"), { internalDate: new Date(Date.UTC(2020, 0, day)) });
    arrive(1);
    await run(jobFor(protocol, format));
    arrive(2);
    for (const generation of [1, 2]) {
      inbox().uidValidity += 1;
      for (const [n, message] of inbox().messages.entries()) {
        message.uid = 1000 * generation + n;
        message.uidl = `${generation}-${n}`;
        message.internalDate = new Date(message.internalDate.getTime() + 1000);
      }
      inbox().uidNext += 3000;
      expect(await run(jobFor(protocol, format))).toMatchObject({ verdict: "safe" });
      expect(await run(jobFor(protocol, format))).toMatchObject({ verdict: "safe", octets: 0 });
    }
    expect(await subjects()).toEqual([...everything, "twin", "twin"].sort());
  });

  it("notices a key that names another message now", async () => {
    await run(jobFor(protocol, format));
    const [first] = inbox().messages;
    const old = first?.bytes ?? Buffer.alloc(0);
    if (first !== undefined) first.bytes = Buffer.from(letter("reused", 9));
    expect(await run(jobFor(protocol, format))).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
    expect((await readBack(archive)).length).toBe(6);
    expect(await subjects()).toEqual(["gone", "reused", "three", "twin", "twin", "two"]);
    expect(old.length).toBeGreaterThan(0);
    expect(await run(jobFor(protocol, format))).toMatchObject({ octets: 0 });
  });

  it("goes on after a connection that breaks again and again", async () => {
    for (let n = 0; n < 60; n++) addMessage(inbox(), letter(`many ${n}`, 40));
    server().script.cutAfterOctets = 20_000;
    const report = await run(jobFor(protocol, format, { retry: { attempts: 2, maxWaitMs: 0 } }));
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 65, failed: 0 } });
    expect((await subjects()).length).toBe(65);
    expect(server().connections()).toBeGreaterThanOrEqual(3);
  });

  it("tries a refused password once and says the server's words", async () => {
    const { port } = server();
    const wrong = accountOn({ protocol, port, user: "ada", password: "wrong-5eba" });
    const report = await run({ ...jobFor(protocol, format), from: wrong });
    expect(report).toMatchObject({ verdict: "failed", exit: { code: 4 }, error: { code: "A201" } });
    expect(report.error?.message).toMatch(/invalid credentials|authentication failed/i);
    expect(server().connections()).toBe(1);
    expect(JSON.stringify(report)).not.toContain("wrong-5eba");
  });

  it("stops when asked to, and the next run goes on", async () => {
    for (let n = 0; n < 40; n++) addMessage(inbox(), letter(`many ${n}`, 40));
    const stop = new AbortController();
    let read = 0;
    const stopped = await run(jobFor(protocol, format), {
      signal: stop.signal,
      report: (event) => {
        if (event.type !== "octets-read") return;
        read += event.octets;
        if (read > 10_000) stop.abort();
      },
    });
    expect(stopped).toMatchObject({ verdict: "incomplete", exit: { code: 130 } });
    const report = await run(jobFor(protocol, format));
    expect(report).toMatchObject({ verdict: "safe" });
    expect(report.messages.copied + stopped.messages.copied).toBe(45);
    expect((await subjects()).length).toBe(45);
  });

  it("writes nothing in a rehearsal", async () => {
    const { readdirSync } = await import("node:fs");
    const report = await run(jobFor(protocol, format), { dryRun: true });
    expect(report).toMatchObject({ verdict: "rehearsal", exit: { code: 0 }, octets: 0 });
    expect(report.mailboxes[0]).toMatchObject({ onServer: 5, inArchive: 0, missing: 5 });
    expect(readdirSync(archive)).toEqual([]);
    expect(server().messageOctetsSent()).toBe(0);
  });
});

describe("a message that the server can't deliver", () => {
  it("is listed by mailbox and UID, the rest goes on, and it is tried again in the next run", async () => {
    imap.script = { onFetch: ({ uid, body }) => (body && uid === 2 ? "nil" : undefined) };
    const report = await run(jobFor("imap", "maildir"));
    expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 3 }, messages: { copied: 4, failed: 1 } });
    expect(report.failures).toMatchObject([{ code: "M401", mailbox: ["INBOX"], key: "2" }]);
    imap.script = {};
    expect(await run(jobFor("imap", "maildir"))).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
    expect(await subjects()).toEqual(everything);
  });

  it("is listed by UIDL", async () => {
    pop3.script.onCommand = (command) => (command === "RETR 2" ? { reply: "-ERR disk error\r\n" } : undefined);
    const report = await run(jobFor("pop3", "mbox"));
    expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 3 }, messages: { copied: 4, failed: 1 } });
    expect(report.failures).toMatchObject([{ code: "M401", key: inbox().messages[1]?.uidl }]);
    expect(report.failures[0]?.reason).toContain("disk error");
    pop3.script.onCommand = undefined;
    expect(await run(jobFor("pop3", "mbox"))).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
  });
});

describe("a message on which the connection breaks every time", () => {
  const five = { attempts: 5, maxWaitMs: 0 };

  it("is set aside and named, and the others arrive, over IMAP", async () => {
    imap.script.onFetch = ({ uid, body }) => (body && uid === 3 ? { cutAfter: 10 } : undefined);
    const report = await run(jobFor("imap", "maildir", { retry: five }));
    expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 3 }, messages: { copied: 4, failed: 1 } });
    expect(report.failures).toMatchObject([{ code: "M401", mailbox: ["INBOX"], key: "3" }]);
    imap.script.onFetch = undefined;
    expect(await run(jobFor("imap", "maildir"))).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
    expect(await subjects()).toEqual(everything);
  });

  it("is set aside and named, and the others arrive, over POP3", async () => {
    pop3.script.onCommand = (command) => (command === "RETR 3" ? "drop" : undefined);
    const report = await run(jobFor("pop3", "mbox", { retry: five }));
    expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 3 }, messages: { copied: 4, failed: 1 } });
    expect(report.failures).toMatchObject([{ code: "M401", key: inbox().messages[2]?.uidl }]);
  });

  it("is not looked for for ever where every message breaks it", async () => {
    for (let n = 0; n < 20; n++) addMessage(inbox(), letter(`many ${n}`));
    imap.script.onFetch = ({ body }) => (body ? { cutAfter: 10 } : undefined);
    const report = await run(jobFor("imap", "mbox", { retry: five }));
    expect(report).toMatchObject({ verdict: "incomplete", exit: { code: 5 }, messages: { copied: 0 } });
    expect(imap.connections()).toBeLessThan(25);
  });
});

describe("a POP3 server without reliable UIDLs", () => {
  it("doubles nothing where there is no UIDL at all", async () => {
    await pop3.close();
    pop3 = await startPop3Server({ store, capabilities: { uidl: false } });
    expect(await run(jobFor("pop3", "maildir"))).toMatchObject({ messages: { copied: 5 } });
    inbox().messages.shift();
    addMessage(inbox(), letter("twin"));
    expect(await run(jobFor("pop3", "maildir"))).toMatchObject({
      verdict: "safe",
      messages: { copied: 1, settled: 4 },
    });
    expect((await readBack(archive)).length).toBe(6);
  });

  it("brings every message where two share a UIDL", async () => {
    pop3.script.uidl = (number) => (number <= 3 ? "same" : `u${number}`);
    expect(await run(jobFor("pop3", "mbox"))).toMatchObject({ messages: { copied: 5 } });
    expect(await run(jobFor("pop3", "mbox"))).toMatchObject({ verdict: "safe", messages: { copied: 0, settled: 5 } });
    expect(await subjects()).toEqual(everything);
  });

  it("takes hostile UIDLs for what they are: names", async () => {
    const names = ["__proto__", "constructor", "../../etc/passwd", "\\'\"", "hasOwnProperty"];
    pop3.script.uidl = (number) => names[number - 1] ?? "";
    expect(await run(jobFor("pop3", "maildir"))).toMatchObject({ messages: { copied: 5 } });
    expect(await run(jobFor("pop3", "maildir"))).toMatchObject({ octets: 0, messages: { settled: 5 } });
  });
});

describe("which mail a job carries", () => {
  beforeEach(() => {
    for (const path of [["Sent"], ["Junk", "old"], ["Projets", "2026"], ["__proto__"], ["..", "x"]]) {
      addMessage(addMailbox(store, path), letter(path.join(" ")));
    }
    addMessage(addMailbox(store, ["Spam"], "\\Junk"), letter("spam"));
  });

  it("follows include, exclude and map", async () => {
    const mailboxes: Job["mailboxes"] = {
      include: ["*"],
      exclude: ["Junk/**", "\\Junk", "INBOX"],
      map: [["Projets/**", "Archive/Projets/**"]],
    };
    const report = await run(jobFor("imap", "maildir", { mailboxes }));
    expect(report.mailboxes.map(({ path }) => path.join("/")).sort()).toEqual([
      "../x",
      "Archive/Projets/2026",
      "Sent",
      "__proto__",
    ]);
    expect((await readBack(archive)).length).toBe(4);
  });

  it("leaves out what a filter leaves out, and counts it apart", async () => {
    addMessage(inbox(), letter("old"), { internalDate: new Date("2009-01-01") });
    addMessage(inbox(), letter("long", 500));
    const filter = { since: new Date("2015-01-01"), maxSize: 5000 };
    const report = await run(jobFor("imap", "mbox", { filter }));
    expect(report.mailboxes[0]).toMatchObject({ path: ["INBOX"], onServer: 5, inArchive: 5, filtered: 2, missing: 0 });
  });

  it("keeps flags, keywords and dates in the ledger", async () => {
    const internalDate = new Date("2001-09-09T01:46:40Z");
    addMessage(inbox(), letter("flagged"), { flags: ["\\Seen", "$Junk", "__proto__"], internalDate });
    await run(jobFor("imap", "mbox"));
    expect((await readBack(archive)).find(({ key }) => key === "6")).toMatchObject({
      flags: ["$Junk", "\\Seen", "__proto__"],
      internalDate,
    });
  });
});

describe("nothing at the source changes", () => {
  it("sends no command that could change anything", async () => {
    await run(jobFor("imap", "maildir"));
    archive = temporaryFolder();
    await run(jobFor("pop3", "mbox"));
    expect(imap.log.join("\n")).not.toMatch(/\b(SELECT|STORE|EXPUNGE|APPEND|CREATE|DELETE|MOVE|COPY|BODY\[)/);
    expect(pop3.log.join("\n")).not.toMatch(/DELE/);
    expect(findMailbox(store, ["INBOX"])?.messages.every(({ flags }) => flags.length === 0)).toBe(true);
  });
});

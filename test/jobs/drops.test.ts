// A server that drops every connection after fifty messages, and refuses every other one besides: with a second attempt and no
// more, all arrives, as long as each attempt that comes through achieves something.

import { afterEach, describe, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMessage,
  createMailStore,
  findMailbox,
  type MailStore,
  type StoredMailbox,
} from "../../src/demo/mail-store.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import { type Job, runJobs } from "../../src/index.ts";
import { multiset, readBack, sha256 } from "../support/archives.ts";
import { digestsServed } from "../support/crossing.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { letter, moveTo, runMove, startHouses } from "../support/moves.ts";

const drops = 50;
const messages = 130;
const retry = { attempts: 2, maxWaitMs: 0 };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function fill(store: MailStore): StoredMailbox {
  const inbox = findMailbox(store, ["INBOX"]);
  if (inbox === undefined) throw new Error("there is no INBOX");
  for (let n = 1; n <= messages; n += 1) addMessage(inbox, letter(`number ${n}`));
  return inbox;
}

/** True for what is asked on a connection after it has had its fifty. */
function counter(): (connection: number) => boolean {
  const seen = new Map<number, number>();
  return (connection) => {
    seen.set(connection, (seen.get(connection) ?? 0) + 1);
    return (seen.get(connection) ?? 0) > drops;
  };
}

const isRefused = (connection: number) => connection % 2 === 0;
const refusing = (connection: number) => (isRefused(connection) ? "* BYE not just now" : undefined);

async function run(job: Job) {
  const { jobs } = await runJobs([job], { concurrency: 2 });
  const [report] = jobs;
  if (report === undefined) throw new Error("there is no report");
  return report;
}

async function startImap(): Promise<{ server: ImapServer; store: MailStore }> {
  const store = createMailStore("ada", "secret-of-ada");
  const isOver = counter();
  const server = await startImapServer({
    store,
    script: {
      greeting: refusing,
      onFetch: ({ body, connection }) => (body && isOver(connection) ? { cutAfter: 10 } : undefined),
    },
  });
  closing.push(server.close);
  return { server, store };
}

async function startPop3(): Promise<{ server: Pop3Server; store: MailStore }> {
  const store = createMailStore("ada", "secret-of-ada");
  const isOver = counter();
  const server = await startPop3Server({ store });
  server.script.onCommand = (command) => {
    const connection = server.connections();
    if (command === "CAPA" && isRefused(connection)) return "drop";
    return command.startsWith("RETR") && isOver(connection) ? "drop" : undefined;
  };
  closing.push(server.close);
  return { server, store };
}

describe("an account that drops its connections", () => {
  it.each([
    ["imap", 1],
    // Every other one is refused: what lists and what fetches need two.
    ["imap", 2],
    ["pop3", 1],
  ] as const)("is archived whole, over %s and %i connections", async (protocol, connections) => {
    const { server, store } = await (protocol === "imap" ? startImap() : startPop3());
    fill(store);
    const archive = temporaryFolder();
    const account = accountOn({ protocol, port: server.port, ...store }, { connections });
    const report = await run(jobTo(archive, "mbox", account, { retry }));
    expect(report.verdict, JSON.stringify(report.error)).toBe("safe");
    expect(report.messages).toMatchObject({ copied: messages, failed: 0 });
    expect(multiset(await readBack(archive))).toEqual(digestsServed(store, protocol));
    expect(server.connections()).toBeGreaterThan(messages / drops);
  });

  it("goes on where it was: what has arrived is not asked for again", async () => {
    const { server, store } = await startPop3();
    fill(store);
    const account = accountOn({ protocol: "pop3", port: server.port, ...store });
    await run(jobTo(temporaryFolder(), "mbox", account, { retry }));
    const answered = new Map<string, number>();
    for (const command of server.log)
      if (command.startsWith("RETR")) answered.set(command, (answered.get(command) ?? 0) + 1);
    // The one at which the connection was dropped is asked for twice.
    expect([...answered.values()].filter((times) => times > 2)).toEqual([]);
    expect([...answered.values()].filter((times) => times > 1).length).toBeLessThanOrEqual(messages / drops);
  });

  it("is archived whole although its numbers shift between two sessions, as mail is deleted elsewhere", async () => {
    const { server, store } = await startPop3();
    const inbox = fill(store);
    const before = [...inbox.messages];
    const archive = temporaryFolder();
    const account = accountOn({ protocol: "pop3", port: server.port, ...store });
    const { onCommand } = server.script;
    server.script.onCommand = (command) => {
      // Between the first session and the next: the first ten, which have arrived, and ten that have not.
      if (command === "CAPA" && server.connections() === 2) inbox.messages.splice(0, 10);
      if (command === "CAPA" && server.connections() === 3) inbox.messages.splice(60, 10);
      return onCommand?.(command);
    };
    const report = await run(jobTo(archive, "mbox", account, { retry }));
    expect(report.verdict, JSON.stringify(report.error)).toBe("safe");
    const there = (await readBack(archive)).map((message) => message.sha256).sort();
    const left = new Set([...before.slice(0, 50), ...inbox.messages]);
    expect(there).toEqual([...left].map(({ bytes }) => sha256(bytes)).sort());
  });

  it("is archived whole under new UIDLs too, where nothing is stored but all is recognised", async () => {
    const { server, store } = await startPop3();
    const inbox = fill(store);
    const archive = temporaryFolder();
    const account = accountOn({ protocol: "pop3", port: server.port, ...store });
    expect((await run(jobTo(archive, "mbox", account, { retry }))).verdict).toBe("safe");
    for (const message of inbox.messages) message.uidl = `new-${message.uidl}`;
    const report = await run(jobTo(archive, "mbox", account, { retry }));
    expect(report.verdict, JSON.stringify(report.error)).toBe("safe");
    expect(report.messages.copied).toBe(0);
    expect(multiset(await readBack(archive))).toEqual(digestsServed(store, "pop3"));
  });

  it("is given up where it names no messages: what is recognised again and again is no progress", async () => {
    const store = createMailStore("ada", "secret-of-ada");
    const isOver = counter();
    const server = await startPop3Server({ store, capabilities: { uidl: false } });
    closing.push(server.close);
    server.script.onCommand = (command) =>
      command.startsWith("RETR") && isOver(server.connections()) ? "drop" : undefined;
    fill(store);
    const account = accountOn({ protocol: "pop3", port: server.port, ...store });
    const report = await run(jobTo(temporaryFolder(), "mbox", account, { retry: { attempts: 3, maxWaitMs: 0 } }));
    expect(report).toMatchObject({ exit: { name: "temporary" }, messages: { copied: drops } });
    expect(server.connections()).toBeLessThan(12);
  });

  it.each([["UIDPLUS"], ["LITERAL+"], ["LITERAL+ MULTIAPPEND UIDPLUS"]])(
    "is filled whole, where it offers %s",
    async (offers) => {
      const isOver = counter();
      const houses = await startHouses({
        capabilities: ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT", ...offers.split(" ")],
        script: {
          greeting: refusing,
          onAppend: ({ connection }) => (isOver(connection) ? "cut-before-store" : undefined),
        },
      });
      closing.push(houses.close);
      const inbox = fill(houses.old.store);
      const to = { ...houses.new.account, connections: 2, timeoutMs: 500 };
      // What was sent before the connection was lost is known only when the next one is there.
      const move = moveTo(to, houses.old.account, { retry: { attempts: 3, maxWaitMs: 0 } });
      const report = await runMove(move, temporaryFolder());
      expect(report.verdict, JSON.stringify(report.error)).toBe("safe");
      const there = findMailbox(houses.new.store, ["INBOX"])?.messages.map(({ bytes }) => sha256(bytes));
      expect(there?.sort()).toEqual(inbox.messages.map(({ bytes }) => sha256(bytes)).sort());
    },
  );
});

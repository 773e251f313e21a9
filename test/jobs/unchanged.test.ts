// A night in which nothing has happened: no mailbox is opened, and the report says what a whole look would have said.

import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  addMessage,
  createMailStore,
  type MailStore,
  type StoredMailbox,
  setFlags,
} from "../../src/demo/mail-store.ts";
import { type Job, type JobEvent, type JobReport, runJobs } from "../../src/index.ts";
import { formatLine } from "../../src/storage/ledger-lines.ts";
import { readBack } from "../support/archives.ts";
import { type Dovecot, type DovecotUser, dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { deliver, letter } from "../support/moves.ts";
import { RawClient } from "../support/raw-client.ts";
import { startWiretap } from "../support/wiretap.ts";

const plain = ["IMAP4rev1", "AUTH=PLAIN", "SASL-IR", "NAMESPACE", "UNSELECT", "ESEARCH", "LIST-EXTENDED"];
const condstore = [...plain, "ENABLE", "CONDSTORE"];
const listStatus = [...condstore, "LIST-STATUS"];

const servers: (ImapServer | Dovecot)[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await ("stop" in server ? server.stop() : server.close());
});

interface Night {
  readonly report: JobReport;
  readonly events: readonly JobEvent[];
  /** Names of the commands after the log-in, but LOGOUT. */
  readonly commands: readonly string[];
}

async function night(job: Job, log: readonly string[] = [], dryRun = false): Promise<Night> {
  const from = log.length;
  const events: JobEvent[] = [];
  const { jobs } = await runJobs([job], { concurrency: 3, dryRun, report: (event) => events.push(event) });
  const [report] = jobs;
  if (report === undefined) throw new Error("there is no report");
  const names = log.slice(from).map((line) => /^\S+ ((?:UID )?\S+)/.exec(line)?.[1] ?? line);
  const commands = names.filter((name) => !["AUTHENTICATE", "CAPABILITY", "NAMESPACE", "LOGOUT"].includes(name));
  return { report, events, commands };
}

interface Home {
  readonly store: MailStore;
  readonly server: ImapServer;
  readonly inbox: StoredMailbox;
  readonly archive: string;
  readonly job: Job;
  readonly ledger: string;
  run(changes?: Partial<Job>): Promise<Night>;
}

/** Four letters in INBOX, one in Sent, and a first run. */
async function home(capabilities: readonly string[] = listStatus): Promise<Home> {
  const store = createMailStore("ada", "secret");
  deliver(store, ["INBOX"], "a", "b", "c", "d", "d");
  deliver(store, ["Sent"], "s");
  const server = await serve(store, capabilities);
  const archive = temporaryFolder();
  const job = jobOn(server, store, archive);
  const run = (changes: Partial<Job> = {}) => night({ ...job, ...changes }, server.log);
  expect((await run()).report).toMatchObject({ verdict: "safe", messages: { copied: 6 } });
  const ledger = join(archive, "ledger", "INBOX.jsonl");
  return { store, server, inbox: addMailbox(store, ["INBOX"]), archive, job, ledger, run };
}

async function serve(store: MailStore, capabilities: readonly string[]): Promise<ImapServer> {
  const server = await startImapServer({ store, capabilities });
  servers.push(server);
  return server;
}

function jobOn({ port }: ImapServer, { user, password }: MailStore, archive: string): Job {
  return jobTo(archive, "maildir", accountOn({ protocol: "imap", port, user, password }));
}

function untimed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, one) => (key === "startedAt" || key === "seconds" ? 0 : one)));
}

/** Mailboxes that are read at the same time end in any order. */
function sorted(events: readonly JobEvent[]): string[] {
  return events.map((event) => JSON.stringify(untimed(event))).sort();
}

describe("a night in which nothing has happened", () => {
  it("costs one listing, and writes nothing to the ledgers", async () => {
    const { run, ledger } = await home();
    const { size } = statSync(ledger);
    for (let nights = 0; nights < 3; nights += 1) expect((await run()).commands).toEqual(["LIST"]);
    expect(statSync(ledger).size).toBe(size);
  });

  it("costs one STATUS for each mailbox where the listing can't tell", async () => {
    const { run } = await home(condstore);
    expect((await run()).commands).toEqual(["LIST", "STATUS", "STATUS"]);
  });

  it("is told as if every message had been looked at", async () => {
    const { run, store, archive, inbox } = await home();
    inbox.messages.splice(0, 1);
    expect((await run()).report).toMatchObject({ mailboxes: [{ onServer: 4, kept: 1, twins: 1 }, {}] });
    const quick = await run();
    expect(quick.commands).toEqual(["LIST"]);
    const slow = await night(jobOn(await serve(store, plain), store, archive));
    // The account's port is in no report and in no event.
    expect(untimed(quick.report)).toEqual(untimed(slow.report));
    expect(sorted(quick.events)).toEqual(sorted(slow.events));
  });

  it("is rehearsed without opening a mailbox, too", async () => {
    const { store, server, job, archive } = await home();
    const quick = await night(job, server.log, true);
    expect(quick.commands).toEqual(["LIST"]);
    const slow = await night(jobOn(await serve(store, plain), store, archive), [], true);
    expect(untimed(quick.report)).toEqual(untimed(slow.report));
    expect(sorted(quick.events)).toEqual(sorted(slow.events));
  });

  it("lets the other mailboxes rest where one has changed", async () => {
    const { run, store } = await home();
    deliver(store, ["Sent"], "t");
    const { commands, report } = await run();
    expect(commands.filter((name) => name === "EXAMINE")).toHaveLength(1);
    expect(report).toMatchObject({ mailboxes: [{ new: 0 }, { new: 1 }] });
  });
});

describe("any change is found", () => {
  it.each<[string, (home: Home) => void, object]>([
    ["a new message", ({ store }) => deliver(store, ["INBOX"], "e"), { onServer: 6, new: 1 }],
    [
      "a message that is gone, though no mod-sequence tells of it",
      ({ inbox }) => inbox.messages.splice(1, 1),
      { onServer: 4, kept: 1 },
    ],
    [
      "one message gone and another come",
      ({ inbox, store }) => {
        inbox.messages.splice(1, 1);
        deliver(store, ["INBOX"], "e");
      },
      { onServer: 5, kept: 1, new: 1 },
    ],
    [
      "another flag",
      ({ inbox }) => inbox.messages[2] && setFlags(inbox, inbox.messages[2], ["\\Flagged"]),
      { onServer: 5, reflagged: 1 },
    ],
    [
      "another UIDVALIDITY",
      ({ inbox }) => {
        inbox.uidValidity += 1;
      },
      { onServer: 5, new: 0, kept: 0 },
    ],
  ])("%s", async (_, change, expected) => {
    for (const capabilities of [listStatus, condstore]) {
      const place = await home(capabilities);
      change(place);
      const { report, commands } = await place.run();
      expect(commands).toContain("EXAMINE");
      expect(report).toMatchObject({ verdict: "safe", mailboxes: [expected, { onServer: 1 }] });
      expect((await place.run()).commands).not.toContain("EXAMINE");
    }
  });

  it("flags, where the server has no mod-sequences", async () => {
    const { run, inbox } = await home([...plain, "LIST-STATUS"]);
    if (inbox.messages[0] !== undefined) setFlags(inbox, inbox.messages[0], []);
    const { report, commands } = await run();
    expect(commands).toContain("UID FETCH");
    expect(report).toMatchObject({ mailboxes: [{ reflagged: 1 }, {}] });
  });

  it("a message that comes after the listing is brought the next night", async () => {
    const { run, store, server } = await home();
    server.script.onCommand = ({ name }) => {
      if (name === "LOGOUT" && addMailbox(store, ["INBOX"]).messages.length === 5) deliver(store, ["INBOX"], "late");
      return undefined;
    };
    expect((await run()).report).toMatchObject({ mailboxes: [{ onServer: 5, new: 0 }, {}] });
    await expect.poll(() => addMailbox(store, ["INBOX"]).messages.length).toBe(6);
    expect((await run()).report).toMatchObject({ mailboxes: [{ onServer: 6, new: 1 }, {}] });
  });

  it("a message that comes while the mailbox is read is brought the next night", async () => {
    const { run, store, server } = await home();
    deliver(store, ["INBOX"], "e");
    server.script.afterFetchRow = ({ body }) => {
      if (body && addMailbox(store, ["INBOX"]).messages.length === 6) deliver(store, ["INBOX"], "late");
    };
    expect((await run()).report).toMatchObject({ mailboxes: [{ onServer: 6, new: 1 }, {}] });
    expect((await run()).report).toMatchObject({ mailboxes: [{ onServer: 7, new: 1 }, {}] });
  });
});

describe("what the ledger does not vouch for is looked at", () => {
  it("another filter", async () => {
    const { run } = await home();
    const filter = { maxSize: 10 };
    const { commands, report } = await run({ filter });
    expect(commands).toContain("EXAMINE");
    expect(report).toMatchObject({
      mailboxes: [
        { onServer: 0, filtered: 5 },
        { onServer: 0, filtered: 1 },
      ],
    });
    const again = await run({ filter });
    expect(again.commands).toEqual(["LIST"]);
    expect(untimed(again.report)).toEqual(untimed(report));
    expect((await run()).commands).toContain("EXAMINE");
  });

  it("a message that could not be brought", async () => {
    const { run, store, server } = await home();
    deliver(store, ["INBOX"], "e");
    server.script.onFetch = ({ body, uid }) => (body && uid === 6 ? "nil" : undefined);
    for (let nights = 0; nights < 2; nights += 1) {
      const { commands, report } = await run();
      expect(commands).toContain("EXAMINE");
      expect(report).toMatchObject({ verdict: "incomplete", mailboxes: [{ onServer: 6, missing: 1 }, {}] });
    }
  });

  it("a message that could not be brought, but now can, in a mailbox that stands as before", async () => {
    const { run, store, server } = await home();
    deliver(store, ["INBOX"], "e");
    server.script.onFetch = ({ body, uid }) => (body && uid === 6 ? "omit" : undefined);
    await run();
    server.script.onFetch = undefined;
    expect((await run()).report).toMatchObject({ verdict: "safe", mailboxes: [{ onServer: 6, missing: 0 }, {}] });
    expect((await run()).commands).toEqual(["LIST"]);
  });

  it("a ledger whose last line is torn, or is another", async () => {
    const { run, ledger, archive } = await home();
    truncateSync(ledger, statSync(ledger).size - 1);
    expect((await run()).commands).toContain("EXAMINE");
    expect((await run()).commands).toEqual(["LIST"]);
    appendFileSync(ledger, "torn");
    expect((await run()).commands).toContain("EXAMINE");
    const text = readFileSync(ledger, "utf8");
    writeFileSync(ledger, `${text.slice(0, -4)}0${text.slice(-3)}`);
    expect((await run()).report).toMatchObject({ verdict: "safe" });
    appendFileSync(ledger, formatLine({ read: "1" }));
    expect((await run()).commands).toContain("EXAMINE");
    appendFileSync(ledger, formatLine({ validity: "7" }));
    expect((await run()).report).toMatchObject({ verdict: "safe", notices: [{ code: "S601" }] });
    expect((await run()).commands).toEqual(["LIST"]);
    expect(await readBack(archive)).toHaveLength(6);
  });

  it("a mailbox that now comes from elsewhere", async () => {
    const { run, store, archive } = await home();
    const copy = addMailbox(store, ["Copy"]);
    const sent = addMailbox(store, ["Sent"]);
    Object.assign(copy, { ...sent, path: ["Copy"], messages: [...sent.messages] });
    sent.path = ["Old"];
    const mailboxes = { include: ["INBOX", "Copy"], exclude: [], map: [["Copy", "Sent"]] as const };
    const { commands, report } = await run({ mailboxes });
    expect(commands.filter((name) => name === "EXAMINE")).toHaveLength(1);
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
    expect((await run({ mailboxes })).commands).toEqual(["LIST"]);
    expect(await readBack(archive)).toHaveLength(6);
  });
});

describe("a server that answers oddly does no harm", () => {
  const status = (text: string) => `* STATUS ${text}\r\n`;
  const whole = "(MESSAGES 5 UIDNEXT 6 UIDVALIDITY 1760000001 HIGHESTMODSEQ 6)";
  it.each<[string, string]>([
    ["no HIGHESTMODSEQ", status('"INBOX" (MESSAGES 5 UIDNEXT 6 UIDVALIDITY 1760000001)')],
    ["a HIGHESTMODSEQ of 0", status('"INBOX" (MESSAGES 5 UIDNEXT 6 UIDVALIDITY 1760000001 HIGHESTMODSEQ 0)')],
    ["numbers past all bounds", status(`"INBOX" ${whole.replace(" 6)", ` ${"9".repeat(40)})`)}`)],
    ["no number", status('"INBOX" (MESSAGES 5 UIDNEXT x UIDVALIDITY 1760000001 HIGHESTMODSEQ 6)')],
    ["another mailbox", status('"Sent" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1760000002 HIGHESTMODSEQ 2)')],
    ["nothing", ""],
  ])("STATUS with %s", async (_, answer) => {
    for (const capabilities of [listStatus, condstore]) {
      const { run, store, server } = await home(capabilities);
      deliver(store, ["INBOX"], "e");
      server.script.onCommand = ({ name, tag, line }) => {
        if (name === "LIST" && line.includes("STATUS")) {
          const listed = '* LIST () "/" "INBOX"\r\n* LIST () "/" "Sent"\r\n';
          return { reply: `${listed}${answer}${tag} OK done\r\n` };
        }
        return name === "STATUS" ? { reply: `${answer}${tag} OK done\r\n` } : undefined;
      };
      const { report } = await run();
      expect(report).toMatchObject({
        verdict: "safe",
        mailboxes: [
          { onServer: 6, new: 1 },
          { onServer: 1, new: 0 },
        ],
      });
    }
  });

  it.each(["NO [SERVERBUG] not today", "BAD what is that"])("%s", async (words) => {
    for (const capabilities of [listStatus, condstore]) {
      const { run, server } = await home(capabilities);
      server.script.onCommand = ({ name, tag, line }) =>
        name === "STATUS" || (name === "LIST" && line.includes("STATUS"))
          ? { reply: `${tag} ${words}\r\n` }
          : undefined;
      const { report, commands } = await run();
      expect(commands).toContain("EXAMINE");
      expect(report).toMatchObject({
        verdict: "safe",
        mailboxes: [
          { onServer: 5, new: 0 },
          { onServer: 1, new: 0 },
        ],
      });
    }
  });

  it("a mailbox without mod-sequences is opened each night", async () => {
    const { run, inbox, server } = await home();
    inbox.highestModSeq = 0;
    expect((await run()).commands).toContain("EXAMINE");
    if (inbox.messages[0] !== undefined) inbox.messages[0].flags = ["\\Draft"];
    expect((await run()).report).toMatchObject({ mailboxes: [{ reflagged: 1 }, {}] });
    expect(server.log.join()).not.toContain("CHANGEDSINCE 0");
  });
});

/** The same numbers for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * sides);
  };
}

describe("thirty nights of anything", () => {
  it.each([1, 2, 3])("end as they do where everything is looked at each night (%i)", async (seed) => {
    const roll = dice(seed);
    const store = createMailStore("ada", "secret");
    deliver(store, ["INBOX"], "a", "b");
    addMailbox(store, ["Sent"]);
    const runs = await Promise.all(
      [listStatus, condstore, plain].map(async (capabilities) => {
        const server = await serve(store, capabilities);
        const archive = temporaryFolder();
        return { server, archive, job: jobOn(server, store, archive) };
      }),
    );
    let quiet = 0;
    for (let count = 0; count < 30; count += 1) {
      for (let left = roll(3); left > 0; left -= 1) change(store, roll, `${seed} ${count} ${left}`);
      const reports = [];
      for (const { job, server } of runs) {
        const { report, commands } = await night(job, server.log);
        reports.push(untimed(report));
        if (!commands.includes("EXAMINE")) quiet += 1;
      }
      // Which archive it was is not the question.
      const [first, ...others] = reports.map((report) => JSON.stringify({ ...(report as object), to: "" }));
      for (const other of others) expect(other).toBe(first);
    }
    expect(quiet).toBeGreaterThan(10);
    const contents = await Promise.all(runs.map(async ({ archive }) => (await readBack(archive)).map(factsOf).sort()));
    expect(contents[1]).toEqual(contents[0]);
    expect(contents[2]).toEqual(contents[0]);
  });

  const factsOf = ({ mailbox, sha256, flags }: Awaited<ReturnType<typeof readBack>>[number]) =>
    JSON.stringify([mailbox, sha256, flags]);

  function change(store: MailStore, roll: (sides: number) => number, word: string): void {
    const mailbox = store.mailboxes[roll(store.mailboxes.length)];
    if (mailbox === undefined) return;
    const at = roll(mailbox.messages.length);
    const message = mailbox.messages[at];
    const kind = roll(5);
    if (kind === 0 && message !== undefined) mailbox.messages.splice(at, 1);
    else if (kind === 1 && message !== undefined) {
      setFlags(mailbox, message, [["\\Seen"], ["\\Flagged"], ["x"], []][roll(4)] ?? []);
    } else if (kind === 2 && roll(3) === 0) {
      mailbox.uidValidity = store.uidValidityNext ?? mailbox.uidValidity + 1;
      store.uidValidityNext = mailbox.uidValidity + 1;
    } else if (kind === 3 && message !== undefined) addMessage(mailbox, message.bytes, { flags: message.flags });
    else addMessage(mailbox, letter(word));
  }
});

describe.runIf(dovecotAvailable())("Dovecot", () => {
  it("opens no mailbox in which nothing has happened, and every one in which something has", async () => {
    const dovecot = await startDovecot();
    servers.push(dovecot);
    const user = await dovecot.addUser();
    await dovecot.load(
      user,
      "INBOX",
      ["a", "b", "c"].map((words) => ({ bytes: letter(words) })),
    );
    await dovecot.load(user, "Projets/Été", [{ bytes: letter("d") }]);
    await using wire = await startWiretap(dovecot.imapPort);
    const archive = temporaryFolder();
    const job = jobTo(archive, "maildir", accountOn({ ...user, protocol: "imap", port: wire.port }));
    const run = async () => {
      const { report, commands } = await night(job, wire.log);
      return { report, opened: commands.filter((name) => name !== "ID" && name !== "LIST") };
    };
    await run();
    const { report, opened } = await run();
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 0, settled: 4 } });
    expect(opened).toEqual([]);
    await flag(dovecot, user, "INBOX", "+FLAGS.SILENT (\\Flagged)");
    expect((await run()).report).toMatchObject({ mailboxes: [{ reflagged: 1 }, {}] });
    expect((await run()).opened).toEqual([]);
    await flag(dovecot, user, "Projets/&AMk-t&AOk-", "+FLAGS.SILENT (\\Deleted)");
    await run();
    expect((await run()).opened).toEqual([]);
    await dovecot.load(user, "Projets/Été", [{ bytes: letter("e") }]);
    expect((await run()).report).toMatchObject({ mailboxes: [{ new: 0 }, { new: 1 }] });
    expect((await run()).opened).toEqual([]);
    await flag(dovecot, user, "Projets/&AMk-t&AOk-", undefined);
    expect((await run()).report).toMatchObject({ mailboxes: [{ kept: 0 }, { onServer: 1, kept: 1 }] });
    expect((await run()).opened).toEqual([]);
    expect(await readBack(archive)).toHaveLength(5);
  });

  /** Changes the first message of a mailbox as another client would; without a change, expunges what is deleted. */
  async function flag(
    { imapPort: port, host }: Dovecot,
    { user, password }: DovecotUser,
    mailbox: string,
    change: string | undefined,
  ): Promise<void> {
    const raw = await RawClient.open({ host, port }, { user, password });
    await raw.command(`a SELECT "${mailbox}"`);
    const answer = await raw.command(change === undefined ? "b EXPUNGE" : `b STORE 1 ${change}`);
    expect(answer).toMatch(/^b OK/m);
    await raw.command("c LOGOUT");
    raw.socket.destroy();
  }
});

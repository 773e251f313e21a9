// CONDSTORE: only what changed is listed, and nothing is believed that does not add up.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import {
  addMailbox,
  createMailStore,
  type MailStore,
  type StoredMailbox,
  setFlags,
} from "../../src/demo/mail-store.ts";
import { formatLine } from "../../src/storage/ledger-lines.ts";
import { readBack } from "../support/archives.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { deliver, runMove } from "../support/moves.ts";

const capabilities = ["IMAP4rev1", "AUTH=PLAIN", "NAMESPACE", "UNSELECT", "ENABLE", "CONDSTORE", "ESEARCH"];

let server: ImapServer | undefined;
afterEach(async () => {
  await server?.close();
});

interface Home {
  readonly store: MailStore;
  readonly inbox: StoredMailbox;
  /** Runs the backup; gives the report and the FETCH commands that it took. */
  run(): Promise<{ readonly report: Awaited<ReturnType<typeof runMove>>; readonly fetches: string[] }>;
  readonly archive: string;
}

async function home(offered: readonly string[] = capabilities): Promise<Home> {
  const store = createMailStore("ada", "secret");
  deliver(store, ["INBOX"], "a", "b", "c", "d");
  const running = await startImapServer({ store, capabilities: offered });
  server = running;
  const archive = temporaryFolder();
  const job = jobTo(archive, "maildir", accountOn({ protocol: "imap", port: running.port, ...store }));
  return {
    store,
    inbox: addMailbox(store, ["INBOX"]),
    archive,
    async run() {
      const from = running.log.length;
      const report = await runMove(job, temporaryFolder());
      return { report, fetches: running.log.slice(from).flatMap((line) => /UID FETCH .*/.exec(line) ?? []) };
    },
  };
}

it("an unchanged mailbox is not listed again", async () => {
  const { run } = await home();
  expect((await run()).fetches.length).toBeGreaterThan(0);
  const { report, fetches } = await run();
  expect(fetches).toEqual([]);
  expect(report).toMatchObject({ verdict: "safe", mailboxes: [{ onServer: 4, inArchive: 4, new: 0, missing: 0 }] });
});

it("a mailbox that has to be opened, and stands as it did, is asked only which messages there are", async () => {
  const { run, archive } = await home();
  await run();
  const ledger = join(archive, "ledger", "INBOX.jsonl");
  // As an earlier version wrote it: HIGHESTMODSEQ alone.
  const lines = readFileSync(ledger, "utf8").trimEnd().split("\n").slice(0, -1);
  writeFileSync(ledger, `${lines.join("\n")}\n${formatLine({ read: "5" })}`);
  const { report, fetches } = await run();
  expect(fetches).toEqual([]);
  expect(report).toMatchObject({ verdict: "safe", mailboxes: [{ onServer: 4, inArchive: 4, new: 0 }] });
});

it("what is new, gone or has other flags is found", async () => {
  const { run, store, inbox, archive } = await home();
  await run();
  deliver(store, ["INBOX"], "e");
  inbox.messages.splice(0, 1);
  const [second] = inbox.messages;
  if (second !== undefined) setFlags(inbox, second, ["\\Flagged"]);
  const { report, fetches } = await run();
  expect(report).toMatchObject({
    verdict: "safe",
    mailboxes: [{ onServer: 4, inArchive: 4, new: 1, kept: 1, reflagged: 1 }],
  });
  expect(fetches[0]).toMatch(/^UID FETCH 1:\* .*CHANGEDSINCE \d+/);
  expect(fetches.length).toBe(2);
  expect((await readBack(archive)).length).toBe(5);
  expect((await run()).fetches).toEqual([]);
});

it("a server that lists another number than it counts is asked for everything", async () => {
  const { run, store } = await home();
  await run();
  deliver(store, ["INBOX"], "e");
  if (server === undefined) throw new Error("no server");
  server.script.onCommand = ({ name, tag }) =>
    name === "UID SEARCH" ? { reply: `* ESEARCH (TAG "${tag}") UID ALL 1:3\r\n${tag} OK done\r\n` } : undefined;
  const { report, fetches } = await run();
  expect(fetches[0]).toMatch(/^UID FETCH 1:\* (?!.*CHANGEDSINCE)/);
  expect(report).toMatchObject({ verdict: "safe", mailboxes: [{ onServer: 5, inArchive: 5 }] });
});

it("a server whose mod-sequences went back is asked for everything", async () => {
  const { run, inbox } = await home();
  await run();
  inbox.highestModSeq = 2;
  if (inbox.messages[0] !== undefined) Object.assign(inbox.messages[0], { flags: ["\\Draft"], modSeq: 2 });
  const { report, fetches } = await run();
  expect(fetches[0]).toMatch(/^UID FETCH 1:\* (?!.*CHANGEDSINCE)/);
  expect(report).toMatchObject({ mailboxes: [{ reflagged: 1 }] });
});

it("a server without the extension is listed each time", async () => {
  const { run } = await home(capabilities.filter((name) => name !== "CONDSTORE"));
  await run();
  expect((await run()).fetches[0]).toMatch(/^UID FETCH 1:\*/);
});

it("renumbered messages are not taken for the old ones", async () => {
  const { run, inbox, archive } = await home();
  await run();
  inbox.uidValidity += 1;
  inbox.messages.reverse();
  for (const [index, message] of inbox.messages.entries()) message.uid = index + 1;
  const { report } = await run();
  expect(report).toMatchObject({ verdict: "safe", messages: { copied: 0 } });
  expect((await readBack(archive)).length).toBe(4);
});

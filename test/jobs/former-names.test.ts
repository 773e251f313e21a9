import { afterEach, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, createMailStore, findMailbox, type MailStore } from "../../src/demo/mail-store.ts";
import { readBack } from "../support/archives.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { deliver, runMove } from "../support/moves.ts";

let server: ImapServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function home() {
  const store: MailStore = createMailStore("ada", "secret");
  deliver(store, ["Projets"], "a", "b");
  server = await startImapServer({ store });
  const archive = temporaryFolder();
  const job = jobTo(archive, "maildir", accountOn({ protocol: "imap", port: server.port, ...store }));
  return { store, archive, run: () => runMove(job, temporaryFolder()) };
}

it("a mailbox that is called otherwise at the source is noted once, and what was archived stays", async () => {
  const { store, archive, run } = await home();
  await run();
  const mailbox = findMailbox(store, ["Projets"]);
  if (mailbox !== undefined) mailbox.path = ["Travaux"];
  const report = await run();
  expect(report).toMatchObject({
    verdict: "safe",
    notices: [
      {
        code: "S607",
        mailbox: ["Travaux"],
        reason: expect.stringMatching(/was called Projets; what is stored under that name stays/),
      },
    ],
  });
  const names = (await readBack(archive)).map(({ mailbox: name }) => name);
  expect(names.sort()).toEqual(["Projets", "Projets", "Travaux", "Travaux"]);
  expect((await run()).notices).toBeUndefined();
});

it("a mailbox that is gone is kept, and another one is not taken for it", async () => {
  const { store, archive, run } = await home();
  await run();
  store.mailboxes = store.mailboxes.filter(({ path }) => path[0] !== "Projets");
  deliver(store, ["Travaux"], "a", "b");
  const other = addMailbox(store, ["Travaux"]);
  other.uidValidity += 1000;
  expect((await run()).notices).toBeUndefined();
  expect((await readBack(archive)).map(({ mailbox: name }) => name).sort()).toEqual([
    "Projets",
    "Projets",
    "Travaux",
    "Travaux",
  ]);
});

// There and back: an account into an archive, and the archive into another account, as if nothing had happened.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addMailbox, addMessage, findMailbox } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { verifyArchive } from "../src/index.ts";
import { inventory, likenesses } from "./support/inventory.ts";
import { jobTo, temporaryFolder } from "./support/jobs.ts";
import { writeMboxcl2 } from "./support/mbox-writers.ts";
import { deliver, type Houses, letter, moveTo, runMove, startHouses } from "./support/moves.ts";
import { tortureMessages } from "./support/torture.ts";

let houses: Houses;
beforeEach(async () => {
  houses = await startHouses({ prefix: "INBOX.", delimiter: "." });
});
afterEach(() => houses.close());

const login = (side: "old" | "new") => ({ port: houses[side].server.port, ...houses[side].store });

describe.each(["mbox", "maildir"] as const)("through an archive in the %s format", (format) => {
  it("octets, flags, keywords and dates come back", async () => {
    houses.old.store.mailboxes.splice(0, 1, ...createDemoStore("ada", "x").mailboxes);
    const odd = addMailbox(houses.old.store, ["Projets", "Été", "a:b"]);
    for (const [index, { bytes }] of tortureMessages().entries()) {
      const keywords = Array.from({ length: index % 30 }, (_, n) => `k${n}`);
      addMessage(odd, bytes, { flags: ["$Junk", ...keywords], internalDate: new Date(Date.UTC(1998, 0, 1, 0, index)) });
    }
    const archive = temporaryFolder();
    const there = await runMove(jobTo(archive, format, houses.old.account), temporaryFolder());
    expect(there).toMatchObject({ verdict: "safe" });

    const job = moveTo(houses.new.account, { archive });
    const state = temporaryFolder();
    const back = await runMove(job, state);
    expect(back).toMatchObject({ verdict: "safe", failures: [], from: archive });
    const [source, target] = [await inventory(login("old")), await inventory(login("new"))];
    for (const [name, messages] of source)
      expect(likenesses(target.get(name) ?? []), name).toEqual(likenesses(messages));

    const appends = houses.new.server.log.filter((line) => / APPEND /.test(line)).length;
    expect(await runMove(job, state)).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0 } });
    expect(houses.new.server.log.filter((line) => / APPEND /.test(line)).length).toBe(appends);
  });

  it("flags that change later reach the archive, and from there the account", async () => {
    deliver(houses.old.store, ["INBOX"], "a", "b", "c");
    const archive = temporaryFolder();
    const state = temporaryFolder();
    const [backup, restore] = [jobTo(archive, format, houses.old.account), moveTo(houses.new.account, { archive })];
    await runMove(backup, state);
    await runMove(restore, state);
    const inbox = findMailbox(houses.old.store, ["INBOX"]);
    for (const [index, message] of (inbox?.messages ?? []).entries())
      message.flags = [["\\Flagged", "new"], [], ["\\Seen"]][index] ?? [];
    const second = await runMove(backup, state);
    expect(second).toMatchObject({ verdict: "safe", octets: 0, mailboxes: [{ reflagged: 2 }] });
    await runMove(restore, state);
    const flags = findMailbox(houses.new.store, ["INBOX"])?.messages.map((message) => message.flags.join(" "));
    expect(flags).toEqual(["\\Flagged new", "", "\\Seen"]);
  });

  it("a message that was damaged in the archive is named and never sent", async () => {
    deliver(houses.old.store, ["INBOX"], "sound", "spoilt");
    const archive = temporaryFolder();
    await runMove(jobTo(archive, format, houses.old.account), temporaryFolder());
    const files = readdirSync(archive, { recursive: true, encoding: "utf8" }).filter((name) =>
      /INBOX\.mbox$|cur\//.test(name),
    );
    for (const file of files) {
      const path = `${archive}/${file}`;
      writeFileSync(path, readFileSync(path, "latin1").replaceAll("Subject: spoilt", "Subject: SPOILT"), "latin1");
    }
    const report = await runMove(moveTo(houses.new.account, { archive }), temporaryFolder());
    expect(report).toMatchObject({ exit: { name: "damaged" }, failures: [{ code: "V901" }], messages: { copied: 1 } });
    expect(findMailbox(houses.new.store, ["INBOX"])?.messages.map(({ bytes }) => `${bytes}`)).toEqual([
      `${letter("sound")}`,
    ]);
  });
});

describe("mail that another program wrote", () => {
  const odd = [
    Buffer.from("Subject: from\r\n\r\nFrom here on\r\nand on\r\n"),
    Buffer.from("Subject: quoted\r\n\r\n>From there\r\n"),
    Buffer.from("Subject: plain\r\n\r\nNothing odd.\r\n"),
  ];
  const subjects = () => addMailbox(houses.new.store, ["old"]).messages.map(({ bytes }) => `${bytes}`);

  it.runIf(spawnSync("python3", ["--version"]).status === 0)(
    "by Python's mailbox module moves into an account, and the lines that mboxo can't tell apart are named",
    async () => {
      const folder = temporaryFolder();
      const script = `
import mailbox, sys, json
box = mailbox.mbox(sys.argv[1])
for text in json.load(sys.stdin):
    box.add(mailbox.mboxMessage(text.encode("latin1")))
box.flush()`;
      const input = JSON.stringify(odd.map((bytes) => bytes.toString("latin1").replaceAll("\r\n", "\n")));
      const mbox = join(folder, "old.mbox");
      expect(spawnSync("python3", ["-c", script, mbox], { input }).stderr.toString()).toBe("");
      const report = await runMove(moveTo(houses.new.account, { mbox }), temporaryFolder());
      expect(report).toMatchObject({ verdict: "safe", messages: { copied: 3 }, notices: [{ code: "S603" }] });
      // What Python found as `>From` it wrote as it was, just as what it had quoted itself.
      const [first, , third] = odd;
      expect(subjects()).toEqual([`${first}`, `${odd[1]}`.replace(">From", "From"), `${third}`]);
    },
  );

  it("with Content-Length moves into an account to the octet", async () => {
    const mbox = join(temporaryFolder(), "old");
    writeFileSync(mbox, writeMboxcl2(odd).file);
    const report = await runMove(moveTo(houses.new.account, { mbox }), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 3 } });
    const unmarked = subjects().map((text) => text.replace(/Content-Length: \d+\r\n/, ""));
    expect(unmarked).toEqual(odd.map(String));
  });

  it("in a Maildir moves into an account with its flags", async () => {
    const maildir = temporaryFolder();
    for (const name of ["cur", "new", "tmp"]) mkdirSync(join(maildir, name));
    writeFileSync(join(maildir, "cur", "1767265200.M1P1.host:2,FS"), `${odd[2]}`.replaceAll("\r\n", "\n"));
    const report = await runMove(moveTo(houses.new.account, { maildir }), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe", messages: { copied: 1 } });
    const [message] = addMailbox(houses.new.store, ["INBOX"]).messages;
    expect([message?.flags, `${message?.bytes}`]).toEqual([["\\Flagged", "\\Seen"], `${odd[2]}`]);
  });
});

it("an archive whose last record was damaged is never said to be put back whole", async () => {
  deliver(houses.old.store, ["INBOX"], "a", "b");
  const archive = temporaryFolder();
  await runMove(jobTo(archive, "maildir", houses.old.account), temporaryFolder());
  const ledger = join(archive, "ledger", "INBOX.jsonl");
  const text = readFileSync(ledger, "utf8");
  const at = text.lastIndexOf('"size":') + 7;
  writeFileSync(ledger, `${text.slice(0, at)}9${text.slice(at + 1)}`);
  const report = await runMove(moveTo(houses.new.account, { archive }), temporaryFolder());
  expect(report).toMatchObject({ verdict: "failed", exit: { name: "damaged" }, failures: [{ code: "V901" }] });
  expect((await verifyArchive(archive)).problems).toMatchObject([
    { kind: "ledger", reason: expect.stringMatching(/last record/) },
    { kind: "unknown", reason: expect.stringMatching(/mail lies here that its ledger does not know/) },
  ]);
});

it("mail is put back below a mailbox of its own where that is asked for", async () => {
  deliver(houses.old.store, ["INBOX"], "a");
  deliver(houses.old.store, ["Sent"], "b");
  const archive = temporaryFolder();
  await runMove(jobTo(archive, "mbox", houses.old.account), temporaryFolder());
  const to = { account: houses.new.account, under: ["Restored"] };
  await runMove(moveTo(houses.new.account, { archive }, { to }), temporaryFolder());
  const counts = houses.new.store.mailboxes.map(({ path, messages }) => `${path.join("/")} ${messages.length}`);
  expect(counts.sort()).toEqual(["INBOX 0", "Restored/INBOX 1", "Restored/Sent 1"]);
});

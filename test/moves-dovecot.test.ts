// Moves between real servers: Dovecot to Dovecot, of the same kind and of the other.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addMailbox, addMessage } from "../src/demo/mail-store.ts";
import { describeMove, mailOf, tree } from "./move-contract.ts";
import { sha256 } from "./support/archives.ts";
import { type DovecotOptions, dovecotAvailable, startDovecot } from "./support/dovecot.ts";
import { inventory, likenesses } from "./support/inventory.ts";
import { accountOn, jobTo, temporaryFolder } from "./support/jobs.ts";
import { letter, moveTo, runMove, startHouses } from "./support/moves.ts";

async function start(options: DovecotOptions) {
  const dovecot = await startDovecot(options);
  return { port: dovecot.imapPort, addUser: () => dovecot.addUser(), stop: () => dovecot.stop() };
}

describe.runIf(dovecotAvailable())("a move from Dovecot", () => {
  describeMove("to Dovecot", { start: () => start({}) });
  describeMove("to Dovecot with the prefix INBOX. and dots", {
    start: () => start({ prefix: "INBOX.", separator: "." }),
  });
});

describe.runIf(dovecotAvailable()).each(["mbox", "maildir"] as const)("from Dovecot through a %s archive", (format) => {
  it("into Dovecot, every message comes back with its flags, keywords and date", async () => {
    const [old, fresh] = await Promise.all([startDovecot(), startDovecot({ prefix: "INBOX.", separator: "." })]);
    try {
      const ada = await old.addUser();
      for (const mailbox of tree) await old.load(ada, mailbox, mailOf(mailbox));
      const [source, target] = [
        { port: old.imapPort, ...ada },
        { port: fresh.imapPort, ...(await fresh.addUser()) },
      ];
      const archive = temporaryFolder();
      const from = accountOn({ protocol: "imap", ...source });
      expect(await runMove(jobTo(archive, format, from), temporaryFolder())).toMatchObject({ verdict: "safe" });
      const to = accountOn({ protocol: "imap", ...target });
      expect(await runMove(moveTo(to, { archive }), temporaryFolder())).toMatchObject({
        verdict: "safe",
        failures: [],
      });
      const [before, after] = [await inventory(source), await inventory(target)];
      for (const name of tree) {
        expect(likenesses(after.get(name) ?? []), name).toEqual(likenesses(before.get(name) ?? []));
      }
    } finally {
      await Promise.all([old.stop(), fresh.stop()]);
    }
  });
});

describe.runIf(dovecotAvailable())("what Dovecot rewrites", () => {
  it("is listed as altered, kept as .eml, and never sent again", async () => {
    const houses = await startHouses();
    const dovecot = await startDovecot();
    try {
      const inbox = addMailbox(houses.old.store, ["INBOX"]);
      const sound = letter("sound");
      const bare = Buffer.from("Message-ID: <bare@example.net>\nSubject: bare\n\nline\nline\n");
      const nul = Buffer.from("Message-ID: <nul@example.net>\r\nSubject: nul\r\n\r\na\0b\r\n");
      for (const bytes of [sound, bare, nul]) addMessage(inbox, bytes);
      const login = { port: dovecot.imapPort, ...(await dovecot.addUser()) };
      const account = accountOn({ protocol: "imap", ...login });
      const [state, refused] = [temporaryFolder(), temporaryFolder()];
      const job = moveTo(account, houses.old.account, { to: { account, under: [], keepRefused: refused } });

      const first = await runMove(job, state);
      expect(first).toMatchObject({
        verdict: "incomplete",
        messages: { copied: 3 },
        verified: { checked: 3, intact: 1 },
      });
      expect(first.mailboxes[0]).toMatchObject({ onServer: 3, inArchive: 3, missing: 0, altered: 2 });
      expect(first.failures.map(({ code, key }) => `${code} ${key}`)).toEqual(["M404 2", "M404 3"]);
      const kept = readdirSync(join(refused, "INBOX")).map((name) => readFileSync(join(refused, "INBOX", name)));
      expect(kept.map(sha256).sort()).toEqual([bare, nul].map(sha256).sort());

      for (const folder of [state, temporaryFolder()]) {
        const again = await runMove(job, folder);
        expect(again).toMatchObject({
          messages: { copied: 0 },
          mailboxes: [{ onServer: 3, inArchive: 3, altered: 2 }],
        });
        expect((await inventory(login)).get("INBOX")?.length).toBe(3);
      }
    } finally {
      await Promise.all([houses.close(), dovecot.stop()]);
    }
  });
});

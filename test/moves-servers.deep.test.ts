// Moves from Dovecot to the other servers of Debian, and into an account that mbsync has filled with half of the mail.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeMove } from "./move-contract.ts";
import { corpusMessages } from "./support/corpus.ts";
import { courierAvailable, startCourier } from "./support/courier.ts";
import { cyrusAvailable, startCyrus } from "./support/cyrus.ts";
import { dovecotAvailable, startDovecot } from "./support/dovecot.ts";
import { inventory, type Login } from "./support/inventory.ts";
import { accountOn, temporaryFolder } from "./support/jobs.ts";
import { moveTo, runMove } from "./support/moves.ts";
import { tortureMessages } from "./support/torture.ts";

const isHere = dovecotAvailable();
const hasMbsync = spawnSync("mbsync", ["--version"]).status === 0;
if (!hasMbsync) console.warn("SKIPPED: the test with mbsync as a witness needs Debian's package isync");

type Started = Awaited<ReturnType<typeof startCyrus>>;

async function asTarget(started: Promise<Started>) {
  const server = await started;
  return { port: server.imapPort, addUser: () => server.addUser(), stop: () => server.stop() };
}

describe.runIf(isHere && cyrusAvailable())("a move from Dovecot to Cyrus", () => {
  describeMove("with / and the prefix INBOX/", { start: () => asTarget(startCyrus()), isStrict: true });
  describeMove("with . and mailboxes beside INBOX", {
    start: () => asTarget(startCyrus({ separator: ".", altNamespace: true })),
    isStrict: true,
  });
});

describe.runIf(isHere && courierAvailable())("a move from Dovecot", () => {
  describeMove("to Courier", { start: () => asTarget(startCourier()), isStrict: true, connections: 2 });
});

describe.runIf(isHere && hasMbsync)("a target that mbsync has filled with half of the mail", () => {
  it("gets the other half alone", async () => {
    const [old, fresh] = await Promise.all([startDovecot(), startDovecot()]);
    try {
      const corpus = corpusMessages();
      const mail = (corpus.length > 0 ? corpus : tortureMessages()).map(({ bytes }, index) => ({
        bytes,
        flags: index % 2 === 0 ? ["\\Seen"] : ["\\Flagged"],
        internalDate: new Date(Date.UTC(2011, 1, 1, 0, index)),
      }));
      const half = mail.length >> 1;
      const source = { port: old.imapPort, ...(await old.addUser()) };
      const target = { port: fresh.imapPort, ...(await fresh.addUser()) };
      await old.load(source as never, "INBOX", mail.slice(0, half));
      runMbsync(source, target);
      // It leaves out messages without a header.
      const brought = (await inventory(target)).get("INBOX")?.length ?? 0;
      expect(brought).toBeGreaterThan(half * 0.95);
      await old.load(source as never, "INBOX", mail.slice(half));

      const from = accountOn({ protocol: "imap", ...source });
      const report = await runMove(moveTo(accountOn({ protocol: "imap", ...target }), from), temporaryFolder());
      expect(report.messages.copied).toBe(mail.length - brought);
      expect(report.mailboxes[0]).toMatchObject({ onServer: mail.length, inArchive: mail.length, found: brought });
      // It puts a header of its own into each message: these are not the source's to the octet, and said to be so.
      const marked = report.failures.filter(({ code }) => code === "M404").length;
      expect([0, brought]).toContain(marked);
      const there = (await inventory(target)).get("INBOX") ?? [];
      expect(there.length).toBe(mail.length);
      const exact = new Set((await inventory(source)).get("INBOX")?.map(({ sha256 }) => sha256));
      expect(there.filter(({ sha256 }) => !exact.has(sha256)).length).toBe(marked);
    } finally {
      await Promise.all([old.stop(), fresh.stop()]);
    }
  });
});

/** INBOX from one account into the other, as its manual says. */
function runMbsync(source: Login, target: Login): void {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "state"));
  const account = (name: string, { port, user, password }: Login) => `
IMAPAccount ${name}
Host 127.0.0.1
Port ${port}
User ${user}
Pass ${password}
SSLType None
AuthMechs PLAIN

IMAPStore ${name}
Account ${name}
`;
  const channel = `
Channel move
Far :old:
Near :new:
Patterns INBOX
Create Near
Sync Pull
CopyArrivalDate yes
SyncState ${join(folder, "state")}/
`;
  const config = join(folder, "mbsyncrc");
  writeFileSync(config, account("old", source) + account("new", target) + channel, { mode: 0o600 });
  execFileSync("mbsync", ["-c", config, "move"], { stdio: "pipe" });
}

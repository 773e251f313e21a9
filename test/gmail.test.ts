// Labels: one message in several mailboxes travels once.

import { afterEach, describe, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, createMailStore, findMailbox, type MailStore } from "../src/demo/mail-store.ts";
import { readBack, sha256 } from "./support/archives.ts";
import { createGmailStore, gmailCapabilities } from "./support/gmail.ts";
import { accountOn, jobTo, temporaryFolder } from "./support/jobs.ts";
import { letter, moveTo, runMove } from "./support/moves.ts";

const servers: ImapServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const mail = [
  { bytes: letter("inbox only"), labels: ["\\Inbox"], flags: ["\\Seen"] },
  { bytes: letter("inbox and two projects"), labels: ["\\Inbox", "Projets", "Projets/2026", "\\Starred"] },
  { bytes: letter("sent"), labels: ["\\Sent", "日本語"], flags: ["\\Seen"] },
  { bytes: letter("archived"), labels: [] },
  { bytes: letter("archived and starred"), labels: ["\\Starred"] },
  { bytes: letter("twin"), labels: ["Projets"] },
  { bytes: letter("twin"), labels: ["Projets", "\\Inbox"] },
  { bytes: letter("spam"), labels: ["\\Spam"] },
];
const octetsOnce = mail.reduce((sum, { bytes }) => sum + bytes.length, 0);

async function gmail(): Promise<{ readonly store: MailStore; readonly server: ImapServer }> {
  const store = createGmailStore("ada@gmail.example", "secret", mail);
  const server = await startImapServer({ store, capabilities: gmailCapabilities });
  servers.push(server);
  return { store, server };
}

const account = ({ store, server }: Awaited<ReturnType<typeof gmail>>) =>
  accountOn({ protocol: "imap", port: server.port, ...store });

/** `mailbox digest` of what has to be carried: every label's mailbox, and All Mail without what has one. */
function expected(store: MailStore): string[] {
  const own = store.mailboxes.filter(
    ({ specialUse = "" }) => !["\\All", "\\Flagged", "\\Important"].includes(specialUse),
  );
  const labelled = new Set(own.flatMap(({ messages }) => messages.map(({ emailId }) => emailId)));
  const all = store.mailboxes.filter(({ specialUse }) => specialUse === "\\All");
  const rest = all.map(({ path, messages }) => ({
    path,
    messages: messages.filter(({ emailId }) => !labelled.has(emailId)),
  }));
  return [...own, ...rest]
    .flatMap(({ path, messages }) => messages.map(({ bytes }) => `${path.join("/")} ${sha256(bytes)}`))
    .sort();
}

describe("an account with labels", () => {
  for (const format of ["mbox", "maildir"] as const) {
    it(`goes into an archive (${format}): each body travels once, and All Mail brings only what has no mailbox`, async () => {
      const source = await gmail();
      const folder = temporaryFolder();
      const job = jobTo(folder, format, account(source));
      const report = await runMove(job, temporaryFolder());
      expect(report).toMatchObject({ verdict: "safe", octets: octetsOnce });
      expect(source.server.messageOctetsSent()).toBe(octetsOnce);
      const archived = (await readBack(folder)).map(({ mailbox, sha256: digest }) => `${mailbox} ${digest}`);
      expect(archived.sort()).toEqual(expected(source.store));
      const all = report.mailboxes.find(({ path }) => path.includes("All Mail"));
      expect(all).toMatchObject({ onServer: 2, inArchive: 2, placed: 5 });

      expect(await runMove(job, temporaryFolder())).toMatchObject({ verdict: "safe", octets: 0 });
      expect(source.server.messageOctetsSent()).toBe(octetsOnce);
    });
  }

  it("gives a label that is added later without sending the message again", async () => {
    const source = await gmail();
    const folder = temporaryFolder();
    const job = jobTo(folder, "maildir", account(source));
    await runMove(job, temporaryFolder());
    const inbox = findMailbox(source.store, ["INBOX"]);
    const project = addMailbox(source.store, ["Projets", "2026"]);
    const [first] = inbox?.messages ?? [];
    if (first === undefined) throw new Error("no message");
    project.messages.push({ ...first, uid: project.uidNext++ });
    const sent = source.server.messageOctetsSent();
    const report = await runMove(job, temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 1 } });
    expect(source.server.messageOctetsSent()).toBe(sent);
  });

  it("moves into another account: each body is fetched once from the source", async () => {
    const source = await gmail();
    const target = createMailStore("ada-new", "secret");
    const server = await startImapServer({ store: target });
    servers.push(server);
    const to = accountOn({ protocol: "imap", port: server.port, ...target });
    const report = await runMove(moveTo(to, account(source)), temporaryFolder());
    expect(report).toMatchObject({ verdict: "safe" });
    expect(source.server.messageOctetsSent()).toBe(octetsOnce);
    const there = target.mailboxes.flatMap(({ path, messages }) =>
      messages.map(({ bytes }) => `${path.join("/")} ${sha256(bytes)}`),
    );
    expect(there.length).toBe(expected(source.store).length);
  });

  it("is rehearsed with the same counts", async () => {
    const source = await gmail();
    const report = await runMove(jobTo(temporaryFolder(), "mbox", account(source)), temporaryFolder(), true);
    expect(report).toMatchObject({ verdict: "rehearsal", octets: 0 });
    expect(report.mailboxes.reduce((sum, { missing }) => sum + missing, 0)).toBe(expected(source.store).length);
  });
});

// What a real Dovecot wrote on disk, read as files, is what it serves.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openImapSource } from "../../src/sources/imap.ts";
import { openMaildirFolders } from "../../src/sources/maildir-folders.ts";
import { openMboxFiles } from "../../src/sources/mbox-files.ts";
import { sha256 } from "../support/archives.ts";
import { corpusMessages } from "../support/corpus.ts";
import { type Dovecot, type DovecotUser, dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { collect, imapAccount, octetsOf } from "../support/imap.ts";
import { noticeBoard, readMailbox } from "../support/local-source.ts";
import { tortureMessages } from "../support/torture.ts";

const dated = "From ada@example.org Thu Jan  1 12:00:00 2026";
const path = ["Projets", "Été"];
/**
 * Dovecot takes no NUL and nothing empty, and its mbox neither a missing header nor a line of a megabyte. It does not
 * know Thunderbird's notes.
 */
const isTaken = ({ bytes }: { bytes: Buffer }) => {
  const text = bytes.toString("latin1");
  return bytes.length < 100_000 && /^[!-9;-~]+:/.test(text) && !/\0|\r\r\n|^X-Mozilla-/m.test(text);
};

const messages = [
  ...tortureMessages().filter(isTaken),
  ...corpusMessages().filter(isTaken).slice(0, 120),
  {
    name: "entry",
    bytes: Buffer.from(`Subject: a\r\n\r\n${dated}\r\nSubject: b\r\n\r\n${dated}\r\n\r\n>From x\r\n>>From y\r\n`),
  },
].map((each, n) => ({
  ...each,
  flags: [["\\Seen"], [], ["\\Flagged", "\\Answered", "proj"], ["\\Draft", "$Junk"]][n % 4] ?? [],
}));

/** Those fields are Dovecot's own in an mbox: it serves none of them. */
const ownFields =
  /^(?:X-UID|X-IMAPbase|X-IMAP|Status|X-Status|X-Keywords|Content-Length)[ \t]*:.*(?:\r?\n[ \t].*)*\r?\n/gim;

function withoutOwnFields(text: string): string {
  const end = /(?<=^|\n)\r?\n/.exec(text)?.index ?? text.length;
  return text.slice(0, end).replace(ownFields, "") + text.slice(end);
}

interface Served {
  readonly text: string;
  readonly flags: readonly string[];
  readonly internalDate?: Date | undefined;
}

async function served(dovecot: Dovecot, user: DovecotUser): Promise<Served[]> {
  await using source = openImapSource(imapAccount(dovecot.imapPort, user));
  await using reader = await source.open({ path });
  const found = new Map<number, Served>();
  for await (const message of reader.fetch(await collect(reader.list()))) {
    found.set(Number(message.key), {
      text: (await octetsOf(message)).toString("latin1"),
      flags: message.flags,
      internalDate: message.internalDate,
    });
  }
  return [...found].sort(([one], [other]) => one - other).map(([, each]) => each);
}

describe.runIf(dovecotAvailable())("Dovecot", () => {
  describe("with mbox files", () => {
    let dovecot: Dovecot;
    let user: DovecotUser;
    beforeAll(async () => {
      dovecot = await startDovecot({ config: "mail_location = mbox:~/mail:INBOX=~/mail/inbox" });
      user = await dovecot.addUser();
      await dovecot.load(user, path.join("/"), messages);
    });
    afterAll(() => dovecot.stop());

    test("has the same messages and flags in its files", async () => {
      const { notices, notice } = noticeBoard();
      await using source = openMboxFiles(join(user.home, "mail"), { notice });
      expect((await collect(source.mailboxes())).map((mailbox) => mailbox.path)).toContainEqual(path);
      const found = await readMailbox(source, ...path);
      const expected = await served(dovecot, user);
      expect(found).toHaveLength(messages.length);
      expect(expected).toHaveLength(messages.length);
      for (const [n, { name }] of messages.entries()) {
        expect(found[n]?.flags, name).toEqual(expected[n]?.flags);
        expect(withoutOwnFields(found[n]?.text ?? "") === withoutOwnFields(expected[n]?.text ?? ""), name).toBe(true);
      }
      expect(notices.filter(({ code }) => code === "S603")).toEqual([]);
    });
  });

  describe("with Maildirs", () => {
    let dovecot: Dovecot;
    let user: DovecotUser;
    beforeAll(async () => {
      dovecot = await startDovecot();
      user = await dovecot.addUser();
      await dovecot.load(user, path.join("/"), messages);
    });
    afterAll(() => dovecot.stop());

    test("has the same messages, flags and dates in its files", async () => {
      await using source = openMaildirFolders(user.maildir);
      const sorted = (all: readonly Served[]) =>
        all
          .map(({ text, flags, internalDate }) => {
            const digest = sha256(Buffer.from(text, "latin1"));
            return `${flags.join(" ")} ${internalDate?.toISOString()} ${text.slice(0, 60)} ${digest}`;
          })
          .sort();
      const found = await readMailbox(source, ...path);
      expect(sorted(found)).toEqual(sorted(await served(dovecot, user)));
      expect(found).toHaveLength(messages.length);
    });
  });
});

import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import type { Mailbox, Message, MessageRef } from "../../src/message.ts";
import { openImapSource } from "../../src/sources/imap.ts";
import { sha256 } from "../support/archives.ts";
import { corpusMessages } from "../support/corpus.ts";
import { type Dovecot, type DovecotUser, dovecotAvailable, startDovecot } from "../support/dovecot.ts";
import { collect, imapAccount, octetsOf } from "../support/imap.ts";
import { readRaw } from "../support/raw-imap.ts";

let dovecot: Dovecot;

const accountOf = (server: Dovecot, user: DovecotUser, changes: Partial<Account> = {}) =>
  imapAccount(server.imapPort, user, changes);

describe.skipIf(!dovecotAvailable())("an IMAP source on Dovecot", () => {
  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot.stop());

  test("every message of the corpus arrives as an independent client reads it, octet by octet", async () => {
    const user = await dovecot.addUser();
    const corpus = corpusMessages();
    const messages = corpus.length > 0 ? corpus : [{ name: "one", bytes: Buffer.from("Subject: x\r\n\r\n\0\xff\r\n") }];
    await dovecot.load(user, "INBOX", messages);
    const expected = await readRaw({ port: dovecot.imapPort, ...user }, "INBOX");
    expect(expected.size).toBe(messages.length);

    await using source = openImapSource(accountOf(dovecot, user));
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    expect(refs.map((ref) => ref.key)).toEqual([...expected.keys()].map(String));
    const digests = new Map<string, string>();
    for await (const message of reader.fetch(refs)) {
      expect(digests.has(message.key)).toBe(false);
      digests.set(message.key, sha256(await octetsOf(message)));
    }
    expect(digests).toEqual(new Map([...expected].map(([uid, { bytes }]) => [`${uid}`, sha256(bytes)])));
  });

  test("flags, keywords and the date of arrival come with each message, and nothing becomes read", async () => {
    const user = await dovecot.addUser();
    const bytes = Buffer.from("Subject: state\r\n\r\nhello\r\n");
    const internalDate = new Date("2019-07-14T21:08:09Z");
    await dovecot.load(user, "INBOX", [
      { bytes, internalDate },
      { bytes, flags: ["\\seen", "\\FLAGGED", "$Forwarded", "projet-été".normalize("NFD").replace(/[^\w-]/g, "")] },
    ]);
    await using source = openImapSource(accountOf(dovecot, user));
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    const messages: Message[] = [];
    for await (const message of reader.fetch(refs)) {
      await octetsOf(message);
      messages.push(message);
    }
    expect(refs[0]?.internalDate).toEqual(internalDate);
    for (const rows of [refs, messages]) {
      expect(rows[0]?.flags).toEqual([]);
      expect(rows[1]?.flags).toEqual(["$Forwarded", "\\Flagged", "\\Seen", "projet-ete"]);
    }
    const after = await readRaw({ port: dovecot.imapPort, ...user }, "INBOX");
    expect([...after.values()].map(({ flags }) => flags.filter((flag) => flag !== "\\Recent"))[0]).toEqual([]);
  });

  test("a message of 12 MiB comes exact, in parts", async () => {
    const user = await dovecot.addUser();
    const text = randomBytes(9 * 1024 * 1024)
      .toString("base64")
      .replace(/.{76}/g, "$&\r\n");
    const bytes = Buffer.from(`Subject: big\r\n\r\n${text}\r\n`);
    await dovecot.load(user, "INBOX", [{ bytes }, { bytes: Buffer.from("Subject: small\r\n\r\n") }]);
    await using source = openImapSource(accountOf(dovecot, user));
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    let largestPart = 0;
    const digests: string[] = [];
    for await (const message of reader.fetch(refs)) {
      const hash = createHash("sha256");
      for await (const part of message.body) {
        largestPart = Math.max(largestPart, part.length);
        hash.update(part);
      }
      digests.push(hash.digest("hex"));
    }
    expect(digests.sort()).toEqual([sha256(bytes), sha256(Buffer.from("Subject: small\r\n\r\n"))].sort());
    expect(largestPart).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  test("nested mailboxes with names from all over the world are listed, decoded, INBOX first, and open", async () => {
    const user = await dovecot.addUser();
    const names = ["Projets/Été & Cie/2026", "受信箱", "Ω/mail~peter", "with space", "100%*done", 'qu"ote\\d'];
    for (const name of names) await dovecot.load(user, name, [{ bytes: Buffer.from(`Subject: ${name}\r\n\r\n`) }]);
    await using source = openImapSource(accountOf(dovecot, user));
    const mailboxes = await collect(source.mailboxes());
    expect(mailboxes[0]?.path).toEqual(["INBOX"]);
    const paths = mailboxes.map((mailbox) => mailbox.path.join("/"));
    expect(new Set(paths).size).toBe(paths.length);
    for (const name of names) {
      expect(paths).toContain(name);
      await using reader = await source.open({ path: name.split("/") });
      const [message] = await collect(reader.list());
      expect(message?.size).toBe(Buffer.byteLength(`Subject: ${name}\r\n\r\n`));
    }
  });

  test("a message removed between listing and reading is left out, its neighbours come", async () => {
    const user = await dovecot.addUser();
    await dovecot.load(
      user,
      "INBOX",
      [1, 2, 3].map((n) => ({ bytes: Buffer.from(`Subject: ${n}\r\n\r\n`) })),
    );
    await using source = openImapSource(accountOf(dovecot, user));
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = [...(await collect(reader.list())), { key: "77", size: 20 } satisfies MessageRef, { key: "78" }];
    const keys: string[] = [];
    for await (const message of reader.fetch(refs)) keys.push(message.key);
    expect(keys).toEqual(["1", "2", "3"]);
  });

  test("more mailboxes than connections are opened one after the other, and one may wait for another", async () => {
    const user = await dovecot.addUser();
    await dovecot.load(user, "INBOX", [{ bytes: Buffer.from("Subject: 1\r\n\r\n") }]);
    await dovecot.load(user, "Other", [{ bytes: Buffer.from("Subject: 2\r\n\r\n") }]);
    await using source = openImapSource(accountOf(dovecot, user, { connections: 1 }));
    const order: string[] = [];
    const first = await source.open({ path: ["INBOX"] });
    const second = source.open({ path: ["Other"] }).then((reader) => {
      order.push("second opened");
      return reader;
    });
    await collect(first.list());
    order.push("first closed");
    await first[Symbol.asyncDispose]();
    await using other = await second;
    expect(await collect(other.list())).toHaveLength(1);
    expect(order).toEqual(["first closed", "second opened"]);
  });

  test("implicit TLS and STARTTLS carry the mail with a pinned certificate or the authority's", async () => {
    const user = await dovecot.addUser();
    await dovecot.load(user, "INBOX", [{ bytes: Buffer.from("Subject: 1\r\n\r\n") }]);
    const pinned = { tlsFingerprint: dovecot.certificate.fingerprint };
    const trusted = { tlsCa: dovecot.certificate.cert };
    for (const changes of [
      { tls: "implicit", port: dovecot.imapsPort, ...pinned },
      { tls: "implicit", port: dovecot.imapsPort, ...trusted },
      { tls: "starttls", ...pinned },
      { tls: "starttls", ...trusted, auth: "plain" },
      { tls: "implicit", port: dovecot.imapsPort, ...pinned, auth: "login" },
    ] satisfies Partial<Account>[]) {
      await using source = openImapSource(accountOf(dovecot, user, changes));
      await using reader = await source.open({ path: ["INBOX"] });
      expect(await collect(reader.list())).toHaveLength(1);
    }
  });
});

describe.skipIf(!dovecotAvailable())("an IMAP source on a server of the other kind", () => {
  let other: Dovecot;
  beforeAll(async () => {
    other = await startDovecot({
      separator: ".",
      prefix: "INBOX.",
      config: "namespace inbox {\n  mailbox Sent {\n    special_use = \\Sent\n  }\n}",
    });
  });
  afterAll(() => other.stop());

  test("the prefix INBOX. and the delimiter . do not show in paths, and special uses do", async () => {
    const user = await other.addUser();
    for (const name of ["INBOX.Sent", "INBOX.Projets.2026", "INBOX.Objets envoyés"]) {
      await other.load(user, name, [{ bytes: Buffer.from(`Subject: ${name}\r\n\r\n`) }]);
    }
    await using source = openImapSource(accountOf(other, user));
    const mailboxes: Mailbox[] = await collect(source.mailboxes());
    expect(mailboxes[0]).toEqual({ path: ["INBOX"] });
    expect(mailboxes).toContainEqual(expect.objectContaining({ path: ["Sent"], specialUse: "\\Sent" }));
    expect(mailboxes).toContainEqual({ path: ["Projets", "2026"] });
    await using reader = await source.open({ path: ["Projets", "2026"] });
    expect(await collect(reader.list())).toHaveLength(1);
  });
});

// End to end on a real server: every message of the corpus over all four routes, then read by everybody else.

import { cpSync } from "node:fs";
import { chown, readdir, stat } from "node:fs/promises";
import { connect, createServer, type Server as TcpServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert, lfToCrlf } from "../src/formats/octets.ts";
import { runJobs } from "../src/index.ts";
import type { Stored } from "../src/message.ts";
import { openImapSource } from "../src/sources/imap.ts";
import { readArchive } from "../src/storage/archive.ts";
import { readBack, sha256 } from "./support/archives.ts";
import { corpusMessages } from "./support/corpus.ts";
import { type Dovecot, type DovecotUser, dovecotAvailable, startDovecot } from "./support/dovecot.ts";
import { collect } from "./support/imap.ts";
import { accountOn, jobTo, routes, type Server, temporaryFolder } from "./support/jobs.ts";
import {
  readersAvailable,
  readMaildirWithPython,
  readMboxWithPython,
  readWithGit,
  readWithImaplib,
  readWithPoplib,
} from "./support/readers.ts";
import { tortureMessages } from "./support/torture.ts";

const available = dovecotAvailable() && readersAvailable();
const nested = ["Projets", "Été 2026"];
const nestedOnTheWire = "Projets/&AMk-t&AOk- 2026";
const internalDate = new Date("2019-07-14T21:08:09Z");

let dovecot: Dovecot;
let user: DovecotUser;

describe.runIf(available)("Dovecot", () => {
  beforeAll(async () => {
    dovecot = await startDovecot();
    user = await dovecot.addUser();
    const corpus = corpusMessages();
    const messages = corpus.length > 0 ? corpus : tortureMessages();
    await dovecot.load(user, "INBOX", messages);
    await dovecot.load(user, nested.join("/"), [
      ...messages.slice(0, 30).map(({ bytes }) => ({ bytes, internalDate, flags: ["\\Seen", "proj", "$Forwarded"] })),
      ...messages.slice(0, 3).map(({ bytes }) => ({ bytes, internalDate, flags: ["\\Flagged", "\\Answered"] })),
    ]);
  });
  afterAll(() => dovecot.stop());

  const server = (protocol: Server["protocol"], port?: number): Server => ({
    protocol,
    port: port ?? (protocol === "imap" ? dovecot.imapPort : dovecot.pop3Port),
    ...user,
  });

  describe.each(routes)("$protocol to $format", ({ protocol, format }) => {
    it("gives back what the server serves to an independent client, and moves nothing twice", async () => {
      const folder = temporaryFolder();
      await using wire = await countOctets(server(protocol).port);
      const job = jobTo(folder, format, accountOn(server(protocol, wire.port)));
      const first = await runJobs([job], { concurrency: 4 });
      expect(first.jobs[0]).toMatchObject({ verdict: "safe", failures: [] });

      const served = servedBy(protocol);
      const archived = await readBack(folder);
      for (const [mailbox, messages] of served) {
        const digests = archived.filter((message) => message.mailbox === mailbox).map((message) => message.sha256);
        expect(digests.sort(), mailbox).toEqual(messages.map(sha256).sort());
      }
      expect(first.jobs[0]?.octets).toBe([...served.values()].flat().reduce((sum, { length }) => sum + length, 0));

      const { octets } = wire;
      const second = await runJobs([job], { concurrency: 4 });
      expect(second.jobs[0]).toMatchObject({ verdict: "safe", octets: 0, messages: { copied: 0, failed: 0 } });
      // A listing is a line or two for each message; the messages themselves are 7,900 octets on average.
      expect(wire.octets - octets).toBeLessThan(archived.length * 150 + 10_000);

      const letter = Buffer.from(`Subject: one more\r\n\r\n${"x".repeat(5000)}\r\n`);
      await dovecot.load(user, "INBOX", [{ bytes: letter }]);
      const third = await runJobs([job], { concurrency: 4 });
      expect(third.jobs[0]).toMatchObject({ octets: letter.length, messages: { copied: 1 } });
    });
  });

  it("writes mbox files that git and Python read to the octet", async () => {
    const folder = temporaryFolder();
    await runJobs([jobTo(folder, "mbox", accountOn(server("imap")))], { concurrency: 4 });
    const stored = await ledgerOf(folder, ["INBOX"]);
    const file = join(folder, "mbox", "INBOX.mbox");
    for (const bodies of [readWithGit(file), readMboxWithPython(file)]) {
      const digests = bodies.map((body, n) => sha256(asArrived(body, stored[n])));
      expect(digests).toEqual(stored.map((one) => one.sha256));
    }
  });

  it("writes a Maildir that Python reads to the octet", async () => {
    const folder = temporaryFolder();
    await runJobs([jobTo(folder, "maildir", accountOn(server("imap")))], { concurrency: 4 });
    const stored = new Map((await ledgerOf(folder, ["INBOX"])).map((one) => [one.place.file, one]));
    const found = readMaildirWithPython(join(folder, "maildir"));
    expect(found).toHaveLength(stored.size);
    for (const { unique, bytes } of found) {
      const one = stored.get(unique);
      expect(sha256(asArrived(bytes, one)), unique).toBe(one?.sha256);
    }
  });

  it("writes a Maildir that Dovecot serves with the same octets, flags, keywords and dates", async () => {
    const folder = temporaryFolder();
    await runJobs([jobTo(folder, "maildir", accountOn(server("imap")))], { concurrency: 4 });
    const copy = await dovecot.addUser();
    cpSync(join(folder, "maildir"), copy.maildir, { recursive: true, preserveTimestamps: true });
    await giveTo(copy);

    const original = await everything(server("imap"));
    expect(original.size).toBe(2);
    expect(await everything({ protocol: "imap", port: dovecot.imapPort, ...copy })).toEqual(original);
  });

  const servedBy = (protocol: Server["protocol"]): Map<string, Buffer[]> => {
    const { port, user: name, password } = server(protocol);
    if (protocol === "pop3") return new Map([["INBOX", readWithPoplib(port, name, password)]]);
    return new Map([
      ["INBOX", readWithImaplib(port, name, password, "INBOX")],
      [nested.join("/"), readWithImaplib(port, name, password, nestedOnTheWire)],
    ]);
  };

  const giveTo = async ({ home, maildir }: DovecotUser) => {
    const { uid, gid } = await stat(home);
    for (const name of ["", ...(await readdir(maildir, { recursive: true }))])
      await chown(join(maildir, name), uid, gid);
  };
});

/** What an account holds: per mailbox, each message's digest, flags and date, sorted. */
async function everything(server: Server): Promise<Map<string, string[]>> {
  await using source = openImapSource(accountOn(server));
  const mailboxes = new Map<string, string[]>();
  for await (const mailbox of source.mailboxes()) {
    await using reader = await source.open(mailbox);
    const rows: string[] = [];
    for await (const message of reader.fetch(await collect(reader.list()))) {
      const digest = sha256(Buffer.concat(await collect(message.body)));
      rows.push(`${digest} ${message.flags.join(" ")} ${message.internalDate?.toISOString()}`);
    }
    if (rows.length > 0) mailboxes.set(mailbox.path.join("/"), rows.sort());
  }
  return mailboxes;
}

async function ledgerOf(folder: string, path: readonly string[]): Promise<Stored[]> {
  await using archive = await readArchive(folder);
  await using ledger = await archive.readLedger({ path });
  return [...(ledger?.all() ?? [])];
}

/** What arrived, from what another program reads and what the ledger says of its form. */
function asArrived(octets: Buffer, stored: Stored | undefined): Buffer {
  const own = stored?.place.addedNewline === true ? octets.subarray(0, -1) : octets;
  return stored?.place.verbatim === true ? own : convert(own, lfToCrlf());
}

/** A proxy on loopback that counts what the server sends. */
async function countOctets(port: number): Promise<{ port: number; octets: number } & AsyncDisposable> {
  const listener: TcpServer = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    upstream.on("data", (chunk) => {
      counter.octets += chunk.length;
    });
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const counter = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    octets: 0,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return counter;
}

// Names from a server: whatever they are, each mailbox has a place of its own below the root, and is found under its name.

import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, findMailbox, type MailStore } from "../src/demo/mail-store.ts";
import { startPop3Server } from "../src/demo/pop3-server.ts";
import { decodeMutf7 } from "../src/formats/mutf7.ts";
import { type Account, type ArchiveFormat, type Job, runJobs } from "../src/index.ts";
import { readArchive } from "../src/storage/archive.ts";
import { multiset, readBack, sha256 } from "./support/archives.ts";
import { hostileNames, rawNames } from "./support/hostile-names.ts";
import { startHostileImap } from "./support/hostile-servers.ts";
import { accountOn, jobTo } from "./support/jobs.ts";
import { quickFolder } from "./support/quick-folder.ts";

const password = "analytical-engine";
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A delimiter that is in none of the names. */
const delimiter = "^";

async function serve(store: MailStore): Promise<{ server: ImapServer; account: Account }> {
  const server = await startImapServer({ store, delimiter });
  cleanups.push(() => server.close());
  return { server, account: accountOn({ protocol: "imap", port: server.port, user: "ada", password }) };
}

function storeOf(paths: readonly (readonly string[])[]): MailStore {
  const store = createMailStore("ada", password);
  for (const path of paths) {
    addMessage(
      addMailbox(store, path),
      Buffer.from(`Subject: ${JSON.stringify(path).slice(0, 100)}\r\n\r\nIn its own place.\r\n`),
      {
        flags: ["\\Seen", "__proto__", "constructor", "toString", "prototype"],
      },
    );
  }
  return store;
}

const served = (store: MailStore) =>
  store.mailboxes
    .flatMap(({ path, messages }) => messages.map(({ bytes }) => `${path.join("/")} ${sha256(bytes)}`))
    .sort();

/** Every file and folder below `root` lies there, and is no link. */
function expectAllBelow(root: string): void {
  const real = realpathSync(root);
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const path = join(root, name);
    expect(lstatSync(path).isSymbolicLink(), path).toBe(false);
    expect(realpathSync(path).startsWith(`${real}/`), path).toBe(true);
  }
}

const paths = [
  ...hostileNames.map((name) => [name]),
  ...hostileNames.slice(0, 12).map((name) => ["below", name]),
  ...hostileNames.slice(0, 12).map((name) => [name, "below"]),
];

describe.each(["mbox", "maildir"] as const)(
  "mailboxes with hostile names in an archive (%s)",
  (format: ArchiveFormat) => {
    test("each keep their mail below the root, come again under their names, and go to a target or are named", async () => {
      const store = storeOf(paths);
      const { account } = await serve(store);
      const folder = quickFolder();
      const archive = join(folder, "archive");
      const first = await runJobs([jobTo(archive, format, account)], { concurrency: 2 });
      // A name with these does not go back to the server as it came: the mailbox is named, and nothing of it is lost unseen.
      const shut =
        first.jobs[0]?.failures.map(({ mailbox }) => mailbox.map((segment) => decodeMutf7(segment)).join("/")) ?? [];
      expect(first.jobs[0]?.failures.every(({ code }) => code === "S602")).toBe(true);
      for (const name of shut) expect(name).toMatch(/[\0-\x1f\x7f\ufeff]/);
      const open = served(store).filter((line) => !shut.includes(line.slice(0, -65)));
      expect(readdirSync(folder)).toEqual(["archive"]);
      expectAllBelow(archive);
      const stored = await readBack(archive);
      expect(multiset(stored)).toEqual(open);
      for (const { flags } of stored)
        expect(flags).toEqual(["\\Seen", "__proto__", "constructor", "prototype", "toString"]);
      const again = await runJobs([jobTo(archive, format, account)], { concurrency: 2 });
      expect(again.jobs[0]).toMatchObject({ messages: { copied: 0, failed: 0 } });

      const target = createMailStore("ada", password);
      const { account: to } = await serve(target);
      const move: Job = {
        ...jobTo(archive, format, account),
        name: "constructor",
        from: { archive },
        to: { account: to, under: [], keepRefused: undefined },
      };
      const [moved] = (await runJobs([move], { concurrency: 2, stateDirectory: join(folder, "state") })).jobs;
      const refused = new Set(moved?.failures.map(({ mailbox }) => mailbox.join("/")));
      expect(
        moved?.failures.every(({ code }) => code === "D504"),
        JSON.stringify(moved?.failures),
      ).toBe(true);
      const arrived = served(target)
        .map((line) => line.slice(-64))
        .sort();
      const due = open
        .filter((line) => !refused.has(line.slice(0, -65)))
        .map((line) => line.slice(-64))
        .sort();
      expect(arrived).toEqual(due);
      for (const path of [["__proto__"], ["constructor"], ["-rf"], ["~"], [".."]]) {
        expect(findMailbox(target, path)?.messages, path.join()).toHaveLength(1);
      }
      // What would end a command, or a string in it, is another character there.
      for (const { path } of target.mailboxes) expect(path.join()).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
      expect(readdirSync(folder).sort()).toEqual(["archive", "state"]);
      expectAllBelow(join(folder, "state"));
    });
  },
);

test("a mailbox whose name is no modified UTF-7 is failed by its name, and the others arrive", async () => {
  const messages = [Buffer.from("Subject: here\r\n\r\nbody\r\n")];
  await using server = await startHostileImap(
    async ({ name }, say) => {
      if (name === "LIST") for (const raw of rawNames) await say(Buffer.from(`* LIST () "/" "${raw}"\r\n`, "latin1"));
      return false;
    },
    { messages },
  );
  const folder = quickFolder();
  const archive = join(folder, "archive");
  const account = accountOn({ protocol: "imap", port: server.port, user: "ada", password });
  const [job] = (await runJobs([jobTo(archive, "mbox", account)], { concurrency: 1 })).jobs;
  expect(job?.exit.code).toBe(3);
  const failed = job?.failures.map(({ code }) => code) ?? [];
  expect(failed.length).toBeGreaterThan(4);
  for (const code of failed) expect(code).toBe("S602");
  expect((await readBack(archive)).map(({ mailbox }) => mailbox)).toContain("INBOX");
  expectAllBelow(archive);
});

test("over POP3, with ids such as __proto__, each message is stored once, under its id", async () => {
  const store = storeOf([]);
  const [inbox] = store.mailboxes;
  const ids = ["__proto__", "constructor", "prototype", "toString", "../../x", "-rf", "~", "CON", "a:2,S"];
  for (const id of ids) if (inbox !== undefined) addMessage(inbox, Buffer.from(`Subject: ${id}\r\n\r\nbody\r\n`));
  const server = await startPop3Server({ store, script: { uidl: (number) => ids[number - 1] ?? "" } });
  cleanups.push(() => server.close());
  const account = accountOn({ protocol: "pop3", port: server.port, user: "ada", password });
  for (const format of ["mbox", "maildir"] as const) {
    const archive = join(quickFolder(), "archive");
    for (const copied of [ids.length, 0]) {
      const { jobs } = await runJobs([{ ...jobTo(archive, format, account), name: "__proto__" }], { concurrency: 1 });
      expect(jobs[0]).toMatchObject({ name: "__proto__", verdict: "safe", messages: { copied } });
    }
    expect((await readBack(archive)).map(({ key }) => key).sort()).toEqual([...ids].sort());
    await using read = await readArchive(archive);
    expect(read.mailboxes()).toEqual([{ path: ["INBOX"] }]);
    expectAllBelow(archive);
  }
  expect(({} as Record<string, unknown>).checkpoint).toBeUndefined();
});

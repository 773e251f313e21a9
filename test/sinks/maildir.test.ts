// The Maildir sink's own promises; the common ones are in sink-contract.ts.

import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { maildirName } from "../../src/formats/mailbox-names.ts";
import { formatUniqueName, uniqueId } from "../../src/formats/maildir.ts";
import type { Commit, Message, Place } from "../../src/message.ts";
import { openMaildirSink } from "../../src/sinks/index.ts";
import { openMaildirWriter } from "../../src/sinks/maildir.ts";
import type { Since } from "../../src/sinks/sink.ts";
import { openStoredMaildir } from "../../src/storage/stored-maildir.ts";
import { date, describeSink, filesUnder, message, openHandles, text } from "../sink-contract.ts";
import { collect } from "../support/chunks.ts";
import { corpusMessages } from "../support/corpus.ts";
import { tortureMessages } from "../support/torture.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("WARNING: no python3: its mailbox module does not read our Maildirs");

function filesOf(directory: string): string[] {
  return ["cur", "new"].flatMap((folder) =>
    existsSync(join(directory, folder)) ? readdirSync(join(directory, folder)).map((name) => `${folder}/${name}`) : [],
  );
}

describeSink("Maildir", (root) => {
  const directory = join(root, ".Projets.2026");
  return {
    sink: openMaildirSink(root),
    openMail: () => openStoredMaildir(directory),
    count: () => filesOf(directory).length,
  };
});

describe("Maildir", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-maildir-"));
  });

  afterEach(async () => {
    await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  async function write(since: Since | undefined, ...messages: Message[]): Promise<Commit> {
    await using writer = await openMaildirWriter(directory, true, since);
    for (const each of messages) await writer.append(each);
    return await writer.commit();
  }

  /** As a ledger says it that has recorded these commits. */
  function sinceOf(...commits: Commit[]): Since {
    const places = new Set(commits.flatMap(({ stored }) => stored.map(({ place }) => JSON.stringify(place))));
    return { checkpoint: { maildir: 1 }, holds: (place) => places.has(JSON.stringify(place)) };
  }

  async function read(place: Place | undefined): Promise<string> {
    await using mail = openStoredMaildir(directory);
    return String(await collect(mail.read(place ?? {})));
  }

  test("S= and W= are exact for every message: Dovecot believes them", async () => {
    const messages = [...tortureMessages(), ...corpusMessages()];
    const commit = await write(undefined, ...messages.map(({ name, bytes }) => message(name, bytes)));
    const names = new Set(filesOf(directory).map((name) => name.slice("cur/".length)));
    for (const [n, { place }] of commit.stored.entries()) {
      const name = `${place.file}:2,`;
      expect(names.has(name), messages[n]?.name).toBe(true);
      const octets = readFileSync(join(directory, "cur", name));
      const bareLf = octets.toString("latin1").replaceAll("\r\n", "").split("\n").length - 1;
      const [, size, virtualSize] = /,S=(\d+),W=(\d+)$/.exec(String(place.file)) ?? [];
      expect([size, virtualSize].map(Number), messages[n]?.name).toEqual([octets.length, octets.length + bareLf]);
    }
  });

  test("the modification time is the INTERNALDATE, before 1970 and far away too", async () => {
    const dates = [date, new Date(0), new Date("1969-07-20T20:17:40Z"), new Date("2200-02-03T04:05:06Z")];
    const { stored } = await write(
      undefined,
      ...dates.map((internalDate, n) => message(String(n), text("x"), { internalDate })),
    );
    const times = stored.map(({ place }) => lstatSync(join(directory, "cur", `${place.file}:2,`)).mtime);
    expect(times).toEqual(dates);
  });

  test("a message without a date, or with an impossible one, is stored all the same", async () => {
    const dates = [undefined, new Date(Number.NaN), new Date(8.64e15), new Date(-8.64e15)];
    const commit = await write(
      undefined,
      ...dates.map((internalDate, n) => message(String(n), text("x"), { internalDate })),
    );
    expect(commit.stored.length).toBe(4);
    expect(filesOf(directory).length).toBe(4);
  });

  test("flags become the letters that every mail reader knows, in ASCII order", async () => {
    const flags = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"];
    await write(undefined, message("1", text("x"), { flags }));
    expect(filesOf(directory)[0]).toMatch(/^cur\/.*:2,DFRST$/);
    expect(existsSync(join(directory, "dovecot-keywords"))).toBe(false);
  });

  test("keywords get letters in dovecot-keywords, after those that are there already", async () => {
    writeFileSync(join(directory, "dovecot-keywords"), "0 theirs\n2 $Junk\n");
    await write(undefined, message("1", text("x"), { flags: ["$junk", "proj", "été"] }));
    expect(readFileSync(join(directory, "dovecot-keywords"), "latin1")).toBe("0 theirs\n1 proj\n2 $Junk\n");
    expect(filesOf(directory)[0]).toMatch(/:2,bc$/);
  });

  test("a keyword that a mail reader adds during the run keeps its letter", async () => {
    await using writer = await openMaildirWriter(directory, true);
    await writer.append(message("1", text("one"), { flags: ["ours"] }));
    await writer.commit();
    appendFileSync(join(directory, "dovecot-keywords"), "1 theirs\n");
    await writer.append(message("2", text("two"), { flags: ["late", "theirs"] }));
    const { stored } = await writer.commit();
    expect(readFileSync(join(directory, "dovecot-keywords"), "latin1")).toBe("0 ours\n1 theirs\n2 late\n");
    expect(filesOf(directory)).toContain(`cur/${stored[0]?.place.file}:2,bc`);
  });

  test("the 27th keyword has no letter: the ledger keeps it", async () => {
    const flags = Array.from({ length: 30 }, (_, n) => `kw${String(n).padStart(2, "0")}`);
    const { stored } = await write(undefined, message("1", text("x"), { flags }));
    expect(stored[0]?.flags).toEqual(flags);
    expect(filesOf(directory)[0]).toMatch(/:2,abcdefghijklmnopqrstuvwxyz$/);
    expect(readFileSync(join(directory, "dovecot-keywords"), "latin1").split("\n").length).toBe(27);
  });

  test("what a run that died left half-written is removed, and nothing else", async () => {
    const one = await write(undefined, message("1", text("one")));
    const half = formatUniqueName({ seconds: 1, id: uniqueId("2", 0), size: 9, virtualSize: 9 });
    writeFileSync(join(directory, "tmp", half), "half");
    writeFileSync(join(directory, "tmp", ".~0123456789abcdef.mailferry-tmp"), "half");
    writeFileSync(join(directory, ".~0123456789abcdef.mailferry-tmp"), "half");
    writeFileSync(join(directory, "tmp", "1700000000.M1P2.theirs"), "being delivered");
    await write(sinceOf(one), message("2", text("two")));
    expect(readdirSync(join(directory, "tmp"))).toEqual(["1700000000.M1P2.theirs"]);
    expect(readdirSync(directory).sort()).toEqual(["cur", "new", "tmp"]);
  });

  test("it is removed also where no message comes any more", async () => {
    const one = await write(undefined, message("1", text("one")));
    writeFileSync(join(directory, ".~0123456789abcdef.mailferry-tmp"), "half a list of keywords");
    await write(sinceOf(one));
    expect(readdirSync(directory).sort()).toEqual(["cur", "new", "tmp"]);
  });

  test("folders with the names of temporary files are folders", async () => {
    for (const path of [
      ["1", "mailferry-tmp"],
      ["~0123456789abcdef", "mailferry-tmp"],
      ["x", "mailferry-spool"],
    ]) {
      mkdirSync(join(directory, maildirName(path)));
    }
    await write(undefined, message("1", text("one")));
    expect(filesOf(directory).length).toBe(1);
  });

  for (const [how, change] of [
    ["was read", (unique: string) => renameSync(`cur/${unique}:2,`, `cur/${unique}:2,S`)],
    ["was moved to new/", (unique: string) => renameSync(`cur/${unique}:2,`, `new/${unique}`)],
    ["was flagged, with a keyword", (unique: string) => renameSync(`cur/${unique}:2,`, `cur/${unique}:2,FSa`)],
  ] as const) {
    test(`a message that ${how} in a mail reader is recognised when it comes again, and still readable`, async () => {
      const first = await write(undefined, message("1", text("one")), message("2", text("two")));
      const cwd = process.cwd();
      process.chdir(directory);
      for (const { place } of first.stored) change(String(place.file));
      process.chdir(cwd);
      const before = filesOf(directory);
      const again = await write(sinceOf(), message("1", text("one")), message("2", text("two")));
      expect(filesOf(directory)).toEqual(before);
      expect(again.stored).toEqual(first.stored);
      expect(await read(again.stored[1]?.place)).toBe(String(text("two")));
    });
  }

  test("a mail reader may change flags while the archive is being read", async () => {
    const { stored } = await write(undefined, message("1", text("one")), message("2", text("two")));
    await using mail = openStoredMaildir(directory);
    expect(String(await collect(mail.read(stored[0]?.place ?? {})))).toBe(String(text("one")));
    const two = stored[1]?.place ?? {};
    renameSync(join(directory, "cur", `${two.file}:2,`), join(directory, "cur", `${two.file}:2,S`));
    expect(String(await collect(mail.read(two)))).toBe(String(text("two")));
  });

  test("a message whose file is gone is damage to that message alone", async () => {
    const { stored } = await write(undefined, message("1", text("one")), message("2", text("two")));
    await using mail = openStoredMaildir(directory);
    const place = stored[1]?.place ?? {};
    expect(String(await collect(mail.read(stored[0]?.place ?? {})))).toBe(String(text("one")));
    rmSync(join(directory, "cur", `${place.file}:2,`));
    const damage = { code: "V901", scope: "message" };
    await expect(collect(mail.read(place))).rejects.toMatchObject(damage);
    await expect(collect(mail.read({ file: "../../../etc/passwd" }))).rejects.toMatchObject(damage);
    await expect(collect(mail.read({}))).rejects.toMatchObject(damage);
  });

  test("a commit that failed half-way is final, and the repeat brings no message twice", async () => {
    const empty = await write(undefined);
    await using writer = await openMaildirWriter(directory, true, sinceOf(empty));
    const two = text("two");
    const size = two.length - 4;
    const seconds = date.getTime() / 1000;
    await writer.append(message("1", text("one")));
    await writer.append(message("2", two));
    const obstacle = join(
      directory,
      "tmp",
      formatUniqueName({ seconds, id: uniqueId("2", 0), size, virtualSize: two.length }),
    );
    mkdirSync(obstacle);
    await expect(writer.commit()).rejects.toMatchObject({ scope: "session" });
    expect(filesOf(directory).length).toBe(1);
    rmSync(obstacle, { recursive: true });
    await expect(writer.commit()).rejects.toMatchObject({ scope: "session" });
    await expect(writer.append(message("3", text("three")))).rejects.toMatchObject({ scope: "session" });
    const again = await write(sinceOf(empty), message("1", text("one")), message("2", two));
    expect(filesOf(directory).length).toBe(2);
    expect(again.stored.map(({ key }) => key)).toEqual(["1", "2"]);
  });

  test("mail of other programs in the same Maildir is left alone", async () => {
    for (const folder of ["cur", "new", "tmp"]) mkdirSync(join(directory, folder));
    const theirs = ["cur/1700000000.M1P2.host,S=3,W=3:2,S", "new/1700000000.M1P2.host", "cur/1700000001.M1P2.host:2,"];
    for (const name of theirs) writeFileSync(join(directory, name), text("one"));
    await write(undefined, message("1", text("one")));
    expect(filesOf(directory).length).toBe(4);
    for (const name of theirs) expect(readFileSync(join(directory, name)).equals(text("one"))).toBe(true);
  });

  test("a subfolder carries maildirfolder, the Maildir itself does not", async () => {
    for (const [name, isRoot] of [
      ["", true],
      [".Sent", false],
    ] as const) {
      await using writer = await openMaildirWriter(join(directory, name), isRoot);
      await writer.append(message("1", text("one")));
      await writer.commit();
      expect(existsSync(join(directory, name, "maildirfolder"))).toBe(!isRoot);
      for (const folder of ["cur", "new", "tmp"]) {
        expect(lstatSync(join(directory, name, folder)).mode & 0o777).toBe(0o700);
      }
    }
    for (const file of filesUnder(directory)) expect(lstatSync(join(directory, file)).mode & 0o777).toBe(0o600);
  });

  test.skipIf(!hasPython)("Python's mailbox module reads every message, its flags and its date", async () => {
    const messages = tortureMessages();
    await write(undefined, ...messages.map(({ name, bytes }) => message(name, bytes, { flags: ["\\Seen"] })));
    const script =
      "import mailbox,sys; m=mailbox.Maildir(sys.argv[1]); " +
      "print(sum(1 for x in m if x.get_flags()=='S' and int(x.get_date())==int(sys.argv[2])))";
    const seen = execFileSync("python3", ["-c", script, directory, String(date.getTime() / 1000)], {
      encoding: "utf8",
    });
    expect(Number(seen)).toBe(messages.length);
  });
});

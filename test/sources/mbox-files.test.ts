// mbox files of other programs: what every source promises, and what these files make of it.

import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { mboxName } from "../../src/formats/mailbox-names.ts";
import { formatWholeEntry } from "../../src/formats/mboxrd.ts";
import type { MessageRef } from "../../src/message.ts";
import { openMboxFiles } from "../../src/sources/mbox-files.ts";
import { openHandles } from "../sink-contract.ts";
import { collect, failureOf, octetsOf } from "../support/imap.ts";
import {
  hasPython,
  noticeBoard,
  plant,
  readAll,
  readEverything,
  readMailbox,
  runPython,
  withoutRights,
} from "../support/local-source.ts";
import { fromLine, writeMboxrd } from "../support/mbox-writers.ts";
import { tortureMessages } from "../support/torture.ts";

const letter = (subject: string, body = "body\n") => `${fromLine}Subject: ${subject}\n\n${body}\n`;
const asText = (subject: string, body = "body\r\n") => `Subject: ${subject}\r\n\r\n${body}`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailferry-mboxes-"));
});
afterEach(async () => {
  await expect.poll(() => openHandles(folder) ?? []).toEqual([]);
  rmSync(folder, { recursive: true });
});

describe("an mbox file, as any source,", () => {
  const messages = tortureMessages();
  const written = writeMboxrd([...messages, ...messages.slice(0, 1)].map(({ bytes }) => bytes));
  const path = () => join(folder, "INBOX");
  beforeEach(() => writeFileSync(path(), written.file));

  test("is INBOX, and gives every message to the octet, under a key of its own", async () => {
    await using source = openMboxFiles(path());
    expect(await collect(source.mailboxes())).toEqual([{ path: ["INBOX"] }]);
    const found = await readMailbox(source, "INBOX");
    expect(found.map(({ text }) => text)).toEqual(written.messages.map((each) => each.toString("latin1")));
    for (const { internalDate } of found) expect(internalDate).toEqual(new Date("2026-01-01T12:00:00Z"));
  });

  test("gives those that are asked for, under the same keys and validity when opened again", async () => {
    await using source = openMboxFiles(path());
    const chosen: MessageRef[] = [];
    const texts: string[] = [];
    let validity = "";
    {
      await using reader = await source.open({ path: ["INBOX"] });
      expect(reader.keys).toBe("stable");
      ({ validity } = reader);
      const all = await readAll(reader);
      for (const place of [6, 1, 3]) {
        chosen.push({ key: all[place]?.key ?? "" });
        texts.push(all[place]?.text ?? "");
      }
    }
    await using again = await source.open({ path: ["inbox"] });
    expect(again.validity).toBe(validity);
    const found = new Map<string, string>();
    for await (const message of again.fetch([...chosen, { key: "no such key" }])) {
      found.set(message.key, (await octetsOf(message)).toString("latin1"));
    }
    expect(found).toEqual(new Map(chosen.map(({ key }, n) => [key, texts[n]])));
  });

  test("goes on to the next message when a body is not read, or not to its end; can be left in the middle", async () => {
    await using source = openMboxFiles(path());
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    const whole = new Set(written.messages.map((each) => each.toString("latin1")));
    let place = 0;
    for await (const message of reader.fetch(refs)) {
      place += 1;
      if (place % 3 === 0) continue;
      if (place % 3 === 1) for await (const _ of message.body) break;
      else expect(whole.has((await octetsOf(message)).toString("latin1"))).toBe(true);
    }
    expect(place).toBe(refs.length);
    for await (const _ of reader.fetch(refs)) break;
    expect(await readAll(reader)).toHaveLength(refs.length);
  });

  test("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    await using source = openMboxFiles(path(), { signal: stop.signal });
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    const reading = (async () => {
      for await (const message of reader.fetch(refs)) {
        stop.abort(reason);
        await octetsOf(message);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    await expect(collect(reader.list())).rejects.toBe(reason);
    await expect(source.open({ path: ["INBOX"] })).rejects.toBe(reason);
    await expect(collect(source.mailboxes())).rejects.toBe(reason);
  });

  test("may be disposed of at any time, and twice", async () => {
    await openMboxFiles(path())[Symbol.asyncDispose]();
    const used = openMboxFiles(path());
    const reader = await used.open({ path: ["INBOX"] });
    await used[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
    await used[Symbol.asyncDispose]();
  });

  test("is not changed by reading, nor is anything put beside it", async () => {
    await using source = openMboxFiles(path());
    await readMailbox(source, "INBOX");
    expect(readFileSync(path()).equals(written.file)).toBe(true);
    expect(await readEverything(openMboxFiles(folder))).toHaveProperty("INBOX");
  });
});

describe("a key", () => {
  const path = () => join(folder, "box");
  const keysBySubject = async () => {
    await using source = openMboxFiles(path());
    const found = await readMailbox(source, "box");
    return new Map(found.map(({ key, text }) => [/Subject: (.*)\r/.exec(text)?.[1], key]));
  };

  test("stays when the file is appended to or compacted", async () => {
    writeFileSync(path(), letter("a") + letter("b") + letter("c").slice(0, -1));
    const before = await keysBySubject();
    appendFileSync(path(), `\n${letter("d")}${letter("e", ">>From here\n")}`);
    const after = await keysBySubject();
    for (const [subject, key] of before) expect(after.get(subject)).toBe(key);
    expect(after.size).toBe(5);
    writeFileSync(path(), letter("d") + letter("c"));
    const compacted = await keysBySubject();
    expect(compacted).toEqual(
      new Map([
        ["d", after.get("d")],
        ["c", after.get("c")],
      ]),
    );
  });

  test("stays when a mail program notes something in the room it has, and only the flags are others", async () => {
    const noted = (status: string) =>
      letter("a").replace("Subject", `X-Mozilla-Status: ${status}\nX-Mozilla-Keys: \nSubject`);
    writeFileSync(path(), noted("0000"));
    await using source = openMboxFiles(path());
    const [before] = await readMailbox(source, "box");
    writeFileSync(path(), noted("0005"));
    const [after] = await readMailbox(source, "box");
    expect(after).toMatchObject({ key: before?.key, size: before?.size, flags: ["\\Flagged", "\\Seen"] });
    expect(after?.text).toContain("0005");
  });

  test("tells equal messages apart by their number, and names others when octets or their number change", async () => {
    writeFileSync(path(), letter("a") + letter("b") + letter("a") + letter("a"));
    await using source = openMboxFiles(path());
    const [first, , second, third] = (await readMailbox(source, "box")).map(({ key }) => key);
    expect(first).toMatch(/^[0-9a-f]{24}$/);
    expect([second, third]).toEqual([`${first}-2`, `${first}-3`]);
    writeFileSync(
      path(),
      letter("a", "bodY\n") + letter("a", "body\n\n") + letter("a").replace("\n\n", "\nStatus: R\n\n"),
    );
    const keys = (await readMailbox(source, "box")).map(({ key }) => key);
    expect(new Set([first, ...keys]).size).toBe(4);
  });
});

describe("a file that changes", () => {
  const path = () => join(folder, "box");
  const original = letter("a", `${"a".repeat(100)}\n`) + letter("b", `${"b".repeat(600_000)}\n`) + letter("c");
  beforeEach(() => writeFileSync(path(), original));

  /** What comes of each message after the file was listed and then changed. */
  async function fetchAfter(change: () => void): Promise<(string | MailferryError)[]> {
    await using source = openMboxFiles(path());
    await using reader = await source.open({ path: ["box"] });
    const refs = await collect(reader.list());
    change();
    const found: (string | MailferryError)[] = [];
    for await (const message of reader.fetch(refs)) {
      found.push(
        await octetsOf(message).then(
          (octets) => octets.toString("latin1"),
          (error: unknown) => (error instanceof MailferryError ? error : Promise.reject(error)),
        ),
      );
    }
    return found;
  }
  const spoilt = { code: "M401", scope: "message", retry: "later" };
  const b = asText("b", `${"b".repeat(600_000)}\r\n`);

  test("in place never gives other octets: that message fails, the others come", async () => {
    const found = await fetchAfter(() => writeFileSync(path(), original.replace("aaa", "axa")));
    expect(found).toEqual([expect.objectContaining(spoilt), b, asText("c")]);
    const inHeader = await fetchAfter(() => writeFileSync(path(), original.replace("Subject: b", "Subject: x")));
    expect(inHeader[1]).toMatchObject(spoilt);
  });

  test("by an entry taken out in front fails for all behind it, and for those beyond its end", async () => {
    const shorter = await fetchAfter(() => writeFileSync(path(), original.slice(letter("a").length)));
    expect(shorter.every((each) => each instanceof MailferryError && each.scope === "message")).toBe(true);
    writeFileSync(path(), original);
    const cut = await fetchAfter(() => truncateSync(path(), 700));
    expect(cut).toEqual([
      asText("a", `${"a".repeat(100)}\r\n`),
      expect.objectContaining(spoilt),
      expect.objectContaining(spoilt),
    ]);
  });

  test("by being replaced is read as it was, and so is one that is gone", async () => {
    const whole = [asText("a", `${"a".repeat(100)}\r\n`), b, asText("c")];
    const replaced = await fetchAfter(() => {
      writeFileSync(join(folder, "new"), letter("z"));
      renameSync(join(folder, "new"), path());
    });
    expect(replaced).toEqual(whole);
    writeFileSync(path(), original);
    expect(await fetchAfter(() => rmSync(path()))).toEqual(whole);
  });

  test("now, as the lock beside it says, is left for later; a lock that was forgotten is not waited for", async () => {
    await using source = openMboxFiles(path());
    writeFileSync(`${path()}.lock`, "");
    const error = await failureOf(source.open({ path: ["box"] }));
    expect(error).toMatchObject({ code: "L801", scope: "mailbox", retry: "now" });
    expect(error.remedy).toContain("box.lock");
    const longAgo = new Date("2026-01-01T00:00:00Z");
    utimesSync(`${path()}.lock`, longAgo, longAgo);
    utimesSync(path(), longAgo, longAgo);
    expect(await readMailbox(source, "box")).toHaveLength(3);
  });
});

describe("a folder of mbox files", () => {
  test("is a tree of mailboxes by their paths, and says what it passed over", async () => {
    plant(folder, {
      Inbox: letter("inbox"),
      "Projets/2026.mbox": letter("nested"),
      "Projets/empty.mbox": "",
      empty: "",
      "empty.txt": "",
      "Sent.mbox.lock": "",
      ".hidden": letter("hidden"),
      ".git/HEAD": letter("hidden"),
      "notes.txt": "From: me\n",
      "archive.zip": "PK",
    });
    const { notices, notice } = noticeBoard();
    await using source = openMboxFiles(folder, { notice });
    expect(await readEverything(source)).toEqual({
      INBOX: [asText("inbox")],
      "Projets / 2026": [asText("nested")],
      "Projets / empty": [],
    });
    await collect(source.mailboxes());
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ code: "S602", mailbox: [] });
    expect(notices[0]?.reason).toContain(".git, .hidden, Sent.mbox.lock, archive.zip, notes.txt");
  });

  test("of Thunderbird has its subfolders in .sbd, and its indexes are not worth a word", async () => {
    plant(folder, {
      Inbox:
        "From - Mon Jan 05 08:00:00 2026\r\nX-Mozilla-Status: 0001\r\nX-Mozilla-Keys: $label1  \r\nSubject: a\r\n\r\nx\r\n\r\n",
      "Inbox.msf": "// <!-- <mdb:mork:z v=",
      "Inbox.sbd/Sub": `From \r\nX-Mozilla-Status: 000c\r\nSubject: b\r\n\r\n>From x\r\n\r\n`,
      Projets: "",
      "Projets.msf": "",
      "Projets.sbd/2026": letter("c"),
      "Projets.sbd/2026.sbd/\u00c9t\u00e9": letter("d"),
    });
    const { notices, notice } = noticeBoard();
    await using source = openMboxFiles(folder, { notice });
    const paths = (await collect(source.mailboxes())).map(({ path }) => path);
    expect(new Set(paths.map((path) => JSON.stringify(path)))).toEqual(
      new Set(
        [["INBOX"], ["INBOX", "Sub"], ["Projets", "2026"], ["Projets", "2026", "\u00c9t\u00e9"]].map((path) =>
          JSON.stringify(path),
        ),
      ),
    );
    expect(await readMailbox(source, "INBOX")).toMatchObject([{ flags: ["$label1", "\\Seen"] }]);
    expect(await readMailbox(source, "INBOX", "Sub")).toMatchObject([
      {
        flags: ["\\Deleted", "\\Flagged"],
        text: expect.stringContaining("\r\n\r\nFrom x\r\n"),
      },
    ]);
    expect(notices).toEqual([]);
  });

  test("of Apple Mail, of Dovecot, and of our own has its own names", async () => {
    const hostile = ["a/b", "..", "CON", "x.", "été"];
    plant(folder, {
      "Travail.mbox/mbox": letter("apple"),
      "Travail.mbox/table_of_contents": "x",
      "Sub/&AOk-t&AOk-": letter("dovecot"),
      [mboxName(hostile)]: letter("ours"),
      "100% sure": letter("percent"),
    });
    await using source = openMboxFiles(folder);
    const paths = (await collect(source.mailboxes())).map(({ path }) => path);
    expect(paths).toHaveLength(4);
    expect(paths).toEqual(expect.arrayContaining([["Travail"], ["Sub", "été"], hostile, ["100% sure"]]));
    await using export_ = openMboxFiles(join(folder, "Travail.mbox"));
    expect(await readEverything(export_)).toEqual({ Travail: [asText("apple")] });
  });

  test("gives each file a mailbox of its own, whatever they are called", async () => {
    plant(folder, {
      INBOX: letter("1"),
      "INBOX.mbox": letter("2"),
      mbox: letter("3"),
      Work: letter("4"),
      "Work.mbox": letter("5"),
      "Dir.sbd/a": letter("6"),
      "Dir/a": letter("7"),
      ["__proto__"]: letter("8"),
    });
    await using source = openMboxFiles(folder);
    const all = await readEverything(source);
    expect(all).toMatchObject({ INBOX: [asText("1")], "INBOX.mbox": [asText("2")], "Work.mbox": [asText("5")] });
    expect(Object.values(all).flat()).toHaveLength(Object.keys(all).length);
    expect(Object.keys(all)).toHaveLength(8);
  });

  test("takes names that are no UTF-8", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from("caf\xe9", "latin1")]), letter("a"));
    await using source = openMboxFiles(folder);
    expect(await readEverything(source)).toEqual({ café: [asText("a")] });
  });

  test("follows no link out of it or round in it, and reads no pipe", async () => {
    const outside = mkdtempSync(join(tmpdir(), "mailferry-outside-"));
    try {
      plant(outside, { secret: letter("secret") });
      plant(folder, { a: letter("a") });
      symlinkSync(join(outside, "secret"), join(folder, "link"));
      symlinkSync(outside, join(folder, "folder"));
      symlinkSync(folder, join(folder, "round"));
      if (hasPython) runPython("os.mkfifo(sys.argv[1])", join(folder, "pipe"));
      const { notices, notice } = noticeBoard();
      await using source = openMboxFiles(folder, { notice });
      expect(await readEverything(source)).toEqual({ a: [asText("a")] });
      expect(notices[0]?.reason).toContain("folder, link");
      symlinkSync(folder, join(outside, "alias"));
      await using named = openMboxFiles(join(outside, "alias"));
      expect(Object.keys(await readEverything(named))).toEqual(["a"]);
      await using file = openMboxFiles(join(folder, "link"));
      expect(await readEverything(file)).toEqual({ link: [asText("secret")] });
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test("names what it can't read as mailboxes that fail, and the others come", async () => {
    plant(folder, { a: letter("a"), gone: letter("b"), [`${"d/".repeat(40)}deep`]: letter("c") });
    await using source = openMboxFiles(folder);
    const paths = (await collect(source.mailboxes())).map(({ path }) => path);
    rmSync(join(folder, "gone"));
    expect(paths).toHaveLength(3);
    const deep = paths.find(({ length }) => length > 3) ?? expect.fail("nothing deep");
    expect(await failureOf(source.open({ path: deep }))).toMatchObject({ code: "S602", scope: "mailbox" });
    expect(await failureOf(source.open({ path: ["gone"] }))).toMatchObject({ code: "S602", scope: "mailbox" });
    expect(await failureOf(source.open({ path: ["never"] }))).toMatchObject({ code: "S602", scope: "mailbox" });
    expect(await readMailbox(source, "a")).toHaveLength(1);
  });

  test("with a file and a folder that may not be read fails for these alone", async () => {
    plant(folder, { a: letter("a"), b: letter("b"), "c/d": letter("d") });
    await withoutRights(folder, ["b", "c"], async () => {
      await using source = openMboxFiles(folder);
      const paths = (await collect(source.mailboxes())).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining([["a"], ["b"], ["c"]]));
      expect(await failureOf(source.open({ path: ["b"] }))).toMatchObject({ code: "S602", scope: "mailbox" });
      expect(await failureOf(source.open({ path: ["c"] }))).toMatchObject({ code: "S602", scope: "mailbox" });
      expect(await readMailbox(source, "a")).toHaveLength(1);
    });
  });

  test("without any mail, or that is not there, is an error of the whole source", async () => {
    mkdirSync(join(folder, "empty"));
    plant(folder, { "text/readme": "hello" });
    for (const name of ["empty", "text", "missing", "text/readme/x"]) {
      await using source = openMboxFiles(join(folder, name));
      expect(await failureOf(collect(source.mailboxes())), name).toMatchObject({ code: "S602", scope: "session" });
      expect(await failureOf(source.open({ path: ["INBOX"] })), name).toMatchObject({ code: "S602", scope: "session" });
    }
  });
});

describe("one mbox file", () => {
  test("is a mailbox by its name", async () => {
    const names = new Map([
      ["INBOX", "INBOX"],
      ["Inbox", "INBOX"],
      ["mbox", "INBOX"],
      ["inbox.mbox", "INBOX"],
      ["Sent.mbox", "Sent"],
      ["2026.Projets", "2026.Projets"],
      ["a%2Fb.mbox", "a/b"],
      [".mbox", ".mbox"],
    ]);
    for (const [name, mailbox] of names) {
      plant(folder, { [name]: letter("a") });
      await using source = openMboxFiles(join(folder, name));
      expect(await readEverything(source), name).toEqual({ [mailbox]: [asText("a")] });
    }
  });

  test("that is none fails when it is read; one that is empty has no messages", async () => {
    plant(folder, { text: "Dear reader,\n", nothing: "" });
    await using text = openMboxFiles(join(folder, "text"));
    const error = await failureOf(readMailbox(text, "text"));
    expect(error).toMatchObject({ code: "S602", scope: "mailbox", retry: "never" });
    await using nothing = openMboxFiles(join(folder, "nothing"));
    expect(await readMailbox(nothing, "nothing")).toEqual([]);
  });

  test("of our own writing comes back, dates and all", async () => {
    const date = new Date("2019-07-14T21:08:09Z");
    const bytes = Buffer.from("Subject: a\r\n\r\nFrom x\r\n>From y\r\n");
    const entries = [date, undefined].map((each) => formatWholeEntry(bytes, each).entry);
    plant(folder, { "a.mbox": Buffer.concat(entries) });
    const { notices, notice } = noticeBoard();
    await using source = openMboxFiles(join(folder, "a.mbox"), { notice });
    const [dated, dateless] = await readMailbox(source, "a");
    expect(dated).toMatchObject({ text: bytes.toString(), internalDate: date, flags: [] });
    expect(dateless?.text).toBe(bytes.toString());
    expect(dateless).not.toHaveProperty("internalDate");
    expect(notices).toEqual([]);
  });

  test("whose quoted lines can't be told apart says so once, with the messages", async () => {
    const doubtful = letter("a", ">From x\n>From y\n");
    plant(folder, { box: letter("z") + doubtful.repeat(6), "odd\x1b[2J": `${doubtful}${letter("b", "From z\n")}` });
    const { notices, notice } = noticeBoard();
    await using source = openMboxFiles(folder, { notice });
    const all = await readEverything(source);
    await readMailbox(source, "box");
    expect(all.box?.[1]).toBe(asText("a", "From x\r\nFrom y\r\n"));
    const [box, odd, ...others] = notices;
    expect(others).toEqual([]);
    expect(box).toMatchObject({ code: "S603", mailbox: ["box"] });
    expect(box?.reason).toContain("12 lines");
    expect(box?.reason).toContain("(messages 2, 3, 4, 5, 6 and 1 more)");
    expect(odd).toMatchObject({ code: "S603", mailbox: ["odd\x1b[2J"] });
    expect(odd?.reason).toContain("(message 1)");
    expect(odd?.reason).toContain("was kept");
  });

  test("leaves out the mail program's note to itself, takes the keywords from it, and says so", async () => {
    const note =
      `${fromLine}Date: Thu, 01 Jan 2026 12:00:00 +0000\nFrom: Mail System Internal Data <MAILER-DAEMON@vm>\n` +
      "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1700000000 0000000007 proj $Junk\nStatus: RO\n\nThis text\n\n";
    const kept = letter("a").replace("\n\n", "\nStatus: RO\nX-Status: F\nX-Keywords: proj unlisted\n\n");
    plant(folder, { box: note + kept + note });
    const { notices, notice } = noticeBoard();
    await using source = openMboxFiles(join(folder, "box"), { notice });
    const found = await readMailbox(source, "box");
    expect(found.map(({ flags }) => flags)).toEqual([["\\Flagged", "\\Seen", "proj"], ["\\Seen"]]);
    expect(found[0]?.text).toContain("X-Keywords: proj unlisted\r\n");
    expect(notices).toMatchObject([{ mailbox: ["box"], reason: expect.stringContaining("first entry") }]);
  });

  test.runIf(hasPython)("of Python comes back with its flags", async () => {
    runPython(
      `
from email.message import EmailMessage
box = mailbox.mbox(sys.argv[1])
for n, flags in enumerate(["", "RO", "ROAF", "ODT"]):
    message = mailbox.mboxMessage(b"Subject: \\xc3\\xa9t\\xc3\\xa9 %d\\nContent-Transfer-Encoding: 8bit\\n\\nFrom here\\n\\nFrom there Thu\\n>>From deep\\n\\xe9t\\xe9\\n" % n)
    message.set_flags(flags)
    message.set_from("ada@example.org", (2026, 1, 1, 12, 0, n, 3, 1, 0))
    box.add(message)
box.add(b"Subject: bytes\\n\\nno line end")
box.flush()
box.close()
`,
      join(folder, "python.mbox"),
    );
    await using source = openMboxFiles(join(folder, "python.mbox"));
    const found = await readMailbox(source, "python");
    expect(found.map(({ flags }) => flags)).toEqual([
      [],
      ["\\Seen"],
      ["\\Answered", "\\Flagged", "\\Seen"],
      ["\\Deleted", "\\Draft"],
      [],
    ]);
    for (const [n, { text, internalDate }] of found.slice(0, 4).entries()) {
      expect(text).toContain(`Subject: \xc3\xa9t\xc3\xa9 ${n}\r\n`);
      expect(internalDate).toEqual(new Date(Date.UTC(2026, 0, 1, 12, 0, n)));
    }
    expect(found[4]?.text).toBe("Subject: bytes\r\n\r\nno line end\r\n");
  });
});

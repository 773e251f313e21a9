// Maildirs of other programs: what every source promises, and what these folders make of it.

import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { maildirName } from "../../src/formats/mailbox-names.ts";
import type { KnownMailbox, MessageRef } from "../../src/message.ts";
import { openMaildirWriter } from "../../src/sinks/maildir.ts";
import { openMaildirFolders } from "../../src/sources/maildir-folders.ts";
import { message, openHandles } from "../sink-contract.ts";
import { corpusMessages } from "../support/corpus.ts";
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
import { asRead, asStored } from "../support/mbox-writers.ts";
import { tortureMessages } from "../support/torture.ts";

const letter = (subject: string, body = "body\n") => `Subject: ${subject}\n\n${body}`;
const asText = (subject: string, body = "body\r\n") => `Subject: ${subject}\r\n\r\n${body}`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailferry-maildirs-"));
});
afterEach(async () => {
  await expect.poll(() => openHandles(folder) ?? []).toEqual([]);
  rmSync(folder, { recursive: true });
});

/** A Maildir with nothing in it. */
function maildir(name = ""): string {
  const path = join(folder, name);
  for (const part of ["cur", "new", "tmp"]) mkdirSync(join(path, part), { recursive: true });
  return path;
}

describe("a Maildir, as any source,", () => {
  const messages = tortureMessages();
  const expected = [...messages, ...messages.slice(0, 1)].map(({ bytes }) =>
    asRead(asStored(bytes)).toString("latin1"),
  );
  beforeEach(() => {
    maildir();
    for (const [n, { bytes }] of [...messages, ...messages.slice(0, 1)].entries()) {
      writeFileSync(join(folder, n % 2 ? "cur" : "new", `${1000 + n}.M1P1.vm${n % 2 ? ":2,S" : ""}`), asStored(bytes));
    }
  });

  test("is INBOX, and gives every message to the octet, under a key of its own", async () => {
    await using source = openMaildirFolders(folder);
    expect(await collect(source.mailboxes())).toEqual([{ path: ["INBOX"] }]);
    const found = await readMailbox(source, "INBOX");
    expect(found.map(({ text }) => text).sort()).toEqual(expected.sort());
    for (const { key, flags } of found) {
      expect(key).toMatch(/^1\d{3}\.M1P1\.vm$/);
      expect(flags).toEqual(Number(key.slice(0, 4)) % 2 ? ["\\Seen"] : []);
    }
  });

  test("gives those that are asked for, under the same keys and validity when opened again", async () => {
    await using source = openMaildirFolders(folder);
    await using reader = await source.open({ path: ["INBOX"] });
    expect(reader.keys).toBe("stable");
    const all = await readAll(reader);
    const chosen = [all[6], all[1], all[3]].flatMap((each) => each ?? []);
    await using again = await source.open({ path: ["inbox"] });
    expect(again.validity).toBe(reader.validity);
    const found = new Map<string, string>();
    for await (const each of again.fetch([...chosen.map(({ key }) => ({ key })), { key: "../../etc/passwd" }])) {
      found.set(each.key, (await octetsOf(each)).toString("latin1"));
    }
    expect(found).toEqual(new Map(chosen.map(({ key, text }) => [key, text])));
  });

  test("goes on to the next message when a body is not read, or not to its end; can be left in the middle", async () => {
    await using source = openMaildirFolders(folder);
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    let place = 0;
    for await (const each of reader.fetch(refs)) {
      place += 1;
      if (place % 3 === 0) continue;
      if (place % 3 === 1) for await (const _ of each.body) break;
      else expect(expected.includes((await octetsOf(each)).toString("latin1"))).toBe(true);
    }
    expect(place).toBe(refs.length);
    for await (const _ of reader.fetch(refs)) break;
    expect(await readAll(reader)).toHaveLength(refs.length);
  });

  test("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    await using source = openMaildirFolders(folder, { signal: stop.signal });
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    const reading = (async () => {
      for await (const each of reader.fetch(refs)) {
        stop.abort(reason);
        await octetsOf(each);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    await expect(collect(reader.list())).rejects.toBe(reason);
    await expect(source.open({ path: ["INBOX"] })).rejects.toBe(reason);
    await expect(collect(source.mailboxes())).rejects.toBe(reason);
  });

  test("may be disposed of at any time, and twice", async () => {
    await openMaildirFolders(folder)[Symbol.asyncDispose]();
    const used = openMaildirFolders(folder);
    const reader = await used.open({ path: ["INBOX"] });
    await used[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
    await used[Symbol.asyncDispose]();
  });

  test("is not changed by reading: what is new stays new", async () => {
    const names = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    const before = names();
    await using source = openMaildirFolders(folder);
    await readMailbox(source, "INBOX");
    expect(names()).toEqual(before);
  });
});

describe("a Maildir", () => {
  test("tells flags in each spelling of the info suffix, keywords by their letters, and the date by the file's", async () => {
    maildir();
    plant(folder, {
      "cur/1.a.vm,S=20:2,DFPRSTab": letter("a"),
      "cur/2.b.vm;2,FS": letter("b"),
      "cur/3.c.vm!2,RS": letter("c"),
      "cur/4.d!e;f.vm:2,": letter("d"),
      "cur/5.e.vm": letter("e"),
      "cur/6.f.vm:1,S": letter("f"),
      "new/7.g.vm": letter("g"),
      "new/8.h.vm:2,F": letter("h"),
      "cur/.hidden:2,S": letter("hidden"),
      "tmp/9.i.vm": letter("half"),
      "dovecot-keywords": "0 $Junk\n1 proj\n99 x\n",
    });
    const date = new Date("2019-07-14T21:08:09Z");
    utimesSync(join(folder, "cur/5.e.vm"), date, date);
    await using source = openMaildirFolders(folder);
    const found = await readMailbox(source, "INBOX");
    expect(new Map(found.map(({ key, flags }) => [key, flags.join(" ")]))).toEqual(
      new Map([
        ["1.a.vm,S=20", "$Forwarded $Junk \\Answered \\Deleted \\Draft \\Flagged \\Seen proj"],
        ["2.b.vm", "\\Flagged \\Seen"],
        ["3.c.vm", "\\Answered \\Seen"],
        ["4.d!e;f.vm", ""],
        ["5.e.vm", ""],
        ["6.f.vm", ""],
        ["7.g.vm", ""],
        ["8.h.vm", "\\Flagged"],
      ]),
    );
    expect(found.find(({ key }) => key === "5.e.vm")?.internalDate).toEqual(date);
  });

  test("gives CRLF where all lines end in LF, and the octets as they are anywhere else", async () => {
    maildir();
    const large = `A: b\n\n${"0123456789\n".repeat(800_000)}`;
    plant(folder, {
      "cur/1:2,": "A: b\n\nx\ny",
      "cur/2:2,": "A: b\r\n\r\nx\r\n",
      "cur/3:2,": "A: b\n\nx\r\n",
      "cur/4:2,": "",
      "cur/5:2,": large,
      "cur/6:2,": large.replace("9\n0", "9\r\n0"),
      // Sizes in names are claims.
      "cur/7,S=3,W=4000:2,": "A: b\n",
    });
    await using source = openMaildirFolders(folder);
    const found = new Map((await readMailbox(source, "INBOX")).map(({ key, text }) => [key, text]));
    expect(found.get("1")).toBe("A: b\r\n\r\nx\r\ny");
    expect(found.get("2")).toBe("A: b\r\n\r\nx\r\n");
    expect(found.get("3")).toBe("A: b\n\nx\r\n");
    expect(found.get("4")).toBe("");
    expect(found.get("5") === large.replaceAll("\n", "\r\n")).toBe(true);
    expect(found.get("6") === large.replace("9\n0", "9\r\n0")).toBe(true);
    expect(found.get("7,S=3,W=4000")).toBe("A: b\r\n");
  });

  test("gives what our own sink put there", async () => {
    const originals = [...tortureMessages(), ...corpusMessages()];
    const path = join(folder, maildirName(["été", "a.b/c"]));
    await using writer = await openMaildirWriter(path, false);
    for (const { name, bytes } of originals) await writer.append(message(name, bytes));
    await writer.commit();
    await using source = openMaildirFolders(folder);
    expect(await collect(source.mailboxes())).toEqual([{ path: ["été", "a.b/c"] }]);
    const texts = (await readMailbox(source, "été", "a.b/c")).map(({ text }) => text).sort();
    expect(texts).toEqual(originals.map(({ bytes }) => asRead(asStored(bytes)).toString("latin1")).sort());
    let unchanged = 0;
    const known = new Set(texts);
    for (const { bytes } of originals) if (known.has(bytes.toString("latin1"))) unchanged++;
    expect(unchanged).toBeGreaterThan(200);
  });

  test("whose files get other flags, move or vanish after it was listed still gives those that are there", async () => {
    maildir();
    plant(folder, {
      "cur/1.a:2,": letter("a"),
      "new/2.b": letter("b"),
      "cur/3.c:2,S": letter("c"),
      "cur/4.d:2,S": letter("d"),
    });
    await using source = openMaildirFolders(folder);
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = await collect(reader.list());
    renameSync(join(folder, "cur/1.a:2,"), join(folder, "cur/1.a:2,FS"));
    renameSync(join(folder, "new/2.b"), join(folder, "cur/2.b:2,S"));
    rmSync(join(folder, "cur/3.c:2,S"));
    const found = new Map<string, string>();
    for await (const each of reader.fetch(refs)) {
      found.set(`${each.key} ${each.flags.join(" ")}`, (await octetsOf(each)).toString());
      // Seen by the time it is asked for.
      if (found.size === 1) renameSync(join(folder, "cur/4.d:2,S"), join(folder, "cur/4.d:2,ST"));
    }
    expect(found).toEqual(
      new Map([
        ["2.b \\Seen", asText("b")],
        ["1.a \\Flagged \\Seen", asText("a")],
        ["4.d \\Deleted \\Seen", asText("d")],
      ]),
    );
  });

  test("that has one unique name twice gives both messages, but a file that is only on its way once", async () => {
    maildir();
    plant(folder, { "cur/1.a:2,S": letter("a"), "cur/1.a:2,FS": letter("b"), "new/2.c": letter("c") });
    linkSync(join(folder, "new/2.c"), join(folder, "cur/2.c:2,S"));
    await using source = openMaildirFolders(folder);
    const found = new Map((await readMailbox(source, "INBOX")).map(({ key, text }) => [key, text]));
    expect(found).toEqual(
      new Map([
        ["1.a", asText("b")],
        ["1.a:2,S", asText("a")],
        ["2.c", asText("c")],
      ]),
    );
  });

  test("brings the others when one can't be read, and that one with a body that throws", async () => {
    maildir();
    plant(folder, { "cur/1:2,S": letter("a"), "cur/2:2,S": letter("b"), "cur/3:2,S": letter("c") });
    await withoutRights(folder, ["cur/2:2,S"], async () => {
      await using source = openMaildirFolders(folder);
      await using reader = await source.open({ path: ["INBOX"] });
      const refs = await collect(reader.list());
      expect(refs.map(({ key }) => key).sort()).toEqual(["1", "2", "3"]);
      const found: string[] = [];
      for await (const each of reader.fetch(refs)) {
        if (each.key !== "2") found.push((await octetsOf(each)).toString());
        else expect(await failureOf(octetsOf(each))).toMatchObject({ code: "M401", scope: "message", retry: "later" });
      }
      expect(found).toEqual([asText("a"), asText("c")]);
    });
  });

  test("reads only what is not known from an earlier listing", async () => {
    maildir();
    plant(folder, { "cur/1:2,S": letter("a"), "cur/2:2,": letter("b"), "cur/3:2,": letter("c") });
    await using source = openMaildirFolders(folder);
    await using reader = await source.open({ path: ["INBOX"] });
    const refs = new Map<string, MessageRef>();
    for await (const ref of reader.list()) refs.set(ref.key, ref);
    // What is known may be told by a size that nothing in the file would give.
    const known: KnownMailbox = {
      state: reader.state ?? "",
      find: (key) => (key === "3" ? undefined : { ...(refs.get(key) ?? { key }), size: 4711 }),
    };
    renameSync(join(folder, "cur/1:2,S"), join(folder, "cur/1:2,FS"));
    utimesSync(join(folder, "cur/2:2,"), new Date(0), new Date(0));
    await using again = await source.open({ path: ["INBOX"] });
    expect(again.state).not.toBe(reader.state);
    const listed = new Map((await collect(again.list(known))).map((ref) => [ref.key, ref]));
    expect(listed.get("1")).toMatchObject({ size: 4711, flags: ["\\Flagged", "\\Seen"] });
    expect(listed.get("2")?.size).toBe(refs.get("2")?.size);
    expect(listed.get("3")).toEqual(refs.get("3"));
  });

  test("passes over what is no file, follows no link, and takes names of any kind", async () => {
    maildir();
    plant(folder, { "cur/1:2,S": letter("a"), secret: letter("secret"), "cur/\x1b[2J\u202e:2,S": letter("b") });
    plant(folder, { "cur/__proto__:2,S": letter("c"), [`cur/${"x".repeat(240)}:2,S`]: letter("d") });
    writeFileSync(Buffer.from(`${folder}/cur/caf\xe9:2,S`, "latin1"), letter("e"));
    mkdirSync(join(folder, "cur/directory:2,S"));
    symlinkSync(join(folder, "secret"), join(folder, "cur/link:2,S"));
    if (hasPython) runPython("os.mkfifo(sys.argv[1])", join(folder, "cur/pipe:2,S"));
    const { notices, notice } = noticeBoard();
    await using source = openMaildirFolders(folder, { notice });
    await using reader = await source.open({ path: ["INBOX"] });
    const found = await readAll(reader);
    for await (const each of reader.fetch(["directory", "link", "pipe"].map((key) => ({ key })))) {
      expect(await failureOf(octetsOf(each))).toMatchObject({ code: "M401", scope: "message" });
    }
    expect(found.map(({ text }) => text).sort()).toEqual(["a", "b", "c", "d", "e"].map((each) => asText(each)));
    expect(found.map(({ key }) => key)).toContain("café");
    expect(notices).toMatchObject([{ code: "S602", mailbox: ["INBOX"] }]);
    expect(notices[0]?.reason).toMatch(/directory/);
  });
});

describe("a folder of Maildirs", () => {
  test("in Maildir++ has its names in modified UTF-7 or in UTF-8", async () => {
    for (const name of [
      "",
      ".Sent",
      ".Projets.2026",
      ".&AMk-t&AOk-",
      ".Été",
      ".R&D",
      ".INBOX.Sub",
      ".a%2Eb",
      ".inbox",
    ]) {
      maildir(name);
    }
    plant(folder, { ".Sent/maildirfolder": "", subscriptions: "Sent\n", ".cache/x": "" });
    const { notices, notice } = noticeBoard();
    await using source = openMaildirFolders(folder, { notice });
    const paths = (await collect(source.mailboxes())).map(({ path }) => path);
    const expected = [["INBOX"], ["Sent"], ["Projets", "2026"], ["R&D"], ["INBOX", "Sub"], ["a.b"], ["inbox 2"]];
    expect(paths).toEqual(expect.arrayContaining(expected));
    // Both spellings of one name are there, and each is a mailbox.
    expect(
      paths
        .map((path) => path.join("/"))
        .filter((path) => /^[ÉE]/u.test(path))
        .sort(),
    ).toEqual(["Été", "Été 2"]);
    expect(paths).toHaveLength(expected.length + 2);
    expect(notices.map(({ reason }) => reason)).toEqual(["passed over, since they are links or no Maildirs: .cache"]);
  });

  test("in folders is a tree, with Maildir++ folders wherever they are", async () => {
    for (const name of ["Work", "Work/2026/Q1", "Work/.Sent", "&AMk-t&AOk-", "Inbox"]) maildir(name);
    plant(folder, {
      "Work/cur/1:2,S": letter("a"),
      "Work/2026/Q1/new/1": letter("b"),
      "Work/.Sent/cur/1:2,": letter("c"),
    });
    rmSync(join(folder, "Inbox/new"), { recursive: true });
    rmSync(join(folder, "Inbox/tmp"), { recursive: true });
    await using source = openMaildirFolders(folder);
    expect(await readEverything(source)).toEqual({
      Work: [asText("a")],
      "Work / 2026 / Q1": [asText("b")],
      "Work / Sent": [asText("c")],
      Été: [],
      INBOX: [],
    });
  });

  test("follows no link, and looks into no folder without end", async () => {
    maildir("a");
    maildir(`${"d/".repeat(40)}deep`);
    symlinkSync(folder, join(folder, "a/round"));
    const { notices, notice } = noticeBoard();
    await using source = openMaildirFolders(folder, { notice });
    const paths = (await collect(source.mailboxes())).map(({ path }) => path);
    expect(paths).toHaveLength(2);
    const deep = paths.find(({ length }) => length > 3) ?? expect.fail("nothing deep");
    expect(await failureOf(source.open({ path: deep }))).toMatchObject({ code: "S602", scope: "mailbox" });
    expect(notices[0]?.reason).toContain("a/round");
  });

  test("names what it can't read as mailboxes that fail, and the others come", async () => {
    for (const name of ["a", "b", "c"]) maildir(name);
    plant(folder, { "a/cur/1:2,": letter("a") });
    await withoutRights(folder, ["b", "c/cur"], async () => {
      await using source = openMaildirFolders(folder);
      const paths = (await collect(source.mailboxes())).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining([["a"], ["b"], ["c"]]));
      expect(await failureOf(readMailbox(source, "b"))).toMatchObject({ code: "S602", scope: "mailbox" });
      expect(await failureOf(readMailbox(source, "c"))).toMatchObject({ code: "S602", scope: "mailbox" });
      expect(await readMailbox(source, "a")).toHaveLength(1);
      expect(await failureOf(source.open({ path: ["never"] }))).toMatchObject({ code: "S602", scope: "mailbox" });
    });
  });

  test("without a Maildir, or that is not there, is an error of the whole source", async () => {
    plant(folder, { "text/readme": "hello" });
    for (const name of ["text", "missing", "text/readme"]) {
      await using source = openMaildirFolders(join(folder, name));
      expect(await failureOf(collect(source.mailboxes())), name).toMatchObject({ code: "S602", scope: "session" });
    }
  });

  test.runIf(hasPython)("of Python comes back with its flags and dates", async () => {
    runPython(
      `
box = mailbox.Maildir(sys.argv[1])
sub = box.add_folder("Sub.2026")
for target in (box, sub):
    for n, flags in enumerate(["", "S", "RS", "DFPT"]):
        message = mailbox.MaildirMessage(b"Subject: \\xc3\\xa9 %d\\n\\nFrom here\\n\\xe9\\n" % n)
        message.set_flags(flags)
        if flags: message.set_subdir("cur")
        message.set_date(1563138489 + n)
        target.add(message)
`,
      join(folder, "python"),
    );
    expect(existsSync(join(folder, "python/.Sub.2026/cur"))).toBe(true);
    await using source = openMaildirFolders(join(folder, "python"));
    for (const path of [["INBOX"], ["Sub", "2026"]]) {
      const found = await readMailbox(source, ...path);
      const bySubject = new Map(found.map((each) => [/\u00a9 (\d)/.exec(each.text)?.[1], each]));
      expect(bySubject.get("0")?.flags).toEqual([]);
      expect(bySubject.get("1")?.flags).toEqual(["\\Seen"]);
      expect(bySubject.get("2")?.flags).toEqual(["\\Answered", "\\Seen"]);
      expect(bySubject.get("3")?.flags).toEqual(["$Forwarded", "\\Deleted", "\\Draft", "\\Flagged"]);
      expect(bySubject.get("3")?.text).toBe("Subject: \xc3\xa9 3\r\n\r\nFrom here\r\n\xe9\r\n");
      expect(bySubject.get("3")?.internalDate).toEqual(new Date((1563138489 + 3) * 1000));
    }
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nameKey } from "../../src/formats/mailbox-names.ts";
import { openSink } from "../../src/sinks/index.ts";
import { type Archive, type MailFormat, openArchive, readArchive, readMarker } from "../../src/storage/archive.ts";
import { filesUnder, message, openHandles, sinceOf, text } from "../sink-contract.ts";
import { compileStorage, startChild } from "../support/child.ts";
import { collect } from "../support/chunks.ts";

const account = { protocol: "imap", host: "imap.example.org", user: "ada" } as const;
const inbox = { path: ["INBOX"] };
const isRoot = process.getuid?.() === 0;

let directory = "";
let archivePath = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mailferry-archive-"));
  archivePath = join(directory, "archive");
});
afterEach(async () => {
  await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
  rmSync(directory, { recursive: true });
});

function open(mail: MailFormat = "mbox", more: Partial<Record<"host" | "user", string>> = {}): Promise<Archive> {
  return openArchive(archivePath, { mail, account: { ...account, ...more } });
}

/** Stores what the ledger has not settled, as a run does. */
async function store(archive: Archive, path: readonly string[], messages: Record<string, Buffer>): Promise<void> {
  await using ledger = await archive.openLedger({ path });
  if (ledger.validity === undefined) await ledger.begin("1");
  await using writer = await openSink(archive).open({ path }, sinceOf(ledger));
  if (ledger.checkpoint === undefined) await ledger.record(await writer.commit());
  for (const [key, bytes] of Object.entries(messages)) {
    if (!ledger.isSettled(key)) await writer.append(message(key, bytes));
  }
  await ledger.record(await writer.commit());
}

/** The bodies that a mailbox's ledger leads to. */
async function contents(path: readonly string[]): Promise<string[]> {
  await using archive = await readArchive(archivePath);
  await using mail = archive.openMail({ path });
  const bodies: string[] = [];
  await using ledger = await archive.readLedger({ path });
  for (const { place } of ledger?.all() ?? []) {
    bodies.push(String(await collect(mail.read(place))));
  }
  return bodies.sort();
}

describe("an archive", () => {
  for (const mail of ["mbox", "maildir"] as const) {
    test(`in the ${mail} format is made where nothing is, found again, and holds its mail`, async () => {
      archivePath = join(archivePath, "deep", "er");
      let id = "";
      {
        await using archive = await open(mail);
        id = archive.marker.id;
        expect(archive.marker).toMatchObject({ archive: 1, mail, account });
        expect(archive.mailboxes()).toEqual([]);
        await store(archive, ["INBOX"], { 1: text("one") });
        await archive.keepReport("2026-01-01", { verdict: "safe" });
      }
      await using archive = await open(mail);
      expect(archive.marker.id).toBe(id);
      await store(archive, ["INBOX"], { 1: text("one"), 2: text("two") });
      expect(await contents(["INBOX"])).toEqual([text("one"), text("two")].map(String).sort());
      expect(JSON.parse(readFileSync(join(archivePath, "runs/2026-01-01.json"), "utf8"))).toEqual({ verdict: "safe" });
      expect(JSON.stringify(await readMarker(archivePath))).not.toContain("password");
    });
  }

  test("of another account is refused, and nothing in it is touched", async () => {
    await (await open())[Symbol.asyncDispose]();
    const before = filesUnder(archivePath);
    const refused = { code: "D505", scope: "session", retry: "never" };
    await expect(open("mbox", { user: "eve" })).rejects.toMatchObject(refused);
    await expect(open("mbox", { host: "imap.example.net" })).rejects.toMatchObject(refused);
    await expect(
      openArchive(archivePath, { mail: "mbox", account: { ...account, protocol: "pop3" } }),
    ).rejects.toMatchObject({ ...refused, message: expect.stringContaining("ada on imap.example.org (imap)") });
    await expect(open("maildir", { user: "eve" })).rejects.toMatchObject(refused);
    expect(filesUnder(archivePath)).toEqual(before);
    await (await open("mbox", { host: "IMAP.Example.ORG" }))[Symbol.asyncDispose]();
  });

  test("in another format is refused, with a way out", async () => {
    await (await open())[Symbol.asyncDispose]();
    await expect(open("maildir")).rejects.toMatchObject({ code: "D506", remedy: expect.stringContaining("mbox") });
    expect(readdirSync(archivePath)).not.toContain("maildir");
  });

  test("is not made in a folder that holds something else", async () => {
    mkdirSync(archivePath);
    for (const name of ["letter.txt", ".hidden", "mailferry.json.bak", "x.mailferry-tmp"]) {
      writeFileSync(join(archivePath, name), "precious");
      await expect(open()).rejects.toMatchObject({ code: "D506", scope: "session", retry: "never" });
      await expect(readArchive(archivePath)).rejects.toMatchObject({ code: "D506" });
      expect(readdirSync(archivePath)).toEqual([name]);
      rmSync(join(archivePath, name));
    }
  });

  test("is made where a run died before there was a marker, and on a new disk", async () => {
    mkdirSync(join(archivePath, "lost+found"), { recursive: true });
    writeFileSync(join(archivePath, ".~0123456789abcdef.mailferry-tmp"), '{"arch');
    symlinkSync(
      JSON.stringify({ pid: 2 ** 22 + 1, nonce: "0".repeat(16) }),
      join(archivePath, "mailferry.lock.dead-x"),
    );
    await using archive = await open();
    expect(archive.marker.mail).toBe("mbox");
    expect(readdirSync(archivePath)).not.toContain(".~0123456789abcdef.mailferry-tmp");
  });

  const markers = [
    "",
    "garbage",
    "null",
    "[]",
    "{}",
    '{"archive":2,"mail":"mbox","account":{"protocol":"imap","host":"h","user":"u"}}',
    '{"archive":1,"mail":"pack","account":{"protocol":"imap","host":"h","user":"u"}}',
    '{"archive":1,"mail":"mbox","account":{"protocol":"imap","user":"u"}}',
    '{"archive":1,"mail":"mbox","account":{"host":"h","user":"u"}}',
    '{"archive":1,"mail":"mbox","account":null}',
    '{"archive":1,"mail":"mbox"}',
  ];
  for (const marker of markers) {
    test(`whose marker is ${marker || "empty"} is refused, and not made anew`, async () => {
      mkdirSync(archivePath);
      writeFileSync(join(archivePath, "mailferry.json"), marker);
      await expect(open()).rejects.toMatchObject({ code: "D506", scope: "session" });
      await expect(readArchive(archivePath)).rejects.toMatchObject({ code: "D506" });
      expect(filesUnder(archivePath)).toEqual(["mailferry.json"]);
      expect(readFileSync(join(archivePath, "mailferry.json"), "utf8")).toBe(marker);
    });
  }

  test("that is not there is none to read; a file in its place is the disk's error", async () => {
    expect(await readMarker(archivePath)).toBeUndefined();
    await expect(readArchive(archivePath)).rejects.toMatchObject({ code: "D506" });
    writeFileSync(archivePath, "");
    await expect(open()).rejects.toMatchObject({ code: "D502" });
    await expect(readArchive(archivePath)).rejects.toMatchObject({ code: "D502" });
    symlinkSync(join(directory, "nowhere"), join(directory, "dangling"));
    archivePath = join(directory, "dangling");
    await expect(open()).rejects.toMatchObject({ code: "D502" });
  });

  test("is written by one run at a time, and may be read meanwhile", async () => {
    {
      await using archive = await open();
      await expect(open()).rejects.toMatchObject({ code: "L801", scope: "session" });
      await store(archive, ["INBOX"], { 1: text("one") });
      expect(await contents(["INBOX"])).toEqual([String(text("one"))]);
    }
    await using _again = await open();
  });

  test("of many that make it at once, one wins and the others are told that it is locked", async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => open()));
    const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(winners.length).toBe(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "L801" });
    }
    await winners[0]?.[Symbol.asyncDispose]();
  });

  test("that can't be opened is not left locked", async () => {
    await (await open())[Symbol.asyncDispose]();
    writeFileSync(join(archivePath, "ledger", "INBOX.jsonl"), "garbage");
    for (let n = 0; n < 2; n++) await expect(open()).rejects.toMatchObject({ code: "V901" });
    expect(readdirSync(archivePath)).not.toContain("mailferry.lock");
  });

  test("clears away what a run that died left half-written, and nothing else", async () => {
    await (await open())[Symbol.asyncDispose]();
    for (const folder of ["", "ledger", "runs"]) {
      writeFileSync(join(archivePath, folder, ".~0123456789abcdef.mailferry-tmp"), "half");
      writeFileSync(join(archivePath, folder, ".note"), "precious");
    }
    await (await open())[Symbol.asyncDispose]();
    expect(filesUnder(archivePath)).toEqual([".note", "ledger/.note", "mailferry.json", "runs/.note"]);
  });

  for (const mask of [0, 0o077]) {
    for (const mail of ["mbox", "maildir"] as const) {
      test(`is for its owner alone, ${mail} under umask ${mask.toString(8)}`, async () => {
        const before = process.umask(mask);
        try {
          await using archive = await open(mail);
          await store(archive, ["INBOX"], { 1: text("one") });
          await store(archive, ["Projets", "2026"], { 1: Buffer.alloc(5_000_000, "x") });
          await archive.keepReport("report", {});
        } finally {
          process.umask(before);
        }
        for (const entry of readdirSync(archivePath, { recursive: true, withFileTypes: true })) {
          const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
          expect(`${entry.name} ${mode.toString(8)}`).toBe(`${entry.name} ${entry.isDirectory() ? "700" : "600"}`);
        }
        expect(statSync(archivePath).mode & 0o777).toBe(0o700);
      });
    }
  }

  const twins = [
    ["case", [["Sent"], ["SENT"], ["sent"]]],
    ["Unicode normal form", [["été"], ["e\u0301te\u0301"], ["ÉTÉ"]]],
    [
      "case of a parent",
      [
        ["A", "x"],
        ["a", "x"],
        ["a", "X"],
      ],
    ],
    ["case of INBOX's like", [["INBOX"], ["INBOX", "x"], ["inbox", "x"]]],
  ] as const;
  for (const mail of ["mbox", "maildir"] as const) {
    for (const [what, paths] of twins) {
      test(`keeps mailboxes apart that differ only in ${what}, and finds them again (${mail})`, async () => {
        {
          await using archive = await open(mail);
          for (const path of paths) await store(archive, path, { 1: text(path.join("/")) });
        }
        {
          await using archive = await open(mail);
          for (const path of [...paths].reverse()) {
            await store(archive, path, { 1: text("never stored"), 2: text(`${path.join("/")}, second`) });
          }
          expect(archive.mailboxes().length).toBe(paths.length);
        }
        for (const path of paths) {
          const expected = [path.join("/"), `${path.join("/")}, second`].map((words) => String(text(words)));
          expect(await contents(path)).toEqual(expected.sort());
        }
        const names = readdirSync(join(archivePath, "ledger"));
        expect(new Set(names.map(nameKey)).size).toBe(paths.length);
      });
    }
  }

  test("lists its mailboxes, INBOX first", async () => {
    await using archive = await open();
    for (const path of [["Sent"], ["Archive"], ["INBOX"], ["INBOX", "x"], ["Zoë"]]) await store(archive, path, {});
    await using again = await readArchive(archivePath);
    expect(again.mailboxes().map(({ path }) => path.join("/"))).toEqual(["INBOX", "Archive", "INBOX/x", "Sent", "Zoë"]);
  });

  test("of many mailboxes is opened without leaving their ledgers open", async () => {
    {
      await using archive = await open();
      for (let n = 0; n < 50; n++) await (await archive.openLedger({ path: [`m${n}`] }))[Symbol.asyncDispose]();
    }
    await using archive = await readArchive(archivePath);
    expect(archive.mailboxes().length).toBe(50);
    expect(openHandles(archivePath) ?? []).toEqual([]);
  });

  test("does not write through links planted in it", async () => {
    const victim = join(directory, "victim");
    await using archive = await open();
    for (const [plant, path] of [
      ["mbox/INBOX.mbox", ["INBOX"]],
      ["ledger/Sent.jsonl", ["Sent"]],
      ["mbox/Old.mbox", ["Old"]],
    ] as const) {
      if (plant.startsWith("mbox/Old")) await store(archive, ["Old"], { 1: text("one") });
      const before = plant.startsWith("mbox/Old") ? readFileSync(join(archivePath, plant)) : Buffer.alloc(0);
      writeFileSync(victim, before);
      rmSync(join(archivePath, plant), { force: true });
      symlinkSync(victim, join(archivePath, plant));
      await expect(store(archive, path, { 1: text("one"), 2: text("two") })).rejects.toThrow();
      expect(readFileSync(victim).equals(before)).toBe(true);
    }
  });

  test("that may not be written is said to be so before anything else", async (context) => {
    await (await open())[Symbol.asyncDispose]();
    const compiled = join(directory, "compiled");
    compileStorage(compiled);
    chmodSync(directory, 0o755);
    for (const path of [directory, archivePath]) {
      chmodSync(archivePath, 0o555);
      for (const name of readdirSync(archivePath)) chmodSync(join(archivePath, name), 0o755);
      const target = path === directory ? join(directory, "new") : archivePath;
      const child = startChild(
        compiled,
        `import { openArchive } from "./storage/archive.js";
         const wanted = { mail: "mbox", account: ${JSON.stringify(account)} };
         await openArchive(${JSON.stringify(target)}, wanted).catch(({ code, message }) => console.log(code, message));`,
        isRoot ? { uid: 65534 } : {},
      );
      if (!isRoot) chmodSync(directory, 0o555);
      const heard = await child.hear().catch((error: unknown) => String(error));
      chmodSync(directory, 0o755);
      if (/EACCES.*node|Permission denied.*node/.test(heard)) context.skip("WARNING: another user can't run node here");
      expect(heard).toMatch(/^D502 .*permission denied/);
    }
    chmodSync(archivePath, 0o700);
  });
});

const canMount = isRoot && spawnSync("mount", ["--version"]).status === 0 && tryMount();
if (!canMount) console.warn("WARNING: no tmpfs can be mounted here: nothing is tested on a full disk");

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "mailferry-mount-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
  if (status === 0) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

describe.skipIf(!canMount)("on a full disk", () => {
  beforeEach(() => {
    mkdirSync(archivePath);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", archivePath]);
  });
  afterEach(() => {
    execFileSync("umount", [archivePath]);
  });

  const full = { code: "D501", scope: "session", retry: "never" };
  const fill = () => {
    const filler = join(archivePath, "runs", "filler");
    for (let size = 65_536; size >= 4096; size /= 2) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: "a" });
      } catch {
        // Full for this size.
      }
    }
    return () => rmSync(filler);
  };

  for (const mail of ["mbox", "maildir"] as const) {
    test(`a run stops, what was committed stays, and the next run stores the rest once (${mail})`, async () => {
      const messages = Object.fromEntries(
        Array.from({ length: 60 }, (_, n) => [String(n), Buffer.alloc(20_000, `message ${n}\r\n`)]),
      );
      {
        await using archive = await open(mail);
        await store(archive, ["INBOX"], { first: text("first") });
        await expect(store(archive, ["INBOX"], messages)).rejects.toMatchObject(full);
        expect(await contents(["INBOX"])).toEqual([String(text("first"))]);
      }
      execFileSync("mount", ["-o", "remount,size=8m", archivePath]);
      await using archive = await open(mail);
      await store(archive, ["INBOX"], messages);
      const expected = [text("first"), ...Object.values(messages)].map(String);
      expect(await contents(["INBOX"])).toEqual(expected.sort());
      if (mail === "maildir") expect(readdirSync(join(archivePath, "maildir/cur")).length).toBe(61);
      if (mail === "maildir") expect(readdirSync(join(archivePath, "maildir/tmp"))).toEqual([]);
    });

    test(`a large message is refused before anything of it is stored (${mail})`, async () => {
      await using archive = await open(mail);
      await expect(store(archive, ["INBOX"], { 1: Buffer.alloc(6_000_000, "x") })).rejects.toMatchObject(full);
      expect(await contents(["INBOX"])).toEqual([]);
      expect(filesUnder(archivePath).filter((name) => /spool|tmp/.test(name))).toEqual([]);
    });
  }

  test("a ledger that could not be written believes nothing, and is whole afterwards", async () => {
    await using archive = await open();
    const stored = { key: "1", size: 1, sha256: "", place: { offset: 0 }, flags: ["x".repeat(20_000)] };
    {
      await using ledger = await archive.openLedger(inbox);
      await ledger.begin("1");
      const makeRoom = fill();
      const commit = { checkpoint: { length: 1 }, stored: [stored], failed: [] };
      await expect(ledger.record(commit)).rejects.toMatchObject(full);
      expect(ledger.isSettled("1")).toBe(false);
      makeRoom();
      await expect(ledger.record(commit)).rejects.toMatchObject({ code: "D502" });
    }
    await using ledger = await archive.openLedger(inbox);
    expect({ validity: ledger.validity, checkpoint: ledger.checkpoint }).toEqual({
      validity: "1",
      checkpoint: undefined,
    });
    await ledger.record({ checkpoint: { length: 1 }, stored: [stored], failed: [] });
    expect(ledger.isSettled("1")).toBe(true);
  });

  test("a report that can't be kept is said, and no half of it stays", async () => {
    await using archive = await open();
    fill();
    await expect(archive.keepReport("report", { text: "x".repeat(50_000) })).rejects.toMatchObject(full);
    expect(readdirSync(join(archivePath, "runs"))).toEqual(["filler"]);
  });
});

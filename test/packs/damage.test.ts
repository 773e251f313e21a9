// A pack that is not as it was written, and a pack that somebody else wrote.

import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../src/cli/verify.ts";
import { listArchive } from "../../src/jobs/listing.ts";
import { verifyArchive } from "../../src/jobs/verify.ts";
import { writePack } from "../../src/packs/write-pack.ts";
import { openCaller } from "../support/in-process.ts";
import { temporaryFolder } from "../support/jobs.ts";
import {
  combinations,
  isInstalled,
  makeArchive,
  never,
  pack,
  packFormats,
  seeded,
  sharedFolder,
} from "../support/packs.ts";
import { verifyFlipped } from "./flips.ts";

const root = sharedFolder();
const archives: Record<string, string> = {};
const fileOf = ({ format, as }: { format: string; as: string }) => join(root, `${format}.${as}`);
const random = seeded(3);
const messages = Array.from({ length: 12 }, (_, number) => {
  const noise = Array.from({ length: 100 * number }, () => random(2 ** 32).toString(36)).join(" ");
  return { name: `${number}`, bytes: Buffer.from(`Subject: ${number}\r\n\r\nline ${number} line ${noise}\r\n`) };
});

beforeAll(async () => {
  for (const format of ["mbox", "maildir"] as const) {
    archives[format] = await makeArchive(root, format, { "": messages, ".Sent": messages.slice(0, 3) });
  }
  for (const combination of combinations) {
    await pack(archives[combination.format] ?? "", fileOf(combination), combination.as);
  }
});

const flipsEach = 30;

describe.each(combinations)("a $as of a $format archive", (combination) => {
  test(`in which one octet is another is found out, at ${flipsEach} places`, async () => {
    const file = fileOf(combination);
    const { length } = readFileSync(file);
    const next = seeded(5);
    const folder = temporaryFolder();
    const places = [0, 3, 8, 9, 10, length - 1, length - 65, length - 110];
    while (places.length < flipsEach) places.push(next(length));
    for (const at of places) {
      expect(await verifyFlipped(file, folder, at, 1 << next(8)), `octet ${at}`).not.toEqual([]);
    }
  });

  test("names the message that is not what arrived", async () => {
    const caller = openCaller("");
    const path = join(caller.cwd, "pack");
    const octets = readFileSync(fileOf(combination));
    const middle = Math.floor(octets.length / 2);
    octets.fill(0x55, middle, middle + 8);
    writeFileSync(path, octets);
    const result = await caller.call((invocation) => verify(path, {}, invocation), { json: true });
    expect(result).toMatchObject({ code: 7, document: { verdict: "failed", exit: { name: "damaged" } } });
    const problems: { key?: string; code?: string }[] = result.document.problems;
    expect(problems.at(-1)).toMatchObject({ code: "V902", mailbox: [] });
    expect(problems.filter(({ key }) => key !== undefined).length).toBeGreaterThan(0);
  });

  test("that ends too soon is refused or found out, wherever it ends", async () => {
    const { length } = readFileSync(fileOf(combination));
    for (const part of [0.02, 0.3, 0.6, 0.9, 0.999]) {
      const path = join(temporaryFolder(), "cut");
      writeFileSync(path, readFileSync(fileOf(combination)));
      truncateSync(path, Math.floor(length * part));
      const result = await verifyArchive(path).then(
        ({ problems }) => problems.length,
        ({ code }) => code,
      );
      expect(result === "V902" || (typeof result === "number" && result > 0), `${part}: ${result}`).toBe(true);
    }
  });
});

test("an archive in which a message is not the one that arrived is not packed", async () => {
  const folder = temporaryFolder();
  const archive = await makeArchive(folder, "mbox", { "": messages });
  const mbox = join(archive, "mbox/INBOX.mbox");
  writeFileSync(mbox, readFileSync(mbox, "latin1").replace("line 7 line", "line 7 LINE"), "latin1");
  const to = join(folder, "vault", "p.zip");
  await expect(writePack({ archive, to, as: "zip", signal: never })).rejects.toMatchObject({
    code: "V901",
    message: expect.stringMatching(/message \S+ of INBOX in the archive is not the one that arrived/),
  });
  expect(execFileSync("ls", ["-A", join(folder, "vault")]).toString()).toBe("");
});

test("a file that is there already is never replaced; the same pack again is no error", async () => {
  const folder = temporaryFolder();
  const archive = archives.mbox ?? "";
  const to = join(folder, "p.tar.gz");
  const first = await pack(archive, to, "tar.gz");
  expect(await pack(archive, to, "tar.gz")).toEqual(first);
  writeFileSync(to, "somebody's");
  await expect(pack(archive, to, "tar.gz")).rejects.toMatchObject({ code: "D506" });
  expect(readFileSync(to, "utf8")).toBe("somebody's");
});

test("a file system that holds no file of this size is said, and no half pack stays", async () => {
  const folder = temporaryFolder();
  const script = `
    import { writePack } from ${JSON.stringify(new URL("../../dist/packs/write-pack.js", import.meta.url).href)};
    const order = ${JSON.stringify({ archive: archives.maildir, to: `${folder}/p.zip`, as: "zip" })};
    try { await writePack({ ...order, signal: new AbortController().signal }); }
    catch (error) { console.log(error.code, error.remedy); }
  `;
  writeFileSync(join(folder, "run.mjs"), script);
  const output = execFileSync("bash", ["-c", `ulimit -f 2; ${process.execPath} ${folder}/run.mjs`]).toString();
  expect(output).toMatch(/^D503 Put the packs on a disk/);
  expect(execFileSync("ls", ["-A", folder]).toString()).toBe("run.mjs\n");
});

test("a run that is stopped leaves nothing behind", async () => {
  const folder = temporaryFolder();
  const reason = new Error("stopped");
  const order = { archive: archives.maildir ?? "", to: join(folder, "p.zip"), as: "zip" } as const;
  await expect(writePack({ ...order, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(execFileSync("ls", ["-A", folder]).toString()).toBe("");
});

/** Packs with entries of any name and type, as Python makes them: a pack's own, with these at the end. */
const forge = `
import sys, json, zipfile, tarfile, io, warnings
warnings.simplefilter("ignore")
def forge(source, target, extra):
  if source.endswith(".zip"):
      with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
          for i in old.infolist(): new.writestr(i, old.read(i))
          for e in extra:
              i = zipfile.ZipInfo(e["name"]); i.create_system = 3; i.compress_type = zipfile.ZIP_DEFLATED
              i.external_attr = {"file": 0o100600, "symlink": 0o120777, "device": 0o020600}[e.get("type", "file")] << 16
              new.writestr(i, e.get("data", "x") * e.get("times", 1))
  else:
      with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
          for m in old: new.addfile(m, old.extractfile(m) if m.isfile() else None)
          for e in extra:
              m = tarfile.TarInfo(e["name"])
              m.type = {"file": tarfile.REGTYPE, "symlink": tarfile.SYMTYPE, "link": tarfile.LNKTYPE, "device": tarfile.CHRTYPE}[e.get("type", "file")]
              data = (e.get("data", "x") * e.get("times", 1)).encode()
              if e.get("type", "file") == "file": m.size = len(data)
              else: m.linkname = "/etc/passwd"
              new.addfile(m, io.BytesIO(data))
for source, target, entry in json.loads(sys.argv[1]): forge(source, target, [entry])
`;

describe.each(packFormats)("a %s that somebody else wrote", (as) => {
  const refused = [
    [
      "a way out",
      { name: "maildir/../../../../tmp/evil" },
      as === "zip" ? /invalid relative/ : /is no name of an entry/,
    ],
    ["an absolute path", { name: "/etc/evil" }, as === "zip" ? /absolute/ : /is no name of an entry/],
    [
      "a way out in a Maildir",
      { name: "maildir/cur/.." },
      as === "zip" ? /invalid relative/ : /is no name of an entry/,
    ],
    ["a file that no archive has", { name: "runs/evil.json" }, /is no name of an entry/],
    ["a name that steers the terminal", { name: "mbox/\u001b[2Jevil.mbox" }, /mbox\/(?:\\x1b|←)\[2Jevil\.mbox is no/],
    ["a symbolic link", { name: "maildir/cur/link", type: "symlink" }, /is neither a file nor a folder/],
    ["a device", { name: "maildir/cur/device", type: "device" }, /is neither a file nor a folder/],
    ["a file twice", { name: "maildir/dovecot-keywords" }, /is in it twice/],
    ["twins that differ in case", { name: "maildir/.SENT/maildirfolder" }, /is in it twice/],
    ["a second marker", { name: "mailferry.json" }, /is not where it belongs/],
    ["a ledger behind the mail", { name: "ledger/Evil.jsonl" }, /is not where it belongs/],
  ] as const;

  const forgedOf = (what: string) => join(root, `${what}.${as}`);

  beforeAll(() => {
    if (!isInstalled("python3")) return;
    const source = fileOf({ format: "maildir", as });
    const orders = refused.map(([what, entry]) => [source, forgedOf(what), entry]);
    execFileSync("python3", ["-c", forge, JSON.stringify(orders)]);
  });

  test.each(refused)("is refused for %s", async (what, _, words) => {
    if (!isInstalled("python3")) return;
    const path = forgedOf(what);
    const words_ = await verifyArchive(path).then(
      ({ problems }) => problems.map(({ reason }) => reason).join("\n"),
      ({ code, message }) => `${code} ${message}`,
    );
    expect(words_).toMatch(words);
    expect(words_).not.toMatch(/[\x1b]/);
  });

  test("can't fill the memory", async () => {
    if (!isInstalled("python3")) return;
    const folder = temporaryFolder();
    const path = join(folder, `bomb.${as}`);
    const marker = JSON.stringify({
      archive: 1,
      id: "x",
      mail: "mbox",
      created: "2026-01-01T00:00:00Z",
      account: { protocol: "imap", host: "h", user: "u" },
    });
    const bomb = `
import sys, zipfile, tarfile, io
class Zeros(io.RawIOBase):
    def readable(self): return True
    def readinto(self, b): b[:] = bytes(len(b)); return len(b)
n = 300 * 1024 * 1024
if sys.argv[1].endswith(".zip"):
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in (("mailferry.json", sys.argv[2]), ("ledger/INBOX.jsonl", None)):
            i = zipfile.ZipInfo(name); i.create_system = 3; i.external_attr = 0o100600 << 16; i.compress_type = 8
            with z.open(i, "w") as f:
                if data: f.write(data.encode())
                else:
                    for _ in range(300): f.write(bytes(1024 * 1024))
else:
    with tarfile.open(sys.argv[1], "w:gz", compresslevel=1) as t:
        m = tarfile.TarInfo("mailferry.json"); m.size = len(sys.argv[2]); t.addfile(m, io.BytesIO(sys.argv[2].encode()))
        m = tarfile.TarInfo("ledger/INBOX.jsonl"); m.size = n; t.addfile(m, io.BufferedReader(Zeros()))
`;
    execFileSync("python3", ["-c", bomb, path, marker]);
    const before = process.memoryUsage().rss;
    await expect(listArchive(path)).rejects.toMatchObject({ code: "V902" });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

test("an entry that gives more than it claims is cut off", async () => {
  const path = join(temporaryFolder(), "liar.zip");
  const octets = readFileSync(fileOf({ format: "mbox", as: "zip" }));
  // The size in the directory (APPNOTE 4.3.12) of the last entry: one octet less than there are.
  const directory = octets.lastIndexOf(Buffer.from("504b0102", "hex"));
  octets.writeUInt32LE(octets.readUInt32LE(directory + 24) - 1, directory + 24);
  writeFileSync(path, octets);
  const { problems } = await verifyArchive(path);
  expect(problems.length).toBeGreaterThan(1);
});

test("what is gzip and no tar is no pack", async () => {
  const path = join(temporaryFolder(), "x.tar.gz");
  writeFileSync(path, gzipSync("no tar"));
  await expect(listArchive(path)).rejects.toMatchObject({ code: "D506" });
});

// A pack is a closed copy of an archive: other programs and mailferry itself read in it what the archive has.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ls } from "../../src/cli/ls.ts";
import { restore } from "../../src/cli/restore.ts";
import { verify } from "../../src/cli/verify.ts";
import { runJobs } from "../../src/index.ts";
import { listArchive, listMailbox } from "../../src/jobs/listing.ts";
import { verifyArchive } from "../../src/jobs/verify.ts";
import { readBack } from "../support/archives.ts";
import { corpusMessages } from "../support/corpus.ts";
import { openCaller } from "../support/in-process.ts";
import { combinations, filesIn, isInstalled, makeArchive, pack, packFormats, sharedFolder } from "../support/packs.ts";
import { tortureMessages } from "../support/torture.ts";

const root = sharedFolder();
const archives: Record<string, string> = {};
const packs: Record<string, Awaited<ReturnType<typeof pack>>> = {};
const nameOf = ({ format, as }: { format: string; as: string }) => `${format}.${as}`;
const fileOf = (combination: { format: string; as: string }) => join(root, "packs", nameOf(combination));
/** Fewer messages, for what takes long. */
const small: Record<string, string> = {};
const smallFileOf = (combination: { format: string; as: string }) => join(root, "small-packs", nameOf(combination));
const others = "maildir/cur/1700000000.of-somebody.else:2,F";
/** What verify says of an archive in which somebody else's mail lies, too. */
const foreign = (format: string) =>
  format === "mbox"
    ? []
    : [
        {
          mailbox: ["INBOX"],
          kind: "unknown",
          reason: "mail lies here that its ledger does not know: cur/1700000000.of-somebody.else:2,F",
        },
      ];

beforeAll(async () => {
  const mailboxes = { "": tortureMessages(), ".Projets.&AMk-t&AOk-": corpusMessages(), ".Empty": [] };
  for (const format of ["mbox", "maildir"] as const) {
    const archive = await makeArchive(root, format, mailboxes);
    archives[format] = archive;
    if (format === "mbox") writeFileSync(join(archive, "mbox", "INBOX.mbox.tail-1"), "moved aside");
    else writeFileSync(join(archive, others), "From: somebody\n\nelse\n");
    writeFileSync(join(archive, "ledger", ".~0123456789abcdef.mailferry-tmp"), "half");
  }
  const few = {
    "": tortureMessages().filter(({ bytes }) => bytes.length < 100_000),
    ".Projets.&AMk-t&AOk-": corpusMessages().filter((_, number) => number % 10 === 0),
    ".Empty": [],
  };
  for (const format of ["mbox", "maildir"] as const)
    small[format] = await makeArchive(join(root, "small"), format, few);
  for (const combination of combinations) {
    await pack(small[combination.format] ?? "", smallFileOf(combination), combination.as);
    packs[nameOf(combination)] = await pack(archives[combination.format] ?? "", fileOf(combination), combination.as);
  }
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What of an archive is in its packs. */
function packed(archive: string): string[] {
  return filesIn(archive).filter((name) => !/^runs\/|^ledger\/\.|\.tail-1$/.test(name));
}

describe.each(combinations)("a $as of a $format archive", (combination) => {
  const { format, as } = combination;
  const file = fileOf(combination);
  const smallFile = smallFileOf(combination);

  test("says what it is, and is nobody else's to read", async () => {
    const octets = readFileSync(file);
    expect(packs[nameOf(combination)]).toEqual({
      file,
      octets: octets.length,
      messages: (await readBack(archives[format] ?? "")).length,
      sha256: createHash("sha256").update(octets).digest("hex"),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, "packs")).sort()).toEqual(combinations.map(nameOf).sort());
  });

  test(`is unpacked by other programs to what the archive has`, async () => {
    if (!isInstalled(as === "zip" ? "unzip" : "tar")) return;
    const folder = join(root, `unpacked-${nameOf(combination)}`);
    mkdirSync(folder);
    if (as === "zip") execFileSync("unzip", ["-q", file, "-d", folder]);
    else execFileSync("tar", ["-xzf", file, "-C", folder]);
    const archive = archives[format] ?? "";
    expect(filesIn(folder)).toEqual(packed(archive));
    for (const name of filesIn(folder)) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(join(archive, name))), name).toBe(true);
    }
    // What comes out is an archive, and its Maildir is one.
    expect((await verifyArchive(folder)).problems).toEqual(foreign(format));
    if (format === "maildir") expect(existsSync(join(folder, "maildir/.Empty/cur"))).toBe(true);
    if (format === "maildir" && as === "tar.gz") {
      for (const name of filesIn(folder).filter((each) => /^maildir\/.*\/?cur\//.test(each))) {
        expect(Math.floor(statSync(join(folder, name)).mtimeMs / 1000), name).toBe(
          Math.floor(statSync(join(archive, name)).mtimeMs / 1000),
        );
      }
    }
  });

  test("is read by Python to the same", () => {
    if (!isInstalled("python3")) return;
    const script = `
import sys, json, hashlib, zipfile, tarfile
found = {}
if sys.argv[1].endswith(".zip"):
    z = zipfile.ZipFile(sys.argv[1])
    assert z.testzip() is None
    for n in z.namelist():
        if not n.endswith("/"): found[n] = hashlib.sha256(z.read(n)).hexdigest()
else:
    with tarfile.open(sys.argv[1]) as t:
        for m in t:
            assert m.isfile() or m.isdir()
            assert (m.uid, m.gid, m.uname, m.gname) == (0, 0, "", "")
            if m.isfile(): found[m.name] = hashlib.sha256(t.extractfile(m).read()).hexdigest()
print(json.dumps(found))
`;
    const found = JSON.parse(execFileSync("python3", ["-c", script, file], { maxBuffer: 1e8 }).toString());
    const archive = archives[format] ?? "";
    expect(found).toEqual(
      Object.fromEntries(
        packed(archive).map((name) => [
          name,
          createHash("sha256")
            .update(readFileSync(join(archive, name)))
            .digest("hex"),
        ]),
      ),
    );
  });

  test("is listed and verified as the archive is", async () => {
    const archive = archives[format] ?? "";
    const { archive: _, ...listing } = await listArchive(archive);
    expect(await listArchive(file)).toEqual({ ...listing, archive: file, pack: as });
    for (const { path } of listing.mailboxes) {
      expect(await all(listMailbox(file, path))).toEqual(await all(listMailbox(archive, path)));
    }
    const { archive: __, problems, aside: ___, ...report } = await verifyArchive(archive);
    expect(await verifyArchive(file)).toEqual({ ...report, archive: file, pack: as, problems: [] });
    expect([problems, report.intact]).toEqual([foreign(format), report.messages]);
  });

  test("has the same octets whenever, wherever and from whatever copy it is packed", async () => {
    const copy = join(root, `copy-${nameOf(combination)}`);
    cpSync(small[format] ?? "", copy, { recursive: true, preserveTimestamps: format === "maildir" });
    const zone = process.env.TZ;
    process.env.TZ = "Asia/Tokyo";
    try {
      const again = await pack(copy, `${copy}.pack`, as);
      expect(readFileSync(again.file).equals(readFileSync(smallFile))).toBe(true);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test("gives back by restore what the archive gives back: octets, flags and dates", async () => {
    const caller = openCaller("");
    const bring = (from: string, to: string) => caller.call((invocation) => restore(from, { to }, invocation));
    const results = [await bring(small[format] ?? "", "./of-archive"), await bring(smallFile, "./of-pack")];
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const [one, other] = ["of-archive", "of-pack"].map((name) => join(caller.cwd, name));
    expect(filesIn(other ?? "")).toEqual(filesIn(one ?? ""));
    for (const name of filesIn(one ?? "")) {
      const [a, b] = [join(one ?? "", name), join(other ?? "", name)];
      expect(readFileSync(b).equals(readFileSync(a)), name).toBe(true);
      if (/\/?cur\//.test(name)) expect(statSync(b).mtimeMs, name).toBe(statSync(a).mtimeMs);
    }
  });

  test("is a source of a job", async () => {
    const archive = join(root, `from-${nameOf(combination)}`);
    const to = { archive, format: format === "mbox" ? ("maildir" as const) : ("mbox" as const) };
    const job = {
      name: "from a pack",
      from: { archive: smallFile },
      to,
      mailboxes: { include: ["*"], exclude: [], map: [] },
      filter: {},
      verify: "after",
      retry: { attempts: 1, maxWaitMs: 0 },
    } as const;
    const messages = (await readBack(small[format] ?? "")).length;
    for (const copied of [messages, 0]) {
      expect(await runJobs([job], { concurrency: 2 })).toMatchObject({
        verdict: "safe",
        jobs: [{ messages: { copied } }],
      });
    }
    const bare = async (directory: string) =>
      (await readBack(directory)).map(({ key: _, ...message }) => JSON.stringify(message)).sort();
    expect(await bare(archive)).toEqual(await bare(small[format] ?? ""));
  });
});

describe("for people", () => {
  test("a pack is named as what it is, and what can't be done with it is said", async () => {
    const caller = openCaller("");
    const file = fileOf({ format: "mbox", as: "zip" });
    const listed = await caller.call((invocation) => ls(file, undefined, invocation));
    expect(listed.stdout).toContain("mbox in a zip, since ");
    const verified = await caller.call((invocation) => verify(file, {}, invocation));
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/mbox in a zip.*SAFE: \d+ of \d+/s)]);
    await expect(caller.call((invocation) => verify(file, { server: true }, invocation))).rejects.toThrow(
      "a pack is a copy of an archive and stays as it is; use --server with the archive itself",
    );
  });

  test.each(packFormats)("a file that only looks like a %s is refused", async (as) => {
    const caller = openCaller("");
    const path = join(caller.cwd, `other.${as}`);
    execFileSync("python3", [
      "-c",
      as === "zip"
        ? "import sys,zipfile; zipfile.ZipFile(sys.argv[1],'w').writestr('photo.txt','x')"
        : "import sys,tarfile; tarfile.open(sys.argv[1],'w:gz').add('/etc/hostname')",
      path,
    ]);
    await expect(caller.call((invocation) => verify(path, {}, invocation))).rejects.toMatchObject({
      code: "D506",
      message: expect.stringContaining("is neither an archive nor a pack of one"),
    });
  });
});

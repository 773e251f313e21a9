import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { diskError } from "../../src/storage/disk-error.ts";
import {
  createFile,
  isTemporaryName,
  listDirectory,
  makeDirectory,
  openForWriting,
  placeWords,
  removeFile,
  renameFile,
  replaceFile,
  syncDirectory,
  takeBack,
  temporaryName,
  truncate,
  writeAll,
} from "../../src/storage/durable.ts";
import { openHandles } from "../sink-contract.ts";
import { compileStorage, startChild } from "../support/child.ts";
import { recordDisk } from "../support/disk-record.ts";

describe("file operations", () => {
  let compiled = "";
  let directory = "";
  let path = "";
  beforeAll(() => {
    compiled = mkdtempSync(join(tmpdir(), "mailferry-storage-"));
    compileStorage(compiled);
  });
  afterAll(() => rmSync(compiled, { recursive: true }));
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-durable-"));
    path = join(directory, "file");
  });
  afterEach(() => {
    expect(openHandles(directory) ?? []).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  const disk = { code: "D502", scope: "session", retry: "never" };

  test("a file that exists is never created again, nor a link's target", async () => {
    writeFileSync(path, "old");
    await expect(createFile(path)).rejects.toMatchObject({ code: "D502" });
    symlinkSync(join(directory, "target"), join(directory, "link"));
    await expect(createFile(join(directory, "link"))).rejects.toMatchObject({ code: "D502" });
    await expect(openForWriting(join(directory, "link"))).rejects.toMatchObject({
      code: "D502",
      message: expect.stringContaining("symbolic link"),
    });
    expect(readdirSync(directory).sort()).toEqual(["file", "link"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  test("octets are written where they belong, and a file ends where it is cut", async () => {
    const handle = await openForWriting(path);
    await writeAll(handle, path, Buffer.alloc(3_000_000, "a"), 0);
    await writeAll(handle, path, Buffer.from("bc"), 10);
    await truncate(handle, path, 13);
    await handle.close();
    expect(readFileSync(path, "latin1")).toBe("aaaaaaaaaabca");
    const again = await openForWriting(path);
    await again.close();
    expect(statSync(path).size).toBe(13);
  });

  describe("a system that takes less than it is given", () => {
    type Write = (
      octets: Uint8Array,
      at: number,
      length: number,
      position: number,
    ) => Promise<{ bytesWritten: number }>;

    /** A handle of which each answer but the last is a refusal, or so many octets at most. */
    async function reluctant(answers: readonly (string | number)[]) {
      const handle = await openForWriting(path);
      const write: Write = handle.write.bind(handle);
      const rest = [...answers];
      const asked = { times: 0 };
      const reluctantly: Write = async (octets, at, length, position) => {
        asked.times += 1;
        const answer = rest.length > 1 ? rest.shift() : rest[0];
        if (typeof answer === "string") throw Object.assign(new Error(answer), { code: answer });
        return answer === 0 ? { bytesWritten: 0 } : write(octets, at, Math.min(length, answer ?? length), position);
      };
      return { handle: Object.assign(handle, { write: reluctantly }), asked };
    }

    test("gets the rest, however often it is interrupted or asks to be asked again", async () => {
      const octets = Buffer.from(Array.from({ length: 10_000 }, (_, n) => n % 251));
      const { handle, asked } = await reluctant(["EINTR", 1, "EAGAIN", "EAGAIN", 4095, 0, "EINTR", 700, 100_000]);
      await writeAll(handle, path, octets, 0);
      await handle.close();
      expect(readFileSync(path).equals(octets)).toBe(true);
      expect(asked.times).toBe(9);
    });

    test.each(["EAGAIN", "EINTR", 0] as const)("is not asked for ever (%s)", async (answer) => {
      const { handle } = await reluctant([answer]);
      const code = answer === 0 ? "EIO" : answer;
      await expect(writeAll(handle, path, Buffer.from("x"), 0)).rejects.toMatchObject({
        ...disk,
        message: expect.stringContaining(`(${code})`),
      });
      await handle.close();
    });
  });

  test("what has failed is taken back as far as the disk lets it, without a word", async () => {
    const handle = await openForWriting(path);
    await writeAll(handle, path, Buffer.from("kept and lost"), 0);
    await takeBack(handle, 4);
    await handle.close();
    expect(readFileSync(path, "utf8")).toBe("kept");
    await takeBack(handle, 0);
    expect(readFileSync(path, "utf8")).toBe("kept");
  });

  test("a few words are placed under a name in one step, and never over others", async () => {
    expect(await placeWords(path, "one")).toBe(true);
    expect(await placeWords(path, "two")).toBe(false);
    expect(readlinkSync(path)).toBe("one");
  });

  test("a file is replaced as a whole, and nothing else is left", async () => {
    for (const content of ["one", Buffer.from([0, 255]), ""]) {
      await replaceFile(path, content);
      expect(readFileSync(path).equals(Buffer.from(content))).toBe(true);
    }
    expect(readdirSync(directory)).toEqual(["file"]);
  });

  test("a link is replaced itself, its target is left alone", async () => {
    const target = join(directory, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, path);
    await replaceFile(path, "new");
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, "utf8")).toBe("precious");
  });

  test("a file that can't be replaced leaves nothing behind", async () => {
    mkdirSync(path);
    await expect(replaceFile(path, "x")).rejects.toMatchObject(disk);
    await expect(replaceFile(join(directory, "missing", "x"), "x")).rejects.toMatchObject(disk);
    expect(readdirSync(directory)).toEqual(["file"]);
  });

  test("many replacements of one file at once leave one of them whole", async () => {
    const contents = Array.from({ length: 20 }, (_, n) => String(n).repeat(100_000));
    await Promise.all(contents.map((content) => replaceFile(path, content)));
    expect(contents).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(directory)).toEqual(["file"]);
  });

  test("a process killed while it replaces a file leaves the old octets or the new ones", async () => {
    for (let round = 1; round <= 5; round++) {
      const child = startChild(
        compiled,
        `import { replaceFile } from "./storage/durable.js";
         for (let n = 0; ; n++) {
           await replaceFile(${JSON.stringify(path)}, String(n % 10).repeat(300_000));
           console.log(n);
         }`,
      );
      for (let n = 0; n < round * 3; n++) await child.hear();
      await child.kill();
      const text = readFileSync(path, "utf8");
      expect(text).toBe(text.slice(0, 1).repeat(300_000));
      for (const name of readdirSync(directory)) expect(name === "file" || isTemporaryName(name), name).toBe(true);
    }
  });

  test("temporary names are all different and known again", () => {
    const names = Array.from({ length: 1000 }, () => temporaryName());
    expect(new Set(names).size).toBe(1000);
    expect(names.every(isTemporaryName)).toBe(true);
    for (const name of ["x.mailferry-tmp", ".x.mailferry-tmp", `${names[0]}x`])
      expect(isTemporaryName(name)).toBe(false);
  });

  test("a directory is made with all that is missing above it; one that is there stays", async () => {
    const deep = join(directory, "a/b/c");
    await Promise.all([makeDirectory(deep), makeDirectory(deep), makeDirectory(join(directory, "a/b/d"))]);
    await makeDirectory(deep);
    expect(readdirSync(join(directory, "a/b")).sort()).toEqual(["c", "d"]);
    expect(statSync(join(directory, "a")).mode & 0o777).toBe(0o700);
  });

  test("a directory that is there may be that of a run which died: its name is synced, once", async () => {
    mkdirSync(join(directory, "a"));
    const record = recordDisk(directory, () => undefined);
    await makeDirectory(join(directory, "a"));
    await makeDirectory(join(directory, "a"));
    await makeDirectory(join(directory, "a/b"));
    record.end();
    expect(record.changes.filter((change) => change.startsWith("sync"))).toEqual(["sync folder ", "sync folder a"]);
  });

  test("where no directory can be, the reason is said", async () => {
    writeFileSync(path, "");
    symlinkSync(join(directory, "nowhere"), join(directory, "dangling"));
    for (const impossible of [path, join(path, "below"), join(directory, "dangling"), join(directory, "dangling/x")]) {
      await expect(makeDirectory(impossible)).rejects.toMatchObject(disk);
    }
  });

  test.skipIf(process.platform !== "linux")("a file system that makes no directories is no endless task", async () => {
    await expect(makeDirectory("/proc/mailferry/archive")).rejects.toMatchObject(disk);
  });

  test("removing a file that is not there is no error, removing a directory is one", async () => {
    await removeFile(path);
    writeFileSync(path, "");
    await removeFile(path);
    await expect(removeFile(directory)).rejects.toMatchObject({ code: "D502" });
    expect(readdirSync(directory)).toEqual([]);
  });

  test("what is missing is the disk's error everywhere", async () => {
    const missing = join(directory, "missing");
    await expect(listDirectory(missing)).rejects.toMatchObject(disk);
    await expect(syncDirectory(missing)).rejects.toMatchObject(disk);
    await expect(renameFile(missing, path)).rejects.toMatchObject(disk);
  });

  test.each([
    ["ENOSPC", "D501"],
    ["EDQUOT", "D501"],
    ["EFBIG", "D503"],
    ["EROFS", "D502"],
    ["EACCES", "D502"],
    ["EIO", "D502"],
    ["ENAMETOOLONG", "D504"],
    ["EWHATEVER", "D502"],
  ])("%s is %s, with the path and a way out", (errno, code) => {
    const cause = Object.assign(new Error("x"), { code: errno });
    const error = diskError(cause, "/mnt/\u001b[2J/file");
    expect(error).toMatchObject({
      code,
      scope: "session",
      retry: "never",
      cause,
      remedy: expect.stringMatching(/\.$/),
    });
    expect(error.message).toContain("/mnt/\\x1b[2J/file");
    expect(error.message).toContain(errno);
  });

  test.each(["open", "rename", "mkdir", "write"])(
    "a name that the file system does not take is told from another EINVAL: %s",
    (syscall) => {
      const cause = Object.assign(new Error("x"), { code: "EINVAL", syscall });
      const error = diskError(cause, "/mnt/usb/cur/1.2.host:2,S");
      expect(error.code).toBe(syscall === "write" ? "D502" : "D504");
      if (syscall !== "write") expect(error.remedy).toMatch(/':'.*choose format mbox/);
    },
  );

  test("the way out for a file that is too large is none that FAT closes", () => {
    const { remedy } = diskError(Object.assign(new Error("x"), { code: "EFBIG" }), "/mnt/usb/INBOX.mbox");
    expect(remedy).toContain("exFAT, NTFS or ext4");
    expect(remedy).not.toMatch(/maildir/i);
  });

  test.each(["ENOSPC", "EDQUOT"])("%s tells how much is free there, also of a file that is not made yet", (errno) => {
    const cause = Object.assign(new Error("x"), { code: errno });
    expect(diskError(cause, join(directory, "not", "yet")).message).toMatch(
      new RegExp(`/not/yet: the disk (is full|quota is used up) \\(${errno}\\); [\\d.]+ [kMGT]?B are free on it$`),
    );
  });

  test("an error that Node has no name for has the one of the system", () => {
    const cause = Object.assign(new Error("x"), { code: `Unknown system error -${constants.errno.EDQUOT}` });
    expect(diskError(cause, "/mnt/file")).toMatchObject({
      code: "D501",
      message: expect.stringMatching(/^\/mnt\/file: the disk quota is used up \(EDQUOT\); /),
    });
    expect(diskError(Object.assign(new Error("x"), { code: "Unknown system error -9999" }), "/mnt/file").message).toBe(
      "/mnt/file: the operation failed (error 9999)",
    );
  });

  test("an error of reading names the octet", () => {
    const cause = Object.assign(new Error("x"), { code: "EIO" });
    expect(diskError(cause, "/mnt/file", 4096).message).toBe(
      "/mnt/file, octet 4096: the disk reported an input/output error (EIO)",
    );
  });

  test("an error that is classified already passes", () => {
    const error = new MailferryError("M401", "no", { scope: "message", retry: "later" });
    expect(diskError(error, path)).toBe(error);
  });
});

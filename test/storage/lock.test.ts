import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acquireLock, type Lock } from "../../src/storage/lock.ts";
import { type Child, compileStorage, startChild } from "../support/child.ts";

interface Owner {
  pid: number;
  started: string;
  boot: string;
  host: string;
  nonce: string;
}

describe("the lock", () => {
  let compiled = "";
  let directory = "";
  let path = "";
  const children: Child[] = [];

  beforeAll(() => {
    compiled = mkdtempSync(join(tmpdir(), "mailferry-storage-"));
    compileStorage(compiled);
  });
  afterAll(() => rmSync(compiled, { recursive: true }));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-lock-"));
    path = join(directory, "mailferry.lock");
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
    rmSync(directory, { recursive: true });
  });

  const held = { code: "L801", scope: "session" };
  const nobody = { nonce: "0123456789abcdef" };
  /** The pid of a process that is gone: nobody gets one as high as this. */
  const deadPid = 2 ** 22 + 1;

  /** What this process writes about itself. */
  async function self(): Promise<Owner> {
    const scratch = join(directory, "scratch.lock");
    await using _lock = await acquireLock(scratch);
    return JSON.parse(readlinkSync(scratch)) as Owner;
  }

  function taker(): Child {
    const child = startChild(
      compiled,
      `import { acquireLock } from "./storage/lock.js";
       import { createInterface } from "node:readline";
       const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
       console.log("ready");
       for (;;) {
         const { value, done } = await lines.next();
         if (done) break;
         const lock = await acquireLock(value).catch((error) => { console.log(error.code ?? String(error)); });
         if (lock === undefined) continue;
         console.log("taken");
         await lines.next();
         await lock[Symbol.asyncDispose]();
         console.log("given back");
       }`,
    );
    children.push(child);
    return child;
  }

  test("a second taker is rejected, is told by whom it is held, and a way out", async () => {
    await using _lock = await acquireLock(path);
    const error = await acquireLock(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ ...held, retry: "later", remedy: expect.stringMatching(/Wait.*remove this file/) });
    expect(String(error)).toContain(`process ${process.pid} on ${hostname()}`);
    expect(String(error)).toContain(path);
  });

  test("disposing gives it back and leaves nothing", async () => {
    for (let n = 0; n < 3; n++) {
      await using lock = await acquireLock(path);
      expect(lock.path).toBe(path);
    }
    expect(readdirSync(directory)).toEqual([]);
  });

  test("disposing twice does not take the lock from its next owner", async () => {
    const first = await acquireLock(path);
    await first[Symbol.asyncDispose]();
    await using _second = await acquireLock(path);
    await first[Symbol.asyncDispose]();
    await expect(acquireLock(path)).rejects.toMatchObject(held);
  });

  test("a lock that somebody removed by hand and another run took stays with that run", async () => {
    const first = await acquireLock(path);
    rmSync(path);
    await using _second = await acquireLock(path);
    await first[Symbol.asyncDispose]();
    await expect(acquireLock(path)).rejects.toMatchObject(held);
  });

  test("another process's lock is respected while it lives, and taken over after a kill -9", async () => {
    const child = taker();
    await child.hear();
    child.say(path);
    expect(await child.hear()).toBe("taken");
    await expect(acquireLock(path)).rejects.toMatchObject(held);
    await child.kill();
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    await using _lock = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject(held);
    expect(readdirSync(directory)).toEqual(["mailferry.lock"]);
  });

  const owners: { who: string; owner: Partial<Owner>; taken: boolean }[] = [
    { who: "a process that is gone", owner: { pid: deadPid }, taken: true },
    { who: "an earlier process that had our process id", owner: { started: "1" }, taken: true },
    { who: "a process from before the machine was started again", owner: { boot: "another boot" }, taken: true },
    { who: "another machine's process", owner: { host: "elsewhere", pid: deadPid }, taken: false },
    { who: "another machine's process from another boot", owner: { host: "elsewhere", boot: "another" }, taken: false },
    { who: "this very process", owner: {}, taken: false },
    { who: "a process of this machine whose start is not known", owner: { started: "" }, taken: false },
  ];
  for (const { who, owner, taken } of owners) {
    for (const kind of ["link", "file"]) {
      test(`the lock of ${who}, as a ${kind}, is ${taken ? "taken over" : "respected"}`, async () => {
        const text = JSON.stringify({ ...(await self()), ...nobody, ...owner });
        if (kind === "link") symlinkSync(text, path);
        else writeFileSync(path, text);
        if (taken) {
          await using _lock = await acquireLock(path);
          await expect(acquireLock(path)).rejects.toMatchObject(held);
        } else {
          await expect(acquireLock(path)).rejects.toMatchObject(held);
          expect(kind === "link" ? readlinkSync(path) : readFileSync(path, "utf8")).toBe(text);
        }
      });
    }
  }

  for (const text of ["", "garbage", "123", "null", "{}", '{"pid":1}', '{"pid":1,"nonce":"../../x"}', "\0\0\0\0"]) {
    test(`a lock file of ${JSON.stringify(text)} is somebody's: rejected with a way out, and left alone`, async () => {
      writeFileSync(path, text);
      await expect(acquireLock(path)).rejects.toMatchObject({
        ...held,
        remedy: expect.stringMatching(/remove this file/),
      });
      expect(readFileSync(path, "utf8")).toBe(text);
    });
  }

  test("a symbolic link to another file is not followed", async () => {
    const target = join(directory, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, path);
    await expect(acquireLock(path)).rejects.toMatchObject(held);
    expect(readFileSync(target, "utf8")).toBe("precious");
  });

  test("where no lock can be made, the disk's error is said", async () => {
    await expect(acquireLock(join(directory, "missing", "x.lock"))).rejects.toMatchObject({ code: "D502" });
    mkdirSync(path);
    await expect(acquireLock(path)).rejects.toMatchObject({ code: "D502" });
  });

  async function winners(takers: Promise<Lock>[]): Promise<Lock[]> {
    const results = await Promise.allSettled(takers);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject(held);
    }
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  for (const before of ["no lock", "a dead lock", "a dead lock whose last taker died too"]) {
    test(`of many takers at once that find ${before}, exactly one wins`, async () => {
      const dead = JSON.stringify({ ...(await self()), ...nobody, pid: deadPid });
      for (let round = 0; round < 20; round++) {
        if (before !== "no lock") symlinkSync(dead, path);
        if (before.includes("died too")) {
          symlinkSync(dead.replace(nobody.nonce, "f".repeat(16)), `${path}.dead-${nobody.nonce}`);
        }
        const [winner, ...others] = await winners(Array.from({ length: 8 }, () => acquireLock(path)));
        expect(winner).toBeDefined();
        expect(others).toEqual([]);
        await expect(acquireLock(path)).rejects.toMatchObject(held);
        await winner?.[Symbol.asyncDispose]();
        expect(readdirSync(directory)).toEqual([]);
      }
    });
  }

  test("what takers left beside it who died in the middle goes with it, and what belongs to the living stays", async () => {
    const me = await self();
    const owner = (nonce: string, pid: number) => JSON.stringify({ ...me, nonce: nonce.repeat(16), pid });
    symlinkSync(owner("0", deadPid), path);
    for (const name of [`${path}.${"a".repeat(16)}`, `${path}.dead-${"b".repeat(16)}`])
      symlinkSync(owner("a", deadPid), name);
    const alive = `mailferry.lock.dead-${"c".repeat(16)}`;
    symlinkSync(owner("c", me.pid), join(directory, alive));
    writeFileSync(`${path}.bak`, "");
    await using _lock = await acquireLock(path);
    expect(readdirSync(directory).sort()).toEqual(["mailferry.lock", "mailferry.lock.bak", alive].sort());
  });

  test("of several processes that find a dead lock, exactly one wins", async () => {
    const dead = JSON.stringify({ ...(await self()), ...nobody, pid: deadPid });
    const takers = [taker(), taker(), taker(), taker()];
    for (const child of takers) await child.hear();
    for (let round = 0; round < 20; round++) {
      symlinkSync(dead, path);
      for (const child of takers) child.say(path);
      const heard = await Promise.all(takers.map((child) => child.hear()));
      expect([...heard].sort()).toEqual(["L801", "L801", "L801", "taken"]);
      const winner = takers[heard.indexOf("taken")];
      winner?.say("give it back");
      expect(await winner?.hear()).toBe("given back");
      expect(readdirSync(directory)).toEqual([]);
    }
  });
});

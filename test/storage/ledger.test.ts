import {
  appendFileSync,
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
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Commit, Failure, Stored } from "../../src/message.ts";
import { type Ledger, openLedger, readLedger } from "../../src/storage/ledger.ts";
import { LedgerContents } from "../../src/storage/ledger-contents.ts";
import { readLedgerMailbox, readLedgerTail } from "../../src/storage/ledger-ends.ts";
import { commitLine, formatLine } from "../../src/storage/ledger-lines.ts";
import { openHandles } from "../sink-contract.ts";

const mailbox = ["Projets", "2026"];
const damaged = { code: "V901", scope: "mailbox", retry: "never" };

function stored(key: string, file = `file of ${key}`): Stored {
  return {
    key,
    size: 3,
    sha256: "ab".repeat(32),
    place: { file },
    flags: ["\\Seen", "été"],
    internalDate: new Date("2026-02-03T04:05:06.789Z"),
  };
}

function commit(n: number, keys: readonly (string | Stored)[], failed: readonly Failure[] = []): Commit {
  return {
    checkpoint: { length: n },
    stored: keys.map((key) => (typeof key === "string" ? stored(key) : key)),
    failed,
  };
}

type Known = Pick<Ledger, "checkpoint" | "validity" | "current" | "earlier" | "failed" | "find">;

/** All that a ledger says. What is void has no order. */
function saysOf(ledger: Known) {
  return {
    checkpoint: ledger.checkpoint,
    validity: ledger.validity,
    current: [...ledger.current()],
    earlier: [...ledger.earlier()].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    failed: [...ledger.failed()],
    found: [...ledger.current()].map(({ key }) => ledger.find(key)),
  };
}

describe("the ledger", () => {
  let directory = "";
  let path = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mailferry-ledger-"));
    path = join(directory, "Projets.2026.jsonl");
  });
  afterEach(async () => {
    await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  async function withLedger<T>(use: (ledger: Ledger) => Promise<T> | T): Promise<T> {
    await using ledger = await openLedger(path, mailbox);
    return await use(ledger);
  }

  /** Three batches, each on a line of its own, and what the ledger said before the last one. */
  async function threeBatches() {
    return withLedger(async (ledger) => {
      await ledger.begin("1700000000");
      await ledger.record(commit(1, ["1", "2"]));
      await ledger.record(commit(2, ["3"], [{ key: "9", code: "M401", reason: "no", final: true }]));
      const before = { says: saysOf(ledger), length: statSync(path).size };
      await ledger.record(commit(3, ["4", "5"]));
      return { before, after: saysOf(ledger), octets: readFileSync(path) };
    });
  }

  test("that is new knows nothing, and exists at once", async () => {
    await withLedger((ledger) => {
      expect(saysOf(ledger)).toMatchObject({ checkpoint: undefined, validity: undefined, current: [], earlier: [] });
      expect(ledger.isSettled("1")).toBe(false);
    });
    expect(await readLedgerMailbox(path)).toEqual(mailbox);
    expect(readdirSync(directory)).toEqual(["Projets.2026.jsonl"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readLedger(join(directory, "none.jsonl"))).toBeUndefined();
  });

  test("says after it was opened again what it said before", async () => {
    const { after, octets } = await threeBatches();
    expect(after.current.map(({ key }) => key)).toEqual(["1", "2", "3", "4", "5"]);
    await withLedger((ledger) => {
      expect(saysOf(ledger)).toEqual(after);
      expect(ledger.isSettled("9")).toBe(true);
      expect(ledger.isSettled("6")).toBe(false);
      expect(ledger.holds({ file: "file of 3" })).toBe(true);
      expect(ledger.holds({ file: "file of 6" })).toBe(false);
    });
    expect(readFileSync(path).equals(octets)).toBe(true);
  });

  test("a failure is settled only if it is final, and no more once the message is stored", async () => {
    await withLedger(async (ledger) => {
      const failed = [true, false].map((final) => ({ key: String(final), code: "M401", reason: "no", final }));
      await ledger.record(commit(1, [], failed));
      expect([ledger.isSettled("true"), ledger.isSettled("false")]).toEqual([true, false]);
      await ledger.record(commit(2, ["false"]));
      expect([...ledger.failed()].map(({ key }) => key)).toEqual(["true"]);
    });
  });

  const tails: [string, Buffer][] = [
    ["nothing", Buffer.alloc(0)],
    ["NULs, as after a loss of power", Buffer.alloc(5000)],
    ["NULs and a newline", Buffer.from("\0\0\0\n")],
    ["garbage", Buffer.from("\xff{\n\n}\r\x80", "latin1")],
  ];
  for (const [what, tail] of tails) {
    test(`a last line torn at any octet and followed by ${what} is cut off; all before it stays`, async () => {
      const { before, octets } = await threeBatches();
      const step = tail.length === 0 ? 1 : 7;
      for (let end = before.length + 1; end < octets.length; end += step) {
        writeFileSync(path, Buffer.concat([octets.subarray(0, end), tail]));
        await using seen = await readLedger(path);
        expect(seen && saysOf(seen), `cut at ${end}`).toEqual(before.says);
        expect(statSync(path).size).toBe(end + tail.length);
        if (end % 10 > 0) continue;
        await withLedger(async (ledger) => {
          expect(saysOf(ledger)).toEqual(before.says);
          await ledger.record(commit(4, ["new"]));
        });
        await withLedger((ledger) => expect(ledger.find("new")).toEqual(stored("new")));
        const added = readFileSync(path).subarray(before.length).toString();
        expect(added).toMatch(/^\{[^\n]*"new"[^\n]*\}\n$/);
        expect(readFileSync(path).subarray(0, before.length).equals(octets.subarray(0, before.length))).toBe(true);
      }
    });
  }

  test("a flipped bit in the last line loses no more than that line", async () => {
    const { before, octets } = await threeBatches();
    for (let at = before.length; at < octets.length; at++) {
      const broken = Buffer.from(octets);
      broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, broken);
      await using seen = await readLedger(path);
      expect(seen && saysOf(seen), `bit at ${at}`).toEqual(before.says);
    }
  });

  test("a flipped bit in any line before is damage: said, and the file left alone", async () => {
    const { octets } = await threeBatches();
    const lines = octets.toString("latin1").split("\n").slice(0, -1);
    const end = lines.slice(0, -2).join("\n").length + 1;
    for (let at = 0; at < end; at++) {
      const broken = Buffer.from(octets);
      broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, broken);
      const error = await openLedger(path, mailbox).then(
        () => `bit at ${at}`,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject(damaged);
      expect(readFileSync(path).equals(broken)).toBe(true);
    }
  });

  for (const text of ["", "\n", "garbage", "garbage\n", "{}\n", "\0\0\0\0"]) {
    test(`a file of ${JSON.stringify(text)} is damage: said, and left alone`, async () => {
      writeFileSync(path, text);
      await expect(openLedger(path, mailbox)).rejects.toMatchObject(damaged);
      await expect(readLedgerMailbox(path)).rejects.toMatchObject({ code: "V901" });
      expect(readFileSync(path, "utf8")).toBe(text);
    });
  }

  test("a line from another ledger, or one that is there twice, can't hide: only what it stores is believed", async () => {
    const { after, octets } = await threeBatches();
    const last = octets.toString("utf8").trimEnd().split("\n").at(-1);
    appendFileSync(path, `${last}\n`);
    await withLedger((ledger) => expect(saysOf(ledger)).toEqual(after));
  });

  test("when the validity changes, every key is void and all that is stored stays", async () => {
    await threeBatches();
    await withLedger(async (ledger) => {
      await ledger.begin("1800000000");
      expect(saysOf(ledger)).toMatchObject({
        validity: "1800000000",
        current: [],
        failed: [],
        checkpoint: { length: 3 },
      });
      expect([...ledger.earlier()].length).toBe(5);
      for (const key of ["1", "5", "9"]) expect(ledger.isSettled(key)).toBe(false);
      expect(ledger.holds({ file: "file of 1" })).toBe(true);
      await ledger.record(commit(4, [stored("1", "another file")]));
    });
    await withLedger((ledger) => {
      expect(ledger.find("1")?.place).toEqual({ file: "another file" });
      expect([...ledger.earlier()].length).toBe(5);
      expect(ledger.holds({ file: "file of 1" })).toBe(true);
    });
  });

  test("a place that is stored again gets its new key, and keeps only that one", async () => {
    await threeBatches();
    const check = (ledger: Ledger) => {
      expect(ledger.isSettled("1")).toBe(false);
      expect(ledger.find("one")).toEqual(stored("one", "file of 1"));
      expect([...ledger.current()].length).toBe(5);
      expect([...ledger.earlier()]).toEqual([]);
    };
    await withLedger(async (ledger) => {
      await ledger.record(commit(4, [stored("one", "file of 1")]));
      check(ledger);
    });
    await withLedger(check);
    await withLedger(async (ledger) => {
      await ledger.begin("2");
      await ledger.record(commit(5, [stored("1", "file of 1"), stored("one", "file of 2")]));
      expect([...ledger.current()].map(({ key }) => key)).toEqual(["1", "one"]);
      expect([...ledger.earlier()].map(({ key }) => key)).toEqual(["3", "4", "5"]);
    });
  });

  test("a key that is stored at another place keeps what was stored before, without a key", async () => {
    await withLedger(async (ledger) => {
      await ledger.record(commit(1, [stored("1", "a")]));
      await ledger.record(commit(2, [stored("1", "b")]));
    });
    await withLedger((ledger) => {
      expect(ledger.find("1")?.place).toEqual({ file: "b" });
      expect([...ledger.earlier()].map(({ place }) => place)).toEqual([{ file: "a" }]);
      expect(ledger.holds({ file: "a" })).toBe(true);
    });
  });

  test("its last line can be read alone, if that tells in which state the source was read", async () => {
    const settled = { validity: "1", asked: "{}", onServer: 2, filtered: 0, kept: 0, twins: 0 };
    const tail = () => readLedgerTail(path);
    expect(await tail()).toBeUndefined();
    await withLedger(async (ledger) => {
      expect(await tail()).toBeUndefined();
      await ledger.begin("1");
      await ledger.record(
        commit(
          1,
          Array.from({ length: 3000 }, (_, n) => String(n)),
        ),
      );
      expect(await tail()).toBeUndefined();
      await ledger.recordRead("7 8 9", settled);
      expect(await tail()).toEqual({ read: "7 8 9", settled });
      const { size } = statSync(path);
      await ledger.recordRead("7 8 9", settled);
      expect(statSync(path).size).toBe(size);
      await ledger.record(commit(2, ["x"]));
      expect(await tail()).toBeUndefined();
      await ledger.recordRead("7 8 9", settled);
      expect(await tail()).toEqual({ read: "7 8 9", settled });
    });
    await withLedger(async (ledger) => {
      const { size } = statSync(path);
      await ledger.recordRead("7 8 9", settled);
      expect(statSync(path).size).toBe(size);
      await ledger.recordRead("7 8 9");
      expect(await tail()).toEqual({ read: "7 8 9" });
    });
    const octets = readFileSync(path);
    for (const broken of [octets.subarray(0, -1), Buffer.concat([octets, Buffer.from("{")]), octets.subarray(-20)]) {
      writeFileSync(path, broken);
      expect(await tail()).toBeUndefined();
    }
    for (let at = octets.lastIndexOf(0x0a, -2) + 1; at < octets.length; at++) {
      const broken = Buffer.from(octets);
      broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, broken);
      expect(await tail(), `bit at ${at}`).toBeUndefined();
    }
    rmSync(path);
    mkdirSync(path);
    expect(await tail()).toBeUndefined();
  });

  test("does not grow for ever, though every night reads another state", async () => {
    for (let night = 0; night < 2500; night += 100) {
      await withLedger(async (ledger) => {
        for (let n = night; n < night + 100; n++) await ledger.recordRead(String(n));
      });
    }
    expect(statSync(path).size).toBeLessThan(60_000);
    await withLedger((ledger) => expect(ledger.read).toBe("2499"));
  });

  test("is written anew once most of it is superseded, and says the same", async () => {
    const before = await withLedger(async (ledger) => {
      await ledger.begin("1");
      await ledger.record(commit(1, ["1", "2", "3"]));
      await ledger.begin("2");
      await ledger.record(commit(2, [stored("1", "x"), stored("2", "y")]));
      await ledger.record(
        commit(
          3,
          Array.from({ length: 1200 }, (_, n) => stored(`k${n}`, "z")),
        ),
      );
      return { says: saysOf(ledger), size: statSync(path).size };
    });
    expect(before.says.current.map(({ key }) => key)).toEqual(["1", "2", "k1199"]);
    expect(before.says.earlier.length).toBe(3);
    await withLedger(async (ledger) => {
      expect(saysOf(ledger)).toEqual(before.says);
      await ledger.record(commit(4, ["4"]));
    });
    expect(statSync(path).size).toBeLessThan(before.size / 50);
    await withLedger((ledger) => expect(ledger.isSettled("4")).toBe(true));
    expect(readdirSync(directory)).toEqual(["Projets.2026.jsonl"]);
  });

  test("whatever happens to it, opening it again and writing it anew change nothing of what it says", async () => {
    const keys = fc.constantFrom("1", "2", "3", "__proto__");
    const places = fc.constantFrom("a", "b", "c", "d", "e");
    const step = fc.oneof(
      fc.record({ validity: fc.constantFrom("1", "2", "") }),
      fc.record({
        stored: fc.array(fc.tuple(keys, places), { maxLength: 4 }),
        failed: fc.array(fc.tuple(keys, fc.boolean()), { maxLength: 2 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const contents = new LedgerContents(mailbox);
        for (const [n, each] of steps.entries()) {
          if ("validity" in each) contents.apply({ validity: each.validity });
          else {
            const failed = each.failed.map(([key, final]) => ({ key, final, code: "M401", reason: "no" }));
            contents.apply(
              commitLine(
                commit(
                  n,
                  each.stored.map(([key, place]) => stored(key, place)),
                  failed,
                ),
              ),
            );
          }
        }
        writeFileSync(path, [...contents.lines()].map(formatLine).join(""));
        await using again = await readLedger(path);
        if (again === undefined) throw new Error("no ledger");
        const { validity, ...says } = saysOf(contents);
        expect(saysOf(again)).toMatchObject(says);
        expect(again.validity ?? "").toBe(validity ?? "");
        for (const key of ["1", "2", "3", "__proto__"]) expect(again.isSettled(key)).toBe(contents.isSettled(key));
        expect([...again.all()].length).toBe([...contents.all()].length);
      }),
      { numRuns: 300 },
    );
  });

  test("keys are only names: hostile ones are kept like any other", async () => {
    const keys = [
      "__proto__",
      "constructor",
      "toString",
      "x".repeat(1000),
      "a\nb",
      "a\r\n\0",
      "\u2028",
      "",
      "🙂",
      "\ud800",
    ];
    await withLedger(async (ledger) => {
      await ledger.begin("__proto__");
      for (const key of keys) expect(ledger.isSettled(key)).toBe(false);
      const failure = { key: "hasOwnProperty", code: "M401", reason: "a\nb", final: true };
      await ledger.record(commit(1, keys, [failure]));
    });
    await withLedger((ledger) => {
      expect([...ledger.current()]).toEqual(keys.map((key) => stored(key)));
      for (const key of keys) expect(ledger.isSettled(key), JSON.stringify(key)).toBe(true);
      for (const key of ["valueOf", "x".repeat(999), "prototype"]) expect(ledger.isSettled(key)).toBe(false);
      expect(ledger.isSettled("hasOwnProperty")).toBe(true);
    });
    expect(readFileSync(path, "utf8").trimEnd().split("\n").length).toBe(3);
  });

  test("dates and sizes come back as they were; a message without a date has none", async () => {
    const odd: Stored = { ...stored("1"), listedSize: 7, internalDate: new Date(-1) };
    const { internalDate: _, ...dateless } = stored("2");
    await withLedger((ledger) => ledger.record(commit(1, [odd, dateless])));
    await withLedger((ledger) => expect([...ledger.current()]).toEqual([odd, dateless]));
  });

  test("a date that is none does not spoil the ledger", async () => {
    const { internalDate: _, ...dateless } = stored("1");
    const impossible = { ...dateless, internalDate: new Date(Number.NaN) };
    await withLedger((ledger) => ledger.record(commit(1, [impossible])));
    await withLedger((ledger) => expect([...ledger.current()]).toEqual([dateless]));
  });

  test("can be read while another writes: what is read is always a whole number of batches", async () => {
    await withLedger(async (ledger) => {
      let isWriting = true;
      const writing = (async () => {
        for (let n = 0; n < 60; n++) await ledger.record(commit(n, [`${n}a`, `${n}b`]));
        isWriting = false;
      })();
      while (isWriting) {
        await using seen = await readLedger(path);
        const keys = [...(seen?.current() ?? [])].map(({ key }) => key);
        expect(keys.length % 2).toBe(0);
        expect(keys.length / 2).toBe(keys.length === 0 ? 0 : Number(seen?.checkpoint?.length) + 1);
      }
      await writing;
    });
  });

  test("a symbolic link in its place is not written through", async () => {
    await withLedger((ledger) => ledger.begin("1"));
    const target = join(directory, "target");
    writeFileSync(target, readFileSync(path));
    rmSync(path);
    symlinkSync(target, path);
    await expect(openLedger(path, mailbox)).rejects.toMatchObject({ code: "D502" });
  });

  test("a directory in its place is the disk's error", async () => {
    await expect(openLedger(directory, mailbox)).rejects.toMatchObject({ code: "D502" });
    await expect(readLedgerMailbox(directory)).rejects.toMatchObject({ code: "D502" });
    await expect(readLedgerMailbox(join(directory, "none"))).rejects.toMatchObject({ code: "D502" });
  });

  test("its mailbox can be read without reading it all, and without leaving it open", async () => {
    await withLedger((ledger) =>
      ledger.record(
        commit(
          1,
          Array.from({ length: 3000 }, (_, n) => String(n)),
        ),
      ),
    );
    expect(statSync(path).size).toBeGreaterThan(200_000);
    expect(await readLedgerMailbox(path)).toEqual(mailbox);
    expect(openHandles(directory) ?? []).toEqual([]);
  });
});

// The readers of our own files, after any damage and against whatever somebody else put in their place: what they say is
// true, or they say what is wrong.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { parseJobFile } from "../../src/jobs/load.ts";
import { JobFileError } from "../../src/jobs/mistakes.ts";
import { verifyArchive } from "../../src/jobs/verify.ts";
import type { Stored } from "../../src/message.ts";
import { parseMarker } from "../../src/storage/archive.ts";
import { loadLedger } from "../../src/storage/ledger.ts";
import { commitLine, formatLine } from "../../src/storage/ledger-lines.ts";
import { damage, damages, fuzz } from "../support/fuzz.ts";
import { steersTerminals } from "../support/hostile.ts";
import { textOf } from "../support/ledger-text.ts";
import { combinations, makeArchive, pack, sharedFolder } from "../support/packs.ts";

function stored(key: string, attempt: number): Stored {
  const sha256 = createHash("sha256").update(`${key} ${attempt}`).digest("hex");
  const internalDate = new Date(1_700_000_000_000 + attempt);
  return { key, size: 3 + attempt, sha256, place: { file: `${attempt}.${key}` }, flags: ["\\Seen"], internalDate };
}

const asText = (each: Stored) => JSON.stringify({ ...each, key: undefined });

describe("a ledger", () => {
  const step = fc.oneof(
    fc.record({ validity: fc.constantFrom("1", "2") }),
    fc.record({
      keys: fc.array(fc.constantFrom("1", "2", "3", "__proto__", "constructor"), { maxLength: 4 }),
      fails: fc.boolean(),
    }),
    fc.record({ read: fc.constantFrom("7", "8 9 10") }),
  );

  test("that is torn, or of which octets are flipped, lost, doubled or added, never says more than was recorded", async () => {
    await fuzz(
      26_000,
      fc.tuple(
        fc.array(step, { maxLength: 6 }),
        fc.array(damages(["\n", '"', "{", "}", ","]), { minLength: 1, maxLength: 3 }),
      ),
      async ([steps, done]) => {
        const recorded = new Map<string, Set<string>>();
        const lines = [formatLine({ ledger: 1, mailbox: ["INBOX"] })];
        for (const [attempt, each] of steps.entries()) {
          if (!("keys" in each)) lines.push(formatLine(each));
          else {
            const all = each.keys.map((key, index) => stored(key, 10 * attempt + index));
            for (const one of all) recorded.set(one.key, (recorded.get(one.key) ?? new Set()).add(asText(one)));
            const failed = each.fails ? [{ key: "lost", code: "M401", reason: "no", final: true }] : [];
            lines.push(formatLine(commitLine({ checkpoint: { at: attempt }, stored: all, failed })));
          }
        }
        const octets = done.reduce(damage, Buffer.from(lines.join("")));
        try {
          await using ledger = await loadLedger(textOf(octets));
          for (const one of ledger.all()) expect(recorded.get(one.key)?.has(asText(one))).toBe(true);
          for (const key of ["1", "2", "3", "__proto__", "constructor", "toString", "4"]) {
            const found = ledger.find(key);
            if (found !== undefined) expect(recorded.get(key)?.has(asText(found))).toBe(true);
            expect(ledger.isSettled(key)).toBe(found !== undefined);
          }
        } catch (error) {
          if (!(error instanceof MailferryError)) throw error;
          expect(error).toMatchObject({ code: "V901", scope: "mailbox" });
        }
      },
    );
  });

  test("torn anywhere behind its first line says what was recorded before, and is whole again up to there", async () => {
    await fuzz(
      10_000,
      fc.tuple(fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }), fc.nat()),
      async ([counts, cut]) => {
        const lines = [formatLine({ ledger: 1, mailbox: ["INBOX"] })];
        for (const [attempt, count] of counts.entries()) {
          const all = Array.from({ length: count }, (_, index) => stored(`${attempt}-${index}`, attempt));
          lines.push(formatLine(commitLine({ checkpoint: { at: attempt }, stored: all, failed: [] })));
        }
        const whole = Buffer.from(lines.join(""));
        const first = Buffer.byteLength(lines[0] ?? "");
        const torn = whole.subarray(0, first + (cut % (whole.length - first)));
        await using ledger = await loadLedger(textOf(torn));
        const kept = torn.toString().split("\n").length - 2;
        expect([...ledger.all()]).toHaveLength(counts.slice(0, kept).reduce((sum, count) => sum + count, 0));
        expect(ledger.checkpoint).toEqual(kept === 0 ? undefined : { at: kept - 1 });
      },
    );
  });

  test("that somebody made up, its checksums right, is read as far as it can be one, or said to be damaged", async () => {
    const signed = (text: string) => `${text},"crc":"${crc32(text).toString(16).padStart(8, "0")}"}\n`;
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(null, -1, 1e308, "", "__proto__", [], {}, [[]], { file: null }, { offset: -1, length: 1e300 }),
    );
    const entry = fc.record(
      { key: odd, size: odd, sha256: odd, place: odd, flags: odd, date: odd },
      { requiredKeys: [] },
    );
    const sound = fc.record({
      key: fc.constantFrom("1", "__proto__"),
      size: fc.constantFrom(0, -1, 1e300),
      sha256: fc.constantFrom("", "x", "ab".repeat(32)),
      place: fc.constantFrom(
        {},
        { file: "../../x" },
        { file: 1 },
        { offset: -1, length: -1 },
        { offset: 1e300, length: 1e300 },
        { offset: "a" },
        { uid: [] },
      ),
      flags: fc.constantFrom([], ["\\Seen"], ["__proto__"]),
      date: fc.constantFrom("", "never", "2026-01-01T00:00:00Z"),
    });
    const object = fc.oneof(
      fc.record(
        {
          checkpoint: odd,
          stored: fc.oneof(odd, fc.array(fc.oneof(entry, sound), { maxLength: 3 })),
          failed: fc.oneof(odd, fc.constant([])),
        },
        { requiredKeys: [] },
      ),
      fc.record({ checkpoint: fc.constant({}), stored: fc.array(sound, { maxLength: 3 }), failed: fc.constant([]) }),
      fc.record(
        { validity: odd, forgotten: odd, read: odd, settled: odd, ledger: odd, mailbox: odd },
        { requiredKeys: [] },
      ),
    );
    const line = fc.oneof(
      object.map((value) => JSON.stringify(value).slice(0, -1)),
      fc.string({ maxLength: 20 }),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    await fuzz(20_000, fc.tuple(fc.boolean(), fc.array(line, { maxLength: 4 })), async ([hasHeader, lines]) => {
      const text = `${hasHeader ? formatLine({ ledger: 1, mailbox: ["INBOX"] }) : ""}${lines.map(signed).join("")}`;
      try {
        await using ledger = await loadLedger(textOf(Buffer.from(text)));
        for (const { key, place } of ledger.all()) {
          expect(typeof key).toBe("string");
          ledger.holds(place);
        }
        expect(({} as Record<string, unknown>).key).toBeUndefined();
      } catch (error) {
        if (!(error instanceof MailferryError)) throw error;
        expect(error.code).toBe("V901");
      }
    });
  });
});

test("a marker of any text is one, or none", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .record({ archive: fc.constant(1), mail: fc.constantFrom("mbox", "x"), account: fc.jsonValue() })
      .map((value) => JSON.stringify(value)),
  );
  await fuzz(10_000, text, (marker) => {
    const found = parseMarker(marker);
    if (found !== undefined) expect(typeof found.account.user).toBe("string");
  });
});

describe("a job file", () => {
  const loads = async (text: string) => {
    try {
      await parseJobFile(text, "jobs.yaml", {});
    } catch (error) {
      if (!(error instanceof JobFileError)) throw error;
      expect(error.code).toBe("C701");
      expect(error.mistakes.length).toBeGreaterThan(0);
      for (const { line, column, where, message } of error.mistakes) {
        expect(line > 0 && column > 0).toBe(true);
        expect(where + message).not.toMatch(steersTerminals);
        expect(message).not.toContain("\n");
      }
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  };

  test("of any text is loaded, or its mistakes are said", async () => {
    await fuzz(6_000, fc.string({ unit: "binary", maxLength: 300 }), loads);
  });

  test("of anchors, aliases, tags, merge keys, odd numbers and brackets is loaded, or its mistakes are said", async () => {
    const pieces = [
      "\n",
      "\n  ",
      "\n    ",
      " ",
      "- ",
      ": ",
      "? ",
      "a",
      "jobs",
      "version: 1\n",
      "accounts:\n  ",
      "[",
      "]",
      "{",
      "}",
      ",",
      "&a ",
      "*a",
      "<<: ",
      "!t ",
      "!!binary ",
      "!<tag:x> ",
      "'",
      '"',
      "|\n",
      ">-\n",
      "---\n",
      "...\n",
      "%YAML 1.1\n",
      "#",
      "no",
      "0777",
      "0o17",
      "0x1f",
      "1e999",
      ".nan",
      "~",
      "2026-01-01",
      "__proto__: {polluted: 1}",
      "constructor: ",
      "\u0000",
      "\ufeff",
      "\t",
      "\\",
      "\u2028",
      "\ud800",
    ];
    await fuzz(
      10_000,
      fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join("")),
      loads,
    );
  });

  test("that is the example with pieces of it damaged is loaded, or its mistakes are said", async () => {
    const text = (await readFile(fileURLToPath(new URL("../../jobs.example.yaml", import.meta.url)), "utf8")).replace(
      /^ *#.*\n/gm,
      "",
    );
    const done = fc.array(
      damages(["\n", "\t", " ", ": ", "- ", "*a", "&a ", "!!x ", "<<: ", "__proto__: {polluted: 1}\n"]),
      { minLength: 1, maxLength: 4 },
    );
    await fuzz(2_000, done, (all) => loads(all.reduce(damage, Buffer.from(text)).toString("utf8")));
  });
});

describe.each(combinations)("a $as of a $format archive", ({ format, as }) => {
  const root = sharedFolder();
  const file = join(root, `p.${as}`);
  const messages = [1, 2, 3].map((number) => ({
    name: `${number}`,
    bytes: Buffer.from(`Subject: ${number}\r\n\r\nbody ${number}\r\n`),
  }));

  beforeAll(async () => {
    await pack(await makeArchive(root, format, { "": messages, ".Sent": messages.slice(0, 1) }), file, as);
  });

  test("that is torn, or of which octets are flipped, lost, doubled or added, is damaged, or all of it is there", async () => {
    const whole = readFileSync(file);
    const path = join(root, `damaged.${as}`);
    await fuzz(
      400,
      fc.array(damages(["\0", "PK\x03\x04", "\x1f\x8b", "\xff"]), { minLength: 1, maxLength: 2 }),
      async (done) => {
        writeFileSync(path, done.reduce(damage, whole));
        const found = await verifyArchive(path).catch((error: unknown) => {
          if (!(error instanceof MailferryError)) throw error;
          expect(error.message).not.toMatch(steersTerminals);
          return undefined;
        });
        if (found?.problems.length === 0) expect(found).toMatchObject({ messages: 4, intact: 4 });
      },
    );
  });
});

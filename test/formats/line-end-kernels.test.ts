// Each kernel against the plainest way to write what it does.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countLineEnds, writeCrlfAsLf, writeLfAsCrlf } from "../../src/formats/line-end-kernels.ts";

const piece = 64 * 1024;
const ends = ["\r\n", "\r", "\n", "\r\r\n", "\n\r", "\r\n\r\n"];
const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString("latin1");

/** Line ends where a kernel's blocks of 16 octets and its pieces of 64 KiB begin and end, as well as anywhere. */
const awkward = ends.flatMap((end) =>
  [0, 1, 14, 15, 16, 17, 31, 32, piece - 2, piece - 1, piece, piece + 1, 2 * piece - 1].flatMap((before) =>
    [0, 1, 15, 16, 40].map((after) => `${"x".repeat(before)}${end}${"y".repeat(after)}`),
  ),
);
const anything = fc
  .array(fc.constantFrom(...ends, "x", "\0", "\xff", "a line of some length, more than a block"), { maxLength: 60 })
  .map((pieces) => pieces.join(""));

function everyText(check: (text: string) => void): void {
  for (const text of awkward) check(text);
  fc.assert(fc.property(anything, check), { seed: 1, numRuns: 3000 });
}

describe("line end kernels", () => {
  test("count LFs, bare ones and those after two CRs, whatever came before", () => {
    everyText((text) => {
      for (const before of ["\0\0", "\0\r", "\r\r", "\r\n"]) {
        const counts = { lfs: 0, bareLfs: 0, doubledCrs: 0 };
        countLineEnds(Buffer.from(text, "latin1"), before.charCodeAt(0), before.charCodeAt(1), counts);
        const whole = before + text;
        const from = { lf: before.endsWith("\n") ? 1 : 0, crlf: before === "\r\n" ? 1 : 0 };
        const lfs = whole.split("\n").length - 1 - from.lf;
        const crlfs = whole.split("\r\n").length - 1 - from.crlf;
        expect(counts).toEqual({ lfs, bareLfs: lfs - crlfs, doubledCrs: whole.split("\r\r\n").length - 1 });
      }
    });
  });

  test("turn CRLF into LF and leave all else", () => {
    everyText((text) => {
      const target = Buffer.alloc(text.length);
      const length = writeCrlfAsLf(Buffer.from(text, "latin1"), target);
      expect(latin1(target.subarray(0, length)) === text.replaceAll("\r\n", "\n")).toBe(true);
    });
  });

  test("turn LF into CRLF, and write nothing behind the room there is", () => {
    everyText((text) => {
      const wanted = text.replaceAll("\n", "\r\n");
      const memory = Buffer.alloc(wanted.length + 1, "z");
      const octets = Buffer.from(text, "latin1");
      expect(writeLfAsCrlf(octets, memory.subarray(0, -1))).toBe(wanted.length);
      expect(latin1(memory) === `${wanted}z`).toBe(true);
      if (wanted.length > 0) expect(writeLfAsCrlf(octets, memory.subarray(0, -2))).toBe(-1);
    });
  });

  test("find every line end of a long message", () => {
    const line = `${"0123456789".repeat(7)}\r\n`;
    const octets = Buffer.from(line.repeat(5000));
    const counts = { lfs: 0, bareLfs: 0, doubledCrs: 0 };
    countLineEnds(octets, 0, 0, counts);
    expect(counts).toEqual({ lfs: 5000, bareLfs: 0, doubledCrs: 0 });
    const stored = Buffer.alloc(octets.length);
    const length = writeCrlfAsLf(octets, stored);
    expect(length).toBe(octets.length - 5000);
    const back = Buffer.alloc(octets.length);
    expect(writeLfAsCrlf(stored.subarray(0, length), back)).toBe(octets.length);
    expect(back.equals(octets)).toBe(true);
  });
});

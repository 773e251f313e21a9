import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMutf7, encodeMutf7 } from "../../src/formats/mutf7.ts";

describe("modified UTF-7", () => {
  test("the examples of RFC 3501 section 5.1.3", () => {
    expect(encodeMutf7("~peter/mail/台北/日本語")).toBe("~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    expect(decodeMutf7("~peter/mail/&U,BTFw-/&ZeVnLIqe-")).toBe("~peter/mail/台北/日本語");
    expect(encodeMutf7("R&D")).toBe("R&-D");
    expect(decodeMutf7("R&-D")).toBe("R&D");
  });

  test("any text comes back from printable US-ASCII", () => {
    const codePoints = fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((codes) => String.fromCodePoint(...codes));
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(fc.oneof(codePoints, units, fc.string()), (text) => {
        const encoded = encodeMutf7(text);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeMutf7(encoded)).toBe(text);
      }),
      { seed: 9, numRuns: 1000 },
    );
  });

  test("what is not modified UTF-7 is refused, not guessed at", () => {
    for (const text of [
      "é",
      "&",
      "&AOk",
      "&AOk/-",
      "&U/BTFw-",
      "&A-",
      "&AO-",
      "&AOkA-",
      "&AOl-x&",
      "& -",
      "&!!!!-",
      "\t",
      "&AOk=-",
    ]) {
      expect(decodeMutf7(text), text).toBeUndefined();
    }
  });
});

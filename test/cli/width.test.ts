import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth, shorten, wrap } from "../../src/cli/width.ts";

describe("the width of a text on a terminal", () => {
  test.each([
    ["INBOX", 5],
    ["Éphémère", 8],
    ["Éphémère".normalize("NFD"), 8],
    ["日本語", 6],
    ["한글", 4],
    ["ｶﾅ", 2],
    ["ＡＢ", 4],
    ["👍", 2],
    ["👩‍👩‍👧", 2],
    ["🇫🇷", 2],
    ["❤️", 2],
    ["Ω≈ç", 3],
    ["zero\u200bwidth", 9],
    // As French sets them.
    ["12\u202f044\u00a0octets\u202f!", 15],
  ])("of %s is %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test("is never more than asked for after shortening, and a text that fits is left alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const short = shorten(text, width);
        expect(displayWidth(short)).toBeLessThanOrEqual(width);
        if (displayWidth(text) <= width) expect(short).toBe(text);
        else expect(short).toContain("…");
      }),
    );
  });
});

describe("wrapping", () => {
  test("breaks at spaces only, so that a path can be copied", () => {
    expect(wrap("see /a/very/long/path/that/does/not/fit now", 12)).toEqual([
      "see",
      "/a/very/long/path/that/does/not/fit",
      "now",
    ]);
  });

  test("never breaks at a no-break space", () => {
    expect(wrap("12\u202f044 octets\u202f: les «\u00a0deux\u00a0» mots", 9)).toEqual([
      "12\u202f044",
      "octets\u202f:",
      "les",
      "«\u00a0deux\u00a0»",
      "mots",
    ]);
  });
});

// The words of reports, each by the rules of its language. That both languages say the same: test/language/catalogues.test.ts.

import { describe, expect, it } from "vitest";
import { errorCodes } from "../../src/errors.ts";
import type { Checked } from "../../src/language/texts.ts";
import { titleOfCode } from "../../src/language/titles.ts";
import { openWords } from "../../src/reports/catalogue.ts";
import type { english } from "../../src/reports/english.ts";
import { french } from "../../src/reports/french.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("the catalogue", () => {
  it("does not compile where a language lacks a text, has one too many, or other gaps", () => {
    const check = <T>(translated: T & Checked<typeof english, T>) => translated;
    const { stopped: _, ...lacking } = french;
    // @ts-expect-error a text is missing
    check(lacking);
    // @ts-expect-error a text that English has not
    check({ ...french, more: "plus" } as const);
    // @ts-expect-error another gap
    check({ ...french, "title.run": "{tache} : rapport" } as const);
    // @ts-expect-error no plural
    check({ ...french, missing: "Il manque {count} messages." } as const);
    expect(check(french)).toBe(french);
  });

  it("names every code in French, too", () => {
    for (const code of Object.keys(errorCodes)) {
      expect(titleOfCode(code, "fr")).not.toBe("");
      expect(titleOfCode(code, "en")).not.toBe("");
    }
    expect(titleOfCode("X999", "fr")).toBe("");
  });
});

describe("French", () => {
  const { say, numbers } = openWords("fr", "Europe/Paris");

  it("has three plural forms", () => {
    expect(say("missing", { count: 0 })).toBe("Il manque 0 message.");
    expect(say("missing", { count: 1 })).toBe("Il manque 1 message.");
    expect(say("missing", { count: 2 })).toBe("Il manque 2 messages.");
    expect(say("missing", { count: 1_000_000 })).toBe("Il manque 1\u202f000\u202f000 de messages.");
    expect(say("missing", { count: 1_000_001 })).toBe("Il manque 1\u202f000\u202f001 messages.");
  });

  it("writes numbers, sizes, dates and durations its own way", () => {
    expect(numbers.count(12_044)).toBe("12\u202f044");
    expect(numbers.size(31_400_000)).toMatch(/^31,4\sMo$/);
    expect(numbers.size(640)).toMatch(/^640\soctets$/);
    expect(numbers.moment(new Date("2026-11-22T02:30:12Z"))).toBe("22 novembre 2026 à 03:30");
    expect(numbers.month(2019 * 12 + 2)).toBe("mars 2019");
    expect(numbers.duration(7_500)).toMatch(/^2\sh 05\smin$/);
    expect(numbers.list(["a", "b", "c"])).toBe("a, b et c");
  });

  it("sets no-break spaces and apostrophes in its own words, and leaves foreign ones alone", () => {
    expect(say("do")).toBe("Que faire\u202f?");
    expect(say("do.bug")).toContain("l’abri\u202f; merci");
    expect(say("title.run", { job: "l'été : ici" })).toBe("l'été : ici\u00a0: rapport de mailferry");
  });
});

describe("English", () => {
  const { say, numbers } = openWords("en", "Europe/Paris");

  it("has two plural forms", () => {
    expect([0, 1, 2].map((count) => say("missing", { count }))).toEqual([
      "0 messages are missing.",
      "1 message is missing.",
      "2 messages are missing.",
    ]);
  });

  it("writes numbers, sizes, dates and durations its own way", () => {
    expect(numbers.count(12_044)).toBe("12,044");
    expect([640, 999_949, 999_950, 31_400_000, 4.2e12].map(numbers.size).map(plain)).toEqual([
      "640 bytes",
      "999.9 kB",
      "1.0 MB",
      "31.4 MB",
      "4.2 TB",
    ]);
    expect(numbers.moment(new Date("2026-11-22T02:30:12Z"))).toBe("22 November 2026 at 03:30");
    expect(numbers.moment(new Date("nonsense"))).toBe("");
    expect([0.4, 42, 660, 7_500].map(numbers.duration).map(plain)).toEqual([
      "0.4 sec",
      "42 sec",
      "11 min",
      "2 hr 05 min",
    ]);
  });
});

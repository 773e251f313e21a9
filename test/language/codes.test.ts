// The catalogue of codes: complete in every language, and what it tells people to type exists.

import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { type ErrorCode, errorCodes } from "../../src/errors.ts";
import { explanationOf } from "../../src/language/codes.ts";
import { languages } from "../../src/language/language.ts";
import { titleOfCode } from "../../src/language/titles.ts";

const codes = Object.keys(errorCodes) as ErrorCode[];
const all = codes.flatMap((code) => languages.map((language) => ({ code, language })));

/** Everything that is said of a code. */
function textsOf(code: ErrorCode, language: (typeof languages)[number]): string[] {
  const { means, causes, steps, data } = explanationOf(code, language);
  return [means, ...causes, ...steps, data];
}

describe("the catalogue", () => {
  test.each(all)(
    "explains $code in $language: what, why, what to do, and what became of the data",
    ({ code, language }) => {
      expect(titleOfCode(code, language)).not.toBe("");
      for (const text of textsOf(code, language)) {
        expect(text).toMatch(/^\S.{8,}[\w.)}’]$/su);
        expect(text).not.toMatch(/ {2}|TODO|\n/);
      }
      if (language === "fr") {
        // Two languages, not one twice; and typeset as French is.
        expect(textsOf(code, "fr")).not.toEqual(textsOf(code, "en"));
        expect(textsOf(code, "fr").join("\n")).not.toMatch(/'| [:;!?](\s|$)/);
      }
    },
  );

  test("says as many causes and steps in French as in English", () => {
    for (const code of codes) {
      const [english, french] = [explanationOf(code, "en"), explanationOf(code, "fr")];
      expect([code, french.causes.length, french.steps.length]).toEqual([
        code,
        english.causes.length,
        english.steps.length,
      ]);
    }
  });

  test("names the same commands in both languages, and each is one of the program's, with options that it has", () => {
    const program = createProgram({
      version: "0",
      language: "en",
      choose: () => undefined,
      open: () => expect.fail("nothing is run"),
      write: () => undefined,
      done: () => undefined,
    });
    const typed = (text: string) =>
      [...text.matchAll(/(?<=: |:\u00a0|^)mailferry(?: [a-z]+){1,2}(?: --?[a-z-]+| [A-Z]{2,})*/g)].map(
        ([whole]) => whole,
      );
    let known = 0;
    for (const code of codes) {
      const english = explanationOf(code, "en").steps.flatMap(typed);
      expect(explanationOf(code, "fr").steps.flatMap(typed)).toEqual(english);
      for (const line of english) {
        known++;
        const words = line.split(" ").slice(1);
        let command: Command | undefined = program;
        for (const word of words.filter((each) => /^[a-z]/.test(each))) {
          command = command?.commands.find((each) => each.name() === word);
        }
        expect(command, line).toBeInstanceOf(Command);
        const options = [...(command?.options ?? []), ...program.options].flatMap(({ long, short }) => [long, short]);
        for (const option of words.filter((each) => each.startsWith("-"))) expect(options, line).toContain(option);
        const takes = command?.registeredArguments.length ?? 0;
        expect(words.filter((each) => /^[A-Z]/.test(each)).length, line).toBeLessThanOrEqual(takes);
      }
    }
    expect(known).toBeGreaterThan(30);
  });
});

// mailferry explain: what a code means, why it happens, what to do, and what became of the data. Reads nothing, asks nobody.

import { type ErrorCode, errorCodes, exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { printable } from "../formats/printable.ts";
import { suggest } from "../jobs/suggest.ts";
import { explanationOf } from "../language/codes.ts";
import type { Language } from "../language/language.ts";
import { titleOfCode } from "../language/titles.ts";
import { lineWidth, numbered } from "./block.ts";
import { UsageError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import type { Paint } from "./screen.ts";
import { isErrorCode } from "./steps.ts";
import { explainTexts } from "./texts/explain.ts";
import { wrap } from "./width.ts";

const head = { v: 1, command: "explain", verdict: "safe", exit: { code: exitCodes.ok, name: "ok" } } as const;

const codes = Object.keys(errorCodes).filter(isErrorCode);

/** Accepts `A201`, `MF-A201`, `mf-a201`; without a code it lists them all. */
export async function explain(
  written: string | undefined,
  { options, screen, language }: Pick<Invocation, "options" | "screen" | "language">,
): Promise<number> {
  const code = written === undefined ? undefined : codeIn(written, language);
  if (options.json) {
    // JSON is English, whatever the language of the person.
    const named = (each: ErrorCode) => ({ code: each, title: errorCodes[each] });
    const document =
      code === undefined ? { codes: codes.map(named) } : { ...named(code), ...explanationOf(code, "en") };
    await screen.out(`${jsonText({ ...head, ...document })}\n`);
  } else {
    const lines = code === undefined ? listLines(language, screen.outPaint) : linesOf(code, language, screen.outPaint);
    await screen.out(`${lines.join("\n")}\n`);
  }
  return exitCodes.ok;
}

function codeIn(written: string, language: Language): ErrorCode {
  const code = written.toUpperCase().replace(/^MF-?/, "");
  if (isErrorCode(code)) return code;
  const say = explainTexts.in(language);
  const near = suggest(code, codes);
  const shown = printable(written);
  throw new UsageError(
    near === undefined ? say("unknown", { code: shown }) : say("unknown.near", { code: shown, near: `MF-${near}` }),
  );
}

const width = lineWidth - 2;

function linesOf(code: ErrorCode, language: Language, paint: Paint): string[] {
  const say = explainTexts.in(language);
  const { means, causes, steps, data } = explanationOf(code, language);
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const listed = causes.flatMap((cause) =>
    wrap(cause, width - 2).map((line, index) => `${index === 0 ? "- " : "  "}${line}`),
  );
  return [
    paint.bold(`MF-${code}  ${titleOfCode(code, language)}`),
    ...indented(wrap(means, width)),
    "",
    paint.bold(say("why")),
    ...indented(listed),
    "",
    paint.bold(say("do")),
    ...indented(numbered(steps, width)),
    "",
    paint.bold(say("data")),
    ...indented(wrap(data, width)),
  ];
}

const letters = ["A", "N", "M", "D", "S", "C", "L", "V"] as const;

function listLines(language: Language, paint: Paint): string[] {
  const say = explainTexts.in(language);
  const groups = letters.flatMap((letter) => [
    "",
    paint.bold(say(`letter.${letter}`)),
    ...codes.filter((code) => code.startsWith(letter)).map((code) => `  MF-${code}  ${titleOfCode(code, language)}`),
  ]);
  return [...wrap(say("intro"), lineWidth), ...groups];
}

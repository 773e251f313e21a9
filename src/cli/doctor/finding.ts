// What doctor has found out about one thing.

import { type ErrorCode, type ExitName, exitNameOf, MailferryError } from "../../errors.ts";
import { printable } from "../../formats/printable.ts";
import type { Language } from "../../language/language.ts";
import { translate } from "../../language/sentences.ts";
import type { Invocation } from "../invocation.ts";
import type { doctorTexts } from "../texts/doctor.ts";

export type Level = "ok" | "info" | "warning" | "error";

export interface Finding {
  /** What was looked at, for programs: `node`, `place:/backup/ada`. */
  readonly name: string;
  readonly level: Level;
  /** One line, fit to print. */
  readonly text: string;
  readonly remedy?: string | undefined;
  readonly code?: ErrorCode | undefined;
  /** What the command exits with for it, if it is an error. */
  readonly exit?: ExitName | undefined;
}

/** What every examination is given. Texts come in the language of whoever reads the result. */
export interface Practice {
  readonly invocation: Invocation;
  readonly say: ReturnType<(typeof doctorTexts)["in"]>;
  readonly language: Language;
  readonly state: string;
  readonly now: Date;
}

/** Of an error that a run would meet, too. Whatever else is thrown is a bug. */
export function findingOf(
  name: string,
  error: unknown,
  { language }: Pick<Practice, "language">,
  subject = "",
): Finding {
  if (!(error instanceof MailferryError)) throw error;
  const { code, message, remedy } = error;
  return {
    name,
    level: "error",
    text: printable(subject + translate(message, language)),
    remedy: remedy && printable(translate(remedy, language)),
    code,
    exit: exitNameOf(error),
  };
}

// What the schema says of a wrong value, in plain words. Values are shown, except where a secret may stand.

import type { z } from "zod";
import { isSecret, type Path, quote } from "./mistakes.ts";

type Issue = z.core.$ZodRawIssue;

const expectedWords = new Map<string, string>([
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["object", "a mapping"],
  ["record", "a mapping"],
  ["array", "a list"],
]);

/** The error map for every check that has no words of its own. */
export function describeIssue(issue: Issue): string {
  if (issue.input === undefined) return "this key is missing";
  const path = (issue.path ?? []).filter((part): part is Path[number] => typeof part !== "symbol");
  const got = isSecret(path) ? "something else" : showValue(issue.input);
  switch (issue.code) {
    case "invalid_type": {
      const inQuotes = issue.expected === "string" && isNumberOrBoolean(issue.input) ? " (put it in quotes)" : "";
      return `expected ${expectedWords.get(issue.expected) ?? issue.expected}, got ${got}${inQuotes}`;
    }
    case "invalid_value":
      if (issue.values.length === 1) return `expected ${String(issue.values[0])}, got ${got}`;
      return `${got} is not one of ${issue.values.join(", ")}`;
    case "too_small":
      if (typeof issue.input === "number") return `must be at least ${issue.minimum}, got ${got}`;
      return `must not be empty`;
    case "too_big":
      if (typeof issue.input === "number") return `must be at most ${issue.maximum}, got ${got}`;
      return `must not be longer than ${issue.maximum}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? `${got} is not a name`;
    default:
      return `${got} is not valid here`;
  }
}

/** A value of the job file as a message shows it. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (isNumberOrBoolean(value)) return String(value);
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : "a mapping";
}

function isNumberOrBoolean(value: unknown): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}

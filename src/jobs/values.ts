// Kinds of values in the job file, each with the words for what is not of its kind.

import { z } from "zod";
import { printable } from "../formats/printable.ts";
import { quote } from "./mistakes.ts";
import { durationPattern, parseDuration, parseSize, sizePattern } from "./quantities.ts";
import { suggest } from "./suggest.ts";
import { showValue } from "./words.ts";

export const notSupported = "is not supported by this version of mailferry";

/**
 * A mapping that knows its keys. `refused` has words for keys that people have reason to expect; for any other key that
 * it does not know, the nearest that it knows is named. `error` has the words for what is no mapping at all.
 */
export function mapping<Shape extends z.ZodRawShape>(
  shape: Shape,
  {
    refused = new Map(),
    error,
  }: { refused?: ReadonlyMap<string, string>; error?: (input: unknown) => string | undefined } = {},
) {
  const unknownKey = z.custom<never>(() => false, {
    params: { unknownKey: true },
    error: (issue) => {
      const key = String(issue.path?.at(-1));
      const known = refused.get(key);
      if (known !== undefined) return known;
      const meant = suggest(key, Object.keys(shape));
      return `unknown key ${quote(key)}${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
    },
  });
  return z.object(shape, error && { error: (issue) => error(issue.input) }).catchall(unknownKey);
}

/** Keys of the job file that other versions have. */
export function later(...keys: readonly string[]): ReadonlyMap<string, string> {
  return new Map(keys.map((key) => [key, `this key ${notSupported}`]));
}

export const words = (pattern: RegExp, message: string) =>
  z.string().regex(pattern, { error: (issue) => `${showValue(issue.input)} ${message}` });

/** Comes out in milliseconds. */
export const duration = z
  .string({ error: (issue) => `expected a duration such as "10m" or "60s", got ${showValue(issue.input)}` })
  .regex(durationPattern, {
    error: (issue) => `${showValue(issue.input)} is not a duration such as "10m" or "60s"`,
    abort: true,
  })
  .transform(parseDuration)
  .pipe(
    z
      .number()
      .min(1, "must not be zero")
      .max(20 * 86_400_000, "must be at most 20d"),
  );

/** Comes out in octets. */
export const size = z
  .string({ error: (issue) => `expected a size such as "25 MB", got ${showValue(issue.input)}` })
  .regex(sizePattern, {
    error: (issue) => `${showValue(issue.input)} is not a size such as "25 MB" or "10 MiB"`,
    abort: true,
  })
  .transform(parseSize);

export const date = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: (issue) => `${showValue(issue.input)} is not a date such as 2015-01-31 or 2015-01-31T12:00:00Z`,
  })
  .transform((text) => new Date(text));

export const path = words(/^[^\0]+$/, "is not a path");

/** How many there are of one thing at once, for an account. */
export const connections = z.int().min(1).max(32);

export const accountName = z.string().refine((name) => name !== "" && printable(name) === name, {
  error: (issue) => `${showValue(issue.input)} is not a name`,
});

export function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

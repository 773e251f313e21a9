// JSON for machines that a terminal may see too.

import { jsonText } from "../formats/json-text.ts";

/** The value on one line; every character that could steer a terminal is a `\u` escape, which means the same. */
export function formatJson(value: unknown): string {
  return jsonText(value);
}

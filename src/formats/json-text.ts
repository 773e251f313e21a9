// JSON that a terminal may see.

// What JSON.stringify leaves as it is and printable() would not: C1 controls, DEL, bidirectional overrides, line separators.
const unsafe = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The value as JSON, on one line without an `indent`; every character that could steer a terminal is a `\u` escape, which means the same. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

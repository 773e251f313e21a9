// The corpus of real and adversarial messages, which lies beside the project and is read in place.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface NamedMessage {
  readonly name: string;
  readonly bytes: Buffer;
}

const folder = new URL("../../../shared/corpus/", import.meta.url);

/** Every `.eml`, `.txt` and `.msg` file as one message, in a stable order. None, with a warning, if there is no corpus. */
export function corpusMessages(): NamedMessage[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    console.warn(`WARNING: no corpus at ${fileURLToPath(folder)}: these tests run on generated messages only`);
    return [];
  }
  return names
    .filter((name) => /\.(?:eml|txt|msg)$/.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(fileURLToPath(folder) + name) }));
}

// Where things are, seen from the compiled benchmark in build/bench.

import { fileURLToPath } from "node:url";

/** The product as it is shipped. */
export const product = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export const resultFile = fileURLToPath(new URL("../bench.json", import.meta.url));

/** A program of the benchmark that runs as a process of its own. */
export function builtProgram(folder: "delay" | "floors"): string {
  return fileURLToPath(new URL(`./${folder}/program.js`, import.meta.url));
}

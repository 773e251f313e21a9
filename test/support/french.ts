// French as a screen shows it, for a test to be read: with plain spaces and apostrophes.

import { displayWidth } from "../../src/cli/width.ts";

export function unwidened(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, " ").replaceAll("’", "'");
}

/** Of the widest line. */
export function widthOf(text: string): number {
  return Math.max(...text.split("\n").map(displayWidth));
}

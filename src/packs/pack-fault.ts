// What is said of packs of earlier runs that are not as they were written.

import { MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import type { PackFolder } from "./pack-folder.ts";

const mostNamed = 3;

/** V902 if any pack has a fault: such packs are neither counted nor removed, and somebody has to look at them. */
export function faultOf({ directory, packs }: Pick<PackFolder, "directory" | "packs">): MailferryError | undefined {
  const faults = packs.filter(({ fault }) => fault !== undefined).toSorted((a, b) => (a.file < b.file ? 1 : -1));
  if (faults.length === 0) return undefined;
  const named = faults.slice(0, mostNamed).map(({ file, fault }) => `${file} ${fault}`);
  const rest = faults.length > mostNamed ? ` (and ${faults.length - mostNamed} more)` : "";
  return new MailferryError("V902", `${printable(directory)}: ${named.join(", ")}${rest}`, {
    scope: "session",
    retry: "never",
    remedy:
      faults.length === 1
        ? "Put it back from a copy, or away: until then no rule counts it, and nothing removes it."
        : "Put them back from a copy, or away: until then no rule counts them, and nothing removes them.",
  });
}

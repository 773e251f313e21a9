// Vitest's global set-up for the deep run: prints at its end what all the sweeps have been through together.

import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

export default function countSweeps(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "mailferry-sweeps-"));
  const file = join(folder, "counts");
  appendFileSync(file, "");
  project.provide("sweepCounts", file);
  return () => {
    const sums = new Map<string, number>();
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const space = line.indexOf(" ");
      const kind = line.slice(space + 1);
      sums.set(kind, (sums.get(kind) ?? 0) + Number(line.slice(0, space)));
    }
    rmSync(folder, { recursive: true });
    const rows = [...sums].map(([kind, sum]) => `  ${sum.toLocaleString("en").padStart(9)} ${kind}`);
    console.log(["Swept, and after each nothing lost, nothing doubled, nothing altered:", ...rows].join("\n"));
  };
}

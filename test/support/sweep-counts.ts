// What the sweeps of `npm run test:deep` have been through; sweep-sums.ts adds it up over all of its files.

import { appendFileSync } from "node:fs";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    sweepCounts: string;
  }
}

export type SweepKind =
  | "kill points"
  | "crash images"
  | "injected I/O errors"
  | "cuts and stalls"
  | "lying servers"
  | "TLS and log-in cases"
  | "hostile cases"
  | "fuzz runs"
  | "damaged archives"
  | "schedules";

/** So many more of this kind came to a good end: called after the assertions. In an ordinary run nobody counts. */
export function swept(kind: SweepKind, count: number): void {
  const file: string | undefined = inject("sweepCounts");
  if (file !== undefined) appendFileSync(file, `${count} ${kind}\n`);
}

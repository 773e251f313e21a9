// How every document of --json begins.

import type { Verdict } from "../jobs/events.ts";

/** The beginning of every document. */
export interface Head<Command extends string> {
  /** Of this format. Keys may be added within a version; none goes, and none changes its meaning. */
  readonly v: 1;
  readonly command: Command;
  readonly verdict: Verdict;
  /** As the process exits. */
  readonly exit: { readonly code: number; readonly name: string };
}

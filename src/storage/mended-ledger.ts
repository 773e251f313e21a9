// A ledger written anew after a repair: what it said, as far as it still holds, and what was found beside.

import type { Checkpoint, Stored } from "../message.ts";
import type { LedgerContents } from "./ledger-contents.ts";
import { commitLine, type LedgerLine, linefuls, lostLine } from "./ledger-lines.ts";

export interface Mended {
  readonly mailbox: readonly string[];
  /** What the ledger said; it has to stay open until all lines were taken. */
  readonly contents: LedgerContents;
  readonly checkpoint: Checkpoint;
  /** The message as it is stored now; undefined if it is not any more. */
  now(stored: Stored): Stored | undefined;
  /** What the ledger did not have. Its keys are worth nothing. */
  readonly found: readonly Stored[];
  readonly lost: readonly Stored[];
}

/** Without what was read of the source, so that the next run looks at all of it. */
export function* mendedLines({ mailbox, contents, checkpoint, now, found, lost }: Mended): Iterable<LedgerLine> {
  yield { ledger: 1, mailbox };
  const commits = function* (stored: Iterable<Stored>) {
    for (const some of linefuls(stored)) yield commitLine({ checkpoint, stored: some, failed: [] });
  };
  yield { validity: "" };
  yield* commits(asNow(contents.earlier(), now));
  yield* commits(found);
  if (contents.validity !== undefined) yield { validity: contents.validity };
  yield* commits(asNow(contents.current(), now));
  yield commitLine({ checkpoint, stored: [], failed: [...contents.failed()] });
  for (const some of linefuls(lost)) yield lostLine(some);
}

function* asNow(all: Iterable<Stored>, now: Mended["now"]): Iterable<Stored> {
  for (const stored of all) {
    const there = now(stored);
    if (there !== undefined) yield there;
  }
}

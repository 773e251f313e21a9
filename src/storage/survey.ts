// What lies on the disk of one mailbox, held against what its ledger says: what is not where the ledger has it, and what
// the ledger does not know.

import type { Span } from "../formats/mbox-pieces.ts";
import type { Reading, Stored } from "../message.ts";

/** Octets of an mbox, or a file of a Maildir (`cur/NAME`). */
export type Where = { readonly span: Span } | { readonly file: string };

/** Mail that no entry of the ledger leads to. */
export interface Stray {
  readonly where: Where;
  /** None if it is not a whole message. */
  readonly readings: readonly Reading[];
  readonly flags: readonly string[];
  readonly internalDate: Date | undefined;
  /**
   * `message`: one that the ledger does not know. `copy`: of one that it knows. `fragment`: nothing whole. `remains`: what is
   * left of a message that it knows. `residue`: of a run that stopped before its ledger could tell of it, and that the next
   * run knows what to do with.
   */
  readonly kind: "message" | "copy" | "fragment" | "remains" | "residue";
  /** It looks like what mailferry writes. */
  readonly isOurs: boolean;
}

export interface Found extends Reading {
  /** False in an mbox where the From_ line before it is another than that of this message. */
  readonly isFramed: boolean;
}

export interface MailSurvey {
  /** Not intact where the ledger has them, but elsewhere: how they are to be read there. */
  readonly displaced: ReadonlyMap<Stored, Found>;
  readonly strays: readonly Stray[];
}

/** Messages by their digests: each can be claimed once. */
export class Wanted {
  readonly #bySha256 = new Map<string, Stored[]>();

  constructor(wanted: Iterable<Stored>) {
    for (const stored of wanted) {
      const same = this.#bySha256.get(stored.sha256);
      if (same === undefined) this.#bySha256.set(stored.sha256, [stored]);
      else same.push(stored);
    }
  }

  /** The message that can be read there, and how; of equal ones first one that `fits`. Undefined if none is left. */
  claim(
    readings: readonly Reading[],
    fits: (stored: Stored) => boolean = () => true,
  ): readonly [stored: Stored, found: Found] | undefined {
    for (const reading of readings) {
      const equal = this.#bySha256.get(reading.sha256) ?? [];
      const at = Math.max(0, equal.findIndex(fits));
      const [stored] = equal.splice(at, 1);
      if (stored !== undefined) return [stored, { ...reading, isFramed: fits(stored) }];
    }
    return undefined;
  }
}

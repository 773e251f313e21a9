import type { LedgerText } from "../../src/storage/ledger-text.ts";

/** A ledger that lies in memory. */
export function textOf(octets: Buffer): LedgerText {
  return {
    path: "ledger.jsonl",
    async *chunks() {
      if (octets.length > 0) yield octets;
    },
    readAt: (offset, length) => octets.subarray(offset, offset + length),
    async [Symbol.asyncDispose]() {},
  };
}

// What src/protocol/imap-literal-filter.ts has to do, said once more and simply: on the whole text at once.

import type { LiteralFilter, LiteralLimits } from "../../src/protocol/imap-literal-filter.ts";

export function filtered(filter: LiteralFilter, chunks: Iterable<Buffer>): Buffer {
  return Buffer.concat([...chunks].map((chunk) => Buffer.from(filter.filter(chunk))));
}

/** What comes out in the end; the beginning of an announcement at the very end is held back. */
export function referenceFilter(octets: Buffer, { largest, mostSkipped }: LiteralLimits): Buffer {
  let rest = octets.toString("latin1");
  let passed = "";
  for (let skipped = 0; ; ) {
    const [line] = /^[^\n]*\n/.exec(rest) ?? [];
    if (line === undefined) return Buffer.from(passed + rest.replace(/(?:~?\{\d*(?:\}\r?)?|~)$/, ""), "latin1");
    rest = rest.slice(line.length);
    const [announced, digits] = /~?\{(\d+)\}\r?\n$/.exec(line) ?? [];
    if (announced === undefined || digits === undefined) {
      passed += line;
      continue;
    }
    const size = Number(digits);
    const isSkipped = size > largest && size <= mostSkipped - skipped;
    if (isSkipped) skipped += size;
    passed += isSkipped ? `${line.slice(0, -announced.length)}NIL` : line + rest.slice(0, size);
    rest = rest.slice(size);
  }
}

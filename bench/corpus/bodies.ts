// Bodies of any size, cut out of text that is made once: what costs a mover time is in them, and making them costs little.

import type { Random } from "./random.ts";

export interface BodyKind {
  readonly contentType: string;
  readonly encoding: string;
  readonly makeLine: (random: Random) => string;
}

export interface Body {
  readonly kind: BodyKind;
  /** Lines that end in LF, the last one too. */
  readonly bytes: Buffer;
}

const words =
  "the mail of that day was read and kept in a box near a window where rain fell on an old letter from her sister".split(
    " ",
  );
const eightBitWords = "déjà été où Grüße naïve Ærø señor œuvre façade Straße çà là coût über".split(" ");

const sentence = (random: Random, vocabulary: readonly string[]) =>
  Array.from({ length: 1 + random.below(14) }, () => vocabulary[random.below(vocabulary.length)]).join(" ");

/** What the formats and protocols have to escape: dot lines (POP3), From_ lines (mbox), quoted ones (mboxrd). */
function makeTextLine(random: Random, vocabulary: readonly string[]): string {
  const chance = random.below(100);
  if (chance < 2) return random.pick([".", "..", `.${sentence(random, vocabulary)}`]);
  if (chance < 4) return `${random.pick(["", ">", ">>"])}From ${sentence(random, vocabulary)}`;
  if (chance < 12) return "";
  return sentence(random, vocabulary);
}

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const plain: BodyKind = {
  contentType: "text/plain; charset=us-ascii",
  encoding: "7bit",
  makeLine: (random) => makeTextLine(random, words),
};
const eightBit: BodyKind = {
  contentType: "text/plain; charset=utf-8",
  encoding: "8bit",
  makeLine: (random) => makeTextLine(random, [...words, ...eightBitWords]),
};
const attachment: BodyKind = {
  contentType: 'application/pdf; name="scan.pdf"',
  encoding: "base64",
  makeLine: (random) => Array.from({ length: 76 }, () => base64[random.below(64)]).join(""),
};
/** Longer than the 998 octets that RFC 5322 (2.1.1) allows, as newsletters are. */
const longLines: BodyKind = {
  contentType: "text/html; charset=utf-8",
  encoding: "8bit",
  makeLine: (random) =>
    `<p>${Array.from({ length: 20 + random.below(300) }, () => sentence(random, [...words, ...eightBitWords])).join(", ")}</p>`,
};

/** How often each occurs, in percent. */
const shares: readonly (readonly [BodyKind, number])[] = [
  [plain, 35],
  [attachment, 35],
  [eightBit, 24],
  [longLines, 6],
];

/** More than deflate looks back (32 KiB), so that compressed connections find what they would find in real mail. */
const poolSize = 512 * 1024;

interface Pool {
  readonly kind: BodyKind;
  readonly text: Buffer;
  readonly lineStarts: readonly number[];
}

/** Returns a maker of bodies; two makers with the same randomness make the same bodies. */
export function createBodies(random: Random): (size: number) => Body {
  const pools = shares.flatMap(([kind, percent]) => new Array<Pool>(percent).fill(makePool(kind, random)));
  return (size) => {
    const pool = pools[random.below(pools.length)];
    if (pool === undefined) throw new Error("the shares of the kinds of bodies are not 100 percent");
    const bytes = Buffer.allocUnsafe(size);
    let from = pool.lineStarts[random.below(pool.lineStarts.length)] ?? 0;
    for (let filled = 0; filled < size; from = 0) filled += pool.text.copy(bytes, filled, from);
    bytes[size - 1] = 0x0a;
    return { kind: pool.kind, bytes };
  };
}

function makePool(kind: BodyKind, random: Random): Pool {
  const lines: Buffer[] = [];
  const lineStarts: number[] = [];
  for (let size = 0; size < poolSize; size += lines.at(-1)?.length ?? 0) {
    lineStarts.push(size);
    lines.push(Buffer.from(`${kind.makeLine(random)}\n`));
  }
  return { kind, text: Buffer.concat(lines), lineStarts };
}

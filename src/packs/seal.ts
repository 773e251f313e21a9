// The seal of a pack: its last octets are the sha256 of all before them. The CRCs of a zip or a gzip file leave out what is
// around the data (dates, modes, the rest of a last octet); with the seal no octet can change unseen. It lies where other
// programs pass over it: in the comment of the zip file, and in that of an empty last member of the gzip file (RFC 1952).

import type { PackFormat } from "./format.ts";

export const sealWords = "mailferry pack 1, sha256 of all before: ";
const digestLength = 64;

/** The comment of the zip file, before its digest is known. */
export const unsealedComment = sealWords + "0".repeat(digestLength);

/** FCOMMENT, no time, an unknown system. */
const memberStart = Buffer.concat([Buffer.from("1f8b08100000000000ff", "hex"), Buffer.from(sealWords)]);
/** The end of the comment, an empty deflated block, its CRC and its length. */
const memberEnd = Buffer.from(`000300${"00".repeat(8)}`, "hex");

export interface Seal {
  /** How many of the last octets it takes. */
  readonly length: number;
  /** How far from the end of the file its words begin. */
  readonly wordsBefore: number;
  /** These octets. `digest` is that of all before them, in hexadecimal. */
  format(digest: string): Buffer;
  /** Those of them that are there already when the packing program has ended: they are written over. */
  readonly replaced: number;
}

export const seals: Readonly<Record<PackFormat, Seal>> = {
  zip: {
    length: digestLength,
    wordsBefore: sealWords.length + digestLength,
    format: (digest) => Buffer.from(digest),
    replaced: digestLength,
  },
  "tar.gz": {
    length: memberStart.length + digestLength + memberEnd.length,
    wordsBefore: sealWords.length + digestLength + memberEnd.length,
    format: (digest) => Buffer.concat([memberStart, Buffer.from(digest), memberEnd]),
    replaced: 0,
  },
};

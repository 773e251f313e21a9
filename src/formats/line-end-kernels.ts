// The loops over line ends run as WebAssembly (kernels/line-ends.ts), some times faster than JavaScript can: here they get
// their octets, in pieces, and give back what they made of them.

import { readFileSync } from "node:fs";

/** Octets that go through at once: few enough to stay in the processor's cache. */
const pieceOctets = 64 * 1024;
/** Around each area: neighbours that a kernel looks at, and whole blocks that it reads or writes at an end. */
const margin = 64;
const inputAt = margin;
const outputAt = inputAt + pieceOctets + margin;
/** Each octet may become two. */
const memoryOctets = outputAt + 2 * pieceOctets + margin;
const pageOctets = 64 * 1024;

interface Kernels {
  survey(from: number, end: number): void;
  toLf(from: number, end: number, target: number): number;
  toCrlf(from: number, end: number, target: number): number;
  readonly lfs: { readonly value: number };
  readonly bareLfs: { readonly value: number };
  readonly doubledCrs: { readonly value: number };
}

/** As much of it as is needed here; TypeScript has it with the whole DOM alone. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (octets: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

let loaded: { readonly kernels: Kernels; readonly memory: Buffer } | undefined;

function load() {
  const file = new URL("../../kernels/line-ends.wasm", import.meta.url);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(memoryOctets / pageOctets) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { env: { memory } });
  return { kernels: instance.exports as Kernels, memory: Buffer.from(memory.buffer) };
}

export interface LineEndCounts {
  lfs: number;
  /** LFs without a CR before them. */
  bareLfs: number;
  /** CR CR LF. */
  doubledCrs: number;
}

/** Counts what there is in `octets`, which came after two others, into `counts`. */
export function countLineEnds(octets: Uint8Array, lastButOne: number, last: number, counts: LineEndCounts): void {
  loaded ??= load();
  const { kernels, memory } = loaded;
  memory[inputAt - 2] = lastButOne;
  memory[inputAt - 1] = last;
  for (let at = 0; at < octets.length; at += pieceOctets) {
    if (at > 0) memory.copyWithin(inputAt - 2, inputAt + pieceOctets - 2, inputAt + pieceOctets);
    const piece = pieceOf(octets, at, pieceOctets);
    memory.set(piece, inputAt);
    kernels.survey(inputAt, inputAt + piece.length);
    counts.lfs += kernels.lfs.value;
    counts.bareLfs += kernels.bareLfs.value;
    counts.doubledCrs += kernels.doubledCrs.value;
  }
}

/** Writes the octets to `target` with each CRLF as LF; returns how many that are, or -1 if there is no room for them. */
export function writeCrlfAsLf(octets: Uint8Array, target: Buffer): number {
  return write("toLf", octets, target);
}

/** Writes the octets to `target` with each LF as CRLF; returns how many that are, or -1 if there is no room for them. */
export function writeLfAsCrlf(octets: Uint8Array, target: Buffer): number {
  return write("toCrlf", octets, target);
}

function write(kernel: "toLf" | "toCrlf", octets: Uint8Array, target: Buffer): number {
  loaded ??= load();
  const { kernels, memory } = loaded;
  let written = 0;
  for (let at = 0; at < octets.length; at += pieceOctets) {
    // With the octet that comes after, on which it may depend what becomes of the last.
    const piece = pieceOf(octets, at, pieceOctets + 1);
    const length = Math.min(piece.length, pieceOctets);
    memory.set(piece, inputAt);
    if (piece.length === length) memory[inputAt + length] = 0;
    const end = kernels[kernel](inputAt, inputAt + length, outputAt);
    if (end - outputAt > target.length - written) return -1;
    memory.copy(target, written, outputAt, end);
    written += end - outputAt;
  }
  return written;
}

function pieceOf(octets: Uint8Array, at: number, most: number): Uint8Array {
  return at === 0 && octets.length <= most ? octets : octets.subarray(at, at + most);
}

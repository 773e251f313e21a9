// AssemblyScript: the loops over every octet of every message, sixteen at a time. src/formats/line-end-kernels.ts lends
// them memory and knows what the results mean.

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const BLOCK: usize = 16;

/** What the last survey found. */
export let lfs: i32 = 0;
export let bareLfs: i32 = 0;
/** CR CR LF. */
export let doubledCrs: i32 = 0;

/** Counts the line ends from `from` up to `end`. Before `from` lie the two octets that came before. */
export function survey(from: usize, end: usize): void {
  lfs = 0;
  bareLfs = 0;
  doubledCrs = 0;
  let at = from;
  for (; at + BLOCK <= end; at += BLOCK) {
    const lf = i8x16.eq(v128.load(at), i8x16.splat(LF));
    const lfMask = i8x16.bitmask(lf);
    if (lfMask === 0) continue;
    const crBefore = i8x16.eq(v128.load(at - 1), i8x16.splat(CR));
    const crTwoBefore = i8x16.eq(v128.load(at - 2), i8x16.splat(CR));
    const crMask = i8x16.bitmask(crBefore);
    lfs += popcnt(lfMask);
    bareLfs += popcnt(lfMask & ~crMask);
    doubledCrs += popcnt(lfMask & crMask & i8x16.bitmask(crTwoBefore));
  }
  for (; at < end; at++) {
    if (load<u8>(at) !== LF) continue;
    lfs++;
    if (load<u8>(at - 1) !== CR) bareLfs++;
    else if (load<u8>(at - 2) === CR) doubledCrs++;
  }
}

/** Copies with each CRLF as LF; at `end` lies the octet that comes after. Returns the end of what was written. */
export function toLf(from: usize, end: usize, target: usize): usize {
  let at = from;
  let to = target;
  while (at + BLOCK <= end) {
    const octets = v128.load(at);
    v128.store(to, octets);
    const crs = i8x16.bitmask(i8x16.eq(octets, i8x16.splat(CR)));
    if (crs === 0) {
      to += BLOCK;
      at += BLOCK;
      continue;
    }
    // What is before the first CR is right as it stands; all behind it is written again.
    const before: usize = ctz(crs);
    to += before;
    at += before + 1;
    if (load<u8>(at) === LF) continue;
    store<u8>(to, CR);
    to++;
  }
  for (; at < end; at++) {
    const octet = load<u8>(at);
    if (octet === CR && load<u8>(at + 1) === LF) continue;
    store<u8>(to, octet);
    to++;
  }
  return to;
}

/** Copies with each LF as CRLF, which needs up to twice the room. Returns the end of what was written. */
export function toCrlf(from: usize, end: usize, target: usize): usize {
  let at = from;
  let to = target;
  while (at + BLOCK <= end) {
    const octets = v128.load(at);
    v128.store(to, octets);
    const lf = i8x16.bitmask(i8x16.eq(octets, i8x16.splat(LF)));
    if (lf === 0) {
      to += BLOCK;
      at += BLOCK;
      continue;
    }
    const before: usize = ctz(lf);
    to += before;
    at += before + 1;
    store<u8>(to, CR);
    store<u8>(to + 1, LF);
    to += 2;
  }
  for (; at < end; at++) {
    const octet = load<u8>(at);
    if (octet === LF) {
      store<u8>(to, CR);
      to++;
    }
    store<u8>(to, octet);
    to++;
  }
  return to;
}

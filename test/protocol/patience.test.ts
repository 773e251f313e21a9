import { describe, expect, it } from "vitest";
import { Patience } from "../../src/protocol/patience.ts";

/** How long it took, in milliseconds, until octets that come one after the other, so far apart, were too slow. */
function endOf(patience: Patience, afterMs: number, octets: number, endsLine: (nth: number) => boolean, most = 10_000) {
  for (let nth = 1; nth <= most; nth += 1) {
    if (!patience.came(octets, afterMs, endsLine(nth))) return nth * afterMs;
  }
  return undefined;
}

const never = () => false;
const always = () => true;

describe("the patience with a server", () => {
  it("ends where it sends an octet a second, or a minute, shortly after the timeout", () => {
    expect(endOf(new Patience(60_000), 1_000, 1, never)).toBe(61_000);
    expect(endOf(new Patience(60_000), 59_000, 1, never)).toBe(118_000);
  });

  it("does not end where it is slow, but there", () => {
    expect(endOf(new Patience(60_000), 1_000, 64, never)).toBeUndefined();
    expect(endOf(new Patience(1_000), 900, 1_400, never)).toBeUndefined();
  });

  it("does not end at a silence that the timeout allows, however often there is one", () => {
    expect(endOf(new Patience(60_000), 59_000, 4_000, never)).toBeUndefined();
  });

  it("holds out for ten timeouts where it says now and then that it is still there, and no longer", () => {
    expect(endOf(new Patience(60_000), 10_000, 45, always)).toBeGreaterThan(10 * 60_000);
    expect(endOf(new Patience(60_000), 10_000, 45, always)).toBeLessThan(12 * 60_000);
  });

  it("begins anew with each answer", () => {
    const patience = new Patience(1_000);
    for (let answers = 0; answers < 100; answers += 1) {
      patience.renew();
      expect(patience.came(20, 990, true)).toBe(true);
    }
  });

  it("is not used up by octets that come fast: what was ahead counts for nothing later", () => {
    const patience = new Patience(1_000);
    patience.came(1_000_000, 10, false);
    expect(endOf(patience, 500, 1, never)).toBeLessThan(2_000);
  });
});

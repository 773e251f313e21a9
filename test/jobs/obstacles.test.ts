import { describe, expect, it } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { Obstacles } from "../../src/jobs/obstacles.ts";

const lost = new MailferryError("N302", "the connection was lost", { scope: "session", retry: "now" });

/** Fetches in sets that are as large as they may be, from a server that breaks off at any with a poisoned message. */
function fetchAll(count: number, poisoned: ReadonlySet<number>, error = lost) {
  const obstacles = new Obstacles();
  const arrived = new Set<string>();
  let breaks = 0;
  let vain = 0;
  for (; breaks < 500 && vain < 5; ) {
    const left = Array.from({ length: count }, (_, n) => ({ key: `${n + 1}` })).filter(
      (ref) => !arrived.has(ref.key) && !obstacles.isAside(ref),
    );
    let progressed = false;
    let asked: typeof left = [];
    for (let next = 0; next < left.length; next += asked.length) {
      asked = left.slice(next, next + Math.min(5_000, obstacles.mostAtOnce));
      if (asked.some(({ key }) => poisoned.has(Number(key)))) break;
      for (const { key } of asked) arrived.add(key);
      progressed = true;
      if (next + asked.length >= left.length) asked = [];
      if (asked.length === 0) break;
    }
    if (asked.length === 0) break;
    breaks += 1;
    vain = obstacles.brokeOff(error, asked, progressed, false) || progressed ? 0 : vain + 1;
  }
  return { arrived: arrived.size, aside: obstacles.takeUnrecorded().map(({ key }) => Number(key)), breaks };
}

describe("messages on which the connection breaks", () => {
  it("are found among thousands in a few steps, and all others arrive", () => {
    expect(fetchAll(5_000, new Set([3_333]))).toMatchObject({ arrived: 4_999, aside: [3_333] });
    expect(fetchAll(5_000, new Set([3_333])).breaks).toBeLessThan(20);
  });

  it("may be many, as long as something arrives in between", () => {
    const poisoned = new Set([1, 40, 41, 500, 900, 901, 1_500]);
    const { arrived, aside } = fetchAll(2_000, poisoned);
    expect([arrived, aside]).toEqual([1_993, [...poisoned]]);
  });

  it("are not blamed where it breaks with every message", () => {
    const all = new Set(Array.from({ length: 100 }, (_, n) => n + 1));
    const { arrived, aside, breaks } = fetchAll(100, all);
    expect([arrived, aside.length]).toEqual([0, 3]);
    expect(breaks).toBeLessThan(30);
  });

  it("are not blamed for what a server says that has too much to do", () => {
    const busy = new MailferryError("N304", "the server is busy", { scope: "session", retry: "now" });
    expect(fetchAll(10, new Set([4]), busy)).toMatchObject({ arrived: 0, aside: [] });
  });
});

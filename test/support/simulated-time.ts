// A time of day that passes as fast as the program can wait: days in milliseconds, and nothing sleeps.

import { setImmediate } from "node:timers/promises";

export interface SimulatedTime {
  readonly clock: () => Date;
  /** What the daemon takes for its waiting: time passes by so much, as soon as there is nothing to hold it. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when so much time has passed. */
  pass(ms: number): Promise<void>;
  /** Does something at that time, by the clock as it was at the start. */
  at(when: string, action: () => void): void;
  /** Time stands still until this has settled: for work that takes real time. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** The clock says something else from now on: the machine slept, or it was put right. */
  set(when: string): void;
}

export function simulateTime(start: string): SimulatedTime {
  let now = Date.parse(start);
  /** By how much the clock is wrong, or was put right. Waiting does not notice. */
  let off = 0;
  const alarms: { readonly at: number; readonly ring: () => void }[] = [];
  const held = new Set<Promise<unknown>>();
  const add = (at: number, ring: () => void) => {
    alarms.push({ at, ring });
    alarms.sort((a, b) => a.at - b.at);
  };
  return {
    clock: () => new Date(now + off),
    pass: (ms) => new Promise((resolve) => add(now + ms, resolve)),
    at: (when, action) => add(Date.parse(when), action),
    set(when) {
      off = Date.parse(when) - now;
    },
    hold(work) {
      const settled = work.then(
        () => undefined,
        () => undefined,
      );
      held.add(settled);
      settled.finally(() => held.delete(settled));
      return work;
    },
    async wait(ms, signal) {
      const until = now + ms;
      do {
        await setImmediate();
        while (held.size > 0) await Promise.all(held);
        if (signal.aborted) return;
        const [alarm] = alarms;
        now = Math.max(now, Math.min(until, alarm?.at ?? until));
        if (alarm !== undefined && alarm.at <= now) {
          alarms.shift();
          alarm.ring();
          await setImmediate();
        }
      } while (now < until && !signal.aborted);
    },
  };
}

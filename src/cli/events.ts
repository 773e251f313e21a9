// Events as JSON lines, for programs that watch.

import { jsonText } from "../formats/json-text.ts";
import type { JobEvent, Reporter } from "../jobs/events.ts";

const octetsEveryMs = 1_000;

/**
 * Writes each event as a line. Octets come by the thousand: they are added up for each mailbox, to at most one line a
 * second, and none is behind when a batch is committed. `now` gives milliseconds that only grow.
 */
export function createEventLines(write: (text: string) => void, now: () => number): Reporter {
  const waiting = new Map<string, JobEvent & { type: "octets-read" }>();
  const writtenAt = new Map<string, number>();

  const flush = (key: string) => {
    const event = waiting.get(key);
    if (event === undefined) return;
    waiting.delete(key);
    writtenAt.set(key, now());
    write(`${jsonText(event)}\n`);
  };

  return (event: JobEvent) => {
    if (event.type === "octets-read") {
      const key = JSON.stringify([event.job, event.mailbox]);
      waiting.set(key, { ...event, octets: event.octets + (waiting.get(key)?.octets ?? 0) });
      if (now() - (writtenAt.get(key) ?? Number.NEGATIVE_INFINITY) >= octetsEveryMs) flush(key);
      return;
    }
    for (const key of [...waiting.keys()]) flush(key);
    write(`${jsonText(event)}\n`);
  };
}

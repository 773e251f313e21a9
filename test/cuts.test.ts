// A sample of what the deep tests sweep: runs over a way that is cut, falls silent or trickles.

import { describe, it } from "vitest";
import { breaksAnywhere, breaksIn, some } from "./support/break-points.ts";
import { type Limits, record, survivesAll } from "./support/broken-run.ts";
import { encrypted, sources, targets } from "./support/broken-scenes.ts";
import { makeCertificate } from "./support/certificates.ts";

const hows = ["cut", "reset", "cut", "stall", "cut", "drip"] as const;
const how = (point: number) => hows[point % hows.length] ?? "cut";
const limits = (point: number): Limits => ({ attempts: point % 2 === 0 ? 4 : 1, timeoutMs: 400 });

describe.each(Object.entries({ ...sources, ...targets }))("%s", (_, setScene) => {
  it("brings every message once, whatever breaks on the way", async () => {
    const { recordings, protocol } = await record(setScene);
    await survivesAll(setScene, some(breaksIn(recordings, protocol, how), 11), limits);
  });
});

describe.each(Object.entries(encrypted(await makeCertificate())))("%s", (_, setScene) => {
  it("brings every message once, whatever breaks on the way", async () => {
    const { recordings } = await record(setScene);
    await survivesAll(setScene, some(breaksAnywhere(recordings, 11, how), 11), limits);
  });
});

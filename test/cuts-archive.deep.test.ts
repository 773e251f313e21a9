// Accounts that are archived over a way that is cut: behind every line of both sides, inside of literals and bodies, and
// inside of TLS.

import { describe, expect, it } from "vitest";
import { breaksAnywhere, breaksIn, some } from "./support/break-points.ts";
import { type Limits, record, survivesAll } from "./support/broken-run.ts";
import { encrypted, sources } from "./support/broken-scenes.ts";
import { makeCertificate } from "./support/certificates.ts";
import { swept } from "./support/sweep-counts.ts";

const most = 150;
const how = (point: number) => (point % 3 === 2 ? "reset" : "cut");
/** Every other run may try again; the others leave it to the next. */
const limits = (point: number): Limits => ({ attempts: point % 2 === 0 ? 3 : 1, timeoutMs: 10_000 });

describe.each(Object.entries(sources))("%s", (_, setScene) => {
  it("brings every message once, wherever it is cut", async () => {
    const { recordings, protocol } = await record(setScene);
    const breaks = some(breaksIn(recordings, protocol, how), most);
    expect(breaks.length).toBeGreaterThan(100);
    swept("cuts and stalls", await survivesAll(setScene, breaks, limits));
  });
});

describe.each(Object.entries(encrypted(await makeCertificate())))("%s", (_, setScene) => {
  it("brings every message once, wherever it is cut", async () => {
    const { recordings } = await record(setScene);
    swept("cuts and stalls", await survivesAll(setScene, breaksAnywhere(recordings, 70, how), limits));
  });
});

// Ways on which nothing comes any more, or an octet now and then: each ends within the time that the account allows, and the
// same run goes on, or the next.

import { describe, it } from "vitest";
import { breaksAnywhere, breaksIn, some } from "./support/break-points.ts";
import { type Limits, record, survivesAll } from "./support/broken-run.ts";
import { encrypted, sources, targets } from "./support/broken-scenes.ts";
import { makeCertificate } from "./support/certificates.ts";
import { swept } from "./support/sweep-counts.ts";

const most = 12;
const how = (point: number) => (point % 2 === 0 ? "stall" : "drip");
// Most runs may fail with the first silence, be it that of a machine with much to do, and the next goes on; the others do so
// themselves, and have more time.
const limits = (point: number): Limits =>
  point % 5 === 0 ? { attempts: 5, timeoutMs: 2_500 } : { attempts: 1, timeoutMs: 700 };

describe.each(Object.entries({ ...sources, ...targets }))("%s", (_, setScene) => {
  it("goes on after a silence or a trickle, wherever it begins", async () => {
    const { recordings, protocol } = await record(setScene);
    swept("cuts and stalls", await survivesAll(setScene, some(breaksIn(recordings, protocol, how), most), limits, 0.4));
  });
});

describe.each(Object.entries(encrypted(await makeCertificate())))("%s", (_, setScene) => {
  it("goes on after a silence or a trickle, wherever it begins", async () => {
    const { recordings } = await record(setScene);
    swept(
      "cuts and stalls",
      await survivesAll(setScene, some(breaksAnywhere(recordings, most, how), most), limits, 0.4),
    );
  });
});

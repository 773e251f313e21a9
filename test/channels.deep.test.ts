// Every way in which a channel may be wrong, in every protocol and role: what is said, and what leaves.

import { afterAll, expect, test } from "vitest";
import { attempt } from "./channels/attempt.ts";
import { channelCases } from "./channels/cases.ts";
import { inMemory, temporaryFolder } from "./support/jobs.ts";
import { startOverhearing } from "./support/overhearing-server.ts";
import { swept } from "./support/sweep-counts.ts";

const decoy = await startOverhearing({ protocol: "imap", tls: "none" });
afterAll(() => decoy[Symbol.asyncDispose]());

const cases = (await channelCases(decoy.port)).flatMap((one) =>
  one.protocol === "imap"
    ? [
        { ...one, role: "source" as const },
        { ...one, role: "target" as const },
      ]
    : [{ ...one, role: "source" as const }],
);

test.each(cases)(
  "nothing of user and password leaves before the channel is proven: $protocol $role, $name",
  async (one) => {
    await attempt(one, one.role, temporaryFolder(inMemory));
    swept("TLS and log-in cases", 1);
  },
);

test("nobody follows a referral", () => {
  expect(cases.length).toBeGreaterThan(250);
  expect(decoy.connections()).toBe(0);
});

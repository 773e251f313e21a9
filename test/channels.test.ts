// A sample of channels.deep.test.ts.

import { afterAll, expect, test } from "vitest";
import { attempt } from "./channels/attempt.ts";
import { channelCases } from "./channels/cases.ts";
import { inMemory, temporaryFolder } from "./support/jobs.ts";
import { startOverhearing } from "./support/overhearing-server.ts";

const decoy = await startOverhearing({ protocol: "imap", tls: "none" });
afterAll(() => decoy[Symbol.asyncDispose]());

/** Those that wait for a silence to end are left out. */
const cases = (await channelCases(decoy.port))
  .filter(({ account }) => account.timeoutMs === undefined)
  .filter((_, index) => index % 6 === 0);

test.each(cases)("$protocol: $name", (one) => attempt(one, "source", temporaryFolder(inMemory)));

test("nobody follows a referral", () => {
  expect(cases.length).toBeGreaterThan(30);
  expect(decoy.connections()).toBe(0);
});

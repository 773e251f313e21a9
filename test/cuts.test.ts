// A sample of what the deep tests sweep: runs over a way that is cut, falls silent or trickles.

import { describe, it } from "vitest";
import { breaksAnywhere, breaksIn, some } from "./support/break-points.ts";
import { type Limits, record, type SetScene, survivesAll } from "./support/broken-run.ts";
import { encrypted, sources, targets } from "./support/broken-scenes.ts";
import { makeCertificate } from "./support/certificates.ts";
import type { Break } from "./support/cutting-proxy.ts";

const hows = ["cut", "reset", "cut", "stall", "cut", "drip"] as const;
const how = (point: number) => hows[point % hows.length] ?? "cut";
const limits = (point: number, { how }: Break): Limits =>
  how === "stall" || how === "drip"
    ? { attempts: 1, timeoutMs: 250 }
    : { attempts: point % 2 === 0 ? 3 : 1, timeoutMs: 5_000 };

const scenes = new Map(Object.entries({ ...sources, ...targets, ...encrypted(await makeCertificate()) }));

function sceneOf(name: string): SetScene {
  const setScene = scenes.get(name);
  if (setScene === undefined) throw new Error(`there is no scene "${name}"`);
  return setScene;
}

describe.each([
  "IMAP, one connection, to Maildir",
  "IMAP, a connection for fetching, to mbox",
  "POP3 with PIPELINING, to mbox",
  "an account that is asked before each literal",
  "an account with MULTIAPPEND",
])("%s", (name) => {
  it("brings every message once, whatever breaks on the way", async () => {
    const { recordings, protocol } = await record(sceneOf(name));
    await survivesAll(sceneOf(name), some(breaksIn(recordings, protocol, how), 6), limits, 0.4);
  });
});

describe.each(["IMAP after STARTTLS", "POP3 over TLS"])("%s", (name) => {
  it("brings every message once, whatever breaks on the way", async () => {
    const { recordings } = await record(sceneOf(name));
    await survivesAll(sceneOf(name), some(breaksAnywhere(recordings, 6, how), 6), limits, 0.4);
  });
});

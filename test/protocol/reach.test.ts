// A server as far as its greeting: real ones, over loopback.

import { expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import { reach } from "../../src/protocol/reach.ts";
import { makeCertificate } from "../support/certificates.ts";
import { failureOf, imapAccount } from "../support/imap.ts";

const certificate = await makeCertificate();
const store = createDemoStore("ada", "analytical-engine-canary");

async function meet(protocol: "imap" | "pop3", offered: "implicit" | "starttls" | "none", changes: Partial<Account>) {
  const start = protocol === "imap" ? startImapServer : startPop3Server;
  const tls = offered === "none" ? {} : { tls: { mode: offered, ...certificate } };
  const server = await start({ store, ...tls });
  const secret = async () => {
    throw new Error("the password was asked for");
  };
  const account = imapAccount(server.port, { user: "ada", password: "" }, { protocol, secret, ...changes });
  return { server, outcome: reach({ ...account, timeoutMs: 2_000 }) };
}

test.each([
  ["imap", "implicit"],
  ["imap", "starttls"],
  ["pop3", "implicit"],
  ["pop3", "starttls"],
] as const)("%s with %s TLS is reached, its certificate judged, and nothing asked of it", async (protocol, tls) => {
  const { server, outcome } = await meet(protocol, tls, { tls, tlsCa: certificate.cert });
  const reached = await outcome;
  expect(reached.tls).toMatch(/^TLSv1\.[23]$/);
  expect(reached.certificateEnds?.getTime()).toBeGreaterThan(Date.now());
  expect(server.log.join("\n")).not.toMatch(/LOGIN|AUTH|USER|PASS/);
  await server.close();
});

test.each([
  ["imap", "starttls"],
  ["pop3", "starttls"],
  ["imap", "implicit"],
] as const)("%s with a certificate that nobody trusts, %s, is N303", async (protocol, tls) => {
  const { server, outcome } = await meet(protocol, tls, { tls });
  expect((await failureOf(outcome)).code).toBe("N303");
  await server.close();
});

test.each(["imap", "pop3"] as const)("%s that refuses encryption is N306", async (protocol) => {
  const { server, outcome } = await meet(protocol, "none", { tls: "starttls" });
  expect((await failureOf(outcome)).code).toBe("N306");
  await server.close();
});

test("a server of the other protocol is told by its greeting", async () => {
  const server = await startPop3Server({ store });
  const failure = await failureOf(reach(imapAccount(server.port, { user: "ada", password: "" })));
  expect(failure).toMatchObject({ code: "N307", remedy: "Set protocol: pop3, or check the port." });
  await server.close();
});

test("a port at which nobody listens is N302", async () => {
  const server = await startImapServer({ store });
  await server.close();
  expect((await failureOf(reach(imapAccount(server.port, { user: "ada", password: "" })))).code).toBe("N302");
});

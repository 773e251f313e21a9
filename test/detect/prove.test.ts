// What somebody sees of a server before a password is typed, and what makes it no server to type one for.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Proof, proveServer } from "../../src/detect/prove.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { makeCertificate } from "../support/certificates.ts";
import { type DetectionWorld, openWorld } from "../support/detection-world.ts";
import type { OverhearingOptions } from "../support/overhearing-server.ts";
import { hostile, steersTerminals } from "../support/steering.ts";

const host = "mail.example.org";
let stage: DetectionWorld;

beforeEach(async () => {
  stage = await openWorld();
});

afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

async function prove(server: OverhearingOptions): Promise<Proof> {
  await stage.mail(host, 1234, server);
  const tls = server.tls === "upgrade" ? "starttls" : server.tls;
  return proveServer({ protocol: server.protocol, host, port: 1234, tls }, { world: stage.world });
}

describe.each(["imap", "pop3"] as const)("%s", (protocol) => {
  test.each(["implicit", "upgrade"] as const)("shows who answers, and with what certificate: TLS %s", async (tls) => {
    const certificate = await stage.certificate(host);
    const proof = await prove({ protocol, tls, certificate });
    expect(proof).toMatchObject({ protocol, host, port: 1234, tls: tls === "upgrade" ? "starttls" : tls });
    expect(proof.certificate).toMatchObject({
      issuer: "A Test Authority",
      subject: host,
      fingerprint: certificate.fingerprint,
    });
    expect(proof.certificate?.validTo.getTime()).toBeGreaterThan(Date.now());
    await stage.quiet();
  });

  const ok = protocol === "imap" ? "* OK" : "+OK";
  const command = protocol === "imap" ? "a1 STARTTLS" : "STLS";
  const agreed = protocol === "imap" ? "a1 OK go\r\n" : "+OK go\r\n";
  const cases: [string, Partial<OverhearingOptions>, ErrorCode, RegExp][] = [
    ["a greeting of something else", { greeting: `220 ESMTP ${hostile}\r\n` }, "N307", /speaks SMTP/],
    ["a web server", { greeting: "HTTP/1.1 400 Bad Request\r\n" }, "N307", /web server/],
    ["an endless greeting", { greeting: `${ok} ${"x".repeat(64 * 1024)}` }, "N307", /does not speak/],
    ["an endless line that is no greeting", { greeting: "x".repeat(64 * 1024) }, "N307", /does not speak/],
    ["no encryption", { tls: "none" }, "N306", /would not be encrypted/],
    [
      "no encryption on offer",
      { tls: "upgrade", answer: (line) => (line === command ? "a1 BAD \x1b[2J\r\n" : undefined) },
      "N306",
      /refused (STARTTLS|STLS).*no password was sent/,
    ],
    [
      "words in the clear behind the agreement to encrypt",
      { tls: "upgrade", answer: (line) => (line === command ? `${agreed}* OK injected\r\n` : undefined) },
      "N307",
      /more in the clear/,
    ],
    [
      "a refusal for now",
      { greeting: protocol === "imap" ? "* BYE too many connections\r\n" : "-ERR too many connections\r\n" },
      "N304",
      /too many connections/,
    ],
  ];
  test.each(cases)("refuses %s", async (_, server, code, words) => {
    const error = await prove({ protocol, tls: "implicit", ...server }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "MailferryError", code });
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toMatch(steersTerminals);
    await stage.quiet();
  });

  test("refuses a certificate for another name, or that nobody vouches for", async () => {
    for (const tls of ["implicit", "upgrade"] as const) {
      for (const certificate of [await stage.certificate("example.net"), await makeCertificate(host)]) {
        await expect(prove({ protocol, tls, certificate })).rejects.toMatchObject({ code: "N303" });
      }
    }
    await stage.quiet();
  });

  test("says what it is when nobody is there, or nobody speaks", async () => {
    const server = { protocol, host, port: 1234, tls: "implicit" } as const;
    const options = { world: stage.world };
    const hasty = { ...options, timeoutMs: 200 };
    await expect(proveServer(server, options)).rejects.toMatchObject({ code: "N301" });
    await stage.dead(host, 1234, "silence");
    await expect(proveServer(server, hasty)).rejects.toMatchObject({ code: "N302" });
    await expect(proveServer({ ...server, tls: "starttls" }, hasty)).rejects.toMatchObject({ code: "N302" });
    await stage.dead(host, 1234, "drop");
    await expect(proveServer(server, options)).rejects.toMatchObject({ code: "N302" });
    await expect(proveServer({ ...server, port: 4321 }, options)).rejects.toMatchObject({ code: "N302" });
    await stage.quiet();
  });
});

test("IMAP: a server that has logged somebody in before it encrypts is refused", async () => {
  const server = { protocol: "imap", tls: "upgrade", greeting: "* PREAUTH hello ada\r\n" } as const;
  await expect(prove(server)).rejects.toMatchObject({ code: "N306" });
});

test("a private authority counts where it is given, and there alone", async () => {
  const own = await makeCertificate(host);
  await stage.mail(host, 993, { protocol: "imap", tls: "implicit", certificate: own });
  const server = { protocol: "imap", host, port: 993, tls: "implicit" } as const;
  await expect(proveServer(server, { world: stage.world })).rejects.toMatchObject({ code: "N303" });
  expect(await proveServer(server, { world: stage.world, tlsCa: own.cert })).toMatchObject({ host });
});

test("whoever stops is obeyed with their reason", async () => {
  await stage.dead(host, 993, "silence");
  const stop = new AbortController();
  const server = { protocol: "imap", host, port: 993, tls: "implicit" } as const;
  const proving = proveServer(server, { world: stage.world, signal: stop.signal });
  const reason = new Error("stopped");
  stop.abort(reason);
  await expect(proving).rejects.toBe(reason);
  await stage.quiet();
});

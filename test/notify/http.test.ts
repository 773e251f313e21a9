// Pings, ntfy and webhooks to a real HTTP server, whatever it answers.

import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeHeader } from "../../src/notify/header.ts";
import { composeLetter, composeTest } from "../../src/notify/letter.ts";
import { publish } from "../../src/notify/ntfy.ts";
import { addressOf, ping } from "../../src/notify/ping.ts";
import { callWebhook } from "../../src/notify/webhook.ts";
import { type HttpStage, startHttp } from "../support/http.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";
import { decodeWords } from "../support/smtp.ts";
import { at, shortLimits } from "../support/telling.ts";

let http: HttpStage;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http[Symbol.asyncDispose]());

const setting = { language: "fr", host: "nas", at: at("2026-11-22T02:41"), timeZone: "UTC" } as const;
const hook = () => callWebhook(`${http.url}/s3cret`, composeTest(setting), shortLimits);

test("what takes it is asked once, and what fails for now twice", async () => {
  await hook();
  expect(http.requests.length).toBe(1);
  let answers = 0;
  http.answer = (_, response) => response.writeHead(answers++ === 0 ? 503 : 204).end();
  await hook();
  expect(http.requests.length).toBe(3);
});

test.each([
  [404, 1, "it answered 404"],
  [401, 1, "it answered 401"],
  [429, 2, "it answered 429"],
  [500, 2, "it answered 500"],
])("an answer of %s is told after %s tries", async (status, tries, message) => {
  http.answer = (_, response) => response.writeHead(status).end("s3cret \u001b[31m");
  await expect(hook()).rejects.toThrow(new RegExp(`^${message}$`));
  expect(http.requests.length).toBe(tries);
});

test("no redirect is followed: it would take the secret elsewhere", async () => {
  await using other = await startHttp();
  http.answer = (_, response) => response.writeHead(307, { Location: `${other.url}/here` }).end();
  await expect(hook()).rejects.toThrow("redirects are not followed");
  expect([http.requests.length, other.requests.length]).toEqual([1, 0]);
});

test("silence is given up after a second try", async () => {
  http.answer = () => undefined;
  await expect(hook()).rejects.toThrow(/^no answer$/);
  expect(http.requests.length).toBe(2);
});

test("a body without end is not read", async () => {
  http.answer = (_, response) => {
    const more = (error?: Error | null) => {
      if (!error) response.write("x".repeat(65_536), more);
    };
    response.on("error", () => undefined).writeHead(200);
    more();
  };
  await hook();
});

test("a connection that is cut, and a port without a server, are told as such", async () => {
  http.answer = (_, response) => response.socket?.destroy();
  await expect(hook()).rejects.toThrow("the connection was cut");
  const { url } = http;
  await http[Symbol.asyncDispose]();
  await expect(callWebhook(`${url}/s3cret`, composeTest(setting), shortLimits)).rejects.toThrow(
    /^the connection was refused$/,
  );
  http = await startHttp();
});

test("a monitor is pinged at its addresses, with the run in a line", async () => {
  expect(addressOf("https://hc.example/u-u-i-d", "success")).toBe("https://hc.example/u-u-i-d");
  expect(addressOf("https://hc.example/u-u-i-d/", "start")).toBe("https://hc.example/u-u-i-d/start");
  expect(addressOf("https://hc.example/p/u?create=1", "fail")).toBe("https://hc.example/p/u/fail?create=1");
  await ping(`${http.url}/u-u-i-d`, "fail", "nightly: FAILED", shortLimits);
  expect(http.requests).toMatchObject([{ method: "POST", path: "/u-u-i-d/fail", body: "nightly: FAILED\n" }]);
});

const report = jobReport({
  name: "nuit",
  verdict: "incomplete",
  mailboxes: [mailboxReport("INBOX", { onServer: 10, missing: 2 })],
});
const letter = composeLetter(
  { items: [{ event: "failure", job: "nuit", trouble: "incomplete", report }], others: 0 },
  setting,
);

test("ntfy gets title, priority, tags and the token", async () => {
  const secret = async () => "tk_right";
  await publish({ url: `${http.url}/ntfy/`, topic: "backups", secret }, letter, shortLimits);
  const [request] = http.requests;
  expect(request).toMatchObject({
    method: "POST",
    path: "/ntfy/backups",
    headers: { authorization: "Bearer tk_right", priority: "4", tags: "warning" },
  });
  expect(decodeWords(String(request?.headers.title))).toBe("mailferry\u00a0: nuit INCOMPLET, 2 messages manquants");
  expect(request?.body).toContain("2 messages manquants\u00a0; les 8 autres messages sont à l’abri.");
  await publish({ url: http.url, topic: "backups" }, letter, shortLimits);
  expect(http.requests[1]?.headers.authorization).toBeUndefined();
});

test("a title is one line of ASCII, whatever it is made of, and comes out whole", () => {
  expect(encodeHeader("mailferry: nightly FAILED")).toBe("mailferry: nightly FAILED");
  for (const title of ["é".repeat(100), "☃😀".repeat(40), "=?utf-8?q?trick?="]) {
    const encoded = encodeHeader(title);
    expect(encoded).toMatch(/^[\x20-\x7e]+$/);
    for (const word of encoded.split(" ")) expect(word.length).toBeLessThanOrEqual(75);
    expect(decodeWords(encoded)).toBe(title);
  }
  expect(encodeHeader("a\r\nX-Evil: 1")).toBe("a X-Evil: 1");
});

test("a webhook gets one document with every job, and the worst in short beside them", async () => {
  await callWebhook(http.url, letter, shortLimits);
  expect(http.requests[0]?.headers["content-type"]).toBe("application/json");
  const totals = { onServer: 10, inArchive: 8, new: 0, missing: 2, kept: 0 };
  const nuit = { event: "failure", job: "nuit", verdict: "incomplete", exit: { code: 0, name: "ok" }, totals };
  expect(JSON.parse(http.requests[0]?.body ?? "")).toMatchObject({ v: 1, ...nuit, host: "nas", jobs: [nuit] });
});

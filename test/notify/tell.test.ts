// What people hear, night after night, of jobs that fail and recover.

import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { moveIdentity } from "../../src/jobs/identity.ts";
import type { NotifyPlan } from "../../src/jobs/job.ts";
import { memoryOf } from "../../src/storage/job-memory.ts";
import { type HttpStage, startHttp } from "../support/http.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { readMail, type SmtpStage, startSmtp } from "../support/smtp.ts";
import { at, didNotRun, identity, planOf, ran, tellAt } from "../support/telling.ts";

let http: HttpStage;
let smtp: SmtpStage;
let state: string;
let plan: NotifyPlan;
beforeEach(async () => {
  [http, smtp] = await Promise.all([startHttp(), startSmtp()]);
  state = temporaryFolder();
  plan = planOf({ webhook: [{ url: http.url }] });
});
afterEach(async () => {
  await Promise.all([http[Symbol.asyncDispose](), smtp[Symbol.asyncDispose]()]);
});

const byMail = () => {
  const server = { host: "127.0.0.1", port: smtp.port, tls: "none" } as const;
  return planOf({ email: { to: ["it@example.org"], from: "nas@example.org", smtp: server } });
};
const subjects = () => smtp.mails.map(({ raw }) => readMail(raw).headers.get("subject"));
const documents = () => http.requests.map(({ body }) => JSON.parse(body));
const events = () =>
  documents().flatMap(({ jobs }) => jobs.map((one: { job: string; event: string }) => `${one.job} ${one.event}`));

test("a failure is told at once, then once a day, and its end once; each time by whoever runs then", async () => {
  const mail = { plan: byMail(), state };
  // Nothing is kept between these calls but what is on the disk.
  await tellAt(at("2026-11-22T02:41"), [ran("nightly", "incomplete")], mail);
  await tellAt(at("2026-11-22T08:41"), [ran("nightly", "incomplete")], mail);
  await tellAt(at("2026-11-22T14:41"), [ran("nightly", "incomplete")], mail);
  expect(subjects()).toEqual(["mailferry: nightly INCOMPLETE, 2 messages missing"]);
  await tellAt(at("2026-11-23T02:39"), [ran("nightly", "incomplete")], mail);
  await tellAt(at("2026-11-23T02:45"), [ran("nightly", "incomplete")], mail);
  await tellAt(at("2026-11-24T02:40"), [ran("nightly", "safe")], mail);
  await tellAt(at("2026-11-25T02:40"), [ran("nightly", "safe")], mail);
  expect(subjects()).toEqual([
    "mailferry: nightly INCOMPLETE, 2 messages missing",
    "mailferry: nightly still INCOMPLETE, 2 messages missing",
    "mailferry: nightly SAFE again",
  ]);
});

test("two jobs that fail in one run are one mail over one connection, which counts the others", async () => {
  const mail = { plan: byMail(), state };
  const jobs = [ran("nightly", "incomplete"), ran("phone", "safe"), ran("rescue", "failed"), ran("photos", "safe")];
  await tellAt(at("2026-11-22T02:41"), jobs, mail);
  expect(subjects()).toEqual(["mailferry: 2 jobs need attention: rescue FAILED, nightly INCOMPLETE"]);
  expect(smtp.connections()).toBe(1);
  const { text } = readMail(smtp.mails[0]?.raw ?? "");
  expect(text).toContain("The other 2 jobs of this run are SAFE.");
  expect(text.indexOf("rescue: FAILED")).toBeLessThan(text.indexOf("nightly: INCOMPLETE"));
});

test("a message that goes out anyway names all that is wrong, and the day of that begins anew", async () => {
  const told = { plan, state };
  await tellAt(at("2026-11-22T02:41"), [ran("one", "failed"), ran("two", "safe")], told);
  await tellAt(at("2026-11-22T12:00"), [ran("one", "failed"), ran("two", "failed")], told);
  await tellAt(at("2026-11-23T02:41"), [ran("one", "failed"), ran("two", "failed")], told);
  expect(events()).toEqual(["one failure", "two failure", "one reminder"]);
  await tellAt(at("2026-11-23T12:00"), [ran("one", "failed"), ran("two", "failed")], told);
  expect(events().slice(3)).toEqual(["one reminder", "two reminder"]);
  expect(http.requests.length).toBe(3);
});

test("nothing is told of jobs that are well, were skipped, or were never said to be ill", async () => {
  const told = { plan, state };
  await tellAt(at("2026-11-22T02:41"), [ran("nightly", "skipped"), ran("phone", "safe")], told);
  await tellAt(at("2026-11-23T02:41"), [ran("nightly", "safe"), ran("phone", "safe")], told);
  expect(http.requests).toEqual([]);
  expect(readdirSync(state)).toEqual([]);
});

test("a skipped run neither ends a failure nor hides it", async () => {
  const told = { plan, state };
  await tellAt(at("2026-11-22T02:41"), [ran("nightly", "failed")], told);
  await tellAt(at("2026-11-23T02:41"), [ran("nightly", "skipped")], told);
  await tellAt(at("2026-11-24T02:41"), [ran("nightly", "failed")], told);
  await tellAt(at("2026-11-25T02:41"), [ran("nightly", "safe")], told);
  expect(events()).toEqual(["nightly failure", "nightly reminder", "nightly recovered"]);
  expect(documents()[2]).toMatchObject({ event: "recovered", since: "2026-11-22T02:30:12.000Z" });
});

test("a job that did not run is told once a day, and its first good run is its end", async () => {
  const told = { plan, state };
  await tellAt(at("2026-11-20T12:00"), [ran("other", "safe"), didNotRun("weekly")], told);
  await tellAt(at("2026-11-20T13:00"), [ran("other", "safe"), didNotRun("weekly")], told);
  await tellAt(at("2026-11-21T12:00"), [ran("other", "safe"), didNotRun("weekly")], told);
  await tellAt(at("2026-11-21T13:00"), [ran("weekly", "safe")], told);
  expect(events()).toEqual(["weekly overdue", "weekly reminder", "weekly recovered"]);
  expect(documents()[0]).toMatchObject({ job: "weekly", verdict: "overdue", lastSuccess: "2026-11-19T02:41:00.000Z" });
});

test("a channel that was down is told the next time, and the other not twice", async () => {
  const both = { plan: { ...byMail(), webhook: plan.webhook }, state };
  http.answer = (_, response) => response.writeHead(503).end();
  const outcomes = await tellAt(at("2026-11-22T02:41"), [ran("nightly", "failed")], both);
  expect(outcomes.map(({ channel, isDelivered }) => `${channel} ${isDelivered}`).sort()).toEqual([
    "email true",
    "webhook false",
  ]);
  expect(http.requests.length).toBe(2);
  http.answer = (_, response) => response.end();
  await tellAt(at("2026-11-22T03:41"), [ran("nightly", "failed")], both);
  expect([http.requests.length, smtp.mails.length]).toEqual([3, 1]);

  http.answer = (_, response) => response.writeHead(503).end();
  await tellAt(at("2026-11-22T04:41"), [ran("nightly", "safe")], both);
  http.answer = (_, response) => response.end();
  await tellAt(at("2026-11-22T05:41"), [ran("nightly", "safe")], both);
  await tellAt(at("2026-11-22T06:41"), [ran("nightly", "safe")], both);
  expect(events().slice(2)).toEqual(["nightly failure", "nightly recovered", "nightly recovered", "nightly recovered"]);
  expect(subjects()).toEqual(["mailferry: nightly FAILED, log-in refused", "mailferry: nightly SAFE again"]);
});

test("several processes that see the same at the same time tell it once", async () => {
  const told = { plan, state };
  await Promise.all([1, 2, 3].map(() => tellAt(at("2026-11-22T02:41"), [didNotRun("weekly")], told)));
  expect(events()).toEqual(["weekly overdue"]);
  expect(readdirSync(state)).toEqual(["jobs"]);
});

test("what is remembered is private and small, and if it is gone or spoilt, told once more", async () => {
  const told = { plan, state };
  await tellAt(at("2026-11-22T02:41"), [ran("nightly", "failed")], told);
  const path = join(memoryOf(state, moveIdentity(identity("nightly"))), "notify.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8").length).toBeLessThan(400);
  expect(readFileSync(path, "utf8")).not.toContain(http.url);
  for (const spoil of [() => writeFileSync(path, '{"told": 7'), () => writeFileSync(path, "{}"), () => rmSync(path)]) {
    spoil();
    await tellAt(at("2026-11-22T03:41"), [ran("nightly", "failed")], told);
    await tellAt(at("2026-11-22T04:41"), [ran("nightly", "failed")], told);
  }
  expect(http.requests.length).toBe(4);
});

test("where nothing can be remembered, it is told all the same, and said", async () => {
  const blocked = join(state, "a-file");
  writeFileSync(blocked, "");
  chmodSync(blocked, 0o600);
  const telling = tellAt(at("2026-11-22T02:41"), [ran("nightly", "failed")], { plan, state: join(blocked, "state") });
  await expect(telling).rejects.toMatchObject({ name: "MailferryError", code: "D502" });
  expect(events()).toEqual(["nightly failure"]);
});

test("thousands of failures and mailboxes make a message of bounded size", async () => {
  const mailboxes = Array.from({ length: 3_000 }, (_, index) => `M${index}`);
  const many = ran("nightly", "incomplete", {
    mailboxes: mailboxes.map((name) => ({
      path: [name],
      onServer: 2,
      inArchive: 1,
      missing: 1,
      new: 0,
      kept: 0,
      filtered: 0,
    })),
    failures: mailboxes.map((name) => ({ code: "M401", mailbox: [name], key: "1", reason: "x".repeat(5_000) })),
  });
  await tellAt(at("2026-11-22T02:41"), [many], { plan: { ...byMail(), webhook: plan.webhook }, state });
  const mail = readMail(smtp.mails[0]?.raw ?? "");
  expect((smtp.mails[0]?.raw ?? "").length).toBeLessThan(100_000);
  expect(mail.text).toMatch(/Total +6,000 +3,000 +3,000/);
  expect(mail.text).toContain("and 2,980 more");
  expect((http.requests[0]?.body ?? "").length).toBeLessThan(50_000);
  expect(documents()[0].jobs[0]).toMatchObject({ failureCount: 3_000 });
});

test("mail that is safe while something else of the job failed is told of: nobody would hear of it otherwise", async () => {
  const mail = { plan: byMail(), state };
  const notice = { code: "C702", mailbox: [], reason: 'after: "rclone" failed with exit code 1' };
  const failed = { exit: { code: 5, name: "temporary" }, notices: [notice] };
  await tellAt(at("2026-11-22T02:41"), [ran("nightly", "safe", failed)], mail);
  await tellAt(at("2026-11-23T02:41"), [ran("nightly", "safe")], mail);
  expect(subjects()).toEqual([
    "mailferry: nightly INCOMPLETE, command of the job failed",
    expect.stringContaining("SAFE again"),
  ]);
  expect(smtp.mails[0]?.raw.toString()).toContain("rclone");
});

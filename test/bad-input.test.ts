// What users get wrong and what servers get wrong: each said with its own code, before any harm.

import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { runJobs } from "../src/index.ts";
import type { JobEvent, JobReport, RunReport } from "../src/jobs/events.ts";
import { makeCertificate, makeExpiredCertificate } from "./support/certificates.ts";
import { lastLine, parseDocument } from "./support/desk.ts";
import { hostile, onlyJob, steersTerminals, unwrapped } from "./support/hostile.ts";
import { type JobEntry, openJobs, password } from "./support/job-file.ts";
import { accountOn, jobTo, temporaryFolder } from "./support/jobs.ts";

const protocols = ["imap", "pop3"] as const;
type Protocol = (typeof protocols)[number];

const logIns = (log: readonly string[]) => log.filter((line) => /\b(LOGIN|AUTHENTICATE|AUTH|PASS|APOP)\b/i.test(line));

type AnyServer = ImapServer | Pop3Server;

interface Wanted {
  readonly tls?: { readonly mode: "implicit" | "starttls"; readonly key: string; readonly cert: string };
  readonly refuse?: { readonly command: RegExp; readonly words: string };
}

/** The demo's mail, on a server that may refuse some commands. */
function serve(protocol: Protocol, { tls, refuse }: Wanted = {}): Promise<AnyServer> {
  const options = { store: createDemoStore("ada", password), ...(tls === undefined ? {} : { tls }) };
  const refusal = (command: string, start: string) =>
    refuse?.command.test(command) ? { reply: `${start} ${refuse.words}\r\n` } : undefined;
  return protocol === "imap"
    ? startImapServer({ ...options, script: { onCommand: ({ name, tag }) => refusal(name, `${tag} NO`) } })
    : startPop3Server({ ...options, script: { onCommand: (command) => refusal(command, "-ERR") } });
}

const opened: AnyServer[] = [];
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));

async function refuseLogIn(protocol: Protocol, words: string): Promise<AnyServer> {
  const refuse = { command: /^(LOGIN|AUTHENTICATE|AUTH|PASS)\b/, words };
  const server = await serve(protocol, { refuse });
  opened.push(server);
  return server;
}

describe.each(protocols)("a log-in that the %s server refuses", (protocol) => {
  test("is tried once and ends with 4, nothing done, the server's words in quotes", async () => {
    const server = await refuseLogIn(protocol, "No such luck, Ada");
    const { mailferry, cwd } = openJobs(
      { job: { protocol, port: server.port } },
      { retry: { attempts: 5, maxWait: "1ms" } },
    );
    const { code, stdout } = await mailferry("run");
    expect(code).toBe(4);
    expect(stdout).toContain("MF-A201\n");
    expect(unwrapped(stdout)).toMatch(/"[^"]*No such luck, Ada"/);
    expect(stdout).toContain("Nothing was changed, nothing was lost.");
    expect(lastLine(stdout)).toMatch(/^FAILED: nothing was copied\. Put the log-in right/);
    expect(logIns(server.log), server.log.join("\n")).toHaveLength(1);
    expect(readdirSync(join(cwd, "job", "ledger"))).toEqual([]);
  });

  test("can't steer a terminal or flood it with its words", async () => {
    // A POP3 status line of more than 8192 octets is none.
    const server = await refuseLogIn(protocol, `${hostile} ${"A".repeat(protocol === "imap" ? 10_000 : 8_000)}`);
    const { mailferry } = openJobs({ job: { protocol, port: server.port } });
    for (const flags of [["-v"], ["--json", "--events"], ["--events"]]) {
      const { code, stdout, stderr } = await mailferry("run", ...flags);
      expect(code, stdout).toBe(4);
      expect(stdout).not.toMatch(steersTerminals);
      expect(stderr).not.toMatch(steersTerminals);
      expect(stdout).toContain("owned");
      expect(stdout.length + stderr.length).toBeLessThan(6_000);
      // Whoever reads the document may print what is in it.
      if (flags.includes("-v")) continue;
      const [last = ""] = stdout.trimEnd().split("\n").slice(-1);
      expect(onlyJob(`${last}\n`).error?.message).not.toMatch(steersTerminals);
    }
    expect(logIns(server.log)).toHaveLength(3);
  });
});

test("a POP3 refusal of endless length ends the session, and nobody tries the password again", async () => {
  const server = await refuseLogIn("pop3", "A".repeat(100_000));
  const { mailferry } = openJobs(
    { job: { protocol: "pop3", port: server.port } },
    { retry: { attempts: 5, maxWait: "1ms" } },
  );
  const { code, stdout } = await mailferry("run", "--json");
  expect([code, onlyJob(stdout).error?.code]).toEqual([5, "N307"]);
  expect(stdout.length).toBeLessThan(2_000);
  expect(logIns(server.log)).toHaveLength(1);
});

test.each(protocols)(
  "of several jobs with one %s account only the first tries a password that is wrong",
  async (protocol) => {
    const server = await refuseLogIn(protocol, "no");
    const from = accountOn({ protocol, port: server.port, user: "ada", password: "wrong" });
    const folder = temporaryFolder();
    const jobs = ["a", "b", "c"].map((name) => jobTo(join(folder, name), "mbox", from, { name }));
    const report = await runJobs(jobs, { concurrency: 4 });
    expect(report.jobs.map(({ exit, error }) => [exit.code, error?.code])).toEqual([
      [4, "A201"],
      [4, "A201"],
      [4, "A201"],
    ]);
    expect(logIns(server.log)).toHaveLength(1);
  },
);

describe.each(protocols)("the way to an %s server", (protocol) => {
  const verb = protocol === "imap" ? "STARTTLS" : "STLS";
  let reports: ReadonlyMap<string, JobReport>;
  let events: JobEvent[];
  let exitCode: number | null;
  let servers: ReadonlyMap<string, AnyServer>;

  // All in one run, each with a server and an archive of its own.
  beforeAll(async () => {
    const [good, elsewhere, expired] = await Promise.all([
      makeCertificate(),
      makeCertificate("mail.example.org"),
      makeExpiredCertificate(),
    ]);
    const started = new Map<string, AnyServer>();
    const jobs: Record<string, JobEntry> = {};
    const job = async (name: string, wanted: Wanted, account: Partial<JobEntry>) => {
      const server = await serve(protocol, wanted);
      started.set(name, server);
      jobs[name] = { protocol, port: server.port, ...account };
    };
    const refuse = { command: new RegExp(`^${verb}$`), words: `not today ${hostile}` };
    for (const [tls, suffix] of [
      ["implicit", ""],
      ["starttls", " after the upgrade"],
    ] as const) {
      const pinned = { tls, tlsFingerprint: elsewhere.fingerprint };
      await job(`unknown authority${suffix}`, { tls: { mode: tls, ...good } }, { tls });
      await job(`another name${suffix}`, { tls: { mode: tls, ...elsewhere } }, { tls, tlsCa: "elsewhere.pem" });
      await job(`expired${suffix}`, { tls: { mode: tls, ...expired } }, { tls, tlsCa: "expired.pem" });
      await job(`wrong fingerprint${suffix}`, { tls: { mode: tls, ...good } }, pinned);
      await job(`right authority${suffix}`, { tls: { mode: tls, ...good } }, { tls, tlsCa: "good.pem" });
      await job(`right fingerprint${suffix}`, { tls: { mode: tls, ...elsewhere } }, pinned);
    }
    await job("plain text where TLS is expected", {}, { tls: "implicit" });
    await job("upgrade not offered", {}, { tls: "starttls" });
    await job("upgrade refused", { tls: { mode: "starttls", ...good }, refuse }, { tls: "starttls" });
    jobs["unknown host"] = { protocol, port: 993, host: "mail.nowhere.invalid", tls: "implicit" };
    jobs["closed port"] = { protocol, port: await closedPort(), tls: "implicit" };
    const { cwd, mailferry } = openJobs(jobs);
    for (const [name, { cert }] of Object.entries({ good, elsewhere, expired })) {
      writeFileSync(join(cwd, `${name}.pem`), cert);
    }
    try {
      const begin = performance.now();
      const result = await mailferry("run", "--all", "--json", "--events");
      expect(performance.now() - begin).toBeLessThan(20_000);
      expect(result.stdout + result.stderr).not.toMatch(steersTerminals);
      const report: RunReport = parseDocument(result.stdout);
      reports = new Map(report.jobs.map((job) => [job.name, job]));
      events = result.stderr
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      exitCode = result.code;
      servers = started;
    } finally {
      await Promise.all([...started.values()].map((server) => server.close()));
    }
  });

  test.each([
    ["unknown host", "N301"],
    ["closed port", "N302"],
    ["plain text where TLS is expected", "N303"],
    ["unknown authority", "N303"],
    ["unknown authority after the upgrade", "N303"],
    ["another name", "N303"],
    ["another name after the upgrade", "N303"],
    ["expired", "N303"],
    ["expired after the upgrade", "N303"],
    ["wrong fingerprint", "N303"],
    ["wrong fingerprint after the upgrade", "N303"],
    ["upgrade not offered", "N306"],
    ["upgrade refused", "N306"],
  ])("%s: %s and 5, and no password on the wire", (name, code) => {
    expect(reports.get(name)).toMatchObject({ verdict: "failed", exit: { code: 5 }, error: { code } });
    const log = servers.get(name)?.log ?? [];
    expect(logIns(log), log.join("\n")).toEqual([]);
    const retries = events.filter((event) => event.type === "retrying" && event.job === name);
    // Only what may pass is tried once more: a certificate won't.
    expect(retries.length).toBeLessThanOrEqual(code === "N301" || code === "N302" ? 1 : 0);
    if (code === "N303" || code === "N306") expect(servers.get(name)?.connections()).toBe(1);
  });

  test("an upgrade that fails is called by its name, and it is said that no password was sent", () => {
    for (const name of ["upgrade not offered", "upgrade refused"]) {
      expect(reports.get(name)?.error?.message).toMatch(new RegExp(`${verb}\\b.*no password was sent$`));
    }
  });

  test.each([
    "right authority",
    "right authority after the upgrade",
    "right fingerprint",
    "right fingerprint after the upgrade",
  ])("%s: safe", (name) => {
    expect(reports.get(name)).toMatchObject({ verdict: "safe", messages: { copied: protocol === "imap" ? 62 : 34 } });
  });

  test("of all of them the worst decides", () => {
    expect(exitCode).toBe(5);
  });
});

/** A port of this machine where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// A password that a server refuses: how often it is tried, by whom, and what is remembered of it.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import type { Account, Job, RunOptions } from "../../src/index.ts";
import { runJobs } from "../../src/index.ts";
import { accountOn, inMemory, jobTo, temporaryFolder } from "../support/jobs.ts";
import { deliver, moveTo } from "../support/moves.ts";

const right = "analytical-engine";

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;
let folder: string;
let state: string;

beforeEach(async () => {
  store = createMailStore("ada", right);
  [imap, pop3] = await Promise.all([startImapServer({ store }), startPop3Server({ store })]);
  folder = temporaryFolder(inMemory);
  state = join(folder, "state");
});
afterEach(() => Promise.all([imap.close(), pop3.close()]));

const servers = () => ({ imap, pop3 });
const protocols = ["imap", "pop3"] as const;

function account(protocol: "imap" | "pop3", password: string, changes: Partial<Account> = {}): Account {
  const { port } = servers()[protocol];
  const secretPlace = "env PW";
  return accountOn({ protocol, port, user: "ada", password }, { secretPlace, ...changes });
}

function job(name: string, from: Account): Job {
  return jobTo(join(folder, name), "mbox", from, { name, retry: { attempts: 4, maxWaitMs: 0 } });
}

/** Log-ins that were tried. */
const tries = (log: readonly string[]) =>
  log.filter((line) => /\b(LOGIN|AUTHENTICATE|AUTH|PASS|APOP)\b/i.test(line)).length;
const triesOf = (protocol: "imap" | "pop3") => tries(servers()[protocol].log);

async function night(jobs: readonly Job[], options: Partial<RunOptions> = {}) {
  const report = await runJobs(jobs, {
    concurrency: 4,
    stateDirectory: state,
    trigger: "schedule",
    clock: () => new Date("2026-11-22T02:30:00Z"),
    ...options,
  });
  return report.jobs.map(({ exit, error }) => ({ exit: exit.code, code: error?.code, ...error }));
}

/** Of all accounts: one file for each run that was refused. */
function remembered(): string[] {
  const accounts = join(state, "accounts");
  if (!existsSync(accounts)) return [];
  return readdirSync(accounts, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
}

describe.each(protocols)("a refused password of an %s account", (protocol) => {
  const wrong = () => account(protocol, "wrong");

  test("is tried once a run, whatever jobs want it, and in the fourth run not at all", async () => {
    const jobs = ["a", "b", "c"].map((name) => job(name, wrong()));
    for (const tried of [1, 2, 3]) {
      expect((await night(jobs)).map(({ exit, code }) => [exit, code])).toEqual([
        [4, "A201"],
        [4, "A201"],
        [4, "A201"],
      ]);
      expect([triesOf(protocol), remembered().length]).toEqual([tried, tried]);
    }
    const connections = servers()[protocol].connections();
    for (const one of [...(await night(jobs)), ...(await night(jobs, { trigger: "person" }))]) {
      expect(one).toMatchObject({ exit: 4, code: "A201" });
      expect(one.message).toContain(
        "no log-in was tried for ada@127.0.0.1: the server has refused it in 3 runs in a row",
      );
      expect(one.message).toContain("(MF-A201, the last on 2026-11-22)");
      expect(one.remedy).toContain("at a terminal or with --yes: mailferry run JOB");
    }
    expect([triesOf(protocol), servers()[protocol].connections()]).toEqual([3, connections]);
  });

  test("says with the third refusal that no run tries it any more", async () => {
    const remedies = [];
    for (let run = 0; run < 3; run += 1) remedies.push((await night([job("a", wrong())]))[0]?.remedy);
    expect(remedies.map((remedy) => remedy?.includes("no run tries it any more unless a person starts it"))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("is tried once more when a person says so, and is no better for being refused again", async () => {
    for (let run = 0; run < 4; run += 1) await night([job("a", wrong())]);
    expect(triesOf(protocol)).toBe(3);
    const [refused] = await night([job("a", wrong()), job("b", wrong())], { confirmed: true });
    expect(refused?.remedy).toContain("It was the refusal of run 4 in a row");
    expect(triesOf(protocol)).toBe(4);
    await night([job("a", wrong())]);
    expect(triesOf(protocol)).toBe(4);
  });

  test("is forgotten with the first log-in that is granted", async () => {
    for (let run = 0; run < 3; run += 1) await night([job("a", wrong())]);
    expect(await night([job("a", account(protocol, right))], { confirmed: true })).toEqual([
      { exit: 0, code: undefined },
    ]);
    expect(remembered()).toEqual([]);
    await night([job("a", wrong())]);
    expect(remembered()).toHaveLength(1);
  });

  test("counts anew for another user, port or way to log in, and for another reference to the password", async () => {
    for (let run = 0; run < 3; run += 1) await night([job("a", wrong())]);
    const auth = protocol === "imap" ? "login" : "plain";
    for (const changes of [{ user: "bob" }, { secretPlace: "file /run/secrets/ada" }, { auth } as const]) {
      const before = triesOf(protocol);
      await night([jobTo(join(folder, Object.keys(changes).join()), "mbox", account(protocol, "wrong", changes))]);
      expect(triesOf(protocol), JSON.stringify(changes)).toBe(before + 1);
    }
  });

  test("is counted for each entry by itself, where an account has two, and none of them is tried for ever", async () => {
    for (let run = 0; run < 5; run += 1) {
      await night([job("a", wrong())]);
      await night([job("b", account(protocol, "wrong", { secretPlace: "env OTHER" }))]);
    }
    expect(triesOf(protocol)).toBe(6);
    // Entries come and go; what is kept of them does not grow.
    for (let run = 0; run < 15; run += 1) {
      await night([job("c", account(protocol, "wrong", { secretPlace: `env PW${run}` }))]);
    }
    expect(remembered().length).toBeLessThan(15);
  });

  test("leaves nothing of itself behind, and what it leaves only its owner can read", async () => {
    await night([job("a", wrong())]);
    const [name = ""] = remembered();
    const path = join(state, "accounts", name);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      v: 1,
      at: "2026-11-22T02:30:00.000Z",
      code: "A201",
      entry: { auth: "auto", secret: "env PW" },
    });
  });

  test("what is remembered and can't be read counts for nothing, and is said", async () => {
    for (let run = 0; run < 3; run += 1) await night([job("a", wrong())]);
    for (const [index, text] of ["", "{}", `{"v":1,"at":"x"}`].entries()) {
      writeFileSync(join(state, "accounts", remembered()[index] ?? ""), text);
    }
    const { jobs } = await runJobs([job("a", wrong())], { concurrency: 1, stateDirectory: state });
    expect(jobs[0]?.notices).toEqual([
      { code: "D502", mailbox: [], reason: expect.stringContaining("can't be read; they are counted anew") },
    ]);
    expect([triesOf(protocol), remembered().length]).toEqual([4, 1]);
  });

  test("where nothing can be remembered, the run says so and ends as ever", async () => {
    mkdirSync(state);
    writeFileSync(join(state, "accounts"), "no folder");
    const { jobs } = await runJobs([job("a", wrong())], { concurrency: 1, stateDirectory: state });
    expect(jobs[0]).toMatchObject({ exit: { code: 4 }, error: { code: "A201" } });
    expect(jobs[0]?.notices?.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
      expect.stringMatching(/^D502 what is remembered of log-ins: .*accounts/),
      expect.stringMatching(/^D502 that the log-in was refused could not be remembered: .*accounts/),
    ]);
  });

  test("without a state directory it is tried once a run, and nothing is remembered", async () => {
    for (let run = 0; run < 4; run += 1)
      await night([job("a", wrong())], { stateDirectory: undefined, trigger: undefined });
    expect([triesOf(protocol), existsSync(state)]).toEqual([4, false]);
  });
});

test("a server that says good-bye to a wrong password hears it once a run, as one that says no", async () => {
  imap.script.onCommand = ({ name }) =>
    name === "AUTHENTICATE" ? { reply: "* BYE [ALERT] Authentication failed, go away\r\n", next: "drop" } : undefined;
  for (let run = 0; run < 4; run += 1) {
    expect(await night([job("a", account("imap", "wrong"))])).toMatchObject([{ exit: 4, code: "A201" }]);
  }
  expect([triesOf("imap"), remembered().length]).toEqual([3, 3]);
});

describe("what is no refusal", () => {
  const words = [
    ["imap", "NO [UNAVAILABLE] Temporary authentication failure", "N304"],
    ["imap", "NO [INUSE] locked", "N304"],
    ["imap", "NO [LIMIT] Too many connections", "N304"],
    ["pop3", "-ERR [IN-USE] locked", "N305"],
    ["pop3", "-ERR [LOGIN-DELAY] slowly", "N305"],
    ["pop3", "-ERR [SYS/TEMP] later", "N302"],
  ] as const;

  test.each(words)("%s: %s", async (protocol, reply, code) => {
    imap.script.onCommand = ({ name, tag }) => (name === "AUTHENTICATE" ? { reply: `${tag} ${reply}\r\n` } : undefined);
    pop3.script.onCommand = (line) => (line.startsWith("AUTH") ? { reply: `${reply}\r\n` } : undefined);
    const patient = { ...job("a", account(protocol, right)), retry: { attempts: 2, maxWaitMs: 0 } };
    for (let run = 0; run < 4; run += 1) expect(await night([patient])).toMatchObject([{ exit: 5, code }]);
    expect(remembered()).toEqual([]);
  });

  test("a password that can't be had, and a server that takes none", async () => {
    const secret = () => Promise.reject(new Error("no such file"));
    for (let run = 0; run < 4; run += 1) await night([job("a", account("imap", right, { secret }))]);
    await imap.close();
    imap = await startImapServer({ store, capabilities: ["IMAP4rev1", "LOGINDISABLED", "AUTH=XOAUTH2"] });
    for (let run = 0; run < 4; run += 1)
      expect((await night([job("b", account("imap", right))]))[0]?.code).toBe("A203");
    expect(remembered()).toEqual([]);
  });

  test("one connection more than the server allows, whatever it calls that", async () => {
    for (const name of ["a", "b", "c"]) deliver(store, [name], "one", "two", "three");
    let granted = 0;
    imap.script.onCommand = ({ name, tag }) => {
      if (name !== "AUTHENTICATE") return undefined;
      granted += 1;
      return granted > 1 ? { reply: `${tag} NO [AUTHENTICATIONFAILED] one is enough\r\n` } : undefined;
    };
    expect(await night([job("a", account("imap", right))])).toEqual([{ exit: 0, code: undefined }]);
    expect(granted).toBeGreaterThan(1);
    expect(remembered()).toEqual([]);
  });
});

test("a password that is changed while a run is at work is tried once more, and not by the jobs that wait", async () => {
  deliver(store, ["a"], "one");
  let lastOfOld = Number.POSITIVE_INFINITY;
  imap.script.onCommand = ({ name, connection }) => {
    if (name === "EXAMINE" && lastOfOld === Number.POSITIVE_INFINITY) {
      store.password = "another";
      lastOfOld = imap.connections();
    }
    return lastOfOld !== Number.POSITIVE_INFINITY && connection <= lastOfOld ? "drop" : undefined;
  };
  const jobs = ["one", "two"].map((name) => job(name, account("imap", right, { connections: 1 })));
  expect(await night(jobs, { concurrency: 1 })).toMatchObject([
    { exit: 4, code: "A201" },
    { exit: 4, code: "A201" },
  ]);
  expect([triesOf("imap"), remembered().length]).toEqual([2, 1]);
});

test("a target that refuses pauses, and the source is as good as ever", async () => {
  const targetStore = createMailStore("ada", "other");
  const target = await startImapServer({ store: targetStore });
  try {
    deliver(store, ["INBOX"], "one");
    const to = accountOn({ protocol: "imap", port: target.port, user: "ada", password: "wrong" });
    const move = moveTo(to, account("imap", right));
    for (let run = 0; run < 5; run += 1) expect(await night([move])).toMatchObject([{ exit: 4, code: "A201" }]);
    expect([tries(target.log), triesOf("imap")]).toEqual([3, 5]);
    expect(await night([job("archive", account("imap", right))])).toEqual([{ exit: 0, code: undefined }]);
  } finally {
    await target.close();
  }
});

test("runs at the same time, each in a process of its own, all count", async () => {
  await Promise.all([1, 2, 3].map((run) => night([job(`job-${run}`, account("imap", "wrong"))])));
  expect([triesOf("imap"), remembered().length]).toEqual([3, 3]);
  await night([job("a", account("imap", "wrong"))]);
  expect(triesOf("imap")).toBe(3);
});

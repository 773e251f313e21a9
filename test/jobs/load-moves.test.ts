// Job files that move mail into accounts, or read it from this machine.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeJobFile } from "../../src/jobs/describe.ts";
import type { Job } from "../../src/jobs/job.ts";
import { type LoadOptions, parseJobFile } from "../../src/jobs/load.ts";
import { formatMistake, JobFileError } from "../../src/jobs/mistakes.ts";

const accounts = `version: 1
accounts:
  old: { protocol: imap, host: imap.example.org, user: ada, password: { env: OLD } }
  new: { protocol: imap, host: imap.example.net, user: ada, password: { env: NEW } }
  pop: { protocol: pop3, host: pop.example.org, user: ada, password: { env: POP } }
`;

/** A file with these jobs, each a flow mapping without its name; they begin on line 7 at column 15. */
function fileOf(...jobs: readonly string[]): string {
  return `${accounts}jobs:\n${jobs.map((job, index) => `  - { name: ${"abcdef"[index]}, ${job} }\n`).join("")}`;
}

async function mistakesOf(text: string, baseDir = "/base"): Promise<string[]> {
  const error = await parseJobFile(text, "jobs.yaml", {}, { baseDir }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return [];
  if (!(error instanceof JobFileError)) throw error;
  return error.mistakes.map((mistake) => formatMistake("jobs.yaml", mistake).replace(/^jobs\.yaml:/, ""));
}

async function load(job: string, options: LoadOptions = {}): Promise<Job> {
  const { jobs } = await parseJobFile(fileOf(job), "jobs.yaml", {}, { baseDir: "/base", ...options });
  if (jobs[0] === undefined) throw new Error("a job file without jobs was loaded");
  return jobs[0];
}

const move = "from: old, to: { account: new }";

describe("a target", () => {
  test.each([
    ["{}", "7:31  jobs[0].to: no target is named here; use { archive: PATH, format: mbox } or { account: NAME }"],
    ["new", '7:31  jobs[0].to: expected { archive: PATH, format: mbox } or { account: NAME }, got "new"'],
    ["[new]", "7:31  jobs[0].to: expected { archive: PATH, format: mbox } or { account: NAME }, got a list"],
    ["{ archive: x }", "7:31  jobs[0].to.format: this key is missing; an archive is written as mbox or as maildir"],
    ["{ format: mbox }", "7:31  jobs[0].to.archive: this key is missing; name the archive's folder"],
    ["{ under: R }", "7:31  jobs[0].to.account: this key is missing; under needs the name of an account"],
    ["{ keepRefused: r }", "7:31  jobs[0].to.account: this key is missing; keepRefused needs the name of an account"],
    [
      "{ archive: x, format: mbox, account: new }",
      "7:68  jobs[0].to.account: a job has one target; remove account, or archive and format",
    ],
    [
      "{ under: R, account: new, archive: x }",
      "7:52  jobs[0].to.account: a job has one target; remove account, under, or archive",
    ],
    [
      "{ archive: x, format: mbox, under: R }",
      "7:66  jobs[0].to.under: under is for a target that is an account; remove it",
    ],
    [
      "{ archive: x, format: mbox, keepRefused: r }",
      "7:72  jobs[0].to.keepRefused: keepRefused is for a target that is an account; remove it",
    ],
    ["{ account: new, format: mbox }", "7:55  jobs[0].to.format: format is for a target that is an archive; remove it"],
    ["{ acount: new }", '7:33  jobs[0].to.acount: unknown key "acount"; did you mean "account"?'],
    [
      "{ maildir: x }",
      "7:33  jobs[0].to.maildir: a job does not write a plain maildir; use { archive: PATH, format: maildir }, whose mail is one",
    ],
    [
      "{ mbox: x }",
      "7:33  jobs[0].to.mbox: a job does not write a plain mbox; use { archive: PATH, format: mbox }, whose mail is one",
    ],
    ["{ account: 2024 }", "7:42  jobs[0].to.account: expected text, got 2024 (put it in quotes)"],
    ["{ account: nwe }", '7:42  jobs[0].to.account: there is no account "nwe"; did you mean "new"?'],
    ['{ account: "\\e[2J" }', '7:42  jobs[0].to.account: there is no account "\\x1b[2J"; did you mean'],
    [
      "{ account: pop }",
      "7:42  jobs[0].to.account: mail can't be put into a POP3 account; name an imap account, or use { archive: PATH, format: mbox }",
    ],
    [
      "{ account: new, under: A//B }",
      '7:54  jobs[0].to.under: "A//B" is not a mailbox: a name is missing before, after or between slashes',
    ],
    ["{ account: new, under: /A }", '7:54  jobs[0].to.under: "/A" is not a mailbox: a name is missing'],
    ['{ account: new, under: "" }', '7:54  jobs[0].to.under: "" is not a mailbox: a name is missing'],
    ['{ account: new, under: "A/**" }', '7:54  jobs[0].to.under: "A/**" is not a mailbox: * has no meaning here'],
    ["{ account: new, under: [A] }", "7:54  jobs[0].to.under: expected text, got a list"],
    ['{ account: new, keepRefused: "" }', '7:60  jobs[0].to.keepRefused: "" is not a path'],
  ])("%s is a mistake", async (to, mistake) => {
    const found = await mistakesOf(fileOf(`from: old, to: ${to}`));
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(mistake.replace(/; did you mean$/, "")), found[0]).toBe(true);
  });

  test("that is an account is the account itself, redirected like any other", async () => {
    const text = fileOf(move);
    const redirect: LoadOptions["redirect"] = (name, account) => ({ ...account, host: `${name}.test` });
    const loaded = await parseJobFile(text, "jobs.yaml", { NEW: "late" }, { redirect });
    const [job] = loaded.jobs;
    expect(job?.from).toBe(loaded.accounts.get("old")?.account);
    if (job === undefined || !("account" in job.to)) throw new Error("the target is no account");
    expect(job.to.account).toBe(loaded.accounts.get("new")?.account);
    expect(job.to.account.host).toBe("new.test");
    expect(await job.to.account.secret()).toBe("late");
  });

  test("that is an account may have a mailbox that all go below, and a folder for what it refuses", async () => {
    expect((await load(move)).to).toMatchObject({ under: [], keepRefused: undefined });
    const full = "from: old, to: { account: new, under: Restored/Été 2026, keepRefused: ~/refused }";
    expect((await load(full)).to).toMatchObject({
      under: ["Restored", "Été 2026"],
      keepRefused: join(homedir(), "refused"),
    });
    expect((await load("from: old, to: { account: new, keepRefused: r }")).to).toMatchObject({
      keepRefused: "/base/r",
    });
  });

  test("that is an account may go unverified, for what it got is read back in any case", async () => {
    expect(await load(`${move}, verify: never`)).toMatchObject({ verify: "never" });
  });

  test("that is an account decides by special uses, unless told not to", async () => {
    expect((await load(move)).mailboxes.specialUse).toBe(true);
    expect((await load(`${move}, mailboxes: { specialUse: true }`)).mailboxes.specialUse).toBe(true);
    expect((await load(`${move}, mailboxes: { specialUse: false }`)).mailboxes.specialUse).toBe(false);
  });

  test.each(["true", "false"])("that is an archive knows no special uses (%s)", async (value) => {
    const archived = "from: old, to: { archive: x, format: mbox }";
    expect((await load(archived)).mailboxes.specialUse).toBe(undefined);
    expect(await mistakesOf(fileOf(`${archived}, mailboxes: { specialUse: ${value} }`))).toEqual([
      "7:86  jobs[0].mailboxes.specialUse: special uses decide only where the target is an account; remove this key, or use map",
    ]);
  });
});

describe("a source", () => {
  const wanted = "use the name of an account, { archive: PATH }, { mbox: PATH } or { maildir: PATH }";

  test.each([
    ["{}", `no source is named here; ${wanted}`],
    ["[old]", `expected a source, got a list; ${wanted}`],
    ["null", `expected a source, got nothing; ${wanted}`],
    ["2024", "expected the name of an account, got 2024 (put it in quotes)"],
    ["{ account: old }", 'an account as a source is its name alone: from: "old"'],
    ["{ account: [old] }", "an account as a source is its name alone: from: NAME"],
    ["{ mbox: x, maildir: y }", "a job has one source; keep one of mbox, maildir"],
    ["{ archiv: x }", 'unknown key "archiv"; did you mean "archive"?'],
    ["{ archive: x, format: mbox }", `unknown key "format"; ${wanted}`],
    ["{ mbox: [x] }", "mbox takes a path, got a list"],
    ["./mail", `there is no account "./mail"; mail on this machine is { archive: PATH }, { mbox: PATH } or`],
    ["odl", 'there is no account "odl"; did you mean "old"?'],
  ])("%s is a mistake", async (from, mistake) => {
    const found = await mistakesOf(fileOf(`from: ${from}, to: { account: new }`));
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(`7:22  jobs[0].from: ${mistake}`), found[0]).toBe(true);
  });

  test("an empty path is shown at its key", async () => {
    expect(await mistakesOf(fileOf('from: { archive: "" }, to: { account: new }'))).toEqual([
      '7:33  jobs[0].from.archive: "" is not a path',
    ]);
  });

  test.each(["archive", "mbox", "maildir"])("may be an %s on this machine", async (kind) => {
    expect((await load(`from: { ${kind}: ./x/../y }, to: { account: new }`)).from).toEqual({ [kind]: "/base/y" });
    expect((await load(`from: { ${kind}: ~/y }, to: { account: new }`)).from).toEqual({ [kind]: join(homedir(), "y") });
    expect(await load(`from: { ${kind}: y }, to: { archive: x, format: maildir }`)).toMatchObject({
      from: { [kind]: "/base/y" },
      to: { archive: "/base/x", format: "maildir" },
    });
  });

  test.each(["archive", "mbox", "maildir"])("that is an %s takes every filter", async (kind) => {
    const filter = "{ since: 2015-01-01, before: 2016-01-01, maxSize: 1 MB, unseen: true }";
    const { filter: loaded } = await load(`from: { ${kind}: y }, to: { account: new }, filter: ${filter}`);
    expect(loaded).toMatchObject({ maxSize: 1_000_000, unseen: true });
  });

  test("that is a POP3 account still has neither dates nor flags on its way into an account", async () => {
    expect(await mistakesOf(fileOf("from: pop, to: { account: new }, filter: { unseen: true }"))).toEqual([
      "7:67  jobs[0].filter.unseen: a POP3 server tells neither dates nor flags; remove this key, or use IMAP",
    ]);
  });
});

describe("a job that would copy its own copies is a mistake", () => {
  const same = "each run would copy its own copies; name another account";

  test.each(["", ", under: Restored"])("from an account into the same%s", async (under) => {
    expect(await mistakesOf(fileOf(`from: new, to: { account: new${under} }`))).toEqual([
      `7:42  jobs[0].to.account: the mail comes from this account; ${same}`,
    ]);
  });

  test.each([
    "{ protocol: imap, host: IMAP.example.net, user: ada, password: { env: P } }",
    "{ protocol: imap, host: imap.example.net, port: 993, user: ada, password: { env: P }, auth: plain }",
  ])("from an account into the same under another name: %s", async (other) => {
    const text = fileOf("from: alias, to: { account: new, under: R }").replace("  old:", `  alias: ${other}\n  old:`);
    expect(await mistakesOf(text)).toEqual([
      `8:44  jobs[0].to.account: this is the same account as "alias", under another name; ${same}`,
    ]);
  });

  test.each([
    "{ protocol: imap, host: imap.example.net, user: ida, password: { env: P } }",
    "{ protocol: imap, host: imap.example.net, port: 1993, user: ada, password: { env: P } }",
    "{ protocol: imap, host: imap.example.net, tls: starttls, user: ada, password: { env: P } }",
    "{ protocol: imap, host: example.net, user: ada, password: { env: P } }",
  ])("but not from another account: %s", async (other) => {
    const text = fileOf("from: alias, to: { account: new }").replace("  old:", `  alias: ${other}\n  old:`);
    expect(await mistakesOf(text)).toEqual([]);
  });

  test("from a POP3 account into the same is called by its first reason alone", async () => {
    const found = await mistakesOf(fileOf("from: pop, to: { account: pop }"));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("mail can't be put into a POP3 account");
  });

  test.each([
    ["{ archive: ./x }", "x/../x/", "the job reads its mail here; name another folder"],
    ["{ archive: ~/x }", `${homedir()}/x`, "the job reads its mail here; name another folder"],
    ["{ mbox: mail }", "mail/backup", "this lies in the folder that the job reads; name one outside it"],
    ["{ maildir: x/maildir }", "x", "the mail that the job reads lies in this folder; name another"],
  ])("from %s into the archive %s", async (from, archive, message) => {
    const found = await mistakesOf(fileOf(`from: ${from}, to: { archive: "${archive}", format: mbox }`));
    expect(found.map((line) => line.replace(/^\S+ {2}/, ""))).toEqual([`jobs[0].to.archive: ${message}`]);
  });

  test("but not from a folder whose name begins alike, or from beside", async () => {
    for (const archive of ["mail2", "..mail", "mail/../mail2"]) {
      expect(await mistakesOf(fileOf(`from: { mbox: mail }, to: { archive: ${archive}, format: mbox }`))).toEqual([]);
    }
  });

  test("and refused messages are not kept among those that are read", async () => {
    const to = (folder: string) => fileOf(`from: { maildir: mail }, to: { account: new, keepRefused: ${folder} }`);
    expect(await mistakesOf(to("mail/refused"))).toEqual([
      "7:74  jobs[0].to.keepRefused: this lies in the folder that the job reads; name one outside it",
    ]);
    expect(await mistakesOf(to("."))).toEqual([]);
  });
});

describe("among jobs", () => {
  test("one account may be filled from several sources, and one archive put into several accounts", async () => {
    const jobs = [
      move,
      "from: pop, to: { account: new }",
      "from: { archive: x }, to: { account: new, under: Restored }",
      "from: { archive: x }, to: { account: old, under: Restored }",
      "from: old, to: { archive: x, format: mbox }",
    ];
    expect(await mistakesOf(fileOf(...jobs))).toEqual([]);
  });

  test("an archive holds one source", async () => {
    const second = (from: string) =>
      mistakesOf(
        fileOf(
          "from: { mbox: ./mail }, to: { archive: x, format: mbox }",
          `from: ${from}, to: { archive: ./x/, format: mbox }`,
        ),
      );
    for (const from of ["{ maildir: ./mail }", "{ mbox: other }", "old"]) {
      const found = await second(from);
      expect(found.map((line) => line.replace(/^\S+ {2}/, ""))).toEqual([
        'jobs[1].to.archive: "a" puts another source into this archive; an archive holds one source',
      ]);
    }
    expect(await second("{ mbox: mail/. }")).toEqual([]);
  });

  test("two archives that are written with and without ~ are one", async () => {
    const found = await mistakesOf(
      fileOf(
        "from: old, to: { archive: ~/x, format: mbox }",
        `from: new, to: { archive: ${homedir()}/x, format: mbox }`,
      ),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('jobs[1].to.archive: "a" puts another account into this archive');
  });

  test("refused messages have a folder that is no archive", async () => {
    const keeping = "from: old, to: { account: new, keepRefused: ./x }";
    for (const other of ["from: old, to: { archive: x, format: mbox }", "from: { archive: x }, to: { account: new }"]) {
      expect(await mistakesOf(fileOf(other, keeping))).toEqual([
        '8:60  jobs[1].to.keepRefused: this is the archive of "a"; refused messages need a folder of their own',
      ]);
    }
  });
});

test("all mistakes about sources and targets are shown at once", async () => {
  const text = fileOf(
    "from: { mbx: x }, to: { account: nwe, format: mbox }, verify: always",
    "from: odl, to: { account: pop, under: A/ }",
    "from: new, to: { account: new, keepRefused: y }, mailboxes: { map: { A: B/* } }",
    "from: { archive: y }, to: { archive: y, format: mbxo }",
  );
  expect((await mistakesOf(text)).map((line) => line.replace(/^(\d+):\d+ {2}(\S+): .*$/, "$1 $2"))).toEqual([
    "7 jobs[0].from",
    "7 jobs[0].to.account",
    "7 jobs[0].to.format",
    "7 jobs[0].verify",
    "8 jobs[1].from",
    "8 jobs[1].to.account",
    "8 jobs[1].to.under",
    "9 jobs[2].to.account",
    "9 jobs[2].to.keepRefused",
    "9 jobs[2].mailboxes.map.A",
    "10 jobs[3].to.archive",
    "10 jobs[3].to.format",
  ]);
});

test("shown, a move names its accounts, and mail on this machine its path", async () => {
  const text = fileOf(
    "from: old, to: { account: new, under: Restored/2026, keepRefused: r }",
    "from: { mbox: m }, to: { archive: x, format: mbox }",
    "from: { archive: x }, to: { account: old }, mailboxes: { specialUse: false }",
  );
  const env = { OLD: "canary", NEW: "canary" };
  const shown = describeJobFile(await parseJobFile(text, "jobs.yaml", env, { baseDir: "/base" }));
  expect(shown.jobs).toMatchObject([
    {
      from: "old",
      to: { account: "new", under: "Restored/2026", keepRefused: "/base/r" },
      mailboxes: { specialUse: true },
    },
    { from: { mbox: "/base/m" }, to: { archive: "/base/x", format: "mbox" } },
    {
      from: { archive: "/base/x" },
      to: { account: "old", under: null, keepRefused: null },
      mailboxes: { specialUse: false },
    },
  ]);
  expect(JSON.stringify(shown)).not.toContain("canary");
  expect(JSON.stringify(shown)).not.toContain('"specialUse":null');
});

test("the example's put-back is valid once it is no comment any more", async () => {
  const example = new URL("../../jobs.example.yaml", import.meta.url).pathname;
  const text = (await readFile(example, "utf8")).replace(/^ {2}# - name: put-back\n(?: {2}# .*\n)+/m, (block) =>
    block.replace(/^ {2}# /gm, "  "),
  );
  const { jobs } = await parseJobFile(text, example, {}, { baseDir: "/base" });
  expect(jobs.map(({ name }) => name)).toEqual(["rescue", "nightly", "move", "put-back"]);
  expect(jobs[3]).toMatchObject({ from: { archive: "/base/backup/ada" }, to: { under: ["Restored"] } });
});

test("whatever keys a source and a target have, a job that is loaded has one of each", async () => {
  const value = fc.constantFrom("old", "new", "pop", "mbox", "./x", "", null, 7, ["x"]);
  const keysOf = (...keys: string[]) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
  const job = fc.record({
    from: fc.oneof(value, keysOf("archive", "mbox", "maildir", "account")),
    to: keysOf("archive", "format", "account", "under", "keepRefused", "maildir"),
  });
  let loaded = 0;
  await fc.assert(
    fc.asyncProperty(job, async ({ from, to }) => {
      const text = fileOf(`from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)}`);
      const found = await mistakesOf(text);
      const isArchive = "archive" in to && "format" in to && !("account" in to);
      const isAccount = "account" in to && !("archive" in to) && !("format" in to);
      if (!isArchive && !isAccount) expect(found.length, text).toBeGreaterThan(0);
      if (typeof from === "object" && Object.keys(from ?? {}).length !== 1)
        expect(found.join("\n")).toContain("].from");
      if (found.length > 0) return;
      const { jobs } = await parseJobFile(text, "jobs.yaml", {});
      expect(Object.keys(jobs[0]?.to ?? {})).toContain(isArchive ? "archive" : "account");
      loaded += 1;
    }),
    { numRuns: 2000, seed: 1, endOnFailure: true },
  );
  expect(loaded).toBeGreaterThan(0);
});

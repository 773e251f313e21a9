import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Account } from "../../src/account.ts";
import { MailferryError } from "../../src/errors.ts";
import { describeJobFile } from "../../src/jobs/describe.ts";
import { isAccount } from "../../src/jobs/identity.ts";
import type { Job } from "../../src/jobs/job.ts";
import { loadJobFile, parseJobFile } from "../../src/jobs/load.ts";
import { formatMistake, JobFileError } from "../../src/jobs/mistakes.ts";
import { parseDuration, parseSize } from "../../src/jobs/quantities.ts";
import { jobFileJsonSchema } from "../../src/jobs/schema.ts";

const example = new URL("../../jobs.example.yaml", import.meta.url).pathname;

const accounts = `version: 1
accounts:
  old: { protocol: imap, host: imap.example.org, user: ada, password: { env: OLD } }
  pop: { protocol: pop3, host: pop.example.org, user: ada, password: { env: POP } }
`;

/** The mistakes of a text, as they are printed. */
async function mistakesOf(text: string): Promise<string[]> {
  const error = await parseJobFile(text, "jobs.yaml", {}).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return [];
  if (!(error instanceof JobFileError)) throw error;
  return error.mistakes.map((mistake) => formatMistake("jobs.yaml", mistake));
}

/** The mistakes of a job with these lines beside its name, its account and its archive. */
function mistakesOfJob(lines: string, from = "old"): Promise<string[]> {
  return mistakesOf(
    `${accounts}jobs:\n  - name: a\n    from: ${from}\n    to: { archive: ./a, format: mbox }\n    ${lines}\n`,
  );
}

/** The mistakes of an IMAP account with these lines beside its protocol, host and user. */
function mistakesOfAccount(lines: string): Promise<string[]> {
  return mistakesOf(`version: 1
accounts:
  old:
    protocol: imap
    host: imap.example.org
    user: ada
    ${lines}
jobs: [{ name: a, from: old, to: { archive: a, format: mbox } }]
`);
}

/** The account that a job's mail comes from. */
function accountOf(job: Job | undefined): Account {
  if (job === undefined || !isAccount(job.from)) throw new Error("this job's mail comes from no account");
  return job.from;
}

describe("mistakes", () => {
  test("all mistakes of a file are shown at once, each with its line and column", async () => {
    const text = [
      "version: 1",
      "accounts:",
      "  old:",
      "    protocol: imapp",
      "    hsot: imap.example.org",
      '    port: "993"',
      "    user: ada",
      "    password: hunter2",
      "\tconnections: 3",
      "  pop:",
      "    protocol: pop3",
      "    host: pop.example.org",
      "    host: pop.example.net",
      "    password: { keychain: ada }",
      "    user: ada",
      "jobs:",
      "  - name: rescue",
      "    from: popp",
      "    to: { archive: ./backup/ada-pop, format: mbxo }",
      "  - from: pop",
      "    to: { archive: ./backup/other, format: mbox }",
      "    filter: { unseen: true }",
      '    schedule: "30 2 * *"',
      "",
    ].join("\n");
    expect(await mistakesOf(text)).toEqual([
      "jobs.yaml:4:5  accounts.old.host: this key is missing",
      'jobs.yaml:4:15  accounts.old.protocol: "imapp" is not one of imap, pop3',
      'jobs.yaml:5:5  accounts.old.hsot: unknown key "hsot"; did you mean "host"?',
      'jobs.yaml:6:11  accounts.old.port: expected a number, got "993"',
      "jobs.yaml:8:15  accounts.old.password: a password is never written here; use { env: NAME }, { file: PATH }, { command: [PROGRAM, ARGUMENT] }, { keyring: NAME } or { credential: NAME }",
      "jobs.yaml:9:1  a tab can't be indentation; use spaces",
      "jobs.yaml:13:5  accounts.pop.host: this key is here twice, first on line 12",
      "jobs.yaml:14:15  accounts.pop.password: not a reference to a password; use { env: NAME }, { file: PATH }, { command: [PROGRAM, ARGUMENT] }, { keyring: NAME } or { credential: NAME }",
      'jobs.yaml:18:11  jobs[0].from: there is no account "popp"; did you mean "pop"?',
      'jobs.yaml:19:46  jobs[0].to.format: "mbxo" is not one of mbox, maildir',
      "jobs.yaml:20:5  jobs[1].name: this key is missing",
      "jobs.yaml:22:23  jobs[1].filter.unseen: a POP3 server tells neither dates nor flags; remove this key, or use IMAP",
      'jobs.yaml:23:15  jobs[1].schedule: "30 2 * *" is not a cron line: minute, hour, day, month, weekday, such as "30 2 * * *" (each night at 02:30)',
    ]);
  });

  test("the example of the manual reads as it does there", async () => {
    const text = `version: 1\naccounts:\n  old: { protocol: imap, host: h, user: ada, password: { env: OLD } }\njobs:\n  - name: a\n    from: old\n    to: { format: mbxo, archive: a }\n`;
    expect(await mistakesOf(text)).toEqual(['jobs.yaml:7:19  jobs[0].to.format: "mbxo" is not one of mbox, maildir']);
  });

  test.each([
    ["two spaces wide", "    \tuser: ada\n      password: { env: A }"],
    ["four spaces wide", "\t  user: ada\n      password: { env: A }"],
    ["six spaces wide", "\tuser: ada\n\tpassword: { env: A }"],
  ])("a tab that stands for indentation %s hides nothing else", async (_, lines) => {
    const text = `version: 1\naccounts:\n  old:\n      protocol: imapp\n      host: h\n${lines}\njobs: [{ name: a, from: old, to: { archive: a, format: mbox } }]\n`;
    const found = await mistakesOf(text);
    expect(found.filter((line) => !line.includes("a tab can't be"))).toEqual([
      'jobs.yaml:4:17  accounts.old.protocol: "imapp" is not one of imap, pop3',
    ]);
    expect(found.length).toBeGreaterThan(1);
  });

  test("a mistake behind a tab has the column of the file, not of the tab's width", async () => {
    const text = `${accounts}jobs:\n  - name: a\n    from: old\n\tto: { archive: a, format: mbxo }\n`;
    expect(await mistakesOf(text)).toEqual([
      "jobs.yaml:8:1  a tab can't be indentation; use spaces",
      'jobs.yaml:8:28  jobs[0].to.format: "mbxo" is not one of mbox, maildir',
    ]);
  });

  test.each([
    ["filter: { since: 2015-02-30 }", 'jobs.yaml:9:22  jobs[0].filter.since: "2015-02-30" is not a date such as'],
    [
      "filter: { since: 2016-01-01, before: 2015-01-01 }",
      "jobs.yaml:9:42  jobs[0].filter.before: must be later than since",
    ],
    ["filter: { maxSize: 25 }", 'jobs.yaml:9:24  jobs[0].filter.maxSize: expected a size such as "25 MB", got 25'],
    ["filter: { unseen: no }", 'jobs.yaml:9:23  jobs[0].filter.unseen: expected true or false, got "no"'],
    ["filter:", "jobs.yaml:9:5  jobs[0].filter: expected a mapping, got nothing"],
    ["verify: always", 'jobs.yaml:9:13  jobs[0].verify: "always" is not one of after, never'],
    ["mailboxes: { include: INBOX }", 'jobs.yaml:9:27  jobs[0].mailboxes.include: expected a list, got "INBOX"'],
    [
      'mailboxes: { exclude: ["\\\\Spam"] }',
      'jobs.yaml:9:28  jobs[0].mailboxes.exclude[0]: "\\Spam" is not one of \\All',
    ],
    ["mailboxes: { include: [a**] }", 'jobs.yaml:9:28  jobs[0].mailboxes.include[0]: "a**" is not a pattern'],
    [
      'mailboxes: { map: { A: "B/**" } }',
      'jobs.yaml:9:28  jobs[0].mailboxes.map.A: "B/**" has **, so its pattern needs',
    ],
    [
      "mailboxes: { specialUse: true }",
      "jobs.yaml:9:30  jobs[0].mailboxes.specialUse: special uses decide only where the target is an account",
    ],
    ["max_wait: 3", 'jobs.yaml:9:5  jobs[0].max_wait: unknown key "max_wait"'],
    ["name: b", "jobs.yaml:9:5  jobs[0].name: this key is here twice, first on line 6"],
    ["constructor: 1", 'jobs.yaml:9:5  jobs[0].constructor: unknown key "constructor"'],
    ["__proto__: { verify: 1 }", "jobs.yaml:9:5  jobs[0]: __proto__ can't be a key or a name"],
    ["<<: { verify: never }", "jobs.yaml:9:5  jobs[0]: merge keys (<<) are not supported"],
    ["verify: *x", "jobs.yaml:9:13  jobs[0].verify: aliases (*) are not supported"],
    ["verify: !!js/function after", "jobs.yaml:9:13  tags (!) are not supported"],
    ["? [a, b]\n    : 1", "jobs.yaml:9:7  jobs[0]: a key is a plain word"],
  ])("job key %s", async (line, mistake) => {
    const found = await mistakesOfJob(line);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(mistake), found[0]).toBe(true);
  });

  test.each([
    ["{ env: P }\n    tls: none", "jobs.yaml:8:10  accounts.old.tls: none sends the password readable"],
    ["{ env: P }\n    auth: apop", "jobs.yaml:8:11  accounts.old.auth: apop is for pop3 accounts"],
    ["{ env: P }\n    auth: xoauth2", "jobs.yaml:8:11  accounts.old.auth: xoauth2 is not supported by this version"],
    ["{ env: P }\n    port: four", 'jobs.yaml:8:11  accounts.old.port: expected a number, got "four"'],
    ["{ env: P }\n    port: 0", "jobs.yaml:8:11  accounts.old.port: must be at least 1, got 0"],
    ["{ env: P }\n    port: 1.5", "jobs.yaml:8:11  accounts.old.port: expected a whole number, got 1.5"],
    ["{ env: P }\n    timeout: 0s", "jobs.yaml:8:14  accounts.old.timeout: must not be zero"],
    ["{ env: P }\n    timeout: 10 minutes", 'jobs.yaml:8:14  accounts.old.timeout: "10 minutes" is not a duration'],
    [
      "{ env: P }\n    tlsFingerprint: SHA1:00",
      'jobs.yaml:8:21  accounts.old.tlsFingerprint: "SHA1:00" is not a fingerprint',
    ],
    [
      "{ env: P }\n    tlsCa: ./nowhere.pem",
      'jobs.yaml:8:12  accounts.old.tlsCa: "./nowhere.pem" can\'t be read (ENOENT)',
    ],
    [
      "{ env: P, user: ada }",
      "jobs.yaml:7:15  accounts.old.password: not a reference to a password; use { env: NAME }",
    ],
    ["{ env: 12 }", "jobs.yaml:7:15  accounts.old.password: not a reference to a password"],
    [
      "{ credential: ../a }",
      "jobs.yaml:7:29  accounts.old.password: credential is a name that systemd knows, never a path",
    ],
    [
      '{ keyring: "" }',
      "jobs.yaml:7:26  accounts.old.password: keyring is the name of an entry in the system's keyring",
    ],
  ])("account key password: %s", async (line, mistake) => {
    const found = await mistakesOfAccount(`password: ${line}`);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(mistake), found[0]).toBe(true);
  });

  test.each(["localhost", "127.0.0.1", "127.8.9.1", '"::1"'])("%s may be spoken to without TLS", async (host) => {
    const text = accounts.replace("host: imap.example.org", `host: ${host}, tls: none`);
    expect(await mistakesOf(`${text}jobs: [{ name: a, from: old, to: { archive: a, format: mbox } }]\n`)).toEqual([]);
  });

  test("any host may be spoken to without TLS if the file says so", async () => {
    expect(await mistakesOfAccount("password: { env: P }\n    tls: none\n    allowInsecure: true")).toEqual([]);
  });

  test.each(["since: 2015-01-01", "before: 2015-01-01", "unseen: false"])(
    "a POP3 account can't be filtered by %s",
    async (filter) => {
      const found = await mistakesOfJob(`filter: { ${filter} }`, "pop");
      expect(found.map((line) => line.replace(/^.*: /, ""))).toEqual([
        "a POP3 server tells neither dates nor flags; remove this key, or use IMAP",
      ]);
      expect(await mistakesOfJob(`filter: { ${filter} }`)).toEqual([]);
    },
  );

  test("a POP3 account can be filtered by size, and what is null is not set", async () => {
    expect(await mistakesOfJob("filter: { since: null, before: null, maxSize: 25MB, unseen: null }", "pop")).toEqual(
      [],
    );
  });

  test("an archive belongs to one account and has one format", async () => {
    const jobs = (second: string) => `${accounts}jobs:
  - { name: a, from: old, to: { archive: ./x, format: mbox } }
  - { name: b, ${second} }
`;
    expect(await mistakesOf(jobs("from: pop, to: { archive: x/../x/, format: mbox }"))).toEqual([
      'jobs.yaml:7:42  jobs[1].to.archive: "a" puts another account into this archive; an archive holds one account',
    ]);
    expect(await mistakesOf(jobs("from: old, to: { archive: x, format: maildir }"))).toEqual([
      'jobs.yaml:7:53  jobs[1].to.format: "a" writes mbox into this archive; an archive has one format',
    ]);
    expect(await mistakesOf(jobs("from: old, to: { archive: x, format: mbox }"))).toEqual([]);
  });

  test("job names are unique", async () => {
    const job = "{ name: a, from: old, to: { archive: x, format: mbox } }";
    expect(await mistakesOf(`${accounts}jobs:\n  - ${job}\n  - ${job}\n`)).toEqual([
      'jobs.yaml:7:13  jobs[1].name: "a" is the name of jobs[0] already',
    ]);
  });

  test("keys of other versions are named, not guessed at", async () => {
    const text = `${accounts}jobs: [{ name: a, from: old, to: { archive: ./x, format: mbox } }]\n`;
    expect(await mistakesOf(text.replace("user: ada", "user: ada, accessToken: x"))).toEqual([
      "jobs.yaml:3:61  accounts.old.accessToken: this key is not supported by this version of mailferry",
    ]);
  });

  test("what goes with a run: each key says what it takes", async () => {
    const job = (keys: string) =>
      `${accounts}jobs: [{ name: a, from: old, to: { archive: x, format: mbox }, ${keys} }]\n`;
    const firsts = async (keys: string) =>
      (await mistakesOf(job(keys))).map((line) => line.replace(/^\S+ +jobs\[0\]\./, ""));
    expect(await firsts('schedule: "0 2 31 2 *"')).toEqual([expect.stringContaining("is not a cron line")]);
    expect(await firsts('schedule: "*/5 * * * * *"')).toEqual([expect.stringContaining("is not a cron line")]);
    expect(await firsts("pack: { as: rar, to: v }")).toEqual(['pack.as: "rar" is not one of zip, tar.gz']);
    expect(await firsts("retention: { keepDaily: 7 }")).toEqual([
      "retention: retention is for packs, and this job makes none; add pack, or remove this key",
    ]);
    expect(await firsts("pack: { as: zip, to: v }, retention: {}")).toEqual([
      expect.stringContaining("says nothing of what is kept"),
    ]);
    expect(await firsts("pack: { as: zip, to: ./x/packs }")).toEqual([
      "pack.to: this lies in the archive; name a folder beside it",
    ]);
    expect(await firsts("hooks: { before: mount /mnt/nas }")).toEqual([
      'hooks.before: expected a program and its arguments, such as [mount, /mnt/nas], got "mount /mnt/nas"',
    ]);
    expect(await firsts("staleAfter: tomorrow")).toEqual([expect.stringContaining("is not a duration")]);
  });

  test("a secret in an address of a notification is not shown", async () => {
    const text = `${accounts}jobs: [{ name: a, from: old, to: { archive: ./x, format: mbox } }]
defaults: { timezone: Europe/Pari }
notify:
  ping: { url: "http://ping.example.org/0d5c-canary" }
  email: { to: [it], smtp: { host: mail.example.org, user: it, tls: none } }
`;
    expect(await mistakesOf(text)).toEqual([
      'jobs.yaml:6:23  defaults.timezone: "Europe/Pari" is not a time zone such as Europe/Paris or UTC',
      "jobs.yaml:8:16  notify.ping.url: is not an address that begins with https:// (or with http:// on this machine)",
      'jobs.yaml:9:17  notify.email.to[0]: "it" is not an address such as it@example.org',
      "jobs.yaml:9:60  notify.email.smtp.user: a user needs a password; add the key password",
      "jobs.yaml:9:69  notify.email.smtp.tls: none sends everything readable; use implicit or starttls",
    ]);
  });

  test("what goes with a run is parsed: paths absolute, defaults filled in, limits in octets and minutes", async () => {
    const text = `${accounts.replace("user: ada", 'user: ada, dailyLimit: 2500 MB, bandwidth: [{ limit: 500 kB, hours: "22:00-06:30" }]')}defaults: { timezone: Europe/Paris, language: fr }
jobs:
  - name: a
    from: old
    to: { archive: ./x, format: mbox }
    schedule: "30 2 * * *"
    pack: { as: zip, to: ../vault }
    retention: { keepLast: 3 }
    when: { pathExists: /mnt/nas }
    staleAfter: 36h
    hooks: { after: [sync, -f, .] }
notify: { email: { to: [it@example.org], smtp: { host: mail.example.org } } }
report: { html: ./reports }
`;
    const file = await parseJobFile(text, "/etc/mail/jobs.yaml", {});
    expect(file).toMatchObject({
      language: "fr",
      report: { html: "/etc/mail/reports" },
      notify: {
        when: new Set(["failure", "overdue", "recovered"]),
        onlyScheduled: true,
        email: { from: "it@example.org", smtp: { port: 465, tls: "implicit" } },
      },
    });
    expect(file.jobs[0]).toMatchObject({
      from: { dailyLimit: 2_500_000_000, bandwidth: [{ limit: 500_000, from: 1320, to: 390 }] },
      schedule: "30 2 * * *",
      timeZone: "Europe/Paris",
      pack: { as: "zip", every: "month", to: "/etc/vault" },
      retention: { keepLast: 3 },
      when: { pathExists: "/mnt/nas" },
      staleAfterMs: 36 * 3_600_000,
      hooks: { after: ["sync", "-f", "."] },
      baseDir: "/etc/mail",
    });
  });

  test("a second document, an empty file and a list are told apart", async () => {
    const whole = `${accounts}jobs: [{ name: a, from: old, to: { archive: a, format: mbox } }]\n`;
    expect(await mistakesOf(`${whole}---\nversion: 1\n`)).toEqual([
      "jobs.yaml:7:1  a second document starts here; a job file is a single one",
    ]);
    expect(await mistakesOf("# nothing\n")).toEqual(["jobs.yaml:1:1  the file is empty"]);
    expect(await mistakesOf("- version: 1\n")).toEqual(["jobs.yaml:1:1  expected a mapping, got a list"]);
  });

  test("where the indentation is lost, nothing is called missing that may only be misplaced", async () => {
    const text = `version: 2\naccounts:\n  old:\n      host: h\n    user: ada\njobs: []\n`;
    expect(await mistakesOf(text)).toEqual([
      "jobs.yaml:1:10  version: expected 1, got 2",
      "jobs.yaml:5:1  this is not indented like the lines around it, or a bracket before it is not closed",
    ]);
  });

  test("a quote that is never closed is shown where it opens, with the mistakes before it", async () => {
    const text = `version: 2\naccounts:\n  old: { protocol: imap }\n  pop:\n    user: "ada\n    host: x\njobs: []\n`;
    expect(await mistakesOf(text)).toEqual([
      "jobs.yaml:1:10  version: expected 1, got 2",
      "jobs.yaml:3:8  accounts.old.host: this key is missing",
      "jobs.yaml:3:8  accounts.old.user: this key is missing",
      "jobs.yaml:3:8  accounts.old.password: this key is missing",
      "jobs.yaml:5:11  a quote, a colon or a bracket is missing here",
    ]);
  });
});

describe("secrets in the file", () => {
  test.each([
    ["password: canary", "as it is"],
    ['password: "canary"', "in quotes"],
    ['password: "canary" more', "with words behind the quotes"],
    ["password: canary: 1", "with a colon"],
    ["password: { canary }", "in braces"],
    ["password: { canary, canary }", "in braces twice"],
    ["password: [canary]", "in brackets"],
    ["password: { env: canary-1 }", "as the name of a variable"],
    ["password: { command: canary }", "as a command"],
    ["password: { plain: canary }", "under a key of its own"],
    ["password: !canary x", "as a tag"],
    ["password: *canary", "as an alias"],
    ["password: &canary {}", "as an anchor"],
    ["password: canary\n    password: canary", "twice"],
    ["pasword: canary", "under a mistyped key"],
    ["\tpassword: canary", "behind a tab"],
    ["password:\n      - canary\n      user: x", "in a broken list"],
    ["password: `canary`", "in backticks"],
    ['password: "canary', "in a quote that is not closed"],
    ["password: '\\canary' '", "in a broken quote"],
    ['password: "\\canary"', "with a backslash"],
  ])("a password written %j is never shown (%s)", async (line) => {
    const found = await mistakesOfAccount(line);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join("\n")).not.toContain("canary");
  });

  test("nor is one that went to the wrong place", async () => {
    expect(
      (await mistakesOf(`version: 1\npassword: canary\naccounts:\n  password: canary\njobs: []\n`)).join("\n"),
    ).not.toContain("canary");
  });
});

describe("what a valid file becomes", () => {
  test("the example is valid, and its accounts and folder can be led elsewhere", async () => {
    const loaded = await parseJobFile(
      await readFile(example, "utf8"),
      example,
      {},
      {
        baseDir: "/elsewhere",
        redirect: (name, account) => ({
          ...account,
          host: "127.0.0.1",
          port: name === "old-pop" ? 1110 : 1143,
          tls: "none",
          secret: async () => "demo",
        }),
      },
    );
    const there = { host: "127.0.0.1", tls: "none" };
    expect(loaded.jobs).toMatchObject([
      { name: "rescue", from: { ...there, port: 1110 }, to: { archive: "/elsewhere/backup/ada-pop", format: "mbox" } },
      { name: "nightly", from: { ...there, port: 1143 }, to: { archive: "/elsewhere/backup/ada", format: "maildir" } },
      {
        name: "move",
        from: { ...there, user: "ada@example.org" },
        to: { account: { ...there, user: "ada@example.net" }, under: [], keepRefused: "/elsewhere/backup/refused" },
      },
    ]);
    expect(await accountOf(loaded.jobs[0]).secret()).toBe("demo");
    expect(loaded.jobs[1]?.mailboxes.exclude).toEqual(["Trash", "Junk/**", "\\Junk"]);
  });

  test("defaults are filled in, words are numbers, and the password is read when it is asked for", async () => {
    const env: NodeJS.ProcessEnv = {};
    const { jobs, concurrency } = await parseJobFile(
      `version: 1
defaults: { connections: 2, timeout: 500ms, retry: { maxWait: 1.5h } }
accounts:
  old: { protocol: pop3, host: h, user: ada, tls: starttls, password: { env: P }, connections: 1 }
jobs:
  - { name: a, from: old, to: { archive: x, format: mbox }, filter: { maxSize: 10 MiB } }
`,
      "/etc/mail/jobs.yaml",
      env,
    );
    const [job] = jobs;
    expect(concurrency).toBe(4);
    expect(job?.from).toMatchObject({ port: 110, timeoutMs: 500, connections: 1, auth: "auto" });
    expect(job?.retry).toEqual({ attempts: 5, maxWaitMs: 5_400_000 });
    expect(job?.to).toEqual({ archive: "/etc/mail/x", format: "mbox" });
    expect(job?.filter).toEqual({ maxSize: 10 * 1024 * 1024 });
    expect(job?.mailboxes).toEqual({ include: ["*"], exclude: [], map: [] });
    env.P = "late";
    expect(await accountOf(job).secret()).toBe("late");
  });

  test.each([
    ["host: mail.example.org", { host: "mail.example.org" }],
    ["host: bücher.example", { host: "xn--bcher-kva.example" }],
    ["host: 2001:db8::1", { host: "2001:db8::1" }],
    [`host: h, tlsFingerprint: "SHA256:${"0a:".repeat(31)}0A"`, { tlsFingerprint: `SHA256:${"0a:".repeat(31)}0A` }],
    [`host: h, tlsFingerprint: "SHA256:${"A".repeat(43)}="`, { tlsFingerprint: `SHA256:${"A".repeat(43)}=` }],
    ["host: h, tls: starttls", { port: 143 }],
    ["host: h, port: 1143", { port: 1143, tls: "implicit" }],
  ])("an account with %s", async (keys, expected) => {
    const text = accounts.replace("host: imap.example.org", keys);
    const { jobs } = await parseJobFile(
      `${text}jobs: [{ name: a, from: old, to: { archive: a, format: mbox } }]\n`,
      "j",
      {},
    );
    expect(jobs[0]?.from).toMatchObject(expected);
  });

  test.each(["imap.example.org:993", "imaps://imap.example.org", "a b", '""', "user@host"])(
    "%s is no host",
    async (host) => {
      const found = await mistakesOf(
        `${accounts.replace("host: imap.example.org", `host: "${host.replaceAll('"', "")}"`)}jobs: [{ name: a, from: old, to: { archive: a, format: mbox } }]\n`,
      );
      expect(found).toHaveLength(1);
      expect(found[0]).toContain("accounts.old.host");
    },
  );

  test("a map keeps the order of the file, even for mailboxes that are numbers", async () => {
    const map = '{ "20*": Years, "2024": Best, a: b, "1": One }';
    const text = `${accounts}jobs:\n  - name: a\n    from: old\n    to: { archive: a, format: mbox }\n    mailboxes: { map: ${map} }\n`;
    const { jobs } = await parseJobFile(text, "jobs.yaml", {});
    expect(jobs[0]?.mailboxes.map.map(([pattern]) => pattern)).toEqual(["20*", "2024", "a", "1"]);
  });

  test("dates are days in UTC, or instants", async () => {
    const filter = "filter: { since: 2015-01-31, before: 2015-02-01T12:00:00+02:00 }";
    const text = `${accounts}jobs:\n  - name: a\n    from: old\n    to: { archive: a, format: mbox }\n    ${filter}\n`;
    const { jobs } = await parseJobFile(text, "jobs.yaml", {});
    expect(jobs[0]?.filter.since?.toISOString()).toBe("2015-01-31T00:00:00.000Z");
    expect(jobs[0]?.filter.before?.toISOString()).toBe("2015-02-01T10:00:00.000Z");
  });

  test.each([
    ["10m", 600_000],
    ["60s", 60_000],
    ["36h", 129_600_000],
    ["500ms", 500],
    ["1.5 h", 5_400_000],
    ["2d", 172_800_000],
    ["10", Number.NaN],
    ["m", Number.NaN],
    ["-1s", Number.NaN],
  ])("the duration %s is %d ms", (text, expected) => expect(parseDuration(text)).toBe(expected));

  test.each([
    ["25MB", 25_000_000],
    ["10 MiB", 10_485_760],
    ["1.5 kB", 1500],
    ["512B", 512],
    ["25", Number.NaN],
    ["25mb", Number.NaN],
  ])("the size %s is %d octets", (text, expected) => expect(parseSize(text)).toBe(expected));

  test("names that objects have of their own are names like others", async () => {
    const text = `version: 1
accounts:
  constructor: { protocol: imap, host: h, user: ada, password: { env: __proto__ } }
  toString: { protocol: imap, host: h, user: ada, password: { env: hasOwnProperty } }
jobs:
  - { name: __proto__, from: constructor, to: { archive: x, format: mbox }, mailboxes: { map: { constructor: valueOf } } }
  - { name: hasOwnProperty, from: toString, to: { archive: y, format: mbox } }
`;
    const loaded = await parseJobFile(text, "jobs.yaml", {});
    expect([...loaded.accounts.keys()]).toEqual(["constructor", "toString"]);
    expect(loaded.jobs.map((job) => job.name)).toEqual(["__proto__", "hasOwnProperty"]);
    expect(loaded.jobs[0]?.mailboxes.map).toEqual([["constructor", "valueOf"]]);
    await expect(accountOf(loaded.jobs[0]).secret()).rejects.toMatchObject({ code: "A206" });
    expect(await mistakesOf(text.replace("from: toString", "from: valueOf"))).toEqual([
      'jobs.yaml:7:35  jobs[1].from: there is no account "valueOf"',
    ]);
    expect(await mistakesOf(text.replace("  toString:", "  __proto__:"))).toEqual([
      "jobs.yaml:4:3  accounts: __proto__ can't be a key or a name",
      'jobs.yaml:7:35  jobs[1].from: there is no account "toString"',
    ]);
  });

  test("shown, it has references in place of passwords, and of a command only the program", async () => {
    const text = `version: 1
accounts:
  a: { protocol: imap, host: h, user: ada, password: { env: NAME } }
  b: { protocol: imap, host: h, user: ada, password: { file: ./secret } }
  c: { protocol: imap, host: h, user: ada, password: { command: [pass, show, canary] } }
jobs: [{ name: j, from: c, to: { archive: x, format: mbox } }]
`;
    const shown = describeJobFile(await parseJobFile(text, "/etc/jobs.yaml", { NAME: "canary" }));
    expect(shown).toMatchObject({
      accounts: {
        a: { password: { env: "NAME" } },
        b: { password: { file: "/etc/secret" } },
        c: { password: { command: ["pass"] } },
      },
      jobs: [{ name: "j", from: "c" }],
    });
    expect(JSON.stringify(shown)).not.toContain("canary");
  });
});

describe("the file on disk", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mailferry-load-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("one that is not there is reported with a way out", async () => {
    const error = await loadJobFile(join(folder, "none.yaml"), {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MailferryError);
    expect(error).toMatchObject({ code: "C701", scope: "session", retry: "never", mistakes: [] });
    expect(error).toHaveProperty("remedy", expect.stringContaining("jobs.example.yaml"));
  });

  test("a folder and a named pipe are refused at once", async () => {
    await expect(loadJobFile(folder, {})).rejects.toThrow("can't be read");
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", ["-m", "600", pipe]);
    await expect(loadJobFile(pipe, {})).rejects.toThrow("not a file");
  });

  test("one that others can change is refused", async () => {
    const path = join(folder, "open.yaml");
    await writeFile(path, await readFile(example));
    for (const mode of [0o620, 0o602, 0o666]) {
      await chmod(path, mode);
      await expect(loadJobFile(path, {})).rejects.toMatchObject({ code: "C701", remedy: `chmod go-w ${path}` });
    }
    await chmod(path, 0o644);
    expect((await loadJobFile(path, {})).jobs).toHaveLength(3);
  });

  test("one in another encoding is refused at the first octet that is not UTF-8", async () => {
    const path = join(folder, "latin1.yaml");
    await writeFile(path, Buffer.from("version: 1\n# Envoy\xe9s\n", "latin1"), { mode: 0o600 });
    const error = await loadJobFile(path, {}).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ mistakes: [{ line: 2, column: 8, message: "not UTF-8; save the file as UTF-8" }] });
  });

  test("one that was saved on Windows is read like any other", async () => {
    const path = join(folder, "windows.yaml");
    const text = (await readFile(example, "utf8")).replaceAll("\n", "\r\n");
    await writeFile(path, `\ufeff${text}`, { mode: 0o600 });
    expect((await loadJobFile(path, {})).jobs.map((job) => job.name)).toEqual(["rescue", "nightly", "move"]);
  });

  test("a certificate authority is read beside it; what is no certificate is a mistake", async () => {
    const path = join(folder, "ca.yaml");
    const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    await writeFile(join(folder, "ca.pem"), pem);
    const text = accounts.replace("host: imap.example.org", "host: imap.example.org, tlsCa: ./ca.pem");
    await writeFile(path, `${text}jobs: [{ name: a, from: old, to: { archive: ~/x, format: mbox } }]\n`, {
      mode: 0o600,
    });
    const [job] = (await loadJobFile(path, {})).jobs;
    expect(accountOf(job).tlsCa).toBe(pem);
    expect(job?.to).toMatchObject({ archive: join(homedir(), "x") });
    await writeFile(join(folder, "ca.pem"), "nothing");
    const mistakesOf = () => loadJobFile(path, {}).catch((reason: unknown) => reason);
    expect(await mistakesOf()).toMatchObject({ mistakes: [{ line: 3, column: 57, where: "accounts.old.tlsCa" }] });
    await writeFile(join(folder, "ca.pem"), pem);
    await chmod(join(folder, "ca.pem"), 0o664);
    const message = 'others can change "./ca.pem" (mode 664), and with it which servers are trusted';
    expect(await mistakesOf()).toMatchObject({ mistakes: [{ line: 3, column: 57, message }] });
  });

  test("one that is far too long is refused unread", async () => {
    const path = join(folder, "long.yaml");
    await writeFile(path, Buffer.alloc(300_000, "#"), { mode: 0o600 });
    await expect(loadJobFile(path, {})).rejects.toThrow("too long for a job file");
  });
});

test("the schema for editors is up to date: npm run build && node scripts/write-schema.mjs", async () => {
  const written = await readFile(new URL("../../mailferry.schema.json", import.meta.url), "utf8");
  expect(written).toBe(`${JSON.stringify(jobFileJsonSchema(), null, 2)}\n`);
});

describe("whatever a file holds, it is loaded or refused", () => {
  const loads = async (text: string) => {
    try {
      await parseJobFile(text, "jobs.yaml", {});
    } catch (error) {
      if (!(error instanceof JobFileError)) throw error;
      expect(error.mistakes.length).toBeGreaterThan(0);
      for (const { line, column, message } of error.mistakes) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toMatch(/[\n\u001b]|Invalid input|undefined|\[object/);
      }
    }
  };

  test("any text", () =>
    fc.assert(fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), loads), { numRuns: 300 }));

  test("any arrangement of YAML's own characters", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            "\n",
            "  ",
            "\t",
            "- ",
            ": ",
            "a",
            "jobs",
            "[",
            "]",
            "{",
            "}",
            ",",
            "*a",
            "&a ",
            "!t ",
            "'",
            '"',
            "---\n",
            "? ",
            "| ",
            "<<",
            "__proto__",
            "#",
            "%",
            "\u0000",
          ),
          { maxLength: 40 },
        ),
        (tokens) => loads(tokens.join("")),
      ),
      { numRuns: 1000 },
    ));

  test("the example with pieces cut out, doubled or replaced", async () => {
    const text = (await readFile(example, "utf8")).replace(/^ *#.*\n/gm, "");
    const piece = fc.record({
      start: fc.nat(text.length),
      length: fc.nat(20),
      by: fc.constantFrom("", "\t", "\n", " ", ":", '"', "{", "]", "null", "- ", "__proto__: 1\n"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) =>
        loads(
          pieces.reduce((cut, { start, length, by }) => cut.slice(0, start) + by + cut.slice(start + length), text),
        ),
      ),
      { numRuns: 300 },
    );
  });

  test("any data in place of any key", () => {
    const file = fc.record(
      {
        version: fc.oneof(fc.constant(1), fc.jsonValue()),
        defaults: fc.jsonValue(),
        accounts: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
        jobs: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.record(
              {
                name: fc.jsonValue(),
                from: fc.jsonValue(),
                to: fc.jsonValue(),
                mailboxes: fc.jsonValue(),
                filter: fc.jsonValue(),
              },
              { requiredKeys: [] },
            ),
          ),
        ),
      },
      { requiredKeys: [] },
    );
    return fc.assert(
      fc.asyncProperty(file, (data) => loads(JSON.stringify(data))),
      { numRuns: 300 },
    );
  });

  test("brackets without end and aliases of aliases take no time", async () => {
    for (const text of ["[".repeat(50_000), "{a: ".repeat(20_000), "- ".repeat(50_000)]) await loads(text);
    const bomb = [
      "a0: &a0 [x, x]",
      ...Array.from({ length: 60 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ].join("\n");
    await loads(bomb);
  });
});

// What is kept of a run beside its mail can't be: the mail is safe, the verdict says so, and what could not be kept is said.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { readBack } from "../support/archives.ts";
import { lastLine } from "../support/desk.ts";
import { failDisk, type failures } from "../support/failing-disk.ts";
import { unwrapped } from "../support/hostile.ts";
import { type Caller, openCaller } from "../support/in-process.ts";

let caller: Caller;
beforeEach(() => {
  caller = openCaller("canary-disk-77aa");
  const at = (name: string) => join(caller.cwd, name);
  for (const folder of ["pages", "figures"]) mkdirSync(at(folder));
  writeFileSync(at("in.mbox"), "From a@b Thu Jan  1 00:00:00 2026\nSubject: one\n\nHello\n");
  const job = { name: "job", from: { mbox: "./in.mbox" }, to: { archive: "./out", format: "maildir" } };
  const file = {
    version: 1,
    accounts: {},
    jobs: [job],
    notify: { when: ["failure"], onlyScheduled: false, ntfy: { url: "http://127.0.0.1:9", topic: "t" } },
    report: { html: "./pages", metrics: "./figures/mailferry.prom" },
  };
  writeFileSync(at("jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
});

const call = () => caller.call((invocation) => run([], true, invocation, "schedule"));

interface Kept {
  readonly what: string;
  /** From the folder of the job file. */
  readonly where: string;
  /** The operation from which on all fail. */
  readonly from?: RegExp;
  readonly said: RegExp;
}

const kept: readonly Kept[] = [
  {
    what: "the HTML report",
    where: "pages",
    said: /the HTML report could not be written to \.\/pages: \S*\/pages\S*: /,
  },
  { what: "the metrics", where: "figures", said: /the metrics could not be written to \S+prom: \S*\/figures\S*: / },
  {
    what: "the memory of its runs",
    where: "state/mailferry/jobs",
    said: /this run could not be recorded: \S*\/jobs\S*: /,
  },
  {
    what: "its report in the archive",
    where: "out/runs",
    from: /^(open|rename) \.~/,
    said: /the report of this run could not be kept: \S*\/out\/runs\S*: /,
  },
];

test.each(kept)(
  "a run is SAFE and exits with 0 where $what can't be kept, and says so",
  async ({ where, from, said }) => {
    const root = join(caller.cwd, where);
    if (from !== undefined) await call();
    const whole = failDisk(root, { code: "EIO", at: 0, forGood: false });
    expect(await call().finally(() => whole.end())).toMatchObject({ code: 0 });
    const at = from === undefined ? 1 : whole.operations.findIndex((each) => from.test(each)) + 1;
    expect(at).toBeGreaterThan(0);
    for (const code of ["ENOSPC", "EROFS", "EIO"] satisfies (typeof failures)[number][]) {
      writeFileSync(
        join(caller.cwd, "in.mbox"),
        `${readFileSync(join(caller.cwd, "in.mbox"), "utf8")}\nFrom a@b Thu Jan  1 00:00:00 2026\nSubject: ${code}\n\nHello\n`,
      );
      const disk = failDisk(root, { code, at, forGood: true });
      const { code: exit, stdout, stderr } = await call().finally(() => disk.end());
      expect(disk.failed, code).toBeGreaterThan(0);
      expect([exit, lastLine(stdout)], stdout + stderr).toEqual([0, expect.stringMatching(/^SAFE: /)]);
      const words = unwrapped(stdout + stderr);
      expect(words).toMatch(said);
      expect(words).toContain(`(${code})`);
      expect(words).not.toMatch(/i\/o error|no space left|bug|\bat \S+:\d+:\d+/);
    }
    expect(await readBack(join(caller.cwd, "out"))).toHaveLength(4);
    expect(readdirSync(root).filter((name) => name.startsWith(".~"))).toEqual([]);
  },
);

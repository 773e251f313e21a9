// `mailferry schedule` as users call it, with files in a folder of its own and programs that stand in for the system's.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { exitNameOfFailure } from "../../src/cli/errors.ts";
import type { Invocation } from "../../src/cli/invocation.ts";
import { install, remove, show } from "../../src/cli/schedule.ts";
import { status } from "../../src/cli/status.ts";
import { exitCodes } from "../../src/errors.ts";
import { type CliResult, runCli } from "../support/cli.ts";
import { type Caller, openCaller } from "../support/in-process.ts";

let caller: Caller;
let cwd: string;
let units: string;

beforeEach(() => {
  caller = openCaller("");
  cwd = caller.cwd;
  units = join(cwd, "config", "systemd", "user");
  writeJobs({ nightly: "30 2 * * *", "too nightly": "30  2 * * *", weekly: "0 9 * * 7", manual: undefined });
});

function writeJobs(schedules: Readonly<Record<string, string | undefined>>): void {
  const account = { protocol: "imap", host: "imap.example.org", user: "ada", password: { env: "PW" } };
  const jobs = Object.entries(schedules).map(([name, schedule]) => ({
    name,
    from: "ada",
    to: { archive: `./${name}`, format: "mbox" },
    ...(schedule && { schedule }),
  }));
  const file = { version: 1, accounts: { ada: account }, jobs };
  writeFileSync(join(cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

/** A program that only notes how it was called, in `calls`; `script` is more of it. */
function standIn(name: string, script = ""): void {
  mkdirSync(join(cwd, "bin"), { recursive: true });
  const path = join(cwd, "bin", name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>"$HOME/calls"\n${script}\n`);
  chmodSync(path, 0o755);
}

/** As main.ts does it, but in this process: what is thrown becomes an exit code and its message. */
async function mailferry(command: string, ...args: string[]): Promise<CliResult> {
  const [verb = ""] = args;
  const as = args.includes("--as") ? { as: args[args.indexOf("--as") + 1] ?? "" } : {};
  const yes = args.includes("-y") ? { yes: true as const } : {};
  const commands: Record<string, (invocation: Invocation) => Promise<number>> = {
    "schedule show": (invocation) => show([], as, invocation),
    "schedule install": (invocation) => install([], as, invocation),
    "schedule remove": (invocation) => remove(invocation),
    status: (invocation) => status([], {}, invocation),
  };
  const work = commands[command === "schedule" ? `schedule ${verb}` : command];
  try {
    return await caller.call(
      (invocation) => {
        const PATH = `${join(cwd, "bin")}:/usr/bin:/bin`;
        return (
          work?.({ ...invocation, env: { ...invocation.env, PATH, HOME: cwd } }) ?? Promise.reject(new Error(command))
        );
      },
      { clock: () => new Date("2026-11-26T15:00Z"), ...yes },
    );
  } catch (error) {
    const { message, remedy = "" } = error as Error & { remedy?: string };
    return { code: exitCodes[exitNameOfFailure(error)], stdout: "", stderr: `${message} ${remedy}` };
  }
}

const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);

describe("schedule", () => {
  test("show writes nothing, and says what runs when, and what has no password then", async () => {
    const { code, stdout, stderr } = await mailferry("schedule", "show", "--as", "systemd");
    expect(code).toBe(0);
    expect(stdout).toContain("  OnCalendar=*-*-* 02:30:00\n");
    expect(stdout).toContain("  OnCalendar=Sun *-*-* 09:00:00\n");
    expect(stdout).toContain(`"run" "nightly" "too nightly" "--scheduled" "-c" "${cwd}/jobs.yaml"`);
    expect(stdout).toMatch(/\nnightly, too nightly: next: (today|tomorrow), \w{3} \d+ \w{3} 02:30 \(in [^)]+\)\n/);
    expect(stdout).toContain("\nNot by itself: manual\n");
    expect(stderr).toContain("! nightly takes its password from the variable PW, which no scheduler has");
    expect(filesIn(cwd)).toEqual(["jobs.yaml"]);
  });

  test("install without a terminal shows all, writes nothing, and names the flag", async () => {
    const { code, stdout, stderr } = await runCli(["schedule", "install", "--as", "systemd"], { cwd });
    expect(code).toBe(2);
    expect(stdout).toContain("Persistent=true");
    expect(stderr).toContain("schedule install -y (--yes)");
    expect(filesIn(cwd)).toEqual(["jobs.yaml"]);
  });

  test("install writes the units and enables them; remove takes exactly these away", async () => {
    standIn("systemctl");
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, "mine.timer"), "");
    const { code, stdout } = await mailferry("schedule", "install", "--as", "systemd", "-y");
    expect(code).toBe(0);
    const written = filesIn(units).filter((name) => name !== "mine.timer");
    expect(written.map((name) => name.replace(/-[0-9a-f]{6}\./, "."))).toEqual([
      "mailferry-nightly-and-1-more.service",
      "mailferry-nightly-and-1-more.timer",
      "mailferry-weekly.service",
      "mailferry-weekly.timer",
    ]);
    for (const name of written) expect(statSync(join(units, name)).mode & 0o777).toBe(0o600);
    expect(stdout).toMatch(/\nEnabled: mailferry-nightly-\S+\.timer, mailferry-weekly-\S+\.timer\n/);
    expect(stdout).toContain("loginctl enable-linger");
    expect(readFileSync(join(cwd, "calls"), "utf8")).toMatch(
      /^systemctl --user daemon-reload\nsystemctl --user enable --now mailferry-\S+ mailferry-\S+\n$/,
    );
    const removed = await mailferry("schedule", "remove", "-y");
    expect(removed.code).toBe(0);
    expect(filesIn(units)).toEqual(["mine.timer"]);
    expect(readFileSync(join(cwd, "calls"), "utf8")).toMatch(
      /systemctl --user disable --now mailferry-\S+ mailferry-\S+\n/,
    );
    expect((await mailferry("schedule", "remove", "-y")).stdout).toMatch(/^Nothing is installed for /);
  });

  test("where nothing can enable them, install says how to", async () => {
    standIn("systemctl", "exit 1");
    const { code, stdout } = await mailferry("schedule", "install", "--as", "systemd", "-y");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nTo enable it:\n {2}systemctl --user daemon-reload\n {2}systemctl --user enable --now mailferry-/,
    );
  });

  test("install again leaves no unit of a job that is gone; remove leaves what somebody has changed", async () => {
    standIn("systemctl");
    await mailferry("schedule", "install", "--as", "systemd", "-y");
    writeJobs({ weekly: "0 9 * * 7" });
    await mailferry("schedule", "install", "--as", "systemd", "-y");
    const [service = "", timer = ""] = filesIn(units);
    expect(filesIn(units)).toHaveLength(2);
    writeFileSync(join(units, timer), "[Timer]\n");
    const { stdout } = await mailferry("schedule", "remove", "-y");
    expect(stdout).toContain(`Left, since somebody has changed it: ${join(units, timer)}`);
    expect(filesIn(units)).toEqual([timer]);
    expect(service).toMatch(/\.service$/);
  });

  test("a job that was just scheduled is not overdue", async () => {
    expect((await mailferry("status")).code).toBe(10);
    standIn("systemctl");
    await mailferry("schedule", "install", "--as", "systemd", "-y");
    expect((await mailferry("status")).code).toBe(0);
  });

  test("for cron changes its own lines of the crontab alone, and nothing where that can't be read", async () => {
    const crontab = join(cwd, "crontab");
    standIn(
      "crontab",
      `case $1 in -l) cat "$HOME/crontab" 2>/dev/null || { echo "no crontab for ada" >&2; exit 1; };; -) cat >"$HOME/crontab";; esac`,
    );
    const again = () => mailferry("schedule", "install", "--as", "cron", "-y");
    expect((await again()).stdout).toContain("Written to your crontab.");
    const first = readFileSync(crontab, "utf8");
    expect(first.split("\n").filter((line) => / --scheduled -c \S+\/jobs\.yaml -q$/.test(line))).toHaveLength(2);
    writeFileSync(crontab, `0 1 * * * backup\n${first}`);
    await again();
    expect(readFileSync(crontab, "utf8")).toBe(`0 1 * * * backup\n${first}`);
    await mailferry("schedule", "remove", "-y");
    expect(readFileSync(crontab, "utf8")).toBe("0 1 * * * backup\n");
    standIn("crontab", `case $1 in -l) echo "try again later" >&2; exit 1;; -) cat >"$HOME/crontab";; esac`);
    const failed = await again();
    expect(failed.code).toBe(2);
    expect(failed.stderr).toContain("try again later");
    expect(readFileSync(crontab, "utf8")).toBe("0 1 * * * backup\n");
  });

  test("what a scheduler can't say is refused with the way out, and nothing is written", async () => {
    writeJobs({ monthly: "0 2 L * *" });
    const { code, stderr } = await mailferry("schedule", "install", "--as", "systemd", "-y");
    expect(code).toBe(6);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("let mailferry daemon run the jobs: it knows every schedule");
    expect(filesIn(cwd)).toEqual(["jobs.yaml"]);
  });

  test("run --scheduled is remembered as the run of a schedule", async () => {
    writeFileSync(join(cwd, "m.mbox"), "From a Thu Nov 26 10:00:00 2026\nSubject: a\n\nb\n");
    const job = { name: "local", from: { mbox: "./m.mbox" }, to: { archive: "./a", format: "mbox" } };
    writeFileSync(join(cwd, "jobs.yaml"), JSON.stringify({ version: 1, accounts: {}, jobs: [job] }), { mode: 0o600 });
    await runCli(["run", "--scheduled", "-q"], { cwd });
    const { stdout } = await runCli(["status", "--json"], { cwd });
    expect(JSON.parse(stdout).jobs[0].lastRun.trigger).toBe("schedule");
  });
});

// What systemd, launchd and cron are given, and what systemd and a shell make of it.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cronBlock, withoutBlock } from "../../src/schedule/crontab.ts";
import { writeAgents } from "../../src/schedule/launchd.ts";
import type { Order } from "../../src/schedule/order.ts";
import { writeUnits } from "../../src/schedule/systemd.ts";
import { temporaryFolder } from "../support/jobs.ts";

const now = new Date("2026-11-26T15:00:00Z");
const nasty = `50% "off" $HOME it's & <b>`;

function orderOf(changes: Partial<Order> = {}): Order {
  return {
    name: "mailferry-nightly-1a2b3c",
    jobs: ["nightly", nasty],
    schedule: "30 2 * * *",
    timeZone: undefined,
    command: ["/bin/echo", "run", nasty, "--scheduled"],
    environment: {},
    ...changes,
  };
}

function filesOf(written: ReturnType<typeof writeUnits>): Record<string, string> {
  if ("refused" in written) throw new Error(written.refused);
  return Object.fromEntries(written.files.map(({ path, text }) => [path.replace(/.*\./, ""), text]));
}

describe("systemd", () => {
  const hasVerify = spawnSync("systemd-analyze", ["--version"]).status === 0;
  if (!hasVerify) console.warn("SKIPPED: units are not verified by systemd itself: no systemd-analyze");

  test("is told that exit 75 is a success, to catch up, and to stay out of the way", () => {
    const { service, timer } = filesOf(writeUnits([orderOf()], "/units", now));
    for (const line of ["SuccessExitStatus=75", "Nice=10", "IOSchedulingClass=idle", "Type=oneshot"])
      expect(service).toContain(`\n${line}\n`);
    for (const line of ["Persistent=true", "OnCalendar=*-*-* 02:30:00", "WantedBy=timers.target"])
      expect(timer).toContain(`\n${line}\n`);
  });

  test.skipIf(!hasVerify)("has no complaint, whatever paths and names have in them", () => {
    const folder = temporaryFolder();
    const program = join(folder, "50% of it", "no de");
    mkdirSync(join(folder, "50% of it"));
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    const order = orderOf({
      command: [program, "run", nasty, "back\\slash", "-c", "/my jobs/50%.yaml"],
      environment: { XDG_STATE_HOME: "/var/my state/50%" },
      schedule: "*/20 1-5 1,15 * mon",
      timeZone: "Europe/Paris",
    });
    const written = writeUnits([order], folder, now);
    if ("refused" in written) throw new Error(written.refused);
    for (const { path, text } of written.files) writeFileSync(path, text);
    const { stdout, stderr, status } = spawnSync(
      "systemd-analyze",
      ["verify", "--user", "--man=no", ...written.files.map(({ path }) => path)],
      {
        encoding: "utf8",
        env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder },
      },
    );
    expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
  });

  test("refuses what a timer can't say, with the reason", () => {
    expect(writeUnits([orderOf({ command: [`/opt/no"de`] })], "/units", now)).toHaveProperty("refused");
    expect(writeUnits([orderOf({ schedule: "0 0 L * *" })], "/units", now)).toMatchObject({
      refused: "a systemd timer can't say L, W, # and + in a cron line",
    });
  });
});

describe("launchd", () => {
  const machineZone = new Intl.DateTimeFormat("en").resolvedOptions().timeZone;

  test("is told each time of the day and day of the week, and names are escaped", () => {
    const order = orderOf({ schedule: "0,30 2 * * 1,7", timeZone: machineZone });
    const { plist = "" } = filesOf(writeAgents([order], "/Users/ada"));
    expect(plist).toContain(`<string>50% "off" $HOME it's &amp; &lt;b&gt;</string>`);
    const times = [...plist.matchAll(/<dict>\s+(<key>Weekday[\s\S]*?)<\/dict>/g)].map(([, dict = ""]) =>
      [...dict.matchAll(/<key>(\w+)<\/key><integer>(\d+)</g)].map(([, key, value]) => `${key} ${value}`).join(", "),
    );
    expect(times).toEqual([
      "Weekday 0, Hour 2, Minute 0",
      "Weekday 0, Hour 2, Minute 30",
      "Weekday 1, Hour 2, Minute 0",
      "Weekday 1, Hour 2, Minute 30",
    ]);
  });

  test("refuses a time zone that is not the machine's, and more times than are sensible", () => {
    const elsewhere = machineZone === "Pacific/Auckland" ? "Europe/Paris" : "Pacific/Auckland";
    expect(writeAgents([orderOf({ timeZone: elsewhere })], "/Users/ada")).toMatchObject({
      refused: expect.stringContaining("time zone"),
    });
    expect(writeAgents([orderOf({ schedule: "1-59 0-22 1-30 * *" })], "/Users/ada")).toMatchObject({
      refused: expect.stringContaining("500"),
    });
  });
});

describe("cron", () => {
  const textOf = (order: Order) => {
    const block = cronBlock([order], "/my/jobs.yaml");
    if ("refused" in block) throw new Error(block.refused);
    return block.text;
  };

  test("runs the command as it was meant, after cron and the shell have had it", () => {
    const order = orderOf({
      command: ["/usr/bin/printf", "%s|", nasty, "-c"],
      environment: { STATE: "/my state" },
    });
    const line = textOf(order).split("\n")[1] ?? "";
    expect(line.startsWith("30 2 * * * STATE='/my state' ")).toBe(true);
    expect(line).not.toMatch(/[^\\]%/);
    const command = line.replace("30 2 * * * ", "").replaceAll("\\%", "%");
    expect(execFileSync("sh", ["-c", command], { encoding: "utf8" })).toBe(`${nasty}|-c|-q|`);
  });

  test("finds its lines again, and leaves all others", () => {
    const others = "MAILTO=ada\n0 1 * * * backup\n";
    const [mine, foreign] = [textOf(orderOf()), cronBlock([orderOf()], "/other/jobs.yaml")];
    if ("refused" in foreign) throw new Error(foreign.refused);
    expect(withoutBlock(others + mine + foreign.text, "/my/jobs.yaml")).toBe(others + foreign.text);
    expect(withoutBlock(others, "/my/jobs.yaml")).toBe(others);
    expect(withoutBlock(`${others}${mine.split("\n")[0]}\n0 5 * * * theirs\n`, "/my/jobs.yaml")).toContain("theirs");
  });

  test.each([
    ["0 0 L * *", "can't say"],
    ["0 2 */2 * 1", "something else"],
  ])("refuses %s", (schedule, reason) => {
    expect(cronBlock([orderOf({ schedule })], "/my/jobs.yaml")).toMatchObject({
      refused: expect.stringContaining(reason),
    });
  });

  test("refuses what cron would cut or change", () => {
    for (const command of [
      ["/bin/echo", "a\\b"],
      ["/bin/echo", "x".repeat(1000)],
    ])
      expect(cronBlock([orderOf({ command })], "/my/jobs.yaml")).toHaveProperty("refused");
  });
});

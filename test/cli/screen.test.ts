import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { formatFailure } from "../../src/cli/errors.ts";
import { createBars, formatBarLine } from "../../src/cli/progress.ts";
import { createPaint, openScreen, usesColor } from "../../src/cli/screen.ts";
import { displayWidth } from "../../src/cli/width.ts";
import { jobReport } from "../support/job-report.ts";

const terminal = { isTTY: true };
const pipe = { isTTY: false };

describe("colour", () => {
  test.each([
    ["a terminal", terminal, {}, "auto", true],
    ["a pipe", pipe, {}, "auto", false],
    ["NO_COLOR", terminal, { NO_COLOR: "1" }, "auto", false],
    ["an empty NO_COLOR", terminal, { NO_COLOR: "" }, "auto", true],
    ["TERM=dumb", terminal, { TERM: "dumb" }, "auto", false],
    ["--color never", terminal, {}, "never", false],
    ["--color always on a pipe", pipe, { NO_COLOR: "1" }, "always", true],
  ] as const)("with %s", (_, stream, env, color, expected) => {
    expect(usesColor(stream, { color, plain: false, env })).toBe(expected);
  });

  test("is off with --plain, whatever else is asked for", () => {
    expect(usesColor(terminal, { color: "always", plain: true, env: {} })).toBe(false);
  });

  test("that is off leaves no escape byte", () => {
    expect(Object.values(createPaint(false)).map((paint) => paint("x"))).toEqual(["x", "x", "x", "x", "x"]);
  });
});

describe("bars", () => {
  const progress = {
    job: "nightly",
    mailbox: "Projets/日本語のメール/2026/avec un nom long",
    messages: 1_204,
    messagesToCopy: 20_003,
    octets: 31_400_000,
    octetsToCopy: 60_200_000,
    rate: 1_200_000,
    phase: "copying",
  } as const;

  test("show the job, the mailbox, how much is done, the rate and the time left in one line", () => {
    expect(formatBarLine(progress, 80, "en")).toBe("nightly P…nom long ██████░░░░░░ 1,204/20,003  1.2 MB/s  24 s left");
  });

  test.each([20, 40, 79, 80, 100, 200])("never fill a line of %i columns", (columns) => {
    expect(displayWidth(formatBarLine(progress, columns, "en"))).toBeLessThan(columns);
  });

  test("leave the terminal empty but for the lines that were said", () => {
    const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true, columns: 80 });
    const bars = createBars(stream, { language: "en", cwd: "/", verbose: false }, () => 0);
    bars.report({ type: "job-started", job: "nightly", from: "ada@host", to: "/backup" });
    bars.report({ type: "mailbox-listed", job: "nightly", mailbox: ["\x1b[2J"], onServer: 2, toCopy: 2, octets: 20 });
    bars.report({ type: "job-started", job: "rescue", from: "ada@host", to: "/pop" });
    bars.report({ type: "job-finished", job: "rescue", report: jobReport() });
    bars.say("Stopping");
    bars.report({ type: "job-finished", job: "nightly", report: jobReport() });
    bars.stop();
    const written = String(stream.read());
    expect(written).toContain("nightly \\x1b[2J");
    expect(written).not.toContain("\x1b[2J");
    expect(drawn(written)).toEqual([
      "nightly: started, ada@host -> ./backup",
      "rescue: started, ada@host -> ./pop",
      "rescue: SAFE after 11 min",
      "Stopping",
      "nightly: SAFE after 11 min",
    ]);
  });
});

/** What a terminal shows after this was written to it: as much of one as bars make use of. */
function drawn(written: string): string[] {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;
  for (const [token, text = "", count = "", command = ""] of written.matchAll(
    /([^\x1b\n]+)|\x1b\[(\d*)(?:;\d+)?([A-Z])|\n/g,
  )) {
    const line = lines[row] ?? "";
    if (token === "\n") [row, column] = [row + 1, 0];
    else if (command === "") {
      lines[row] = line.slice(0, column).padEnd(column) + text + line.slice(column + text.length);
      column += text.length;
    } else if (command === "A") row -= Number(count || 1);
    else if (command === "G") column = Number(count || 1) - 1;
    else if (command === "K") lines[row] = count === "2" ? "" : line.slice(0, column);
    else if (command === "J") {
      lines[row] = line.slice(0, column);
      lines.length = row + 1;
    } else expect.fail(`unexpected ${JSON.stringify(token)}`);
  }
  return lines.filter((line) => line !== "");
}

describe("a bug", () => {
  test("says that it is one and shows where, but nothing else that the error carries", async () => {
    const error = Object.assign(new Error("boom\x1b[2J"), { auth: { pass: "s3cret" } });
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
    const screen = openScreen(streams, { color: "auto", plain: false, env: {} });
    const shown = await formatFailure(error, "run", screen, "0.1.0", "en");
    expect(shown).toMatch(/^✖ This is a bug in mailferry 0\.1\.0/);
    expect(shown).toContain("boom\\x1b[2J");
    expect(shown).toContain("screen.test.ts");
    expect(shown).not.toContain("s3cret");
  });
});

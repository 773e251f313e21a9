// `demo --stay`: servers to try `backup` on, for as long as somebody wants them.

import { once } from "node:events";
import { readdirSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runShell, startCli } from "../support/cli.ts";
import { lastLine } from "../support/desk.ts";
import { temporaryFolder } from "../support/jobs.ts";

const built = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

test("the commands that it prints can be pasted, and Ctrl-C ends it with nothing left behind", async () => {
  const [cwd, other] = [temporaryFolder(), temporaryFolder()];
  const { process: servers, result } = startCli(["--lang", "fr", "demo", "--stay"], { cwd, env: { TMPDIR: cwd } });
  let shown = "";
  await new Promise<void>((resolve) => {
    servers.stdout?.on("data", (text: string) => {
      shown += text;
      if (shown.includes("Ctrl-C")) resolve();
    });
    servers.once("close", () => resolve());
  });
  // A command to copy is as long as it is.
  expect(shown.split("\n").filter((line) => line.length > 78 && !line.startsWith("  "))).toEqual([]);
  const [, password = ""] = /mot de passe\s: (\S+)\n/.exec(shown) ?? [];
  const commands = shown.split("\n").filter((line) => line.includes(" backup "));
  expect(commands).toHaveLength(2);
  const pasted = commands.map((command, index) =>
    runShell(`printf '%s' "$PW" | ${command} --to ./mail-${index} --password-stdin`, {
      cwd: other,
      env: { PW: password },
    }),
  );
  const verdicts = (await Promise.all(pasted)).map(({ stdout }) => lastLine(stdout));
  expect(verdicts).toEqual([62, 34].map((count) => `SAFE: all ${count} messages are in the archive.`));
  // Somebody is still connected.
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(shown)?.[1]);
  const guest = connect(port, "127.0.0.1").on("error", () => {});
  await once(guest, "data");
  servers.kill("SIGINT");
  expect((await result).code).toBe(0);
  guest.destroy();
  expect(readdirSync(cwd)).toEqual([]);
});

test("where npx has started it, the commands begin with npx: there is no other mailferry to call", async () => {
  const cwd = temporaryFolder();
  const program = join(cwd, "mailferry");
  symlinkSync(built, program);
  const command = `'${process.execPath}' '${program}' backup --no-input`;
  const { stderr } = await runShell(command, { cwd, env: { npm_lifecycle_event: "npx" } });
  expect(stderr).toContain("npx mailferry backup ada@example.org");
});

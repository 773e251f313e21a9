// `mailferry doctor` and the keyring of the system, where there is one and where there is none.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctor } from "../../src/cli/doctor.ts";
import { type Call, openCaller } from "../support/in-process.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { hasSecretService, nodeWithKeyring } from "../support/secret-service.ts";

function writeJobs(directory: string, password: object) {
  const account = { protocol: "imap", host: "127.0.0.1", port: 1, tls: "none", user: "ada", password };
  const jobs = [{ name: "nightly", from: "home", to: { archive: "./ada", format: "mbox" } }];
  const file = { version: 1, accounts: { home: account }, jobs };
  writeFileSync(join(directory, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

interface Check {
  readonly name: string;
}

const keyringOf = (checks: readonly Check[]) => checks.find(({ name }) => name === "keyring");

// Nobody listens on this bus; other systems have a keyring without one.
describe.runIf(process.platform === "linux")("where there is no keyring", () => {
  const variable = "DBUS_SESSION_BUS_ADDRESS";
  const before = process.env[variable];
  beforeEach(() => {
    process.env[variable] = `unix:path=${join(temporaryFolder(), "nobody")}`;
  });
  afterEach(() => {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  });

  async function look(password: object | undefined, options: Call = {}) {
    const caller = openCaller("analytical-engine");
    if (password !== undefined) writeJobs(caller.cwd, password);
    return caller.call((invocation) => doctor({ network: false }, invocation), options);
  }
  const reason = "Passwords: the keyring of this system can't be used: no Secret Service answers;";

  test("it is worth knowing, and no fault, as long as no password is in one", async () => {
    for (const password of [undefined, { env: "PW" }]) {
      const { code, document } = await look(password, { json: true });
      expect(code).toBe(0);
      expect(keyringOf(document.checks)).toEqual({
        name: "keyring",
        level: "info",
        text: expect.stringContaining(reason),
        remedy: "Where there is no keyring, mailferry account add keeps a password in a private file.",
      });
    }
  });

  test("it is an error with a way out for an account whose password is in one, in the person's language", async () => {
    const { code, document } = await look({ keyring: "ada" }, { json: true });
    expect(code).toBe(4);
    expect(keyringOf(document.checks)).toMatchObject({
      level: "error",
      code: "A206",
      text: expect.stringContaining(reason),
      remedy: expect.stringContaining("{ file: PATH }"),
    });
    const french = await look({ keyring: "ada" }, { lang: "fr" });
    expect(french.code).toBe(4);
    expect(french.stdout).toMatch(
      /^erreur +Mots de passe\u00a0: le trousseau de ce système est inutilisable\u00a0: aucun/m,
    );
  });
});

test.runIf(hasSecretService)("a keyring that answers is well, and nothing is put into it", () => {
  const home = temporaryFolder();
  const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const ask = () => JSON.parse(nodeWithKeyring(home, [program, "doctor", "--no-network", "--json"]).stdout);
  expect(keyringOf(ask().checks)).toEqual({
    name: "keyring",
    level: "ok",
    text: "Passwords: the keyring of this system answers",
  });
  const folder = join(home, ".local/share/keyrings");
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), "latin1")).not.toContain("mailferry");
});

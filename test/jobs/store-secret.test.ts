// A password that is kept: in a keyring where there is one, else in a private file; and always read back.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import { readKeyring } from "../../src/jobs/keyring.ts";
import { readSecret } from "../../src/jobs/secrets.ts";
import { storeSecret } from "../../src/jobs/store-secret.ts";
import { temporaryFolder } from "../support/jobs.ts";
import { hasSecretService, nodeWithKeyring } from "../support/secret-service.ts";

const account = { user: "ada@example.org", host: "imap.example.org" };
const canary = "canary pâss wörd";
const hasKeyring = await readKeyring("mailferry-test").then(
  () => true,
  () => false,
);

test("a file is private, in a private folder, and its reference leads to it", async () => {
  const configDirectory = join(temporaryFolder(), "config");
  const { ref } = await storeSecret(canary, account, { keep: "file", configDirectory });
  expect(ref).toEqual({ file: join(configDirectory, "secrets", "ada@example.org@imap.example.org") });
  const path = "file" in ref ? ref.file : "";
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(configDirectory, "secrets")).mode & 0o777).toBe(0o700);
  expect(await readSecret(ref, "/", {})).toBe(canary);
});

test("a new password takes the place of the old one; another server's is another", async () => {
  const configDirectory = temporaryFolder();
  const keep = (secret: string, host: string) =>
    storeSecret(secret, { ...account, host }, { keep: "file", configDirectory });
  const first = await keep("old", "a.example");
  await keep("new", "a.example");
  const other = await keep("other", "b.example");
  expect(await readSecret(first.ref, "/", {})).toBe("new");
  expect(await readSecret(other.ref, "/", {})).toBe("other");
});

test("no user name leads out of the folder, or into another's file", async () => {
  const configDirectory = temporaryFolder();
  const users = ["../../x", "..", "a/b", "a_b", ".hidden", "-", "x".repeat(300), "x".repeat(301), "\u0000", "éa", "èa"];
  for (const [index, user] of users.entries()) {
    const { ref } = await storeSecret(`s${index}`, { user, host: "h" }, { keep: "file", configDirectory });
    expect(await readSecret(ref, "/", {})).toBe(`s${index}`);
  }
  const names = readdirSync(join(configDirectory, "secrets"));
  // Of the two longest no keyring could tell either which is which.
  expect(names.length).toBeGreaterThanOrEqual(users.length - 1);
  expect(readdirSync(configDirectory)).toEqual(["secrets"]);
  expect(names.filter((name) => name.startsWith(".") || name.length > 120)).toEqual([]);
});

test.runIf(!hasKeyring)("without a keyring a file is taken, and why is known; who insists is told", async () => {
  const configDirectory = temporaryFolder();
  const stored = await storeSecret(canary, account, { keep: "auto", configDirectory });
  expect(stored.ref).toHaveProperty("file");
  expect(stored.fault?.message).toMatch(/^the keyring of this system can't be used: /);
  const error = await storeSecret(canary, account, { keep: "keyring", configDirectory }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(MailferryError);
  expect(error).toMatchObject({ code: "A206" });
  expect(error.remedy).toContain("{ file: PATH }");
  expect(`${error.message} ${error.remedy} ${error.stack}`).not.toContain("canary");
});

test.runIf(hasSecretService)("a keyring keeps it, gives it back in another process, and no file has it", () => {
  const home = temporaryFolder();
  const jobs = fileURLToPath(new URL("../../dist/jobs/", import.meta.url));
  const script = `
    const { storeSecret } = await import(${JSON.stringify(`${jobs}store-secret.js`)});
    const { readSecret } = await import(${JSON.stringify(`${jobs}secrets.js`)});
    const { removeFromKeyring } = await import(${JSON.stringify(`${jobs}keyring.js`)});
    const [, step] = process.argv;
    const account = ${JSON.stringify(account)};
    const options = { keep: "auto", configDirectory: ${JSON.stringify(join(home, "config"))} };
    const ref = { keyring: "ada@example.org@imap.example.org" };
    const told = async (work) => console.log(JSON.stringify(await work.catch(({ code, message }) => ({ code, message }))));
    await told(storeSecret("first", account, options));
    await told(storeSecret(process.env.CANARY, account, options));
    await told(readSecret(ref, "/", {}).then((secret) => secret === process.env.CANARY));
    await told(removeFromKeyring(ref.keyring));
    await told(readSecret(ref, "/", {}));
  `;
  const { stdout, stderr } = nodeWithKeyring(home, ["--input-type=module", "-e", script], { CANARY: canary });
  const lines = stdout.split("\n").filter((line) => /^[{t]/.test(line));
  expect(lines, stderr).toEqual([
    '{"ref":{"keyring":"ada@example.org@imap.example.org"}}',
    '{"ref":{"keyring":"ada@example.org@imap.example.org"}}',
    "true",
    "true",
    expect.stringContaining('has no entry \\"ada@example.org@imap.example.org\\" of mailferry'),
  ]);
  expect(stdout).not.toContain("canary");
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), "latin1")).not.toContain("canary");
  }
});

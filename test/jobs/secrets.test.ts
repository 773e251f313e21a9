import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MailferryError } from "../../src/errors.ts";
import type { SecretRef } from "../../src/jobs/job.ts";
import { readSecret } from "../../src/jobs/secrets.ts";

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("NOT TESTED: a password file of another user. Only root can make one.");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mailferry-secrets-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A command that runs this script in Node. */
const node = (script: string, ...args: string[]): SecretRef => ({ command: [process.execPath, "-e", script, ...args] });

/** The error, checked for what every one of them has in common. */
async function refusal(
  ref: SecretRef,
  env: NodeJS.ProcessEnv = {},
  commandTimeoutMs = 60_000,
): Promise<MailferryError> {
  const error = await readSecret(ref, folder, env, { commandTimeoutMs }).catch((reason: unknown) => reason);
  if (!(error instanceof MailferryError)) throw new Error("not refused", { cause: error });
  expect(error).toMatchObject({ code: "A206", scope: "session", retry: "never" });
  expect(error.cause).toBeUndefined();
  expect(error.remedy).toBeTruthy();
  expect(error.message).not.toMatch(/\n/);
  expect(`${error.message} ${error.remedy} ${error.stack}`).not.toContain("canary");
  return error;
}

describe("a password from the environment", () => {
  test("is taken as it is", async () => {
    expect(await readSecret({ env: "P" }, folder, { P: " pâss wörd " })).toBe(" pâss wörd ");
  });

  test("must be set, and not be empty", async () => {
    expect((await refusal({ env: "P" })).message).toContain('the environment variable "P" is not set');
    expect((await refusal({ env: "P" }, { P: "" })).message).toContain("empty password");
  });

  test("is never something that objects have of their own", async () => {
    for (const name of ["constructor", "__proto__", "toString"]) await refusal({ env: name });
  });

  test("can't carry a second command to the server", async () => {
    for (const P of ["canary\r\nDELE 1", "canary\n", "canary\0"]) await refusal({ env: "P" }, { P });
  });
});

describe("a password from a file", () => {
  test.each([
    ["secret", "secret"],
    ["secret\n", "secret"],
    ["secret\r\n", "secret"],
    [" secret \n", " secret "],
  ])("%j is read as %j", async (content, secret) => {
    await writeFile(join(folder, "good"), content, { mode: 0o600 });
    expect(await readSecret({ file: "good" }, folder, {})).toBe(secret);
  });

  test.each(["640", "604", "620", "602", "610", "777"])(
    "is refused with mode %s, and the remedy is a command",
    async (mode) => {
      const path = join(folder, "open");
      await writeFile(path, "canary");
      await chmod(path, mode);
      const error = await refusal({ file: path });
      expect(error.message).toContain(`mode ${mode}`);
      expect(error.remedy).toContain(`chmod 600 ${path}`);
    },
  );

  test.each(["600", "400"])("is read with mode %s", async (mode) => {
    const path = join(folder, "closed");
    await rm(path, { force: true });
    await writeFile(path, "secret");
    await chmod(path, Number.parseInt(mode, 8));
    expect(await readSecret({ file: path }, folder, {})).toBe("secret");
  });

  test("is judged by the file a symbolic link leads to", async () => {
    await writeFile(join(folder, "wide"), "canary");
    await chmod(join(folder, "wide"), 0o644);
    await symlink("wide", join(folder, "link"));
    expect((await refusal({ file: "link" })).message).toContain("mode 644");
  });

  test("is refused where anybody may put another in its place, also by way of a link", async () => {
    const open = join(folder, "open-folder");
    await mkdir(open);
    await writeFile(join(open, "secret"), "canary", { mode: 0o600 });
    await writeFile(join(folder, "own"), "canary", { mode: 0o600 });
    await symlink("../own", join(open, "link"));
    await symlink("open-folder/secret", join(folder, "link-into"));
    await chmod(open, 0o777);
    for (const file of ["open-folder/secret", "open-folder/link", "link-into"]) {
      const error = await refusal({ file });
      expect(error.message).toContain("anybody can put another file in the place of the password file");
      expect(error.message).toContain("its folder has mode 777");
      expect(error.remedy).toContain(`chmod o-w ${open}`);
    }
    // As in /tmp: nobody removes what is another's.
    await chmod(open, 0o1777);
    expect(await readSecret({ file: "open-folder/secret" }, folder, {})).toBe("canary");
    await chmod(open, 0o775);
    expect(await readSecret({ file: "open-folder/secret" }, folder, {})).toBe("canary");
  });

  test.runIf(isRoot)("is refused where another user has put it where anybody may put files", async () => {
    const open = join(folder, "shared");
    await mkdir(open);
    await writeFile(join(open, "secret"), "canary", { mode: 0o600 });
    await chown(join(open, "secret"), 4_321, 4_321);
    expect(await readSecret({ file: "shared/secret" }, folder, {})).toBe("canary");
    await chmod(open, 0o1777);
    expect((await refusal({ file: "shared/secret" })).message).toContain("belongs to another user (4321)");
  });

  test("is refused if it is empty, has more lines, is missing, no file, or not a password at all", async () => {
    await writeFile(join(folder, "empty"), "\n", { mode: 0o600 });
    await writeFile(join(folder, "lines"), "canary\nuser: ada\n", { mode: 0o600 });
    await writeFile(join(folder, "long"), "canary".repeat(20_000), { mode: 0o600 });
    execFileSync("mkfifo", ["-m", "600", join(folder, "pipe")]);
    expect((await refusal({ file: "empty" })).message).toContain("empty password");
    expect((await refusal({ file: "lines" })).message).toContain("more than one line");
    expect((await refusal({ file: "long" })).message).toContain("too long");
    expect((await refusal({ file: "nowhere" })).message).toContain("ENOENT");
    expect((await refusal({ file: "." })).message).toContain("can't be read");
    expect((await refusal({ file: "pipe" })).message).toContain("not a file");
  });
});

describe("a password from a command", () => {
  test("is the first line it prints", async () => {
    expect(await readSecret(node("console.log('secret\\nuser: ada')"), folder, {})).toBe("secret");
    expect(await readSecret(node("process.stdout.write('secret')"), folder, {})).toBe("secret");
  });

  test("no shell sees the arguments, and nothing waits for input", async () => {
    const arg = "$(echo x); `echo y` * 'z";
    expect(
      await readSecret(node("process.stdin.on('end', () => console.log(process.argv[1])).resume()", arg), folder, {}),
    ).toBe(arg);
  });

  test("the command runs in the folder of the job file, with the environment it was given and no more", async () => {
    const script =
      "console.log(process.cwd() + ' ' + Object.keys(process.env).filter((k) => !k.startsWith('__')).sort())";
    expect(await readSecret(node(script), folder, { A: "1", B: "2" })).toMatch(/mailferry-secrets-\w+ A,B$/);
  });

  test("is refused if the command fails, and nothing that it said is passed on", async () => {
    const error = await refusal(
      node("console.log('canary'); console.error('no key\\u001b[2J\\ncanary'); process.exit(3)", "canary"),
    );
    expect(error.message).toContain("failed with exit code 3; no log-in");
  });

  test("is refused if the command is not there, prints nothing, or prints without end", async () => {
    expect((await refusal({ command: ["/nowhere/pass", "canary"] })).message).toContain("was not found");
    expect((await refusal({ command: ["pass\0", "canary\0"] })).message).toContain("could not be run");
    expect((await refusal(node(""))).message).toContain("empty password");
    expect((await refusal(node("for (;;) process.stdout.write('canary'.repeat(1000))"))).message).toContain(
      "printed too much",
    );
  });

  test("is refused if the command does not end", async () => {
    const error = await refusal(node("console.log('canary'); setInterval(() => {}, 1000)"), {}, 300);
    expect(error.message).toContain("did not end");
  });
});

describe("a credential of systemd", () => {
  const env = () => ({ CREDENTIALS_DIRECTORY: folder });

  test("is read from its directory, also where an access list opens it to the service's user", async () => {
    for (const mode of [0o400, 0o440]) {
      const path = join(folder, `ada-${mode}`);
      await writeFile(path, "secret\n");
      await chmod(path, mode);
      expect(await readSecret({ credential: `ada-${mode}` }, "/", env())).toBe("secret");
    }
  });

  test("is refused where others can read it", async () => {
    await writeFile(join(folder, "wide-credential"), "canary");
    await chmod(join(folder, "wide-credential"), 0o444);
    expect((await refusal({ credential: "wide-credential" }, env())).message).toContain("mode 444");
  });

  test("says who gives it where there is no directory, and no relative one is taken", async () => {
    for (const none of [{}, { CREDENTIALS_DIRECTORY: "." }, { CREDENTIALS_DIRECTORY: "" }]) {
      const { message } = await refusal({ credential: "ada" }, none);
      expect(message).toContain("only when systemd starts mailferry with LoadCredential=ada:PATH");
    }
    expect((await refusal({ credential: "nobody" }, env())).message).toContain("ENOENT");
  });
});

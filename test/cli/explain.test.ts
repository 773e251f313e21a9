// `mailferry explain`: offline, in both languages.

import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { explain } from "../../src/cli/explain.ts";
import { createPaint, type Screen } from "../../src/cli/screen.ts";
import { displayWidth } from "../../src/cli/width.ts";
import { errorCodes } from "../../src/errors.ts";
import { type Language, languages } from "../../src/language/language.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/jobs.ts";

async function shown(code: string | undefined, options: { readonly json?: true; readonly lang?: Language } = {}) {
  let stdout = "";
  const screen: Screen = {
    async out(text) {
      stdout += text;
    },
    err: () => expect.fail("nothing is said"),
    outPaint: createPaint(false),
    errPaint: createPaint(false),
    bars: undefined,
  };
  const exit = await explain(code, { options: { color: "never", ...options }, screen, language: options.lang ?? "en" });
  expect(exit).toBe(0);
  return stdout;
}

describe("mailferry explain", () => {
  test("says what a code means, why it happens, what to do, and what became of the mail", async () => {
    expect(await shown("MF-D503")).toBe(`MF-D503  file-size limit
  The file system can't hold a file as large as this one would be.

Why it happens
  - The disk has FAT32, as many USB sticks do: no file may have 4 GiB or more.
    An mbox goes on in further files by itself; a single message, or a pack,
    can't.
  - The system limits the size of files for this user (ulimit -f).

What to do
  1. Use a disk with exFAT, NTFS or ext4; or format this one so. Copy what is
     on it elsewhere first: formatting deletes it.
  2. See whether it is fit for large files: mailferry doctor
  3. Run it again: mailferry run JOB

Your mail
  What was copied before is safe. The message that no longer fitted was taken
  out again whole.
`);
  });

  test("takes a code as people write it", async () => {
    const pages = ["A201", "a201", "MF-A201", "mf-a201", "MFA201"].map((code) => shown(code));
    expect(new Set(await Promise.all(pages)).size).toBe(1);
  });

  test("lists every code without one, and every page of it fits a terminal of 80 columns in both languages", async () => {
    for (const lang of languages) {
      const list = await shown(undefined, { lang });
      for (const code of Object.keys(errorCodes)) {
        expect(list).toContain(`  MF-${code}  `);
        const page = await shown(code, { lang });
        for (const line of `${list}${page}`.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }
    }
    const page = await shown("n305", { lang: "fr" });
    expect(page).toMatch(/^MF-N305 {2}boîte POP occupée\n/);
    expect(page).toContain("Que faire\n  1. Fermez le logiciel");
  });

  test("keeps every command whole, to be copied", async () => {
    for (const code of Object.keys(errorCodes)) {
      expect(await shown(code)).not.toMatch(/: mailferry( run| verify)?\n/);
    }
  });

  test("gives programs one English document, whatever the language", async () => {
    const document = JSON.parse(await shown("A205", { json: true, lang: "fr" }));
    expect(document).toMatchObject({ v: 1, command: "explain", exit: { code: 0, name: "ok" }, code: "A205" });
    expect(document).toMatchObject({ title: "log-in form", data: "Nothing was changed, nothing was lost." });
    const list = JSON.parse(await shown(undefined, { json: true }));
    expect(list.codes).toHaveLength(Object.keys(errorCodes).length);
  });

  test("names the nearest code for one that there is not, and exits with 2", async () => {
    await expect(shown("A20l")).rejects.toThrow("there is no code A20l; did you mean MF-A201?");
    await expect(shown("A20l", { lang: "fr" })).rejects.toThrow("vouliez-vous dire MF-A201");
    await expect(shown("\x1b[2Jconstructor")).rejects.toThrow("there is no code \\x1b[2Jconstructor; to see");
    await expect(shown("x".repeat(100_000))).rejects.toThrow(UsageError);
    const { code, stderr, stdout } = await runCli(["explain", "MF-Q999"], { cwd: temporaryFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("mailferry explain: there is no code MF-Q999");
  });
});

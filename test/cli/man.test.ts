// The man pages: of all commands, as they are now, and such that man has nothing to complain of.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { manPage } from "../../src/cli/man/page.ts";
import { flags, roff } from "../../src/cli/man/roff.ts";

const pages = [
  ["en", "man/mailferry.1"],
  ["fr", "man/fr/mailferry.1"],
] as const;
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

test.each(pages)("the page in %s is that of the program as it is now (npm run man)", (language, name) => {
  expect(readFileSync(path(name), "utf8")).toBe(manPage(language));
});

test("nothing in a text is a request to roff", () => {
  expect(roff(".so /etc/passwd\n.TH\n'x\\n")).toBe("\\&.so /etc/passwd\n\\&.TH\n\\(aqx\\en");
  expect(flags("-c, --config <file>")).toBe("\\fB\\-c\\fR, \\fB\\-\\-config\\fR \\fI<file>\\fR");
});

const hasGroff = spawnSync("groff", ["--version"]).status === 0;
if (!hasGroff) console.warn("NOT TESTED: man pages as groff sees them. There is no groff.");

test.runIf(hasGroff).each(pages)("the page in %s is set without a warning", (_, name) => {
  const { status, stderr, stdout } = spawnSync(
    "groff",
    ["-man", "-ww", "-K", "utf8", "-T", "utf8", "-P-c", path(name)],
    {
      encoding: "utf8",
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  // Bold is struck twice there.
  expect(stdout.replace(/.\x08/g, "")).toContain("mailferry doctor");
});

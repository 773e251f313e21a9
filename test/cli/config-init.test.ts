// `config init`: a job file that is right from the start, in the language of the person, and never over another.

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { check } from "../../src/cli/config.ts";
import { configInit } from "../../src/cli/config-init.ts";
import { jobFileTemplate } from "../../src/cli/job-file-template.ts";
import { parseJobFile } from "../../src/jobs/load.ts";
import { jobFileJsonSchema } from "../../src/jobs/schema.ts";
import { languages } from "../../src/language/language.ts";
import { openCaller } from "../support/in-process.ts";

test.each(languages)("in %s the file passes the check as it is, with its schema beside it", async (lang) => {
  const caller = openCaller("");
  const { code, stdout } = await caller.call(configInit, { lang });
  expect(code).toBe(0);
  expect(stdout).toContain("mailferry account test");
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect((await caller.call(check)).code).toBe(0);
  const file = (name: string) => join(caller.cwd, name);
  expect(statSync(file("jobs.yaml")).mode & 0o777).toBe(0o600);
  expect(statSync(file("mailferry.schema.json")).mode & 0o777).toBe(0o644);
  expect(JSON.parse(readFileSync(file("mailferry.schema.json"), "utf8"))).toEqual(jobFileJsonSchema());
  await expect(caller.call(configInit, { lang })).rejects.toThrow("./jobs.yaml");
});

test("what is there stays as it is, the file or its schema", async () => {
  const caller = openCaller("");
  writeFileSync(join(caller.cwd, "mailferry.schema.json"), "mine");
  const { document } = await caller.call(configInit, { json: true, config: "my.yaml" });
  expect(document).toEqual({
    ...{ v: 1, command: "config init", verdict: "safe", exit: { code: 0, name: "ok" } },
    ...{ file: "my.yaml", schema: "mailferry.schema.json" },
  });
  expect(readFileSync(join(caller.cwd, "mailferry.schema.json"), "utf8")).toBe("mine");
  writeFileSync(join(caller.cwd, "my.yaml"), "mine, too");
  await expect(caller.call(configInit, { config: "my.yaml" })).rejects.toThrow(/-c FILE names another/);
  expect(readFileSync(join(caller.cwd, "my.yaml"), "utf8")).toBe("mine, too");
});

test.each(languages)("in %s every line that is switched off is right when it is switched on", async (language) => {
  const text = jobFileTemplate[language];
  // An account has one password; and there is no authority's certificate here.
  const on = text.replace(
    /^( *)# (?! *(?:password|tlsCa|yaml-language-server))( *(?:- )?[a-z]\w*:(?: .*)?)$/gm,
    "$1$2",
  );
  const { accounts, jobs, notify, report } = await parseJobFile(on, join(openCaller("").cwd, "jobs.yaml"), {});
  expect([...accounts.keys()]).toEqual(["me", "new"]);
  expect(jobs.map(({ name }) => name)).toEqual(["backup", "move"]);
  expect(jobs[0]).toMatchObject({ schedule: "30 2 * * *", pack: { as: "tar.gz" }, staleAfterMs: 36 * 3_600_000 });
  expect(notify?.email?.to).toEqual(["you@example.org"]);
  expect(report.html).toBeDefined();
  expect(
    on.split("\n").filter((line) => /^ *# *[a-z]\w*:/.test(line) && !/yaml-language|password|tlsCa/.test(line)),
  ).toEqual([]);
});

test("the languages differ in comments alone", () => {
  expect(parse(jobFileTemplate.fr)).toEqual(parse(jobFileTemplate.en));
});

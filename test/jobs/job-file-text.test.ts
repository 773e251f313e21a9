// Adding an account and a job to the text of a job file: what was there stays, and the file means what it meant and more.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { addToText, type NewAccount, type NewJob, newJobFileText } from "../../src/jobs/job-file-text.ts";
import { parseJobFile } from "../../src/jobs/load.ts";

const account: NewAccount = {
  name: "new: one",
  protocol: "pop3",
  host: "pop.example.org",
  port: 1995,
  user: "ada@example.org",
  password: { file: "~/.config/mailferry/secrets/ada" },
};
const job: NewJob = { name: "lovelace", from: "new: one", to: { archive: "./ada", format: "mbox" } };

const base = `# first
version: 1
accounts:   # who
  a: { protocol: imap, host: h.example, user: ada, password: { env: PW } }   # kept
jobs:
  - { name: nightly, from: a, to: { archive: ./a, format: maildir } }
`;

/** The lines of `text` that are not in `before`, with everything else unchanged and in order. */
function addedLines(before: string, text: string): string[] {
  const old = before.split("\n");
  const added: string[] = [];
  for (const line of text.split("\n")) {
    if (line === old[0]) old.shift();
    else added.push(line);
  }
  expect(old).toEqual([]);
  return added;
}

async function load(text: string) {
  return parseJobFile(text, "/nowhere/jobs.yaml", {});
}

test("an account and a job are added as lines, and every other line stays as it was", async () => {
  const text = addToText(base, { account, job });
  expect(addedLines(base, text)).toEqual([
    '  "new: one":',
    "    protocol: pop3",
    "    host: pop.example.org",
    "    port: 1995",
    "    user: ada@example.org",
    "    password: { file: ~/.config/mailferry/secrets/ada }",
    "  - name: lovelace",
    '    from: "new: one"',
    "    to: { archive: ./ada, format: mbox }",
  ]);
  const { accounts, jobs } = await load(text);
  expect([...accounts.keys()]).toEqual(["a", "new: one"]);
  expect(jobs.map(({ name }) => name)).toEqual(["nightly", "lovelace"]);
});

test("comments of the last account stay with it, and those of what follows with that", () => {
  const text = `version: 1
accounts:

  a:
    protocol: imap
    host: h.example
    user: ada
    password: { env: PW }
    # tls: starttls
    # port: 143

  b:
    protocol: imap
    host: i.example
    user: ada
    password:
      command:
        - pass
        - show   # this one
    # connections: 2

# The jobs.
jobs:
  - name: n
    from: a
    to:
      archive: ./a
      format: mbox
# The end.
`;
  const grown = addToText(text, { account: { ...account, name: "c" }, job: { ...job, from: "c" } });
  expect(grown).toContain("    # connections: 2\n\n  c:\n    protocol: pop3\n");
  expect(grown).toContain("secrets/ada }\n\n# The jobs.\njobs:\n");
  expect(grown).toContain("      format: mbox\n  - name: lovelace\n");
  expect(grown.endsWith("format: mbox }\n# The end.\n")).toBe(true);
  addedLines(text, grown);
});

describe("whatever the form of the file", () => {
  const example = readFileSync(new URL("../../jobs.example.yaml", import.meta.url), "utf8");
  const forms: Record<string, string> = {
    "the example": example,
    "no line end at its end": base.trimEnd(),
    CRLF: base.replaceAll("\n", "\r\n"),
    "CRLF without the last": base.trimEnd().replaceAll("\n", "\r\n"),
    JSON: JSON.stringify(parse(base), null, 2),
    "JSON on one line": JSON.stringify(parse(base)),
    "jobs before accounts": `version: 1\n${base.slice(base.indexOf("jobs:"))}${base.slice(base.indexOf("accounts:"), base.indexOf("jobs:"))}`,
    "a list without indentation": base.replace("  - {", "- {"),
    "quotes and long text": base.replace("h.example", "'h.example'"),
    "a marker of the document's end": `${base}...\n`,
    "a BOM": `\ufeff${base}`,
    "no accounts yet":
      "version: 1\naccounts: {}   # none\njobs: [{ name: x, from: { mbox: ./x }, to: { archive: ./y, format: mbox } }]\n",
  };

  test.each(Object.keys(forms))("%s: the file means what it meant, and the new", async (form) => {
    const text = forms[form] ?? "";
    const grown = addToText(text, { account: { ...account, name: "fresh" }, job: { ...job, from: "fresh" } });
    const [before, after] = [parse(text), parse(grown)];
    expect(after.accounts.fresh).toEqual({
      protocol: "pop3",
      host: "pop.example.org",
      port: 1995,
      user: "ada@example.org",
      password: account.password,
    });
    expect(after.jobs.at(-1)).toEqual({ ...job, from: "fresh" });
    delete after.accounts.fresh;
    after.jobs.pop();
    expect(after).toEqual(before);
    const comments = (yaml: string) => yaml.match(/#.*/g)?.map((comment) => comment.trim()) ?? [];
    expect(comments(grown)).toEqual(comments(text));
    if (!form.startsWith("CRLF")) expect(grown).not.toContain("\r");
    else expect(grown.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    if (form !== "no accounts yet" && !form.startsWith("JSON")) expect(grown.startsWith(text.slice(0, 20))).toBe(true);
  });
});

test("a new file has what is needed and nothing that is a default", async () => {
  const text = newJobFileText(
    { account: { ...account, name: "ada", port: 995 }, job: { ...job, from: "ada", schedule: "30 2 * * *" } },
    ["Words."],
  );
  expect(text).toBe(`# yaml-language-server: $schema=./mailferry.schema.json
# Words.

version: 1

accounts:
  ada:
    protocol: pop3
    host: pop.example.org
    user: ada@example.org
    password: { file: ~/.config/mailferry/secrets/ada }

jobs:
  - name: lovelace
    from: ada
    to: { archive: ./ada, format: mbox }
    schedule: "30 2 * * *"
`);
  expect((await load(text)).jobs[0]?.schedule).toBe("30 2 * * *");
});

test("names that mean something in YAML stay names", async () => {
  for (const name of ["true", "2024", "null", "~", "a: b", "#x", "- x", "&a", "Ada Lovelace", "été", "'", '"']) {
    const text = addToText(base, { account: { ...account, name }, job: { ...job, from: name } });
    expect([...(await load(text)).accounts.keys()].sort()).toEqual(["a", name].sort());
  }
});

// What is wrong in a job file, all of it at once; and what every command prints when nobody but a program reads it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { parseDocument } from "./support/desk.ts";
import { hostile, steersTerminals } from "./support/hostile.ts";
import { openJobs, password } from "./support/job-file.ts";

/** What `config check` and `run` say of this job file. */
async function checked(...lines: string[]) {
  const { cwd, mailferry } = openJobs({});
  writeFileSync(join(cwd, "jobs.yaml"), `${lines.join("\n")}\n`);
  const check = await mailferry("config", "check");
  const run = await mailferry("run", "--all");
  const document = await mailferry("config", "check", "--json");
  expect([check.code, run.code, document.code]).toEqual([6, 6, 6]);
  return { mistakes: check.stdout.trimEnd().split("\n"), run, document: parseDocument(document.stdout) };
}

describe("a job file", () => {
  test("with a wrong type, an unknown, a missing and a duplicate key, a bad enum and a tab: each with its place", async () => {
    const { mistakes, run, document } = await checked(
      "version: 1",
      "accounts:",
      "  old: { protocol: imap, user: ada, password: { env: PW } }",
      "  new:",
      "    protocol: pop3",
      "    host: pop.example.org",
      "    port: many",
      "    user: ada",
      "    user: ida",
      "    pasword: { env: PW }",
      "    password: { env: PW }",
      "jobs:",
      "  - name: one",
      "    from: old",
      "    to: { archive: ./a, format: mbxo }",
      "  - name: two",
      "\tfrom: new",
      "    to: { archive: ./b, format: mbox }",
    );
    expect(mistakes).toHaveLength(6);
    expect(mistakes).toEqual([
      expect.stringMatching(/^jobs\.yaml:3:8 .*accounts\.old.*host/),
      expect.stringMatching(/^jobs\.yaml:7:11 .*port.*"many"/),
      expect.stringMatching(/^jobs\.yaml:9:5 .*user/),
      expect.stringMatching(/^jobs\.yaml:10:5 .*"pasword"; did you mean "password"\?/),
      expect.stringMatching(/^jobs\.yaml:15:33 .*"mbxo" is not one of mbox, maildir/),
      expect.stringMatching(/^jobs\.yaml:17:1 .*tab/),
    ]);
    for (const mistake of mistakes) expect(run.stderr).toContain(mistake.slice(0, 60));
    expect(document.mistakes.map(({ line, column }: { line: number; column: number }) => [line, column])).toEqual([
      [3, 8],
      [7, 11],
      [9, 5],
      [10, 5],
      [15, 33],
      [17, 1],
    ]);
  });

  test("with ten mistakes: all ten, and nothing is started", async () => {
    const { mistakes, run } = await checked(
      "version: 2",
      "defaults: { concurrency: 0, timeout: 60, retry: { attempts: 5, maxwait: 1m } }",
      "accounts:",
      "  a: { protocol: imap, host: mail.example.org, tls: none, user: ada, password: { env: PW } }",
      "  b: { protocol: pop, host: mail.example.org, user: ada, password: hunter2 }",
      "jobs:",
      "  - { name: one, from: c, to: { archive: ./x, format: mbox } }",
      '  - { name: two, from: a, to: { archive: ./y, format: mbox }, filter: { maxSize: "big", since: yesterday } }',
    );
    const places = mistakes.map((mistake) => /^jobs\.yaml:(\d+):/.exec(mistake)?.[1]);
    expect(places, mistakes.join("\n")).toEqual(["1", "2", "2", "2", "4", "5", "5", "7", "8", "8"]);
    expect(run.stdout).toBe("");
    expect(mistakes.join() + run.stderr).not.toContain("hunter2");
  });
});

describe("what a program reads", () => {
  test("is one JSON document or plain text, and never an octet that steers a terminal", async () => {
    const store = createDemoStore("ada", password);
    const strange = addMailbox(store, [`Re${hostile}d`]);
    addMessage(strange, "Subject: behind a hostile name\r\n\r\nbody\r\n", { flags: ["\\Seen", "odd~flag"] });
    const server = await startImapServer({ store });
    const { mailferry, shell } = openJobs({ job: { protocol: "imap", port: server.port } });
    try {
      const commands: [string[], number][] = [
        [["run", "-n"], 0],
        [["run"], 0],
        [["verify", "job"], 0],
        [["ls", "job"], 0],
        [["ls", "job", "INBOX"], 0],
        [["ls", "job", strange.path.join("/")], 0],
        [["ls", "job", `nothing${hostile}`], 2],
        [["config", "check"], 0],
        [["config", "show"], 0],
        [["config", "schema"], 0],
        [["demo"], 0],
        [["verify", `nowhere${hostile}`], 9],
        [["ls", "nowhere"], 9],
        [["run", `nobody${hostile}`], 2],
        [["config", "check", "-c", `nofile${hostile}`], 6],
        [["fly"], 2],
        [["verify"], 2],
      ];
      for (const [args, code] of commands) {
        const json = await mailferry(...args, "--json");
        expect(json.code, args.join(" ")).toBe(code);
        const document = args[1] === "schema" ? JSON.parse(json.stdout) : parseDocument(json.stdout);
        expect(document).toBeTypeOf("object");
        expect(json.stdout + json.stderr, args.join(" ")).not.toMatch(steersTerminals);
      }
      for (const [args, code] of commands.slice(1, 8)) {
        const words = args.map((word) => `'${word}'`).join(" ");
        const piped = await shell(`{ mailferry ${words} -v; echo "ended with $?"; } 2>&1 | cat`);
        expect(piped.stdout, args.join(" ")).toContain(`ended with ${code}\n`);
        expect(piped.stdout, args.join(" ")).not.toMatch(steersTerminals);
      }
    } finally {
      await server.close();
    }
  });
});

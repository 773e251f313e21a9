// A folder with a job file of two jobs, and the servers it names: what the command line is tried on.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createDemoStore } from "../../src/demo/messages.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import { type CliResult, type RunningCli, runCli, startCli } from "./cli.ts";

export interface Desk extends AsyncDisposable {
  readonly cwd: string;
  readonly password: string;
  readonly imap: ImapServer;
  readonly pop3: Pop3Server;
  /** A job file of `nightly` (IMAP, 62 messages, Maildir in `ada`) and `rescue` (POP3, 34 messages, mbox in `pop`). */
  writeJobs(...names: readonly ("nightly" | "rescue")[]): Promise<void>;
  /** Runs the program here, with the password in the environment. */
  mailferry(...args: readonly string[]): Promise<CliResult>;
  start(...args: readonly string[]): RunningCli;
}

/** The accounts' password is another than `popPassword` where that is given: the log-in of `rescue` is refused. */
export async function openDesk({ popPassword }: { popPassword?: string } = {}): Promise<Desk> {
  const password = "analytical-engine-canary";
  const cwd = await mkdtemp(join(tmpdir(), "mailferry-cli-"));
  const imap = await startImapServer({ store: createDemoStore("ada", password) });
  const pop3 = await startPop3Server({ store: createDemoStore("ada", popPassword ?? password) });
  const account = (protocol: string, port: number) =>
    `{ protocol: ${protocol}, host: 127.0.0.1, port: ${port}, tls: none, user: ada, password: { env: PW } }`;
  const jobs = {
    nightly: "  - { name: nightly, from: imap, to: { archive: ./ada, format: maildir } }",
    rescue: "  - { name: rescue, from: pop, to: { archive: ./pop, format: mbox } }",
  };
  const desk: Desk = {
    cwd,
    password,
    imap,
    pop3,
    async writeJobs(...names) {
      const accounts = [`  imap: ${account("imap", imap.port)}`, `  pop: ${account("pop3", pop3.port)}`];
      const lines = ["version: 1", "accounts:", ...accounts, "jobs:", ...names.map((name) => jobs[name])];
      await writeFile(join(cwd, "jobs.yaml"), `${lines.join("\n")}\n`, { mode: 0o600 });
    },
    mailferry: (...args) => runCli(args, { cwd, env: { PW: password } }),
    start: (...args) => startCli(args, { cwd, env: { PW: password } }),
    async [Symbol.asyncDispose]() {
      await Promise.all([imap.close(), pop3.close()]);
      await rm(cwd, { recursive: true, force: true });
    },
  };
  await desk.writeJobs("nightly", "rescue");
  return desk;
}

export function lastLine(text: string): string | undefined {
  return text.trimEnd().split("\n").at(-1);
}

/** The value of a text that is exactly one JSON document on one line. */
export function parseDocument(text: string) {
  if (!/^[^\n]+\n$/.test(text)) throw new Error(`not one document: ${JSON.stringify(text)}`);
  return JSON.parse(text);
}

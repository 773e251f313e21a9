// mailferry demo: the jobs of jobs.example.yaml, against servers on this machine that live as long as the demo.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Account } from "../account.ts";
import { startImapServer } from "../demo/imap-server.ts";
import { addMailbox, createMailStore, type MailStore } from "../demo/mail-store.ts";
import { createDemoStore } from "../demo/messages.ts";
import { startPop3Server } from "../demo/pop3-server.ts";
import { exitCodes } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import type { RunReport } from "../jobs/events.ts";
import type { Job } from "../jobs/job.ts";
import { parseJobFile } from "../jobs/load.ts";
import { runJobs } from "../jobs/run.ts";
import { type VerifyReport, verifyArchive } from "../jobs/verify.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine, placeName } from "./names.ts";
import { formatRunSummary } from "./summary.ts";
import { openTalk } from "./talk.ts";
import { demoTexts } from "./texts/demo.ts";
import { paintVerdict } from "./verdict.ts";
import { formatVerification } from "./verify-text.ts";

const exampleFile = fileURLToPath(new URL("../../jobs.example.yaml", import.meta.url));

const ok = { code: exitCodes.ok, name: "ok" };
const damaged = { code: exitCodes.damaged, name: "damaged" };

interface Show {
  readonly passes: RunReport[];
  readonly verifications: VerifyReport[];
}

export async function demo(invocation: Invocation): Promise<number> {
  const { screen, options, language } = invocation;
  const say = demoTexts.in(language);
  // Nobody guesses the name, and what makes the first archive makes it, for this user alone.
  const directory = join(tmpdir(), `mailferry-demo-${randomBytes(6).toString("hex")}`);
  const show = await perform(directory, invocation);
  const intact = show.verifications.every(({ problems }) => problems.length === 0);
  const failed = show.passes.find((pass) => pass.exit.code !== exitCodes.ok);
  const exit = intact ? (failed?.exit ?? ok) : damaged;
  if (options.json) {
    const head = { v: 1, command: "demo", verdict: exit === ok ? "safe" : "failed", exit, directory };
    await screen.out(`${jsonText({ ...head, ...show })}\n`);
  } else {
    const word = exit === ok ? "safe" : "failed";
    const text = word === "safe" ? say("safe", { count: show.passes[0]?.jobs.length ?? 0 }) : say("failed");
    const verdict = `${paintVerdict(word, screen.outPaint, language)} ${text}`;
    await screen.out(nextSteps(invocation, directory, show.verifications[0]?.archive ?? directory));
    await screen.out(`\n${verdict}\n`);
  }
  return exit.code;
}

async function perform(directory: string, invocation: Invocation): Promise<Show> {
  const oldHome = createDemoStore("ada@example.org");
  const newHome = createNewHome("ada@example.net");
  const imap = await startImapServer({ store: oldHome });
  const pop3 = await startPop3Server({ store: oldHome });
  const target = await startImapServer({ store: newHome, prefix: "INBOX.", delimiter: "." });
  try {
    const toDemo = (name: string, account: Account): Account => {
      const { user, password } = name === "new" ? newHome : oldHome;
      const server = name === "new" ? target : account.protocol === "imap" ? imap : pop3;
      return {
        ...account,
        host: "127.0.0.1",
        port: server.port,
        tls: "none",
        user,
        secret: async () => password,
        tlsCa: undefined,
        tlsFingerprint: undefined,
      };
    };
    const example = await readFile(exampleFile, "utf8");
    const file = await parseJobFile(example, exampleFile, {}, { baseDir: directory, redirect: toDemo });
    return await playJobs(file.jobs, file.concurrency, directory, invocation);
  } finally {
    await Promise.all([imap.close(), pop3.close(), target.close()]);
  }
}

/** An account as a new provider gives it: another hierarchy, other names for the same. */
function createNewHome(user: string): MailStore {
  const store = createMailStore(user, "jacquard-loom");
  addMailbox(store, ["Sent Items"], "\\Sent");
  addMailbox(store, ["Deleted Items"], "\\Trash");
  return store;
}

async function playJobs(
  jobs: readonly Job[],
  concurrency: number,
  directory: string,
  invocation: Invocation,
): Promise<Show> {
  const { screen, options, signal, language } = invocation;
  const say = demoTexts.in(language);
  const view = { cwd: directory, language, paint: screen.outPaint, verbose: options.verbose === true };
  const tell = async (title: string, text: string) => {
    if (!options.json) await screen.out(`${screen.outPaint.bold(say("chapter", { title }))}\n\n${text}\n\n`);
  };
  const pass = async () => {
    const talk = await openTalk({ ...invocation, cwd: directory });
    const report = await runJobs(jobs, {
      concurrency,
      signal,
      report: talk.report,
      stateDirectory: join(directory, "state"),
    }).finally(() => talk.stop());
    signal.throwIfAborted();
    return report;
  };

  const first = await pass();
  await tell(say("first", { count: jobs.length, directory }), formatRunSummary(first, view));
  const second = await pass();
  await tell(say("second"), formatRunSummary(second, view));
  const verifications: VerifyReport[] = [];
  for (const archive of new Set(jobs.flatMap(({ to }) => ("archive" in to ? [to.archive] : [])))) {
    const verification = await verifyArchive(archive, { signal });
    verifications.push(verification);
    await tell(say("verify"), formatVerification(verification, view));
  }
  return { passes: [first, second], verifications };
}

function nextSteps({ program, language }: Invocation, directory: string, archive: string): string {
  const place = placeName(archive, directory);
  return [
    demoTexts.in(language)("next"),
    `  ${commandLine("cd", directory)}`,
    `  ${commandLine(...program, "ls", place)}`,
    `  ${commandLine(...program, "ls", place, "INBOX")}`,
    `  ${commandLine(...program, "verify", place)}`,
    "",
  ].join("\n");
}

// What is remembered of each job, outside of what it writes to: when it ran, and what became of that.
//
//   STATE/jobs/NAME-DIGEST/
//     job.json              which job, from where, to where; no secret
//     runs.jsonl            one line for each run, the newest last

import { join } from "node:path";
import { jsonText } from "../formats/json-text.ts";
import { appendLine, makeDirectory, replaceFile } from "./durable.ts";
import { type MoveIdentity, nameOfIdentity } from "./move-book.ts";
import { readText } from "./read-text.ts";

/** So many lines are left where there are twice as many. */
const linesKept = 500;

/** The folder in which everything about the job is remembered. */
export function memoryOf(stateDirectory: string, identity: MoveIdentity): string {
  return join(stateDirectory, "jobs", nameOfIdentity(identity));
}

/** Adds a line for a run; durable when it resolves. `record` must be JSON-ready. */
export async function addRun(stateDirectory: string, identity: MoveIdentity, record: unknown): Promise<void> {
  const directory = memoryOf(stateDirectory, identity);
  await makeDirectory(directory);
  const path = join(directory, "runs.jsonl");
  const lines = await readLines(path);
  if (lines === undefined) await replaceFile(join(directory, "job.json"), `${jsonText(identity, 2)}\n`);
  const line = `${jsonText(record)}\n`;
  if (lines === undefined || lines.length < 2 * linesKept) return appendLine(path, line);
  await replaceFile(path, [...lines.slice(-linesKept), ""].join("\n") + line);
}

/** What was added, the oldest first. Lines that are no JSON, such as one that a crash has torn, are left out. */
export async function readRuns(stateDirectory: string, identity: MoveIdentity): Promise<unknown[]> {
  const lines = (await readLines(join(memoryOf(stateDirectory, identity), "runs.jsonl"))) ?? [];
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

async function readLines(path: string): Promise<string[] | undefined> {
  return (await readText(path))?.split("\n").filter((line) => line !== "");
}

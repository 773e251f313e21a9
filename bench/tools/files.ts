import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "../contender.ts";

/** Writes a file that holds a password, and returns its path. */
export async function writeConfig(task: Task, name: string, lines: readonly string[]): Promise<string> {
  const path = join(task.folder, name);
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  return path;
}

/** For programs that write into Maildirs but don't create them. */
export async function makeMaildir(task: Task): Promise<string> {
  const path = join(task.folder, "mail");
  for (const part of ["cur", "new", "tmp"]) await mkdir(join(path, part), { recursive: true, mode: 0o700 });
  return path;
}

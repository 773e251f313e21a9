import { readdirSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";

/** The locks of a process that died name a process that lives: this one. Gives them another start. */
export function buryOwners(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.lock(\.[\w.-]+)?$/.test(name)) continue;
    const path = join(folder, name);
    const owner = JSON.parse(readlinkSync(path)) as Record<string, unknown>;
    unlinkSync(path);
    symlinkSync(JSON.stringify({ ...owner, started: "1" }), path);
  }
}

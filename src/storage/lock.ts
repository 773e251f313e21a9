// One run per archive. A lock names its owner: process, its start, the boot of the machine, a nonce. It is a symbolic
// link that points to this text: made in one step, never seen half-written.
//
// Whoever finds a dead owner's lock takes it over, and only one taker may: the right to replace the lock with nonce N is
// itself a lock, named after N. Its holder looks again, then renames its own lock over the dead one, so that there is
// never a moment without a lock. (Pids alone are reused; an flock is not to be had from Node without native code.)

import { randomBytes } from "node:crypto";
import { lstat, readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "./disk-error.ts";
import { listDirectory, placeWords, removeFile, renameFile } from "./durable.ts";

interface Owner {
  readonly pid: number;
  /** Ticks since boot when the process started; "" where the system doesn't tell. */
  readonly started: string;
  /** Identity of this boot; "" where the system doesn't tell. */
  readonly boot: string;
  readonly host: string;
  /** What tells this machine from others of the same name; "" where there is nothing. */
  readonly machine: string;
  /** The PID namespace (pid_namespaces(7)): a process id means nothing in another container. */
  readonly pids: string;
  readonly nonce: string;
}

export interface Lock extends AsyncDisposable {
  readonly path: string;
  /** It was that of a run that died. */
  readonly isInherited: boolean;
}

/**
 * Takes the lock at `path` or rejects at once with L801. Disposing gives it back. A lock whose owner is dead is taken
 * over; one of another machine or container never is, since nothing here can tell whether its owner lives.
 */
export async function acquireLock(path: string): Promise<Lock> {
  let isInherited = false;
  const me: Owner = { ...(await self()), nonce: randomBytes(8).toString("hex") };
  const words = JSON.stringify(me);
  while (!(await placeWords(path, words))) {
    const owner = await readOwner(path);
    if (owner === undefined) continue;
    if (await isAlive(owner)) throw locked(path, owner);
    await using _claim = await acquireLock(`${path}.dead-${owner.nonce}`);
    if ((await readOwner(path))?.nonce !== owner.nonce) continue;
    const mine = `${path}.${me.nonce}`;
    await placeWords(mine, words);
    await renameFile(mine, path);
    isInherited = true;
    break;
  }
  // They do no harm where they can't be removed.
  if (isInherited) await removeLeftovers(path).catch(() => undefined);
  return {
    path,
    isInherited,
    async [Symbol.asyncDispose]() {
      try {
        // Somebody who removed it by hand may have let another run in.
        if ((await readOwner(path))?.nonce === me.nonce) await removeFile(path);
      } catch {
        // What was done under it is done all the same, and what is wrong with the disk others say.
        givenBack.add(me.nonce);
      }
    },
  };
}

/** Locks that this process holds no more, and could not remove. */
const givenBack = new Set<string>();

/**
 * Since when somebody who lives holds the lock at `path`; undefined if nobody does. Nothing is changed, and what can't be
 * read is held by nobody.
 */
export async function heldSince(path: string): Promise<Date | undefined> {
  const owner = await readOwner(path).catch(() => undefined);
  if (owner === undefined || !(await isAlive(owner))) return undefined;
  return (await lstat(path).catch(() => undefined))?.mtime;
}

/** True for the lock of a run that has died; nothing is changed. */
export async function isLeftBehind(path: string): Promise<boolean> {
  const owner = await readOwner(path).catch(() => undefined);
  return owner !== undefined && !(await isAlive(owner));
}

/**
 * What takers who died in the middle have left beside a lock that is ours. Whoever lives holds, or waits to hold, the right
 * to replace a lock that is gone: it is of no use any more.
 */
async function removeLeftovers(path: string): Promise<void> {
  const start = `${basename(path)}.`;
  for (const name of await listDirectory(dirname(path))) {
    if (!name.startsWith(start) || !/^(dead-)?[0-9a-f]{16}(\.|$)/.test(name.slice(start.length))) continue;
    const leftover = join(dirname(path), name);
    const owner = await readOwner(leftover).catch(() => undefined);
    if (owner !== undefined && !(await isAlive(owner))) await removeFile(leftover);
  }
}

function locked(path: string, owner: Owner): MailferryError {
  const who = `another run (process ${owner.pid} on ${printable(owner.host)})`;
  return new MailferryError("L801", `${printable(path)} is held by ${who}`, {
    scope: "session",
    retry: "later",
    remedy: "Wait until it has ended; if you are sure that none is active, remove this file.",
  });
}

/** Undefined if there is no lock any more. */
async function readOwner(path: string): Promise<Owner | undefined> {
  let text: string;
  try {
    text = await readlink(path).catch((error: unknown) => {
      if (codeOf(error) === "EINVAL") return readFile(path, "utf8");
      throw error;
    });
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw diskError(error, path);
  }
  try {
    const owner = JSON.parse(text) as Partial<Owner>;
    if (typeof owner.pid === "number" && typeof owner.nonce === "string" && /^[0-9a-f]{16}$/.test(owner.nonce)) {
      return { started: "", boot: "", host: "", machine: "", pids: "", ...owner, pid: owner.pid, nonce: owner.nonce };
    }
  } catch {
    // Said below: a lock that can't be read is somebody's all the same.
  }
  throw new MailferryError("L801", `${printable(path)} is a lock that can't be read`, {
    scope: "session",
    retry: "never",
    remedy: "If you are sure that no other run is active, remove this file.",
  });
}

async function isAlive(owner: Owner): Promise<boolean> {
  if (givenBack.has(owner.nonce)) return false;
  const here = await self();
  if (owner.host !== here.host || owner.machine !== here.machine) return true;
  if (owner.boot !== here.boot) return false;
  if (owner.pids !== here.pids) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  const started = await startOf(owner.pid);
  return owner.started === "" || started === "" || owner.started === started;
}

let known: Promise<Omit<Owner, "nonce">> | undefined;

/** Who this process is; that never changes. */
function self(): Promise<Omit<Owner, "nonce">> {
  known ??= lookAtSelf();
  return known;
}

async function lookAtSelf(): Promise<Omit<Owner, "nonce">> {
  return {
    pid: process.pid,
    started: await startOf(process.pid),
    boot: (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim(),
    host: hostname(),
    machine: (await readFile("/etc/machine-id", "utf8").catch(() => "")).trim(),
    pids: await readlink("/proc/self/ns/pid").catch(() => ""),
  };
}

/** Field 22 of /proc/PID/stat (proc(5)): the field before it may hold spaces, so count from the last parenthesis. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

// A disk on which one operation fails, or that and all later ones, with the error of the test's choice: reading, looking,
// listing and locking as well as writing. It works on Node's own functions, so that the code under test knows nothing of it.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { constants } from "node:os";
import { resolve } from "node:path";

export const failures = ["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES"] as const;

/** Words and numbers as the system has them; only whoever shows them as they are says no more. */
const words: Readonly<Record<(typeof failures)[number], readonly [errno: number, text: string]>> = {
  ENOSPC: [-28, "no space left on device"],
  EDQUOT: [-constants.errno.EDQUOT, "disk quota exceeded"],
  EIO: [-5, "i/o error"],
  EROFS: [-30, "read-only file system"],
  EACCES: [-13, "permission denied"],
};

export interface Failing {
  readonly code: (typeof failures)[number];
  /** The number of the operation, from 1, or what it is: the first of that name; 0: none fails. */
  readonly at: number | string;
  /** And every one after it. */
  readonly forGood: boolean;
}

export interface FailingDisk {
  /** Operations so far, as `write archive/ledger/INBOX.jsonl`. */
  readonly operations: readonly string[];
  /** How many failed. */
  readonly failed: number;
  /** Gives Node its functions back. */
  end(): void;
}

type Anything = (...args: never[]) => unknown;

const byPath = [
  ...["open", "readFile", "readdir", "stat", "lstat", "readlink", "realpath", "access"],
  ...["mkdir", "rename", "unlink", "symlink"],
];
const byPathAtOnce = ["openSync", "readdirSync"];
const ofHandles = ["read", "write", "sync", "truncate", "utimes", "chmod", "stat", "readFile"];

const probe = await fs.promises.open(process.execPath);
const prototype = Object.getPrototypeOf(probe) as Record<string, Anything>;
await probe.close();
const promises = fs.promises as unknown as Record<string, Anything>;
const atOnce = fs as unknown as Record<string, Anything>;

/** Counts all that is done below `root`. */
export function failDisk(root: string, { code, at, forGood }: Failing): FailingDisk {
  const operations: string[] = [];
  let failed = 0;
  let first = typeof at === "number" && at > 0 ? at : Number.POSITIVE_INFINITY;
  const handles = new WeakMap<object, string>();
  const descriptors = new Map<number, string>();
  const undo: (() => void)[] = [];
  const step = (name: string, path: string) => {
    const operation = `${name} ${path.slice(root.length + 1)}`;
    const number = operations.push(operation);
    if (operation === at) first = Math.min(first, number);
    if (number < first || (number > first && !forGood)) return;
    failed += 1;
    const [errno, text] = words[code];
    // So Node tells of an error that it has no name for.
    const known = code === "EDQUOT" ? `Unknown system error ${errno}` : code;
    throw Object.assign(new Error(`${known}: ${text}, ${name}`), { code: known, errno, syscall: name });
  };
  const ours = (path: unknown): string | undefined => {
    const text = Buffer.isBuffer(path) ? path.toString("latin1") : path;
    if (typeof text !== "string") return undefined;
    const whole = resolve(text);
    return whole === root || whole.startsWith(`${root}/`) ? whole : undefined;
  };
  const wrap = (owner: Record<string, Anything>, name: string, make: (original: Anything) => Anything) => {
    const original = owner[name];
    if (original === undefined) throw new Error(`there is no ${name}`);
    owner[name] = make(original);
    undo.push(() => {
      owner[name] = original;
    });
  };
  for (const name of byPath) {
    wrap(promises, name, (original) => async (...args: never[]) => {
      const path = ours(name === "symlink" ? args[1] : args[0]);
      if (path !== undefined) step(name, path);
      const result = await original.apply(promises, args);
      if (name !== "open" || path === undefined) return result;
      const handle = result as fs.promises.FileHandle;
      const { fd, close } = handle;
      handles.set(handle, path);
      descriptors.set(fd, path);
      // The number is given to another file as soon as this one is closed.
      handle.close = () => {
        descriptors.delete(fd);
        return close.call(handle);
      };
      return handle;
    });
  }
  for (const name of byPathAtOnce) {
    wrap(atOnce, name, (original) => (...args: never[]) => {
      const path = ours(args[0]);
      if (path !== undefined) step(name, path);
      const result = original.apply(fs, args);
      if (name === "openSync" && path !== undefined) descriptors.set(result as number, path);
      return result;
    });
  }
  wrap(atOnce, "readSync", (original) => (...args: never[]) => {
    const path = descriptors.get(Number(args[0]));
    if (path !== undefined) step("readSync", path);
    return original.apply(fs, args);
  });
  wrap(atOnce, "closeSync", (original) => (...args: never[]) => {
    descriptors.delete(Number(args[0]));
    return original.apply(fs, args);
  });
  for (const name of ofHandles) {
    wrap(
      prototype,
      name,
      (original) =>
        async function (this: object, ...args: never[]) {
          const path = handles.get(this);
          if (path !== undefined) step(name, path);
          return original.apply(this, args);
        },
    );
  }
  syncBuiltinESMExports();
  return {
    operations,
    get failed() {
      return failed;
    },
    end() {
      for (const each of undo.splice(0)) each();
      syncBuiltinESMExports();
    },
  };
}

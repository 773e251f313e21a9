// A process that dies at a chosen step, or a disk that does: each call that changes a file is a step; in a process also
// each chunk that a socket takes or delivers and each that is digested. Works on Node's own file functions, so that the code under test knows nothing of it.

import crypto, { createHash } from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";

/** What changes files, of fs.promises and of a FileHandle: test/kill-points/steps.test.ts sees to it that nothing else does. */
export const functions = ["open", "rename", "unlink", "mkdir", "symlink", "link", "writeFile"];
export const methods = ["write", "sync", "truncate", "utimes", "chmod"];
const originals = Object.fromEntries(functions.map((name) => [name, fs.promises[name]]));
const probe = await fs.promises.open(process.execPath);
const handle = Object.getPrototypeOf(probe);
await probe.close();
const originalMethods = Object.fromEntries(methods.map((name) => [name, handle[name]]));
const { push, write } = Socket.prototype;
const hash = Object.getPrototypeOf(createHash("sha256"));
const { update } = hash;
const { hash: digestAtOnce } = crypto;

/** Opening for reading changes nothing. */
function isWriting(name, [, flags = "r"]) {
  if (name !== "open") return true;
  return typeof flags === "number" ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0 : flags !== "r";
}

/**
 * Counts steps; when `at` is reached, calls `die` before the step is done, or, in a write at an even step, after half
 * of it. If `die` returns, that step and all later ones fail. `everywhere`: the steps that change no file
 * count too.
 */
export function crashAt({ at, die = () => undefined, everywhere = false }) {
  const disk = { steps: 0, dead: false };
  const step = () => {
    if (disk.dead) throw new Error("the process is dead");
    disk.steps += 1;
    if (disk.steps !== at) return false;
    disk.dead = true;
    return true;
  };
  const last = () => {
    die();
    throw new Error("the process died");
  };
  for (const name of functions) {
    fs.promises[name] = async (...args) => {
      if (isWriting(name, args) && step()) last();
      return originals[name].apply(fs.promises, args);
    };
  }
  for (const name of methods) {
    handle[name] = async function (...args) {
      if (step()) {
        const [buffer, offset, length, position] = args;
        if (name === "write" && at % 2 === 0 && length > 1) {
          await originalMethods.write.call(this, buffer, offset, Math.floor(length / 2), position);
        }
        last();
      }
      return originalMethods[name].apply(this, args);
    };
  }
  if (everywhere) {
    Socket.prototype.push = function (...args) {
      if (disk.dead) return true;
      if (args[0] !== null && step()) last();
      return push.apply(this, args);
    };
    Socket.prototype.write = function (...args) {
      if (disk.dead) return true;
      if (step()) {
        const [chunk] = args;
        if (at % 2 === 0 && Buffer.isBuffer(chunk) && this._handle) {
          // Half of it reaches the other side: at once, since nothing happens on this thread any more.
          write.call(this, chunk.subarray(0, chunk.length >> 1));
        }
        last();
      }
      return write.apply(this, args);
    };
    hash.update = function (...args) {
      if (!disk.dead && step()) last();
      return update.apply(this, args);
    };
    if (digestAtOnce !== undefined) {
      crypto.hash = (...args) => {
        if (!disk.dead && step()) last();
        return digestAtOnce(...args);
      };
    }
  }
  syncBuiltinESMExports();
  return disk;
}

/** Gives the functions back. */
export function mend() {
  Object.assign(fs.promises, originals);
  Object.assign(handle, originalMethods);
  Socket.prototype.push = push;
  Socket.prototype.write = write;
  hash.update = update;
  if (digestAtOnce !== undefined) crypto.hash = digestAtOnce;
  syncBuiltinESMExports();
}

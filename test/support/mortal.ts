// A process that dies, within this one. Each run has a life of its own, which goes wherever its code goes (AsyncLocalStorage):
// so a run that died can do nothing more, however long its code goes on and whatever runs after it. A real kill -9 takes some
// ten times as long.
//
// A step is a call that changes a file, or octets that leave for the target. What writes octets is two steps: at the first
// none of them are written, at the second some.

import { AsyncLocalStorage } from "node:async_hooks";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";

export interface Life<T> {
  readonly steps: number;
  /** The step at which it died; undefined if it lived to its end. */
  readonly death: string | undefined;
  readonly result: T | undefined;
}

interface LifeOptions {
  /** The step at which it ends; 0: never. */
  readonly at?: number;
  /** The port of the target. */
  readonly towards?: number | undefined;
}

/** What changes files. */
const functions = (
  "appendFile chmod chown copyFile cp lchmod lchown link lutimes mkdir mkdtemp open rename rm rmdir symlink truncate " +
  "unlink utimes writeFile"
).split(" ");
const methods = "appendFile chmod chown datasync sync truncate utimes write writeFile writev".split(" ");
/** The same without a promise: no step is known of it. */
const others =
  /^(appendFile|f?chmod|[fl]?chown|copyFile|cp|fdatasync|fsync|f?truncate|[fl]?utimes|link|mkdir|mkdtemp|open|rename|rm|rmdir|symlink|unlink|write|writeFile|writev|createWriteStream)(Sync)?$/;

class Mortal {
  readonly at: number;
  readonly towards: number | undefined;
  steps = 0;
  death: string | undefined;
  /** Nothing of it goes on any more: neither in this process nor in the kernel. */
  readonly gone: Promise<void>;
  readonly sockets = new Set<Socket>();
  #underWay = 0;
  #rest: () => void = () => undefined;

  constructor({ at = 0, towards }: LifeOptions) {
    this.at = at;
    this.towards = towards;
    this.gone = new Promise((resolve) => {
      this.#rest = resolve;
    });
  }

  /** True if it dies of this step. */
  step(words: string): boolean {
    this.steps += 1;
    if (this.steps !== this.at) return false;
    this.death = words;
    return true;
  }

  /** Of what was begun before the death, the kernel makes an end. */
  async finish<T>(call: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await call();
    } finally {
      this.#underWay -= 1;
      this.bury();
    }
  }

  bury(): void {
    if (this.death === undefined || this.#underWay > 0) return;
    for (const socket of this.sockets) socket.destroy();
    this.#rest();
  }

  /** How much of so many octets is written, where it is not all. */
  partOf(octets: number): number {
    return 1 + ((this.at * 7919) % (octets - 1));
  }
}

const lives = new AsyncLocalStorage<Mortal>();
const unwinding = new Set<Promise<unknown>>();
const watched = new Set<string>();
const strays: string[] = [];

/** Runs it, in a life of its own. Resolves when it has ended, or died; then its code may still be at work, to no effect. */
export async function live<T>(options: LifeOptions, run: () => Promise<T>): Promise<Life<T>> {
  const life = new Mortal(options);
  const ended = lives.run(life, run);
  const settled = ended.catch(() => undefined).finally(() => unwinding.delete(settled));
  unwinding.add(settled);
  const result = await Promise.race([ended, life.gone.then(() => undefined)]).catch((error: unknown) => {
    if (life.death === undefined) throw error;
  });
  if (life.death !== undefined) await life.gone;
  const { steps, death } = life;
  return { steps, death, result: death === undefined ? (result as T) : undefined };
}

/** Resolves when the code of all that died has come to its end. */
export async function unwound(): Promise<void> {
  await Promise.all(unwinding);
}

/** Whatever changes a file below this folder, and is of no life, is noted. */
export function watch(folder: string): void {
  watched.add(folder);
}

/** What changed a file although nobody did it. */
export function straySteps(): readonly string[] {
  return strays;
}

const died = () => new Error("the process is dead");

/** True if the life that does this dies of it. Throws where it is dead. */
function isLast(words: string): boolean {
  const life = lives.getStore();
  if (life === undefined) {
    if ([...watched].some((folder) => words.includes(folder))) strays.push(words);
    return false;
  }
  if (life.death !== undefined) throw died();
  return life.step(words);
}

function within<T>(call: () => Promise<T>): Promise<T> {
  return lives.getStore()?.finish(call) ?? call();
}

function end(): never {
  lives.getStore()?.bury();
  throw died();
}

/** Opening for reading changes nothing. */
function isWriting(flags: unknown = "r"): boolean {
  return typeof flags === "number" ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0 : flags !== "r";
}

// biome-ignore lint/suspicious/noExplicitAny: Node's own functions, of whatever kind.
type Any = any;
type Owner = Record<string, Any>;

const paths = new WeakMap<object, string>();
const promises = fs.promises as unknown as Owner;
for (const name of functions) {
  const original = promises[name];
  if (original === undefined) continue;
  promises[name] = async (...args: Any[]) => {
    const changes = name !== "open" || isWriting(args[1]);
    if (changes && isLast(`${name} ${args[0]} ${name === "rename" ? args[1] : ""}`)) end();
    const result = await (changes ? within(() => original.apply(promises, args)) : original.apply(promises, args));
    if (name === "open") paths.set(result, `${args[0]}`);
    return result;
  };
}

const probe = await fs.promises.open(process.execPath);
const handles = Object.getPrototypeOf(probe) as Owner;
await probe.close();
for (const name of methods) {
  const original = handles[name];
  handles[name] = async function (this: object, ...args: Any[]) {
    const words = `${name} ${paths.get(this) ?? "?"}`;
    if (isLast(words)) end();
    const [buffer, offset, length, position] = args;
    if (name === "write" && typeof length === "number" && length > 1 && isLast(`a part of ${words}`)) {
      const part = lives.getStore()?.partOf(length) ?? 0;
      await within(() => original.call(this, buffer, offset, part, position));
      end();
    }
    return within(() => original.apply(this, args));
  };
}

const all = fs as unknown as Owner;
for (const name of Object.keys(fs).filter((each) => others.test(each))) {
  const original = all[name];
  all[name] = function (this: unknown, ...args: Any[]) {
    const isOpening = name.startsWith("open");
    const isTalk = name.startsWith("write") && typeof args[0] === "number" && args[0] <= 2;
    const changes = isOpening ? isWriting(args[1] instanceof Function ? undefined : args[1]) : !isTalk;
    if (changes && lives.getStore() !== undefined) throw new Error(`fs.${name} is no step that is known`);
    return original.apply(this, args);
  };
}

const sockets = Socket.prototype as unknown as Owner;
const { connect, _write: write, _writev: writeSeveral } = sockets;
sockets.connect = function (this: Socket, ...args: Any[]) {
  const life = lives.getStore();
  life?.sockets.add(this);
  if (life?.death !== undefined) return this.destroy(died());
  return connect.apply(this, args);
};
sockets._write = function (this: Socket, chunk: Buffer | string, encoding: BufferEncoding, done: Any) {
  const octets = () => (typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
  if (leaves(this, octets)) write.call(this, chunk, encoding, done);
  else done(died());
};
sockets._writev = function (this: Socket, chunks: { chunk: Buffer | string; encoding: BufferEncoding }[], done: Any) {
  const octets = () =>
    Buffer.concat(
      chunks.map(({ chunk, encoding }) => (typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk)),
    );
  if (leaves(this, octets)) writeSeveral.call(this, chunks, done);
  else done(died());
};

/** False if nothing leaves any more, or no more than a part that has left now. */
function leaves(socket: Socket, octets: () => Buffer): boolean {
  const life = lives.getStore();
  if (life === undefined) return true;
  if (life.death !== undefined) return false;
  if (life.towards === undefined || socket.remotePort !== life.towards) return true;
  if (life.step("nothing to the target")) {
    life.bury();
    return false;
  }
  if (!life.step("a part to the target")) return true;
  const whole = octets();
  // Handed to the network at once: the connection is closed next.
  if (whole.length > 1) write.call(socket, whole.subarray(0, life.partOf(whole.length)), "buffer", () => undefined);
  life.bury();
  return false;
}

syncBuiltinESMExports();

// What this process does to the files below one folder, in the order in which it does it: written octets, lengths, names, and
// which of them were synced. crash-images.ts makes of it what a power loss may leave. It works on Node's own functions, so
// that the code under test knows nothing of it; a test sees to it that the program changes files by no others.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";

export interface FileNode {
  readonly kind: "file";
  /** What was on the disk before. */
  readonly initial: Buffer;
}
export interface FolderNode {
  readonly kind: "folder";
  readonly initial: ReadonlyMap<string, Node>;
  /** As the process sees it now. */
  readonly now: Map<string, Node>;
}
export interface LinkNode {
  readonly kind: "link";
  readonly to: string;
}
export type Node = FileNode | FolderNode | LinkNode;

interface Span {
  /** Steps are counted where they begin and where they end: what has not ended may have happened all the same. */
  readonly began: number;
  ended: number;
}
/** Of a file's content. */
export type FileChange = Span & { readonly node: FileNode } & (
    | { readonly type: "write"; readonly offset: number; readonly octets: Buffer }
    | { readonly type: "truncate"; readonly length: number }
  );
/** Of one name in a folder. Both of a rename have the same `unit`. */
export interface NameChange extends Span {
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: Node | undefined;
  readonly unit: number;
}
export interface Sync extends Span {
  readonly node: FileNode | FolderNode;
}

/** A moment at which the power may fail. */
export interface Point<Seen> {
  readonly at: number;
  /** For messages. */
  readonly before: string;
  /** What the test wanted to remember of the rest of the world. */
  readonly seen: Seen;
}

export interface DiskRecord<Seen> {
  readonly root: string;
  readonly tree: FolderNode;
  readonly contents: FileChange[];
  readonly names: NameChange[];
  readonly syncs: Sync[];
  /** What was done, in order: `mkdir archive/mbox`, `sync folder archive`. */
  readonly changes: string[];
  /** Before each sync and each rename, and at the end. */
  readonly points: Point<Seen>[];
  /** After so many more changes all of them fail, as if the process had died. */
  dieAfter(changes: number): void;
  /** Another process, as it were, goes on with the same disk. */
  liveAgain(): void;
  /** Gives Node its functions back. */
  end(): void;
}

const { promises } = fs;
const wrapped = ["open", "rename", "unlink", "mkdir", "symlink"] as const;
const methods = ["write", "sync", "truncate"] as const;
const originals = Object.fromEntries(wrapped.map((name) => [name, promises[name]])) as Pick<
  typeof promises,
  (typeof wrapped)[number]
>;

type Handle = fs.promises.FileHandle;
type Write = (buffer: Buffer, offset: number, length: number, position: number) => Promise<unknown>;

const probe = await promises.open(process.execPath);
const prototype = Object.getPrototypeOf(probe) as Pick<Handle, (typeof methods)[number]>;
await probe.close();
const originalMethods = { write: prototype.write, sync: prototype.sync, truncate: prototype.truncate };

/** Begins to record; what lies below `root` counts as being on the disk. Only one record at a time. */
export function recordDisk<Seen>(root: string, see: () => Seen): DiskRecord<Seen> {
  const tree = scan(root);
  const handles = new WeakMap<Handle, { readonly node: FileNode | FolderNode; readonly path: string }>();
  const contents: FileChange[] = [];
  const names: NameChange[] = [];
  const syncs: Sync[] = [];
  const points: Point<Seen>[] = [];
  const changes: string[] = [];
  let step = 0;
  let units = 0;
  let left = Number.POSITIVE_INFINITY;

  const isOurs = (path: unknown): path is string =>
    typeof path === "string" && (resolve(path) === root || resolve(path).startsWith(`${root}/`));
  const find = (path: string): Node | undefined => {
    let node: Node | undefined = tree;
    for (const name of relative(root, resolve(path)).split("/").filter(Boolean)) {
      node = node?.kind === "folder" ? node.now.get(name) : undefined;
    }
    return node;
  };
  const folderOf = (path: string): FolderNode => {
    const node = find(dirname(resolve(path)));
    if (node?.kind !== "folder") throw new Error(`the record has no folder for ${path}`);
    return node;
  };
  const point = (before: string) => {
    points.push({ at: step, before, seen: see() });
  };
  const mayChange = (what: string, path: string) => {
    if (left-- <= 0) throw new Error("the process died");
    changes.push(`${what} ${relative(root, path)}`);
  };
  /** Records what is about to happen, and takes it back if it does not. */
  const during = async <T>(add: (began: number) => { into: Span[]; spans: Span[] }, act: () => Promise<T>) => {
    const { into, spans } = add(++step);
    into.push(...spans);
    try {
      const result = await act();
      const ended = ++step;
      for (const span of spans) span.ended = ended;
      return result;
    } catch (error) {
      for (const span of spans) into.splice(into.indexOf(span), 1);
      throw error;
    }
  };
  const named = (changes: readonly (readonly [path: string, node: Node | undefined])[]) => (began: number) => {
    const unit = ++units;
    const spans = changes.map(([path, node]) => {
      const change: NameChange = {
        folder: folderOf(path),
        name: basename(path),
        node,
        unit,
        began,
        ended: Number.POSITIVE_INFINITY,
      };
      return change;
    });
    return { into: names as Span[], spans: spans as Span[] };
  };
  const put = (path: string, node: Node | undefined) => {
    const { now } = folderOf(path);
    if (node === undefined) now.delete(basename(path));
    else now.set(basename(path), node);
  };

  promises.open = (async (path: string, flags: string | number = "r", mode?: number) => {
    if (!isOurs(path)) return originals.open(path, flags, mode);
    const creates = typeof flags === "number" && (flags & fs.constants.O_CREAT) !== 0;
    if (creates) mayChange("open", path);
    const fresh: FileNode = { kind: "file", initial: Buffer.alloc(0) };
    const isNew = creates && find(path) === undefined;
    const open = () => originals.open(path, flags, mode);
    const handle = isNew ? await during(named([[path, fresh]]), open) : await open();
    if (isNew) put(path, fresh);
    const node = find(path);
    if (node !== undefined && node.kind !== "link") handles.set(handle, { node, path });
    return handle;
  }) as typeof promises.open;
  promises.rename = (async (from: string, to: string) => {
    if (!isOurs(from)) return originals.rename(from, to);
    mayChange("rename", to);
    point(`rename to ${relative(root, to)}`);
    const node = find(from);
    await during(
      named([
        [from, undefined],
        [to, node],
      ]),
      () => originals.rename(from, to),
    );
    put(from, undefined);
    put(to, node);
  }) as typeof promises.rename;
  promises.unlink = (async (path: string) => {
    if (!isOurs(path)) return originals.unlink(path);
    mayChange("unlink", path);
    await during(named([[path, undefined]]), () => originals.unlink(path));
    put(path, undefined);
  }) as typeof promises.unlink;
  promises.mkdir = (async (path: string, options?: fs.MakeDirectoryOptions) => {
    if (!isOurs(path) || resolve(path) === root || find(dirname(resolve(path))) === undefined) {
      return originals.mkdir(path, options);
    }
    mayChange("mkdir", path);
    const node: FolderNode = { kind: "folder", initial: new Map(), now: new Map() };
    await during(named([[path, node]]), () => originals.mkdir(path, options));
    put(path, node);
    return undefined;
  }) as typeof promises.mkdir;
  promises.symlink = (async (to: string, path: string) => {
    if (!isOurs(path)) return originals.symlink(to, path);
    mayChange("symlink", path);
    const node: LinkNode = { kind: "link", to };
    await during(named([[path, node]]), () => originals.symlink(to, path));
    put(path, node);
  }) as typeof promises.symlink;

  prototype.write = async function (this: Handle, buffer: Buffer, offset: number, length: number, position: number) {
    const act = () => (originalMethods.write as Write).call(this, buffer, offset, length, position);
    const { node, path = "" } = handles.get(this) ?? {};
    if (node?.kind !== "file") return act();
    mayChange("write", path);
    const octets = Buffer.from(buffer.subarray(offset, offset + length));
    return during((began) => {
      const change: FileChange = {
        type: "write",
        node,
        offset: position,
        octets,
        began,
        ended: Number.POSITIVE_INFINITY,
      };
      return { into: contents as Span[], spans: [change] };
    }, act);
  } as typeof prototype.write;
  prototype.truncate = async function (this: Handle, length = 0) {
    const act = () => originalMethods.truncate.call(this, length);
    const { node, path = "" } = handles.get(this) ?? {};
    if (node?.kind !== "file") return act();
    mayChange("truncate", path);
    return during((began) => {
      const change: FileChange = { type: "truncate", node, length, began, ended: Number.POSITIVE_INFINITY };
      return { into: contents as Span[], spans: [change] };
    }, act);
  };
  prototype.sync = async function (this: Handle) {
    const known = handles.get(this);
    if (known === undefined) return originalMethods.sync.call(this);
    mayChange(`sync ${known.node.kind}`, known.path);
    point(`sync of ${relative(root, known.path)}`);
    return during(
      (began) => ({
        into: syncs as Span[],
        spans: [{ node: known.node, began, ended: Number.POSITIVE_INFINITY } as Sync],
      }),
      () => originalMethods.sync.call(this),
    );
  };
  syncBuiltinESMExports();

  return {
    root,
    tree,
    contents,
    names,
    syncs,
    points,
    changes,
    dieAfter(changes) {
      left = changes;
    },
    liveAgain() {
      left = Number.POSITIVE_INFINITY;
    },
    end() {
      point("the end");
      Object.assign(promises, originals);
      Object.assign(prototype, originalMethods);
      syncBuiltinESMExports();
    },
  };
}

function scan(path: string): FolderNode {
  const initial = new Map<string, Node>();
  for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
    const at = join(path, entry.name);
    if (entry.isDirectory()) initial.set(entry.name, scan(at));
    else if (entry.isSymbolicLink()) initial.set(entry.name, { kind: "link", to: fs.readlinkSync(at) });
    else initial.set(entry.name, { kind: "file", initial: fs.readFileSync(at) });
  }
  return { kind: "folder", initial, now: new Map(initial) };
}

// Reading a source of local mail to its end, and what it noticed.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Message, MessageRef } from "../../src/message.ts";
import type { MailboxReader, Source, SourceNotice } from "../../src/sources/source.ts";
import { collect, octetsOf } from "./imap.ts";

export interface ReadMessage extends Omit<Message, "body"> {
  readonly text: string;
}

/** Every message of an open mailbox as fetched; the listing must have said the same of it, and its size to the octet. */
export async function readAll(reader: MailboxReader): Promise<ReadMessage[]> {
  const refs = await collect(reader.list());
  const listed = new Map<string, MessageRef>(refs.map((ref) => [ref.key, ref]));
  if (listed.size !== refs.length) throw new Error("a key came twice");
  const messages: ReadMessage[] = [];
  for await (const message of reader.fetch(refs)) {
    const octets = await octetsOf(message);
    const { body: _, ...rest } = message;
    const ref = listed.get(message.key);
    const says = JSON.stringify([ref?.size, ref?.flags, ref?.internalDate]);
    const is = JSON.stringify([octets.length, rest.flags, rest.internalDate]);
    if (says !== is) throw new Error(`${message.key} was listed as ${says} and is ${is}`);
    messages.push({ ...rest, text: octets.toString("latin1") });
  }
  return messages;
}

export async function readMailbox(source: Source, ...path: string[]): Promise<ReadMessage[]> {
  await using reader = await source.open({ path });
  return await readAll(reader);
}

/** By mailbox, the texts of its messages. */
export async function readEverything(source: Source): Promise<Record<string, string[]>> {
  const all: [string, string[]][] = [];
  for (const { path } of await collect(source.mailboxes())) {
    all.push([path.join(" / "), (await readMailbox(source, ...path)).map(({ text }) => text)]);
  }
  return Object.fromEntries(all);
}

/** Collects notices. */
export function noticeBoard(): { notices: SourceNotice[]; notice: (notice: SourceNotice) => void } {
  const notices: SourceNotice[] = [];
  return { notices, notice: (notice) => notices.push(notice) };
}

/** Writes files with the folders above them, by their paths in `root`. */
export function plant(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content, typeof content === "string" ? "latin1" : undefined);
  }
}

export const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("SKIPPED: what Python's mailbox module writes is not read, as there is no python3");

export function runPython(script: string, ...args: string[]): void {
  execFileSync("python3", ["-c", `import mailbox, os, sys\n${script}`, ...args], { stdio: "pipe" });
}

/** Runs something while these files and folders may not be read; as another user where this one may read everything. */
export async function withoutRights(root: string, names: readonly string[], run: () => Promise<void>): Promise<void> {
  const nobody = 65534;
  const isRoot = process.geteuid?.() === 0;
  for (const name of names) chmodSync(join(root, name), 0);
  if (isRoot) chownSync(root, nobody, nobody);
  if (isRoot) process.seteuid?.(nobody);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const name of names) chmodSync(join(root, name), 0o700);
  }
}

// Jobs as a job file would give them, for tests that run the engine itself.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Account, ArchiveFormat, Job } from "../../src/index.ts";

export interface Server {
  readonly protocol: "imap" | "pop3";
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export function accountOn(server: Server, changes: Partial<Account> = {}): Account {
  return {
    protocol: server.protocol,
    host: "127.0.0.1",
    port: server.port,
    tls: "none",
    user: server.user,
    auth: "auto",
    secret: async () => server.password,
    timeoutMs: 10_000,
    connections: 4,
    ...changes,
  };
}

export function jobTo(archive: string, format: ArchiveFormat, from: Account, changes: Partial<Job> = {}): Job {
  return {
    name: `${from.protocol}-${format}`,
    from,
    to: { archive, format },
    mailboxes: { include: ["*"], exclude: [], map: [] },
    filter: {},
    verify: "after",
    retry: { attempts: 3, maxWaitMs: 0 },
    ...changes,
  };
}

/** The four routes of an archive run. */
export const routes = [
  { protocol: "imap", format: "maildir" },
  { protocol: "imap", format: "mbox" },
  { protocol: "pop3", format: "maildir" },
  { protocol: "pop3", format: "mbox" },
] as const;

const folders: string[] = [];

/** Where files lie in memory, if there is such a place: for tests that are not about the disk. */
export const inMemory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A new folder that is removed after the test. */
export function temporaryFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, "mailferry-test-"));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

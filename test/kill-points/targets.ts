// Where the mail of a kill point goes to: each kind of target, and all that has to be the same there whenever a run died.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { addMessage, createMailStore, type StoredMailbox } from "../../src/demo/mail-store.ts";
import { partPath } from "../../src/formats/mbox-parts.ts";
import type { Job } from "../../src/index.ts";
import { moveIdentity } from "../../src/jobs/identity.ts";
import { verifyArchive } from "../../src/jobs/verify.ts";
import { openReadable } from "../../src/packs/open.ts";
import { readArchive } from "../../src/storage/archive.ts";
import { listParts } from "../../src/storage/archive-inventory.ts";
import { isTemporaryName } from "../../src/storage/durable.ts";
import { readMoveBook } from "../../src/storage/move-book.ts";
import { sha256 } from "../support/archives.ts";
import { accountOn } from "../support/jobs.ts";
import { fastTarget, letter } from "../support/moves.ts";

export const targetKinds = ["mbox", "maildir", "imap", "pack"] as const;
export type TargetKind = (typeof targetKinds)[number];

export interface MailTarget {
  readonly to: Job["to"];
  /** The same for kill-child.mjs. */
  readonly child: object;
  readonly pack?: Job["pack"];
  /** The port towards which writing is a step. */
  readonly port?: number;
  /** All that is there, as sorted lines; rejects where it is not what is remembered of it. */
  contents(job: Job, stateDirectory: string): Promise<string[]>;
  /** Right after a death. */
  checkAfterDeath(): Promise<void>;
  /** Octets of messages that a server has sent and received so far. */
  octetsMoved(): number;
  /** What lies outside of `folder` becomes what will be there again after `restore`. */
  keep(): void;
  restore(): void;
  close(): Promise<void>;
}

interface TargetOptions {
  /** Of an account. */
  readonly capabilities?: readonly string[] | undefined;
  /** The source tells the date of no message. */
  readonly isUndated?: boolean;
  /** Other mail arrives meanwhile: with every third APPEND. */
  readonly isBusy?: boolean | undefined;
}

/** `folder` is the target's own, and need not be there yet. */
export async function openMailTarget(kind: TargetKind, folder: string, options: TargetOptions): Promise<MailTarget> {
  if (kind === "imap") return openAccount(options);
  const archive = join(folder, "archive");
  const vault = join(folder, "vault");
  const format = kind === "mbox" ? "mbox" : "maildir";
  return {
    to: { archive, format },
    child: { archive, format },
    ...(kind === "pack" ? { pack: { as: "tar.gz", every: "day", to: vault } } : {}),
    async contents() {
      for (const each of [archive, vault]) requireTidy(each);
      return [...(await archiveContents(archive)), ...(kind === "pack" ? await packContents(vault) : [])];
    },
    async checkAfterDeath() {
      if (kind === "pack") await packContents(vault);
    },
    octetsMoved: () => 0,
    keep: () => undefined,
    restore: () => undefined,
    close: async () => undefined,
  };
}

/** Ledger and mail agree, and nothing lies there that no ledger names, but for what was moved aside. */
async function archiveContents(directory: string): Promise<string[]> {
  const { problems } = await verifyArchive(directory);
  if (problems.length > 0) throw new Error(`the archive is damaged: ${JSON.stringify(problems)}`);
  const lines: string[] = [];
  await using archive = await readArchive(directory);
  for (const mailbox of archive.mailboxes()) {
    await using ledger = await archive.readLedger(mailbox);
    const stored = [...(ledger?.all() ?? [])];
    const places = stored.map(({ place }) => place);
    for (const { sha256: digest, flags, internalDate } of stored) {
      const words = [...mailbox.path, digest, ...flags.toSorted(), internalDate?.toISOString() ?? ""];
      lines.push(words.join(" "));
    }
    const { format, path } = archive.whereabouts(mailbox);
    const there = format === "mbox" ? await octetsOf(path) : countFiles(path);
    const named = format === "mbox" ? places.reduce((sum, { length }) => sum + Number(length), 0) : places.length;
    if (there !== named) throw new Error(`${path}: there is ${there}, and the ledger names ${named}`);
  }
  return lines.sort();
}

/** Nothing is left of runs that died, but for mail that was moved aside. */
function requireTidy(folder: string): void {
  if (!existsSync(folder)) return;
  const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isLeftover);
  if (left.length > 0) throw new Error(`left behind in ${folder}: ${left.join(", ")}`);
}

function isLeftover(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  // That of packs is taken over with the next pack.
  return isTemporaryName(name) || (/\.lock(\.|$)/.test(name) && !name.endsWith(".packs.lock"));
}

/** Of an mbox, in all its files. */
async function octetsOf(path: string): Promise<number> {
  const parts = await listParts(path);
  return parts.reduce((sum, part) => sum + statSync(partPath(path, part)).size, 0);
}

function countFiles(maildir: string): number {
  return ["cur", "new", "tmp"].reduce((sum, name) => sum + readdirSync(join(maildir, name)).length, 0);
}

/** Whatever has the name of a pack is whole. */
async function packContents(vault: string): Promise<string[]> {
  const lines: string[] = [];
  for (const name of existsSync(vault) ? readdirSync(vault).sort() : []) {
    if (!name.endsWith(".tar.gz")) continue;
    const { problems } = await verifyArchive(join(vault, name));
    if (problems.length > 0) throw new Error(`${name} is damaged: ${JSON.stringify(problems)}`);
    await using pack = await openReadable(join(vault, name));
    for (const mailbox of pack.mailboxes()) {
      await using ledger = await pack.readLedger(mailbox);
      for (const { sha256: digest } of ledger?.all() ?? []) lines.push(`${name} ${mailbox.path.join("/")} ${digest}`);
    }
  }
  return lines.sort();
}

async function openAccount({
  capabilities = fastTarget,
  isBusy = false,
  isUndated,
}: TargetOptions): Promise<MailTarget> {
  const store = createMailStore("ada-new", "secret-of-ada-new");
  let appends = 0;
  const server = await startImapServer({ store, capabilities });
  if (isBusy) {
    server.script.onCommand = ({ name }) => {
      if (name !== "APPEND" || ++appends % 3 !== 0) return undefined;
      for (const mailbox of store.mailboxes.slice(0, 2)) {
        addMessage(mailbox, letter(`stranger ${appends} in ${mailbox.path.join("/")}`), { internalDate: new Date() });
      }
      return undefined;
    };
  }
  const login = { protocol: "imap", port: server.port, user: store.user, password: store.password } as const;
  let kept = store.mailboxes.map(copyOf);
  return {
    // What a run that died has sent is waited for for a tenth of this.
    to: { account: accountOn(login, { connections: 2, timeoutMs: 2_000 }), under: [] },
    child: { account: login },
    port: server.port,
    async contents(job, stateDirectory) {
      requireTidy(join(stateDirectory, "moves"));
      await compareBook(store.mailboxes, job, stateDirectory);
      const lines = store.mailboxes.flatMap(({ path, messages }) =>
        messages
          .filter(({ bytes }) => !isStranger(bytes))
          .map(({ bytes, flags, internalDate }) =>
            [path.join("/"), sha256(bytes), ...flags.toSorted(), isUndated ? "" : internalDate.toISOString()].join(" "),
          ),
      );
      return lines.sort();
    },
    checkAfterDeath: async () => undefined,
    octetsMoved: () => server.messageOctetsSent() + server.messageOctetsReceived(),
    keep() {
      kept = store.mailboxes.map(copyOf);
    },
    restore() {
      store.mailboxes = kept.map(copyOf);
      appends = 0;
    },
    close: () => server.close(),
  };
}

/** What the book of the move says of each message, lies there. */
async function compareBook(mailboxes: readonly StoredMailbox[], job: Job, stateDirectory: string): Promise<void> {
  await using book = await readMoveBook(stateDirectory, moveIdentity(job));
  for (const { path, uidValidity, messages } of mailboxes) {
    await using ledger = await book?.readLedger({ path });
    const digests = new Map(messages.map(({ uid, bytes }) => [uid, sha256(bytes)]));
    const ours = messages.filter(({ bytes }) => !isStranger(bytes)).length;
    const known = [...(ledger?.all() ?? [])];
    if (known.length !== ours) throw new Error(`${path}: ${ours} messages, and ${known.length} in the ledger`);
    for (const { key, place, sha256: digest } of known) {
      const isThere = `${place.uidValidity}` === `${uidValidity}` && digests.get(Number(place.uid)) === digest;
      if (!isThere) throw new Error(`${path}: message ${key} does not lie where the ledger says`);
    }
  }
}

function isStranger(octets: Buffer): boolean {
  return octets.includes("Subject: stranger ");
}

function copyOf(mailbox: StoredMailbox): StoredMailbox {
  const messages = mailbox.messages.map((message) => ({ ...message, flags: [...message.flags] }));
  return { ...mailbox, path: [...mailbox.path], messages };
}

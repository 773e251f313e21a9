// A folder of ledgers, one for each mailbox, and the reports of the runs that wrote them.

import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { jsonText } from "../formats/json-text.ts";
import { ledgerName, nameKey } from "../formats/mailbox-names.ts";
import { printable } from "../formats/printable.ts";
import type { Mailbox } from "../message.ts";
import { isTemporaryName, listDirectory, makeDirectory, removeFile, replaceFile, syncDirectory } from "./durable.ts";
import { type Ledger, openLedger, readLedger } from "./ledger.ts";
import type { LedgerContents } from "./ledger-contents.ts";
import { readLedgerMailbox, readLedgerTail } from "./ledger-ends.ts";
import type { ReadLine } from "./ledger-lines.ts";
import type { Lock } from "./lock.ts";
import { refuseLinks } from "./no-links.ts";
import { namesIn } from "./read-folder.ts";

export class LedgerFolder implements AsyncDisposable {
  readonly directory: string;
  /** Ledger file names by mailbox: a name may be another than the plain one, where two mailboxes would share it. */
  readonly #index: Map<string, { readonly path: readonly string[]; readonly variant: number }>;
  readonly #taken: Set<string>;
  readonly #lock: Lock | undefined;
  readonly #mailName: ((path: readonly string[], variant: number) => string) | undefined;
  /** Of ledgers that do not even tell of which mailbox they are. */
  readonly damaged: readonly MailferryError[];

  /** `mailName`: what else is on the disk under a mailbox's name. Disposing gives the lock back. */
  constructor(
    directory: string,
    { entries, damaged }: LedgerIndex,
    lock: Lock | undefined,
    mailName?: (path: readonly string[], variant: number) => string,
  ) {
    this.directory = directory;
    this.#mailName = mailName;
    this.#index = new Map(entries.map((entry) => [keyOf(entry.path), entry]));
    this.#taken = new Set(entries.flatMap((entry) => this.#names(entry.path, entry.variant)));
    this.#lock = lock;
    this.damaged = damaged;
  }

  /** True if the run that wrote here last has died. */
  get followsDeath(): boolean {
    return this.#lock?.isInherited ?? false;
  }

  /** The mailboxes that have a ledger, INBOX first. */
  mailboxes(): Mailbox[] {
    return [...this.#index.values()].map(({ path }) => ({ path })).sort((a, b) => compareMailboxes(a.path, b.path));
  }

  /**
   * Which of its possible names a mailbox has: 1, or more where names differ only in ways that a file system may not
   * tell apart (case, Unicode normalisation). The same for ever once the mailbox has a ledger.
   */
  variantOf(mailbox: Mailbox): number {
    const key = keyOf(mailbox.path);
    const known = this.#index.get(key);
    if (known !== undefined) return known.variant;
    let variant = 1;
    while (this.#names(mailbox.path, variant).some((name) => this.#taken.has(name))) variant++;
    this.#index.set(key, { path: mailbox.path, variant });
    for (const name of this.#names(mailbox.path, variant)) this.#taken.add(name);
    return variant;
  }

  openLedger(mailbox: Mailbox): Promise<Ledger> {
    return openLedger(this.#ledgerPath(mailbox), mailbox.path, this.followsDeath);
  }

  /** The caller disposes of it. */
  readLedger(mailbox: Mailbox): Promise<LedgerContents | undefined> {
    return readLedger(this.#ledgerPath(mailbox));
  }

  /** In which state the mailbox was last read, if its ledger ends with that. */
  readTail(mailbox: Mailbox): Promise<ReadLine | undefined> {
    return readLedgerTail(this.#ledgerPath(mailbox));
  }

  /**
   * Keeps the report of a run under this name, or one that comes after all others where that would not: of a run in the same
   * second, or one before a clock was put back.
   */
  async keepReport(name: string, report: unknown): Promise<void> {
    const folder = join(this.directory, "runs");
    const last = lastReport(await listDirectory(folder));
    const wanted = `${name}.json`;
    const file = last === undefined || last < wanted ? wanted : nameAfter(last);
    await replaceFile(join(folder, file), `${jsonText(report, 2)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]();
  }

  /** What no two mailboxes may share. */
  #names(path: readonly string[], variant: number): string[] {
    const names = [`ledger ${nameKey(ledgerName(path, variant))}`];
    return this.#mailName === undefined ? names : [...names, `mail ${nameKey(this.#mailName(path, variant))}`];
  }

  #ledgerPath(mailbox: Mailbox): string {
    return join(this.directory, "ledger", ledgerName(mailbox.path, this.variantOf(mailbox)));
  }
}

/** The file of the newest report, of all that lies in their folder. */
export function lastReport(names: readonly string[]): string | undefined {
  return names
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .sort()
    .at(-1);
}

/** `x.json`, `x~0001.json`, `x~0002.json`. */
function nameAfter(last: string): string {
  const [, stem = "", number = "0"] = /^(.*?)(?:~(\d{4}))?\.json$/s.exec(last) ?? [];
  return `${stem}~${`${Number(number) + 1}`.padStart(4, "0")}.json`;
}

/**
 * Makes what is missing of the folder and clears away what a run that died has left; the caller holds its lock. What is
 * there is on the disk under its name when it resolves: whoever wrote it may have died before that. Rejects if a ledger is
 * damaged.
 */
export async function prepareLedgers(directory: string): Promise<LedgerIndex> {
  await refuseLinks(directory, "ledger", "runs");
  for (const name of ["ledger", "runs"]) await makeDirectory(join(directory, name));
  for (const folder of [directory, join(directory, "ledger"), join(directory, "runs")]) {
    for (const name of await listDirectory(folder)) {
      if (isTemporaryName(name)) await removeFile(join(folder, name));
    }
  }
  for (const folder of [directory, join(directory, "ledger")]) await syncDirectory(folder);
  const index = await readIndex(directory);
  if (index.damaged[0] !== undefined) throw index.damaged[0];
  return index;
}

export interface LedgerIndex {
  readonly entries: readonly { readonly path: readonly string[]; readonly variant: number }[];
  readonly damaged: readonly MailferryError[];
}

const mostVariants = 1000;

/** The mailboxes by the headers of their ledgers; the variant is the one that gives the file its name. */
export async function readIndex(directory: string): Promise<LedgerIndex> {
  const folder = join(directory, "ledger");
  const names = await namesIn(folder);
  return indexLedgers(folder, names.filter(isLedgerName), (name) => readLedgerMailbox(join(folder, name)));
}

/** True for what may be a ledger, of all that lies in their folder. */
export function isLedgerName(name: string): boolean {
  return name.endsWith(".jsonl") && !name.startsWith(".");
}

/** The same of ledgers that lie anywhere; `folder` is for messages. */
export async function indexLedgers(
  folder: string,
  names: readonly string[],
  readMailbox: (name: string) => Promise<readonly string[]>,
): Promise<LedgerIndex> {
  const entries: LedgerIndex["entries"][number][] = [];
  const damaged: MailferryError[] = [];
  for (const name of [...names].sort()) {
    try {
      const path = await readMailbox(name);
      let variant = 1;
      while (variant < mostVariants && ledgerName(path, variant) !== name) variant++;
      if (variant === mostVariants) throw misnamed(join(folder, name), path);
      entries.push({ path, variant });
    } catch (error) {
      if (!(error instanceof MailferryError) || error.code !== "V901") throw error;
      damaged.push(error);
    }
  }
  return { entries, damaged };
}

function misnamed(path: string, mailbox: readonly string[]): MailferryError {
  return new MailferryError(
    "V901",
    `${printable(path)} is the ledger of ${printable(mailbox.join("/"))}, by another name`,
    {
      scope: "mailbox",
      retry: "never",
      remedy: `Give it back its name, ${ledgerName(mailbox)}, or run mailferry verify ARCHIVE --repair.`,
    },
  );
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** INBOX comes first. */
export function compareMailboxes(a: readonly string[], b: readonly string[]): number {
  return rank(a) - rank(b) || (keyOf(a) < keyOf(b) ? -1 : 1);
}

function rank(path: readonly string[]): number {
  return path.length === 1 && path[0] === "INBOX" ? 0 : 1;
}

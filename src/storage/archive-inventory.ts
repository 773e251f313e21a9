// Which mailboxes an archive has, by all that lies in it: by its ledgers, also those that can hardly be read, and by mail
// that has none.

import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import {
  ledgerName,
  type ParsedName,
  parseLedgerName,
  parseMaildirName,
  parseMboxName,
} from "../formats/mailbox-names.ts";
import { parsePartPath } from "../formats/mbox-parts.ts";
import { type MailFormat, mailName } from "./archive.ts";
import { diskError } from "./disk-error.ts";
import { exists } from "./durable.ts";
import { readLedgerMailbox } from "./ledger-ends.ts";
import { isLedgerName } from "./ledger-folder.ts";
import { listReported } from "./reported-paths.ts";

export interface FoundMailbox extends ParsedName {
  /** Its ledger, in the folder of the ledgers: by its own name, or by another one where there is none of that. */
  readonly ledger: string | undefined;
  /** How many messages an earlier run had in it at least; undefined if no report tells of it. */
  readonly reported: number | undefined;
}

export interface ArchiveInventory {
  readonly mailboxes: readonly FoundMailbox[];
  /** Ledgers that are of no mailbox, in their folder. */
  readonly foreignLedgers: readonly string[];
  /** Mail whose name tells of no mailbox, in the folder of the mail. */
  readonly nameless: readonly string[];
}

export async function takeInventory(directory: string, format: MailFormat): Promise<ArchiveInventory> {
  const reports = await listReported(directory);
  const reported = new Map([...reports].map(([key, { path }]) => [key, path]));
  const found = new Map<string, FoundMailbox>();
  const foreignLedgers: string[] = [];
  const add = (parsed: ParsedName, ledger: string | undefined) => {
    const stored = reports.get(JSON.stringify(parsed.path))?.stored;
    found.set(mailName(format, parsed.path, parsed.variant), { ...parsed, ledger, reported: stored });
  };
  const ledgers = (await listNames(join(directory, "ledger"))).filter(isLedgerName).sort();
  const homeless: { readonly name: string; readonly path: readonly string[] }[] = [];
  for (const name of ledgers) {
    const header = await readLedgerMailbox(join(directory, "ledger", name)).catch(ifDamaged);
    const variant = header === undefined ? undefined : variantOf(header, name);
    if (header !== undefined && variant !== undefined) add({ path: header, variant }, name);
    else if (header !== undefined) homeless.push({ name, path: header });
    else {
      const parsed = parseLedgerName(name) ?? among(reported.values(), (path, n) => ledgerName(path, n) === name);
      const mail = parsed && join(directory, format, mailName(format, parsed.path, parsed.variant));
      if (parsed !== undefined && mail !== undefined && (await exists(mail))) add(parsed, name);
      else foreignLedgers.push(name);
    }
  }
  for (const { name, path } of homeless) {
    if (found.has(mailName(format, path, 1))) foreignLedgers.push(name);
    else add({ path, variant: 1 }, name);
  }
  const nameless: string[] = [];
  for (const name of await (format === "mbox" ? listMboxes : listMaildirs)(join(directory, format))) {
    if (found.has(name)) continue;
    const parsed =
      (format === "mbox" ? parseMboxName : parseMaildirName)(name) ??
      among(reported.values(), (path, n) => mailName(format, path, n) === name);
    if (parsed === undefined) nameless.push(name);
    else add(parsed, undefined);
  }
  return { mailboxes: [...found.values()], foreignLedgers, nameless };
}

/** More twins, that differ in case alone, nobody has. */
const mostVariants = 100;

function variantOf(path: readonly string[], name: string): number | undefined {
  for (let variant = 1; variant < mostVariants; variant++) if (ledgerName(path, variant) === name) return variant;
  return undefined;
}

/** What a name stands for that was shortened: among paths that are known. */
function among(
  paths: Iterable<readonly string[]>,
  isNamed: (path: readonly string[], variant: number) => boolean,
): ParsedName | undefined {
  for (const path of paths) {
    for (let variant = 1; variant < 4; variant++) if (isNamed(path, variant)) return { path, variant };
  }
  return undefined;
}

function ifDamaged(error: unknown): undefined {
  if (!(error instanceof MailferryError) || error.code !== "V901") throw error;
}

/** The first files of those that are not empty, relative to the folder, with slashes; also where only a later one is there. */
async function listMboxes(root: string): Promise<string[]> {
  const found = new Set<string>();
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await listEntries(join(root, folder))) {
      const name = folder + entry.name;
      if (entry.isDirectory()) folders.push(`${name}/`);
      else if (entry.isFile() && name.endsWith(".mbox") && !(await isEmpty(join(root, name))))
        found.add(parsePartPath(name)?.first ?? name);
    }
  }
  return [...found].sort();
}

/** Which parts an mbox has, by their numbers; `path` is that of the first. Others may be missing between them. */
export async function listParts(path: string): Promise<number[]> {
  const names = await listNames(dirname(path));
  const parts = names.flatMap((name) => {
    const further = parsePartPath(name);
    return further?.first === basename(path) ? [further.part] : [];
  });
  return [...(names.includes(basename(path)) ? [1] : []), ...parts.sort((a, b) => a - b)];
}

/** True if an mbox of the archive goes on in a further file. */
export async function hasParts(directory: string): Promise<boolean> {
  const entries = await readdir(join(directory, "mbox"), { recursive: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, directory);
  });
  return entries.some((name) => parsePartPath(name) !== undefined);
}

async function isEmpty(path: string): Promise<boolean> {
  const status = await stat(path).catch((error: unknown) => {
    throw diskError(error, path);
  });
  return status.size === 0;
}

/** Those with a file in them: "" is the Maildir itself. */
async function listMaildirs(root: string): Promise<string[]> {
  const folders = (await listEntries(root)).filter((entry) => entry.isDirectory() && entry.name.startsWith("."));
  const found: string[] = [];
  for (const folder of ["", ...folders.map(({ name }) => name).sort()]) {
    const names = await Promise.all(["cur", "new"].map((each) => listNames(join(root, folder, each))));
    if (names.flat().some((name) => !name.startsWith("."))) found.push(folder);
  }
  return found;
}

async function listNames(folder: string): Promise<string[]> {
  return (await listEntries(folder)).map(({ name }) => name);
}

async function listEntries(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, folder);
  });
}

// Keeps a password for a person who wants it kept: in the system's keyring, or in a private file. A job file gets the
// reference, never the secret.

import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { makeDirectory, replaceFile } from "../storage/durable.ts";
import type { SecretRef } from "./job.ts";
import { writeKeyring } from "./keyring.ts";
import { isWithin, resolvePath } from "./places.ts";
import { readSecret } from "./secrets.ts";

export interface StoreOptions {
  /** `keyring` falls back to a file only with `auto`. */
  readonly keep: "auto" | "keyring" | "file";
  /** The user's config directory of mailferry; made where it is missing. */
  readonly configDirectory: string;
}

export interface StoredSecret {
  /** For the job file. */
  readonly ref: { readonly keyring: string } | { readonly file: string };
  /** Why it is in a file: the keyring's refusal. */
  readonly fault?: MailferryError | undefined;
}

/**
 * Stores the secret of an account under `user@host`, in the place of one that was there: ask only when the log-in was granted
 * with it. What was written has been read back. Rejects with a MailferryError: A206 where the keyring was asked for and can't
 * be used, D5xx for the disk.
 */
export async function storeSecret(
  secret: string,
  account: Pick<Account, "user" | "host">,
  { keep, configDirectory }: StoreOptions,
): Promise<StoredSecret> {
  const name = `${account.user}@${account.host}`.slice(0, 255);
  let fault: MailferryError | undefined;
  if (keep !== "file") {
    try {
      const ref = { keyring: name };
      await writeKeyring(name, secret);
      await checkStored(ref, secret);
      return { ref };
    } catch (error) {
      if (keep === "keyring" || !(error instanceof MailferryError)) throw error;
      fault = error;
    }
  }
  const folder = join(configDirectory, "secrets");
  await makeDirectory(folder);
  const path = join(folder, fileNameOf(name));
  await replaceFile(path, `${secret}\n`);
  await checkStored({ file: path }, secret);
  return { ref: { file: fromHome(path) }, fault };
}

async function checkStored(ref: SecretRef, secret: string): Promise<void> {
  const read = "file" in ref ? { file: resolvePath("/", ref.file) } : ref;
  if ((await readSecret(read, "/", {})) === secret) return;
  const what = "keyring" in ref ? "the keyring" : "the file";
  throw new MailferryError("A206", `${what} gives another password than was put there`, {
    scope: "session",
    retry: "never",
    remedy: "Keep it elsewhere.",
  });
}

/** As the job file writes it: a home may move. */
function fromHome(path: string): string {
  const home = homedir();
  return home !== "/" && isWithin(home, path) ? `~/${relative(home, path)}` : path;
}

/** Letters that are safe on every file system; what else there is, and a long name, is told apart by its digest. */
function fileNameOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9.@_+-]/g, "_").replace(/^[.-]/, "_");
  if (plain === name && name.length <= 100) return plain;
  return `${plain.slice(0, 80)}-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

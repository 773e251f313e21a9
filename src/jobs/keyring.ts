// Secrets in the keyring of the system: Secret Service on Linux (GNOME Keyring, KWallet, KeePassXC), Keychain on macOS,
// Credential Manager on Windows. The package that speaks to them is native code and optional: it is loaded by who uses it.

import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";

/** Under which all entries of ours are. */
const service = "mailferry";

export interface KeyringOptions {
  /** A person may have to unlock it. */
  readonly limitMs?: number;
}

/** Undefined if the keyring has no such entry. Rejects with A206 where there is no keyring, or it stays locked. */
export async function readKeyring(name: string, options?: KeyringOptions): Promise<string | undefined> {
  return (await withEntry(name, (entry) => entry.getPassword(), options)) ?? undefined;
}

/** Replaces what an entry of this name held. Rejects as `readKeyring` does. */
export async function writeKeyring(name: string, secret: string, options?: KeyringOptions): Promise<void> {
  await withEntry(name, (entry) => entry.setPassword(secret), options);
}

/** False if there was none. Rejects as `readKeyring` does. */
export function removeFromKeyring(name: string, options?: KeyringOptions): Promise<boolean> {
  return withEntry(name, (entry) => entry.deleteCredential(), options);
}

/**
 * Why the keyring can't be used, an A206; undefined if it answers. It is asked for an entry that nobody has: a keyring that is
 * locked answers, too, and nobody is asked to unlock it.
 */
export async function keyringFault(options?: KeyringOptions): Promise<MailferryError | undefined> {
  try {
    await readKeyring("whether there is a keyring", options);
    return undefined;
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    return error;
  }
}

interface Entry {
  getPassword(): Promise<string | null>;
  setPassword(secret: string): Promise<void>;
  deleteCredential(): Promise<boolean>;
}

async function withEntry<T>(
  name: string,
  work: (entry: Entry) => Promise<T>,
  { limitMs = 60_000 }: KeyringOptions = {},
): Promise<T> {
  const { AsyncEntry } = await import("@napi-rs/keyring").catch((error: unknown) => {
    throw noKeyring("what speaks to it is not installed here or does not fit this system", error);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = () => reject(noKeyring(`it did not answer within ${Math.round(limitMs / 1000)} s`));
    timer = setTimeout(give, limitMs);
  });
  try {
    // Left to itself, the package takes the kernel's keyring where there is no Secret Service, which forgets with a restart.
    const entry = new AsyncEntry(service, name, { linux: { store: "secret-service" } });
    return await Promise.race([work(entry), late]);
  } catch (error) {
    if (error instanceof MailferryError) throw error;
    throw noKeyring(reasonOf(error), error);
  } finally {
    clearTimeout(timer);
  }
}

/** The package's words, which hold nothing of the secret. */
function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (/dbus/i.test(words)) return "no Secret Service answers; there is none without a desktop session";
  if (/dismissed|locked/i.test(words)) return "it is locked, and nobody has unlocked it";
  return quoteServer(words);
}

function noKeyring(reason: string, cause?: unknown): MailferryError {
  return new MailferryError("A206", `the keyring of this system can't be used: ${reason}`, {
    scope: "session",
    retry: "never",
    remedy:
      "Keep the password elsewhere: { file: PATH } (chmod 600), { command: [PROGRAM, ARGUMENT] }, or { credential: NAME } under systemd.",
    cause,
  });
}

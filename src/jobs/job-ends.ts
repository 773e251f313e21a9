// Where one job's mail comes from and where it goes: whether there are such accounts, which keys a target takes, and
// whether the job would copy what it has copied.

import type {
  Contradiction,
  GlimpsedAccount,
  GlimpsedAccounts,
  GlimpsedJob,
  GlimpsedSource,
  GlimpsedTarget,
} from "./glimpse.ts";
import { type Path, quote } from "./mistakes.ts";
import { asciiHost, defaultPort, isWithin, resolvePath } from "./places.ts";
import { suggest } from "./suggest.ts";

interface Surroundings {
  readonly accounts: GlimpsedAccounts;
  /** Where relative paths start. */
  readonly baseDir: string;
}

/** Contradictions in the source and the target of the job at `path`. */
export function inEnds({ from, to, mailboxes }: GlimpsedJob, path: Path, around: Surroundings): Contradiction[] {
  const { accounts, baseDir } = around;
  const found: Contradiction[] = [];
  const complain = (where: Path, message: string | undefined) => {
    if (message !== undefined) found.push({ path: [...path, ...where], message });
  };
  if (typeof from === "string") complain(["from"], describeNoSource(from, accounts));
  if (to === undefined) return found;
  for (const { key, message } of inForm(to)) complain(key === undefined ? ["to"] : ["to", key], message);
  if (to.account !== undefined) complain(["to", "account"], inAccounts(from, to.account, accounts));
  if (typeof from === "object") {
    const read = resolvePath(baseDir, from.path);
    if (to.archive !== undefined) complain(["to", "archive"], describeOverlap(read, resolvePath(baseDir, to.archive)));
    if (to.keepRefused !== undefined && isWithin(read, resolvePath(baseDir, to.keepRefused))) {
      complain(["to", "keepRefused"], "this lies in the folder that the job reads; name one outside it");
    }
  }
  if (mailboxes.specialUse !== undefined && to.keys.has("archive") && !to.keys.has("account")) {
    complain(
      ["mailboxes", "specialUse"],
      "special uses decide only where the target is an account; remove this key, or use map",
    );
  }
  return found;
}

interface FormMistake {
  /** Undefined for the target as a whole. */
  readonly key: string | undefined;
  readonly message: string;
}

/** A target is an archive with a format, or an account with what is for accounts alone. */
function inForm({ keys }: GlimpsedTarget): FormMistake[] {
  const ofAccount = ["under", "keepRefused"].filter((key) => keys.has(key));
  if (keys.has("archive") && keys.has("account")) {
    const alone = keys.has("format") ? "archive and format" : "archive";
    const message = `a job has one target; remove ${["account", ...ofAccount].join(", ")}, or ${alone}`;
    return [{ key: "account", message }];
  }
  if (keys.has("archive")) {
    const missing = { key: "format", message: "this key is missing; an archive is written as mbox or as maildir" };
    const forAccounts = (key: string) => ({ key, message: `${key} is for a target that is an account; remove it` });
    return [...(keys.has("format") ? [] : [missing]), ...ofAccount.map(forAccounts)];
  }
  if (keys.has("account")) {
    const message = "format is for a target that is an archive; remove it";
    return keys.has("format") ? [{ key: "format", message }] : [];
  }
  const missing = [];
  if (keys.has("format")) missing.push({ key: "archive", message: "this key is missing; name the archive's folder" });
  if (ofAccount.length > 0) {
    missing.push({ key: "account", message: `this key is missing; ${ofAccount[0]} needs the name of an account` });
  }
  if (keys.size > 0) return missing;
  return [
    { key: undefined, message: "no target is named here; use { archive: PATH, format: mbox } or { account: NAME }" },
  ];
}

function describeNoSource(name: string, accounts: GlimpsedAccounts): string | undefined {
  const missing = describeNoAccount(name, accounts);
  const isPath = /[/\\]|^[.~]/.test(name) && !missing?.includes("did you mean");
  if (missing === undefined || !isPath) return missing;
  return `${missing}; mail on this machine is { archive: PATH }, { mbox: PATH } or { maildir: PATH }`;
}

function describeNoAccount(name: string, accounts: GlimpsedAccounts): string | undefined {
  if (accounts === undefined || accounts.has(name)) return undefined;
  const meant = suggest(name, accounts.keys());
  return `there is no account ${quote(name)}${meant === undefined ? "" : `; did you mean ${quote(meant)}?`}`;
}

/** What speaks against putting the mail of this source into the account of this name. */
function inAccounts(from: GlimpsedSource | undefined, name: string, accounts: GlimpsedAccounts): string | undefined {
  const account = accounts?.get(name);
  if (account?.protocol === "pop3") {
    return "mail can't be put into a POP3 account; name an imap account, or use { archive: PATH, format: mbox }";
  }
  const noCopies = "each run would copy its own copies; name another account";
  if (from === name) return `the mail comes from this account; ${noCopies}`;
  const source = typeof from === "string" ? accounts?.get(from) : undefined;
  if (typeof from === "string" && source !== undefined && account !== undefined && areSame(source, account)) {
    return `this is the same account as ${quote(from)}, under another name; ${noCopies}`;
  }
  return describeNoAccount(name, accounts);
}

function areSame(a: GlimpsedAccount, b: GlimpsedAccount): boolean {
  const address = addressOf(a);
  return address !== undefined && address === addressOf(b);
}

function addressOf({ protocol, host, port, tls = "implicit", user }: GlimpsedAccount): string | undefined {
  if (protocol === undefined || host === undefined || user === undefined) return undefined;
  return JSON.stringify([protocol, asciiHost(host).toLowerCase(), port ?? defaultPort(protocol, tls), user]);
}

/** What a job writes must not be among what it reads the next time, nor the other way round. */
function describeOverlap(read: string, written: string): string | undefined {
  if (read === written) return "the job reads its mail here; name another folder";
  if (isWithin(read, written)) return "this lies in the folder that the job reads; name one outside it";
  if (isWithin(written, read)) return "the mail that the job reads lies in this folder; name another";
  return undefined;
}

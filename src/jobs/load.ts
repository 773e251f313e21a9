// A job file from disk to parsed types, or all of its mistakes at once.

import { isUtf8 } from "node:buffer";
import { dirname, resolve } from "node:path";
import type { Account } from "../account.ts";
import { printable } from "../formats/printable.ts";
import { readCertificates } from "./certificates.ts";
import { type CheckedText, checkJobFile } from "./check.ts";
import type { Destination, LoadedJobFile, Origin, SecretRef } from "./job.ts";
import { toNotifyPlan } from "./load-notify.ts";
import { JobFileError, type Path } from "./mistakes.ts";
import { asciiHost, defaultPort, resolvePath } from "./places.ts";
import { describeExposure, readPrivateFile } from "./private-file.ts";
import type { ValidJobFile } from "./schema.ts";
import { once, placeOfSecret, readSecret, resolveSecret, withoutSecrets } from "./secrets.ts";
import type { YamlText } from "./yaml.ts";

export interface LoadOptions {
  /** Where relative paths start; the folder of the job file if not given. */
  readonly baseDir?: string | undefined;
  /**
   * Takes every account as the file has it, under its name, and gives the one to use: how a demonstration or a test
   * leads a job file that is otherwise untouched to a server of its own.
   */
  readonly redirect?: ((name: string, account: Account) => Account) | undefined;
}

const longestFile = 256 * 1024;

/** Reads a job file. `env` is where `{ env: NAME }` looks, at log-in. Rejects with a JobFileError and nothing else. */
export async function loadJobFile(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  options: LoadOptions = {},
): Promise<LoadedJobFile> {
  return parseJobFile(await readText(path), path, env, options);
}

/** The same for a text that is read already; `file` is its name in mistakes, and its folder is where paths start. */
export async function parseJobFile(
  text: string,
  file: string,
  env: NodeJS.ProcessEnv = process.env,
  { baseDir = dirname(resolve(file)), redirect = (_, account) => account }: LoadOptions = {},
): Promise<LoadedJobFile> {
  const checked = checkJobFile(text, baseDir);
  if (checked.valid === undefined) throw new JobFileError(file, checked.mistakes);
  const { accounts: written, jobs, defaults, report, notify } = checked.valid;
  const certificates = await readAllCertificates(checked, checked.valid, file, baseDir);
  // Programs that are started have no use for the secrets that others are to find in variables.
  const childEnv = () => withoutSecrets(env, [written, notify]);
  const accounts = new Map<string, { account: Account; password: SecretRef }>();
  for (const [name, entry] of Object.entries(written)) {
    const password = resolveSecret(entry.password, baseDir);
    const account = {
      protocol: entry.protocol,
      host: asciiHost(entry.host),
      port: entry.port ?? defaultPort(entry.protocol, entry.tls),
      tls: entry.tls,
      user: entry.user,
      auth: entry.auth,
      secret: once(() => readSecret(password, baseDir, "command" in password ? childEnv() : env)),
      secretPlace: placeOfSecret(password),
      tlsCa: certificates.accounts.get(name),
      tlsFingerprint: entry.tlsFingerprint,
      timeoutMs: entry.timeout ?? defaults.timeout,
      connections: entry.connections ?? defaults.connections,
      bandwidth: entry.bandwidth,
      dailyLimit: entry.dailyLimit,
    };
    accounts.set(name, { account: redirect(name, account), password });
  }
  return {
    file,
    concurrency: defaults.concurrency,
    accounts,
    jobs: jobs.map((job, index) => ({
      name: job.name,
      from: originOf(job.from, accounts, baseDir),
      to: destinationOf(job.to, accounts, baseDir),
      mailboxes: {
        ...job.mailboxes,
        map: inFileOrder(job.mailboxes.map, ["jobs", index, "mailboxes", "map"], checked.yaml),
        specialUse: job.to.account === undefined ? undefined : (job.mailboxes.specialUse ?? true),
      },
      filter: {
        since: job.filter.since ?? undefined,
        before: job.filter.before ?? undefined,
        maxSize: job.filter.maxSize ?? undefined,
        unseen: job.filter.unseen ?? undefined,
      },
      verify: job.verify,
      retry: { attempts: defaults.retry.attempts, maxWaitMs: defaults.retry.maxWait },
      schedule: job.schedule,
      timeZone: defaults.timezone,
      pack: job.pack && { ...job.pack, to: resolvePath(baseDir, job.pack.to) },
      retention: job.retention,
      when: job.when && { pathExists: job.when.pathExists && resolvePath(baseDir, job.when.pathExists) },
      staleAfterMs: job.staleAfter,
      hooks: job.hooks,
      baseDir,
      hookEnv: childEnv,
    })),
    language: defaults.language,
    report: {
      html: report.html && resolvePath(baseDir, report.html),
      metrics: report.metrics && resolvePath(baseDir, report.metrics),
    },
    notify: notify && toNotifyPlan(notify, { tlsCa: certificates.smtp, baseDir, env, childEnv }),
  };
}

async function readText(path: string): Promise<string> {
  const file = await readPrivateFile(path, { forbiddenMode: 0o022, maxOctets: longestFile });
  const refuse = (message: string, remedy: string) => new JobFileError(path, [], { message, remedy });
  const shown = printable(path);
  switch (file.outcome) {
    case "read":
      break;
    case "too-open":
      throw refuse(
        `others can change ${shown} (mode ${file.mode}), and with it where your mail goes`,
        `chmod go-w ${shown}`,
      );
    case "in-open-folder":
    case "planted": {
      const { message, remedy } = describeExposure(file, shown);
      throw refuse(message, remedy);
    }
    case "too-long":
      throw refuse(
        `${shown} is too long for a job file (more than ${longestFile} octets)`,
        "Name the right file with -c.",
      );
    case "unreadable":
      if (file.reason !== "ENOENT")
        throw refuse(`${shown} can't be read (${file.reason})`, "Check the path and who may read it.");
      throw refuse(
        `there is no job file ${shown}`,
        "Copy jobs.example.yaml and fill it in, or name another file with -c.",
      );
  }
  const text = file.octets.toString("utf8");
  if (isUtf8(file.octets)) return text.replace(/^\ufeff/, "");
  const before = text.slice(0, text.indexOf("\ufffd")).split("\n");
  const column = (before.at(-1) ?? "").length + 1;
  throw new JobFileError(path, [
    { line: before.length, column, where: "", message: "not UTF-8; save the file as UTF-8" },
  ]);
}

/** The PEM texts of accounts, by name, and of the server that sends mail. */
async function readAllCertificates(
  checked: CheckedText,
  { accounts, notify }: ValidJobFile,
  file: string,
  baseDir: string,
): Promise<{ readonly accounts: ReadonlyMap<string, string>; readonly smtp: string | undefined }> {
  const ofAccounts = Object.entries(accounts).flatMap(([name, { tlsCa }]) =>
    tlsCa === undefined ? [] : [{ name, path: ["accounts", name, "tlsCa"], tlsCa }],
  );
  const { tlsCa } = notify?.email?.smtp ?? {};
  const ofSmtp = tlsCa === undefined ? [] : [{ path: ["notify", "email", "smtp", "tlsCa"], tlsCa }];
  const texts = await readCertificates(checked, [...ofAccounts, ...ofSmtp], file, baseDir);
  return {
    accounts: new Map(ofAccounts.map(({ name }, index) => [name, texts[index] ?? ""])),
    smtp: texts[ofAccounts.length],
  };
}

type Accounts = ReadonlyMap<string, { readonly account: Account }>;
type ValidJob = ValidJobFile["jobs"][number];

function originOf(from: ValidJob["from"], accounts: Accounts, baseDir: string): Origin {
  if (typeof from === "string") return accountOf(from, accounts);
  if ("archive" in from) return { archive: resolvePath(baseDir, from.archive) };
  return "mbox" in from ? { mbox: resolvePath(baseDir, from.mbox) } : { maildir: resolvePath(baseDir, from.maildir) };
}

function destinationOf({ archive, format, ...to }: ValidJob["to"], accounts: Accounts, baseDir: string): Destination {
  if (archive !== undefined && format !== undefined) return { archive: resolvePath(baseDir, archive), format };
  return {
    account: accountOf(to.account, accounts),
    under: to.under?.split("/") ?? [],
    keepRefused: to.keepRefused === undefined ? undefined : resolvePath(baseDir, to.keepRefused),
  };
}

function accountOf(name: string | undefined, accounts: Accounts): Account {
  const found = name === undefined ? undefined : accounts.get(name);
  if (found === undefined) throw new Error(`the account ${name} passed the check and is not there`);
  return found.account;
}

/** JavaScript moves keys that look like numbers to the front; in a map, the order decides. */
function inFileOrder(map: Readonly<Record<string, string>>, path: Path, yaml: YamlText): [string, string][] {
  const start = (pattern: string) => yaml.locate([...path, pattern], "key").start;
  return Object.entries(map).toSorted(([a], [b]) => start(a) - start(b));
}

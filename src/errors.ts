// Every expected failure is a MailferryError: what it spoils, whether to try again, and a stable code for people.
// Back-ends classify; the engine and the runner only read `scope` and `retry`.

/** Stable, language-free codes. On screen they carry the prefix `MF-`. */
export const errorCodes = {
  A201: "log-in refused",
  A202: "app password needed",
  A203: "password log-in no longer allowed",
  A204: "protocol switched off",
  A205: "log-in form",
  A206: "secret not available",
  N301: "host not found",
  N302: "no answer",
  N303: "certificate",
  N304: "too many connections",
  N305: "POP mailbox in use",
  N306: "encryption not offered",
  N307: "server broke the protocol",
  N308: "daily limit reached",
  M401: "unreadable on the server",
  M402: "too big for the target",
  M403: "refused by the target",
  M404: "altered by the target",
  D501: "disk full",
  D502: "disk gone or not usable",
  D503: "file-size limit",
  D504: "names not allowed",
  D505: "archive of another account",
  D506: "not an archive",
  D507: "target over its quota",
  S601: "UIDVALIDITY changed",
  S602: "mailbox not usable",
  S603: "quoted lines that can't be told apart",
  S604: "flags that the target can't keep",
  S605: "mailbox at the target made anew",
  S606: "server that can't be taken at its word",
  S607: "mailbox renamed at the source",
  C701: "job file",
  C702: "command of the job failed",
  L801: "locked",
  V901: "archive damaged",
  V902: "pack damaged",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** What an error spoils: this message, this mailbox, or the whole session with the store. */
export type ErrorScope = "message" | "mailbox" | "session";

/** Whether the same again can help: at once, in a later run, or never. */
export type ErrorRetry = "now" | "later" | "never";

export interface ErrorDetails {
  readonly scope: ErrorScope;
  readonly retry: ErrorRetry;
  /** One sentence: the way out. */
  readonly remedy?: string | undefined;
  /** How long to wait before the next try: a server's own wish, unless `isGuess`. */
  readonly waitMs?: number | undefined;
  /** The server has named no time: less than `waitMs` may do. */
  readonly isGuess?: boolean | undefined;
  /** The server has seen the user and the secret, and refused them: the same again may lock the account. */
  readonly isLogInRefused?: boolean | undefined;
  readonly cause?: unknown;
}

/**
 * The message names the thing and the place, in one line that is safe to print: whoever puts a server's words into it
 * passes them through `quoteServer` first. It never holds a secret.
 */
export class MailferryError extends Error {
  override readonly name = "MailferryError";
  readonly code: ErrorCode;
  readonly scope: ErrorScope;
  readonly retry: ErrorRetry;
  readonly remedy: string | undefined;
  readonly waitMs: number | undefined;
  /** `waitMs` is a server's word. */
  readonly isServersWait: boolean;
  readonly isLogInRefused: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.scope = details.scope;
    this.retry = details.retry;
    this.remedy = details.remedy;
    this.waitMs = details.waitMs;
    this.isServersWait = details.waitMs !== undefined && details.isGuess !== true;
    this.isLogInRefused = details.isLogInRefused ?? false;
  }
}

/** The name that the system or Node gives an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Process exit codes: a contract (README). */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  incomplete: 3,
  "log-in": 4,
  temporary: 5,
  "job-file": 6,
  damaged: 7,
  locked: 8,
  destination: 9,
  overdue: 10,
  skipped: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitName = keyof typeof exitCodes;

/** How a run ends that stopped at this error. */
export function exitNameOf(error: unknown): ExitName {
  if (!(error instanceof MailferryError)) return "bug";
  switch (error.code[0]) {
    case "A":
      return "log-in";
    case "N":
      return "temporary";
    case "M":
    case "S":
      return "incomplete";
    case "D":
      return "destination";
    case "C":
      // The file is right; the disk that a command was to mount is not there tonight.
      return error.code === "C702" ? "temporary" : "job-file";
    case "L":
      return "locked";
    case "V":
      return "damaged";
    default:
      return "bug";
  }
}

const worstFirst: readonly ExitName[] = [
  "interrupted",
  "terminated",
  "bug",
  "usage",
  "job-file",
  "damaged",
  "destination",
  "log-in",
  "temporary",
  "incomplete",
  "locked",
  "skipped",
  "overdue",
  "ok",
];

/** Of several jobs the worst decides. */
export function worstExit(names: Iterable<ExitName>): ExitName {
  const seen = new Set(names);
  return worstFirst.find((name) => seen.has(name)) ?? "ok";
}

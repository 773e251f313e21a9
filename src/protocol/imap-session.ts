// One authenticated IMAP connection: imapflow, with its doors locked and its errors translated.

import { setImmediate } from "node:timers/promises";
import type { Logger } from "imapflow";
import type { Account } from "../account.ts";
import type { MailferryError } from "../errors.ts";
import { formsOfSecret, hideSecretIn } from "../formats/hide-secret.ts";
import { quoteServer } from "../formats/printable.ts";
import { type Bounds, boundAnswers, largestLiteral } from "./imap-bounds.ts";
import { withoutZlib } from "./imap-compression.ts";
import { classifyOpeningError, classifySessionError, refusalOf, throttleError } from "./imap-errors.ts";
import { guardLogin, noPasswords } from "./imap-offer.ts";
import { saveRoundTrips } from "./imap-thrift.ts";
import { provenTransport } from "./imap-transport.ts";
import { ImapFlow } from "./imapflow.ts";
import type { Milestones } from "./milestones.ts";
import { checkSecret, checkUser } from "./one-line.ts";

const longestLine = 1024 * 1024;
const largestResponse = largestLiteral + 4 * longestLine;
/** Milliseconds: a longer one would end at once. */
const longestTimer = 2 ** 31 - 1;
/** Atoms, strings and lists of one response: each takes some hundred octets. 50,000 UIDs are asked for at once. */
const mostTokens = 100_000;

export interface ImapSession {
  /** Names go to and from it as the server spells them: no namespace prefix is added or taken away. */
  readonly client: ImapFlow;
  /** The prefix of the personal namespace (RFC 2342), such as `INBOX.`; often empty. */
  readonly prefix: string;
  /** False once the connection is lost or closed. */
  readonly usable: boolean;
  readonly bounds: Bounds;
  /** The server has said that it has too much to do, or too many connections. */
  readonly isThrottled: boolean;
  /** Starts of the lines that could not be parsed and were skipped, oldest first; emptied by whoever reads it. */
  readonly skipped: string[];
  /**
   * The error as what it means for the session: the reason the connection ended, if it did. Undefined if the server
   * only refused the one command.
   */
  classify(error: unknown): MailferryError | undefined;
  /** Ends the connection at once; what is under way rejects. */
  close(): void;
  /** Says good-bye and closes: the answer would tell nothing. Never rejects. */
  logout(): Promise<void>;
}

/**
 * Connects, proves the channel (protocol/imap-transport.ts), asks for the secret and logs in, once. Rejects with a
 * MailferryError of scope "session", or with the signal's reason; the signal also ends a session that is open.
 */
export async function openImapSession(
  account: Account,
  signal?: AbortSignal,
  milestones?: Milestones,
): Promise<ImapSession> {
  signal?.throwIfAborted();
  checkUser(account);
  const auth = { user: account.user, pass: "", loginMethod: loginMethods[account.auth] };
  const log = new SessionLog(account);
  const client = new ImapFlow({
    host: account.host,
    port: account.port,
    secure: account.tls === "implicit",
    ...(account.tls === "implicit" ? {} : { doSTARTTLS: account.tls === "starttls" }),
    transport: provenTransport(
      account,
      async () => {
        const secret = await account.secret();
        checkSecret(account, secret);
        auth.pass = secret;
      },
      // Its ten seconds, off its types, are for all that comes before the log-in: a person may have to unlock the secret.
      () => clearTimeout(Reflect.get(client, "upgradeTimeout")),
      milestones,
    ),
    auth,
    logger: log,
    // The transport gives each step its time; who has the secret has to say when it is enough.
    connectionTimeout: longestTimer,
    greetingTimeout: account.timeoutMs,
    socketTimeout: account.timeoutMs,
    maxLineLength: longestLine,
    maxLiteralSize: largestLiteral,
    maxResponseSize: largestResponse,
    maxResponseTokens: mostTokens,
    maxLockHoldTime: false,
    // Octets and names come as in plain IMAP4rev1: no decoding, no UTF-8 mode; and no compression, which imapflow knows at
    // log-in only and which costs time where the way is fast (protocol/link-pace.ts).
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    disableIMAP4rev2: true,
  });
  saveRoundTrips(client);
  guardLogin(client, account);
  const bounds = boundAnswers(client);
  let failure: unknown;
  client.on("error", (error) => {
    failure ??= withoutZlib(error);
  });
  log.onThrottled = (error) => {
    failure ??= error;
    // Not at once: only a wait that has begun is broken off.
    setImmediate().then(() => client.close());
  };
  const abort = () => client.close();
  signal?.addEventListener("abort", abort, { once: true });
  client.once("close", () => signal?.removeEventListener("abort", abort));
  try {
    await client.connect();
  } catch (error) {
    client.close();
    signal?.throwIfAborted();
    const reason = failure ?? error;
    if (auth.pass !== "") hideSecretIn(reason, formsOfSecret(account.user, auth.pass));
    throw isLoginDisabled(reason)
      ? noPasswords(account, client)
      : classifyOpeningError(reason, account, { refused: log.refused, wasAsked: auth.pass !== "" });
  } finally {
    auth.pass = "";
  }
  const prefix = client.namespace?.prefix ?? "";
  if (client.namespace !== undefined) client.namespace.prefix = "";
  let isThrottled = false;
  return {
    client,
    prefix,
    get usable() {
      return client.usable;
    },
    bounds,
    get isThrottled() {
      return isThrottled;
    },
    skipped: log.skipped,
    classify(error) {
      signal?.throwIfAborted();
      const meaning = classifySessionError(failure ?? error, account);
      isThrottled ||= meaning?.code === "N304";
      return meaning;
    },
    close: () => client.close(),
    async logout() {
      const answered = client.logout().catch(() => undefined);
      await setImmediate();
      client.close();
      await answered;
    },
  };
}

/** imapflow's own refusal; the server's words would come with a status. */
function isLoginDisabled(error: unknown): boolean {
  return error instanceof Error && error.message === "Login is disabled" && refusalOf(error) === undefined;
}

const loginMethods = { auto: undefined, apop: undefined, plain: "AUTH=PLAIN", login: "LOGIN" } as const;

/**
 * imapflow tells three things only to its logger: lines it skipped, a STARTTLS that was refused, and that it is about to
 * sit out a server's back-off.
 */
class SessionLog implements Logger {
  readonly skipped: string[] = [];
  onThrottled: (error: MailferryError) => void = () => {};
  /** The server's words in its last refusal that imapflow passed over. */
  refused: string | undefined;
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** imapflow builds an entry only where this is true. */
  isLevelEnabled(level: string): boolean {
    return level === "warn" || level === "error";
  }
  debug(): void {}
  info(): void {}
  fatal(): void {}

  warn(entry: { msg?: unknown; throttleDelay?: unknown; err?: unknown }): void {
    this.refused = refusalOf(entry.err)?.words ?? this.refused;
    if (entry.msg !== "Throttling detected" || typeof entry.throttleDelay !== "number") return;
    this.onThrottled(throttleError(this.#account, entry.throttleDelay));
  }

  error(entry: { msg?: unknown; payloadBytes?: unknown }): void {
    if (typeof entry.payloadBytes !== "number" || this.skipped.length >= mostSkipped) return;
    this.skipped.push(quoteServer(String(entry.msg)));
  }
}

const mostSkipped = 1_000;

// Logging in to a POP3 server: which mechanism, and what a refusal means (RFC 1939, 1734, 2449, 3206, 5034).

import { createHash } from "node:crypto";
import { type Account, describeAccount } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { formsOfSecret, hideSecret } from "../formats/hide-secret.ts";
import { quoteServer } from "../formats/printable.ts";
import { checkSecret } from "./one-line.ts";

/** The first line of a reply. `continue` is the server's turn within AUTH (RFC 5034 section 4). */
export interface StatusLine {
  readonly status: "ok" | "error" | "continue";
  /** What follows `+OK`, `-ERR` or `+`. */
  readonly text: string;
}

/** Undefined for a line that begins no reply. */
export function parseStatus(line: string): StatusLine | undefined {
  const [, sign, text = ""] = /^(\+OK|-ERR|\+(?= |$)) ?(.*)$/is.exec(line) ?? [];
  if (sign === undefined) return undefined;
  return { status: sign === "+" ? "continue" : sign.startsWith("+") ? "ok" : "error", text };
}

/** What a server told before the log-in. */
export interface Pop3Offer {
  /** By upper-case keyword, with its arguments in upper case. Empty if the server knows no CAPA. */
  readonly capabilities: ReadonlyMap<string, readonly string[]>;
  /** The timestamp of the greeting, with its angle brackets (RFC 1939 section 7, APOP). */
  readonly timestamp: string | undefined;
  readonly encrypted: boolean;
}

/**
 * Logs in, once. The secret is asked for here and forgotten here; call this only on a channel that is what the account
 * asks for. `exchange` sends one line and resolves with the status line of the reply.
 */
export async function logIn(
  account: Account,
  offer: Pop3Offer,
  exchange: (line: string) => Promise<StatusLine>,
): Promise<void> {
  const mechanism = chooseMechanism(account, offer);
  const { user } = account;
  const secret = await account.secret();
  checkSecret(account, secret);
  const response = Buffer.from(`\0${user}\0${secret}`, "utf8").toString("base64");
  let digest: string | undefined;
  let reply: StatusLine;
  switch (mechanism.name) {
    case "APOP": {
      digest = createHash("md5").update(`${mechanism.timestamp}${secret}`, "utf8").digest("hex");
      reply = await exchange(`APOP ${user} ${digest}`);
      break;
    }
    case "PLAIN":
      // Without an initial response, which servers older than RFC 5034 do not know.
      reply = await exchange("AUTH PLAIN");
      if (reply.status === "continue") reply = await exchange(response);
      break;
    case "USER":
      reply = await exchange(`USER ${user}`);
      if (reply.status === "ok") reply = await exchange(`PASS ${secret}`);
      break;
    default:
      mechanism satisfies never;
      throw new Error("no mechanism");
  }
  if (reply.status === "ok") return;
  // A server may quote the line that it did not like.
  const forms = formsOfSecret(user, secret, ...(digest === undefined ? [] : [digest]));
  throw loginRefused(account, offer, hideSecret(reply.text, forms));
}

type Mechanism =
  | { readonly name: "USER" | "PLAIN" }
  | {
      readonly name: "APOP";
      readonly timestamp: string;
    };

function chooseMechanism(account: Account, offer: Pop3Offer): Mechanism {
  const { timestamp } = offer;
  switch (account.auth) {
    case "plain":
      return { name: "PLAIN" };
    case "login":
      return { name: "USER" };
    case "apop":
      if (timestamp !== undefined) return { name: "APOP", timestamp };
      throw new MailferryError("A201", `${account.host} does not offer APOP; no password was sent`, {
        scope: "session",
        retry: "never",
        remedy: "Remove auth: apop; with TLS a password is safe without it.",
      });
    case "auto":
      // APOP hides the password, so it is for channels that don't; under TLS its MD5 only restricts the server.
      if (!offer.encrypted && timestamp !== undefined) return { name: "APOP", timestamp };
      return { name: passwordWay(account, offer) };
  }
}

/** RFC 2449 section 6: a server that lists its ways, and neither of these, takes no password. */
function passwordWay(account: Account, { capabilities, encrypted }: Pop3Offer): "PLAIN" | "USER" {
  const mechanisms = capabilities.get("SASL");
  if (mechanisms?.includes("PLAIN")) return "PLAIN";
  if (mechanisms === undefined || capabilities.has("USER")) return "USER";
  const offered = mechanisms.length === 0 ? "no log-in at all" : `only ${quoteServer(mechanisms.join(" "))}`;
  throw new MailferryError("A203", `${account.host}:${account.port} offers ${offered}; no password was sent`, {
    scope: "session",
    retry: "never",
    remedy: encrypted
      ? "Ask the provider for an app password; auth: login tries USER and PASS all the same."
      : "Set tls: starttls or tls: implicit: many servers take no password without encryption.",
  });
}

const tooMany = /too many|connection limit|max(?:imum)?\b.{0,20}\bconnections/i;
const inUse =
  /\bin[- ]use\b|(?:mailbox|mail ?drop).{0,30}\b(?:locked|busy)|\block\b.{0,20}(?:mailbox|mail ?drop)|another (?:session|pop)/i;
const tlsWanted =
  /plain ?text auth|clear ?text|(?:tls|ssl|encrypt\w*).{0,30}(?:required|first|only)|(?:requires?|must).{0,30}(?:tls|ssl|encrypt|stls)/i;
const appPassword = /app(?:lication)?[- ](?:specific[- ])?password|mot de passe d.application/i;
const passwordsOver =
  /(?:basic|legacy|password|plain) auth\w*.{0,40}(?:disabled|blocked|no longer|not (?:allowed|supported))|oauth|modern auth|less secure/i;
const switchedOff =
  /\b(?:pop3?|service|protocol)\b.{0,40}(?:disabled|not enabled|not activated|deactivated|not allowed|turned off|switched off|désactiv)|(?:enable|activate|turn on|activer).{0,30}\bpop/i;

/** What the server's answer to a log-in means. A log-in that was refused as such is never tried again. */
function loginRefused(account: Account, offer: Pop3Offer, words: string): MailferryError {
  const name = describeAccount(account);
  const quoted = quoteServer(words);
  const refused = `${account.host} refused the log-in for ${name}: ${quoted}`;
  const code = responseCode(words);
  if (code === "LOGIN-DELAY") {
    const seconds = Number(offer.capabilities.get("LOGIN-DELAY")?.[0]);
    return new MailferryError("N305", `${account.host} wants a pause between two log-ins of ${name}: ${quoted}`, {
      scope: "session",
      ...(seconds > 0 ? { retry: "now", waitMs: seconds * 1000 } : { retry: "later" }),
    });
  }
  if (code === "IN-USE" || (code === undefined && inUse.test(words))) {
    return new MailferryError("N305", `the mailbox of ${name} is in use by another session: ${quoted}`, {
      scope: "session",
      retry: "now",
      waitMs: 30_000,
      isGuess: true,
      remedy: "Close the mail program or phone that reads this account over POP3.",
    });
  }
  if (code === "SYS/TEMP" || (code === undefined && tooMany.test(words))) return temporarilyRefused(account, words);
  if (appPassword.test(words)) {
    return new MailferryError("A202", refused, {
      scope: "session",
      retry: "never",
      isLogInRefused: true,
      remedy: "Create an app password in the account's web settings and use it here.",
    });
  }
  if (switchedOff.test(words)) {
    return new MailferryError("A204", refused, {
      scope: "session",
      retry: "never",
      isLogInRefused: true,
      remedy: "Switch POP access on in the account's web settings.",
    });
  }
  if (passwordsOver.test(words)) {
    return new MailferryError("A203", refused, {
      scope: "session",
      retry: "never",
      isLogInRefused: true,
      remedy: "The provider no longer accepts this kind of log-in; see its help pages.",
    });
  }
  if (!offer.encrypted && tlsWanted.test(words)) {
    return new MailferryError("N306", refused, {
      scope: "session",
      retry: "never",
      remedy: "Use tls: implicit with port 995, or tls: starttls.",
    });
  }
  return new MailferryError("A201", refused, {
    scope: "session",
    retry: "never",
    isLogInRefused: true,
    remedy: "Check user name and password, and that POP access is on in the account's web settings.",
  });
}

/** What a greeting of `-ERR` means. */
export function greetingRefused(account: Pick<Account, "host" | "port">, words: string): MailferryError {
  if (responseCode(words) !== "SYS/PERM") return temporarilyRefused(account, words);
  return new MailferryError("N302", `${account.host}:${account.port} refused the connection: ${quoteServer(words)}`, {
    scope: "session",
    retry: "never",
    remedy: "Ask the provider.",
  });
}

/** What a refusal to say what is in the maildrop means. */
export function commandRefused({ host, port }: Account, command: string, words: string): MailferryError {
  return new MailferryError("N302", `${host}:${port} refused ${command}: ${quoteServer(words)}`, {
    scope: "session",
    retry: responseCode(words) === "SYS/PERM" ? "never" : "now",
  });
}

function temporarilyRefused(account: Pick<Account, "host" | "port">, words: string): MailferryError {
  const crowded = tooMany.test(words);
  return new MailferryError(
    crowded ? "N304" : "N302",
    `${account.host}:${account.port} ${crowded ? "has too many connections" : "is not ready"}: ${quoteServer(words)}`,
    { scope: "session", retry: "now" },
  );
}

/** The extended response code of RFC 2449 section 8, in upper case: `IN-USE`, `AUTH`, `SYS/TEMP`. */
export function responseCode(words: string): string | undefined {
  return /^\[([^\]\s]+)\]/.exec(words)?.[1]?.toUpperCase();
}

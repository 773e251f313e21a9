// Who answers at a server, and with what certificate: to be shown before a password is asked for. No password comes here.

import type { TLSSocket } from "node:tls";
import { MailferryError } from "../errors.ts";
import { printable, quoteServer } from "../formats/printable.ts";
import { type Endpoint, encryptionNotOffered } from "../protocol/connection.ts";
import { isGreeting, notGreeted } from "../protocol/greeting.ts";
import { greetingRefused } from "../protocol/pop3-login.ts";
import type { ServerSettings } from "./found.ts";
import { isLoopback, LineChannel } from "./line-channel.ts";
import { realWorld, type World } from "./world.ts";

/** What somebody wants to see of a server. Texts are safe to print. */
export interface Proof {
  readonly protocol: "imap" | "pop3";
  readonly host: string;
  readonly port: number;
  readonly tls: ServerSettings["tls"];
  /** Absent where nothing is encrypted, which is only on this machine. */
  readonly certificate?:
    | {
        /** Who vouches for it: the organisation, or its name. */
        readonly issuer: string;
        readonly subject: string;
        readonly validTo: Date;
        /** `SHA256:` and colon-separated hexadecimal. */
        readonly fingerprint: string;
      }
    | undefined;
}

export interface ProveOptions {
  readonly world?: World | undefined;
  /** Of each step: connecting, the handshake, each line. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** PEM text of authorities to trust instead of the system's. */
  readonly tlsCa?: string | undefined;
}

export const usualTimeoutMs = 20_000;
/** Lines that a server may say before it answers STARTTLS. */
const mostUntagged = 20;

/**
 * Connects, encrypts as the settings ask for, checks the certificate against the host, and reads the greeting. Throws
 * N301, N302, N303, N304, N306 or N307, or the reason of the signal.
 */
export async function proveServer(
  { protocol, host, port, tls }: Pick<ServerSettings, "protocol" | "host" | "port" | "tls">,
  { world = realWorld, timeoutMs = usualTimeoutMs, signal, tlsCa }: ProveOptions = {},
): Promise<Proof> {
  const endpoint: Endpoint = { protocol, host, port, timeoutMs };
  if (tls === "none" && !isLoopback(host)) throw notEncrypted(endpoint);
  const channel = await LineChannel.connect(endpoint, tls === "implicit" ? "implicit" : "clear", {
    world,
    signal,
    tlsCa,
  });
  try {
    const greeting = await channel.readLine();
    if (!isGreeting(endpoint, greeting)) throw notGreeted(endpoint, greeting);
    if (isRefusal(greeting)) throw greetingRefused(endpoint, greeting.replace(/^(\* BYE|-ERR) ?/i, ""));
    if (tls === "starttls") await startTls(channel, endpoint, greeting);
    const { secured } = channel;
    return { protocol, host, port, tls, ...(secured === undefined ? {} : { certificate: certificateOf(secured) }) };
  } finally {
    channel.close(protocol === "imap" ? "a2 LOGOUT\r\n" : "QUIT\r\n");
  }
}

function isRefusal(greeting: string): boolean {
  return /^(\* BYE|-ERR)/i.test(greeting);
}

/** RFC 9051 section 6.2.1, RFC 2595 section 4. Whether it is offered shows when it is asked for. */
async function startTls(channel: LineChannel, endpoint: Endpoint, greeting: string): Promise<void> {
  const command = endpoint.protocol === "imap" ? "STARTTLS" : "STLS";
  // Nobody can be logged in before anything is encrypted.
  if (/^\* PREAUTH/i.test(greeting)) throw encryptionNotOffered(endpoint, command, greeting);
  channel.write(endpoint.protocol === "imap" ? "a1 STARTTLS\r\n" : "STLS\r\n");
  const answer = await answerTo(channel, endpoint);
  if (!/^(a1 OK|\+OK)(\s|$)/i.test(answer)) throw encryptionNotOffered(endpoint, command, answer);
  if (channel.hasMore) {
    throw new MailferryError(
      "N307",
      `${endpoint.host}:${endpoint.port} sent more in the clear after it had agreed to encrypt; no password was sent`,
      { scope: "session", retry: "later", remedy: "Somebody may be in between: try another network." },
    );
  }
  await channel.startTls();
}

async function answerTo(channel: LineChannel, endpoint: Endpoint): Promise<string> {
  for (let lines = 0; ; lines++) {
    const line = await channel.readLine();
    if (endpoint.protocol === "pop3" || !line.startsWith("* ")) return line;
    if (/^\* BYE/i.test(line) || lines > mostUntagged) throw encryptionNotOffered(endpoint, "STARTTLS", line);
  }
}

function certificateOf(socket: TLSSocket): NonNullable<Proof["certificate"]> {
  const { issuer, subject, valid_to, fingerprint256 } = socket.getPeerCertificate();
  const nameOf = (name: typeof issuer) => printable(String(name?.O ?? name?.CN ?? "")).slice(0, 200);
  return {
    issuer: nameOf(issuer),
    subject: printable(String(subject?.CN ?? subject?.O ?? "")).slice(0, 200),
    validTo: new Date(valid_to),
    fingerprint: `SHA256:${fingerprint256}`,
  };
}

function notEncrypted({ host, port }: Endpoint): MailferryError {
  return new MailferryError("N306", `${quoteServer(host)}:${port} is not on this machine and would not be encrypted`, {
    scope: "session",
    retry: "never",
    remedy: "Use tls: implicit or tls: starttls.",
  });
}

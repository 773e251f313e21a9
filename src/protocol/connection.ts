// What IMAP and POP3 share before the first command: TLS options, and plain words for a connection that failed.

import { constants } from "node:crypto";
import { isIP } from "node:net";
import type { ConnectionOptions, PeerCertificate } from "node:tls";
import type { Account } from "../account.ts";
import { codeOf, MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";

/** What of an account says where a server is, and how long it may be silent. */
export type Endpoint = Pick<Account, "protocol" | "host" | "port" | "timeoutMs">;

/** Options for a TLS connection that fails, before any credential is sent, unless the certificate is signed by a trusted authority (or `tlsCa`) for this host. */
export function tlsOptions(account: Pick<Account, "host" | "tlsCa">): ConnectionOptions {
  return {
    minVersion: "TLSv1.2",
    // A handshake in mid-session could bring another certificate, which nobody would look at.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    rejectUnauthorized: true,
    ...(isIP(account.host) === 0 ? { servername: account.host } : {}),
    ...(account.tlsCa === undefined ? {} : { ca: account.tlsCa }),
  };
}

/** True if the certificate is the pinned one. Accepts `SHA256:` with base64 (padding optional) or hexadecimal, colons allowed. */
export function matchesFingerprint(certificate: PeerCertificate, pinned: string): boolean {
  const digest = certificate.fingerprint256.replaceAll(":", "").toLowerCase();
  const wanted = pinned.replace(/^SHA256:/i, "");
  const hex = wanted.replaceAll(":", "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hex)) return hex === digest;
  return Buffer.from(wanted, "base64").toString("hex") === digest;
}

/** The error for a certificate that is not the pinned one. */
export function wrongFingerprint(account: Account, certificate: PeerCertificate): MailferryError {
  return new MailferryError(
    "N303",
    `${account.host}:${account.port} shows another certificate than the pinned one: SHA256:${certificate.fingerprint256}`,
    {
      scope: "session",
      retry: "never",
      remedy:
        "If the server was given a new certificate, put its fingerprint into tlsFingerprint; otherwise do not connect.",
    },
  );
}

/** The error for a server that does not offer STARTTLS or STLS although the account requires it. */
export function encryptionNotOffered(account: Endpoint, command: "STARTTLS" | "STLS", detail?: string): MailferryError {
  const reason = detail === undefined ? "does not offer" : "refused";
  const words = detail === undefined ? "" : `: it answered ${quoteServer(detail)}`;
  return new MailferryError(
    "N306",
    `${account.host}:${account.port} ${reason} ${command}${words}; no password was sent`,
    {
      scope: "session",
      retry: "never",
      remedy: `Use tls: implicit with port ${account.protocol === "imap" ? 993 : 995}, or ask the provider.`,
    },
  );
}

/** The error for a server that says nothing for as long as the account allows. */
export function silent({ host, port, timeoutMs }: Endpoint): MailferryError {
  return new MailferryError("N302", `${host}:${port} did not answer within ${timeoutMs / 1000} s`, {
    scope: "session",
    retry: "now",
    remedy: "Check host and port; if the server is only slow, raise timeout.",
  });
}

/** The error for a connection that a server ends where it has something to say. */
export function endedWithoutWord({ host, port }: Endpoint, cause?: unknown): MailferryError {
  return new MailferryError("N302", `${host}:${port} closed the connection without a word`, {
    scope: "session",
    retry: "now",
    cause,
  });
}

/**
 * Of the addresses of a host each is tried for so long, the last one until the timeout: there may be no way to one of them,
 * as in a network with half an IPv6. Node's own 250 ms are too short for a way over a satellite, or one lost packet.
 */
export function addressAttemptMs({ timeoutMs }: Pick<Endpoint, "timeoutMs">): number {
  return Math.max(10, Math.min(2_000, Math.floor(timeoutMs / 4)));
}

const unreachable = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "EACCES",
]);

/**
 * What went wrong on the way to a server or in mid-session, from the error of a socket. Returns the error itself if it
 * is classified already. Anything not known by name counts as a connection that was lost: try again.
 */
export function classifyConnectionError(error: unknown, account: Endpoint): MailferryError {
  if (error instanceof MailferryError) return error;
  const code = codeOf(error);
  const where = `${account.host}:${account.port}`;
  const detail = error instanceof Error && error.message !== "" ? error.message : String(code ?? error);
  if (code === "ENOTFOUND" || code?.startsWith("EAI_")) {
    const retry = code === "EAI_AGAIN" ? "now" : "later";
    return new MailferryError("N301", `${account.host} was not found (${code})`, {
      scope: "session",
      retry,
      remedy: "Check the host name, and that this machine has a network.",
      cause: error,
    });
  }
  if (isCertificateError(code)) {
    return new MailferryError(
      "N303",
      `${where} has a certificate that can't be trusted: ${quoteServer(detail)}; no password was sent`,
      {
        scope: "session",
        retry: "never",
        remedy: "Check the host name; for a private authority set tlsCa, for a self-signed certificate tlsFingerprint.",
        cause: error,
      },
    );
  }
  if (code !== undefined && (unreachable.has(code) || (code === "ETIMEDOUT" && wasConnecting(error)))) {
    return new MailferryError("N302", `${where} can't be reached (${code})`, {
      scope: "session",
      retry: "now",
      remedy: "Check host and port, and that the server runs.",
      cause: error,
    });
  }
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO" || code?.startsWith("ERR_SSL_")) {
    return new MailferryError("N303", `${where} did not speak TLS as asked (${code}); no password was sent`, {
      scope: "session",
      retry: "never",
      remedy: "Check port and tls: implicit TLS and STARTTLS live on different ports.",
      cause: error,
    });
  }
  return new MailferryError("N302", `the connection to ${where} was lost: ${quoteServer(detail)}`, {
    scope: "session",
    retry: "now",
    cause: error,
  });
}

/** Not one that was lost later. Where several addresses were tried there is an error for each. */
function wasConnecting(error: unknown): boolean {
  return error instanceof AggregateError || (error instanceof Error && Reflect.get(error, "syscall") === "connect");
}

/** OpenSSL's verification results and Node's own name check, as they appear in `error.code`. */
function isCertificateError(code: string | undefined): boolean {
  if (code === undefined) return false;
  return (
    code === "ERR_TLS_CERT_ALTNAME_INVALID" ||
    code.startsWith("CERT_") ||
    code.startsWith("UNABLE_TO_") ||
    code.startsWith("DEPTH_ZERO_") ||
    code.startsWith("SELF_SIGNED_CERT") ||
    code === "HOSTNAME_MISMATCH" ||
    code === "INVALID_CA" ||
    code === "INVALID_PURPOSE"
  );
}

// One message to one place: within bounds of time, once more where that can help, and a failure in words that can be shown.

import { setTimeout } from "node:timers/promises";
import { codeOf } from "../errors.ts";

export interface DeliveryLimits {
  /** Longest silence of a server, for connecting and for each answer. */
  readonly silenceMs: number;
  /** Before the second try. */
  readonly pauseMs: number;
}

export const usualLimits: DeliveryLimits = { silenceMs: 10_000, pauseMs: 2_000 };

/** The message is printable, names a server at most, and never holds a secret: addresses on the web are secrets. */
export class NotDelivered extends Error {
  override readonly name = "NotDelivered";
  /** The same again may help. */
  readonly isTemporary: boolean;

  constructor(message: string, { isTemporary }: { readonly isTemporary: boolean }) {
    super(message);
    this.isTemporary = isTemporary;
  }
}

export async function twice<T>(deliver: () => Promise<T>, { pauseMs }: DeliveryLimits): Promise<T> {
  try {
    return await deliver();
  } catch (error) {
    if (!(error instanceof NotDelivered) || !error.isTemporary) throw error;
    await setTimeout(pauseMs);
    return await deliver();
  }
}

const words = new Map([
  ["ENOTFOUND", "the host was not found"],
  ["EAI_AGAIN", "the host was not found (no name service)"],
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection was cut"],
  ["EPIPE", "the connection was cut"],
  ["ETIMEDOUT", "no answer"],
  ["EHOSTUNREACH", "the host can't be reached"],
  ["ENETUNREACH", "the network can't be reached"],
  ["UND_ERR_SOCKET", "the connection was cut"],
  ["UND_ERR_CONNECT_TIMEOUT", "no answer"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not trusted (self-signed)"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate is not trusted (self-signed)"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate is not trusted"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate is not trusted"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
]);

/** What Node or the system says of a connection, in words; only names that they give themselves, never their texts. */
export function explainConnection(error: unknown): string {
  for (let one: unknown = error; one !== undefined; one = one instanceof Error ? one.cause : undefined) {
    if (one instanceof AggregateError && one.errors.length > 0) return explainConnection(one.errors[0]);
    const code = codeOf(one);
    const known = code === undefined ? undefined : words.get(code);
    if (known !== undefined) return known;
    if (code !== undefined && /^[A-Z0-9_]{1,60}$/.test(code)) return `the connection failed (${code})`;
    if (one instanceof Error && one.name === "TimeoutError") return "no answer";
  }
  return "the connection failed";
}

// One request to an address that the job file names. Such an address is a secret as a whole: errors name its server alone.

import { type DeliveryLimits, explainConnection, NotDelivered, twice } from "./delivery.ts";

export interface Post {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The server of an address: all that may be shown of it. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

/** Resolves when the server has taken it (2xx). Redirects are not followed: they would take the secret along. */
export async function post({ url, headers = {}, body }: Post, limits: DeliveryLimits): Promise<void> {
  await twice(() => attempt(url, headers, body, limits.silenceMs), limits);
}

async function attempt(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  silenceMs: number,
): Promise<void> {
  let response: Response;
  try {
    const signal = AbortSignal.timeout(silenceMs);
    response = await fetch(url, {
      method: "POST",
      headers: { "User-Agent": "mailferry", ...headers },
      body,
      redirect: "manual",
      signal,
    });
  } catch (error) {
    throw new NotDelivered(explainConnection(error), { isTemporary: true });
  }
  // What it says is of no interest, however long it is.
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    throw new NotDelivered(`it answered ${status}, which leads to another address; redirects are not followed`, {
      isTemporary: false,
    });
  }
  throw new NotDelivered(`it answered ${status}`, { isTemporary: status >= 500 || status === 429 || status === 408 });
}

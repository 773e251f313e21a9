// A small document over HTTPS, and nothing else: no HTTP, no certificate that does not hold, no cookie, no proxy, no word
// about who asks.

import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { isHostName } from "./host-name.ts";
import type { World } from "./world.ts";

/** Octets. Real ones have 1 to 6 KiB. */
export const longestDocument = 64 * 1024;
const mostRedirects = 2;
const httpsPort = 443;

/** Resolves with the text of a document, undefined where there is none or none that may be taken. Rejects if there is no way to it, or with the reason of the signal. */
export async function getDocument(url: URL, world: World, signal: AbortSignal): Promise<string | undefined> {
  let next = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    if (!isAllowed(next)) return undefined;
    const { location, text } = await getOnce(next, world, signal);
    if (location === undefined) return text;
    if (!URL.canParse(location, next.href)) return undefined;
    next = new URL(location, next.href);
  }
  return undefined;
}

/** The usual port of a host with a name: what a certificate of a public authority is for. */
function isAllowed({ protocol, hostname, port, username, password }: URL): boolean {
  return protocol === "https:" && port === "" && username === "" && password === "" && isHostName(hostname);
}

interface Answer {
  readonly location?: string | undefined;
  readonly text?: string | undefined;
}

function getOnce(url: URL, world: World, signal: AbortSignal): Promise<Answer> {
  const host = url.hostname;
  const { lookup, ...way } = world.way(host, httpsPort);
  // An agent of its own: no connection is kept, and no proxy of the environment is asked.
  const agent = new Agent({ keepAlive: false, maxSockets: 1 });
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(
      {
        ...way,
        ...(lookup === undefined ? {} : { lookup }),
        agent,
        method: "GET",
        path: `${url.pathname}${url.search}`,
        headers: { Host: host, Accept: "text/xml, application/xml", "User-Agent": "mailferry" },
        servername: host,
        minVersion: "TLSv1.2",
        rejectUnauthorized: true,
        maxHeaderSize: 16 * 1024,
        signal,
        ...(world.tlsCa === undefined ? {} : { ca: world.tlsCa }),
      },
      (response) => {
        readAnswer(response).then(resolve, reject);
      },
    );
    asked.on("error", reject);
    asked.end();
  }).finally(() => agent.destroy());
}

/** Reads no more than a document may have, and nothing of what is none. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  if ([301, 302, 303, 307, 308].includes(statusCode)) {
    response.destroy();
    return { location: headers.location };
  }
  if (statusCode !== 200 || Number(headers["content-length"] ?? 0) > longestDocument) {
    response.destroy();
    return {};
  }
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > longestDocument) {
      response.destroy();
      return {};
    }
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString("utf8") };
}

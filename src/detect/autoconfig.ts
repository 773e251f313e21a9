// What a provider tells mail programs at addresses of its own, and what Thunderbird's database (ISPDB) tells for it. Only
// the domain leaves this machine: the specification would have the address in the URL, and no provider needs it.

import type { Address } from "./address.ts";
import { parseClientConfig } from "./client-config.ts";
import { foreignHosts } from "./foreign.ts";
import type { Detected, Origin } from "./found.ts";
import { getDocument } from "./get-document.ts";
import { providerOfHost } from "./table.ts";
import type { World } from "./world.ts";

/** Both places at the provider, the one for this purpose first. */
export function autoconfigUrls(domain: string): readonly [URL, URL] {
  return [
    new URL(`https://autoconfig.${domain}/mail/config-v1.1.xml`),
    new URL(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`),
  ];
}

export function ispdbUrl(domain: string): URL {
  return new URL(`https://autoconfig.thunderbird.net/v1.1/${domain}`);
}

/** Undefined where there is no document, or none with a server that can be used. */
export async function readConfig(
  url: URL,
  address: Address,
  origin: Origin,
  world: World,
  signal: AbortSignal,
): Promise<Detected | undefined> {
  const text = await getDocument(url, world, signal);
  const servers = text === undefined ? [] : parseClientConfig(text, address);
  const [best] = servers;
  if (best === undefined) return undefined;
  const provider = providerOfHost(best.host);
  return {
    servers,
    origin,
    where: url.href,
    ...(provider === undefined ? {} : { provider }),
    // The database's reviewers vouch for what stands there under this very domain.
    foreignHosts: origin === "ispdb" ? [] : foreignHosts(servers, address.domain),
  };
}

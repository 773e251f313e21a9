// Whose hosts an answer names.

import type { ServerSettings } from "./found.ts";
import { isWithin } from "./host-name.ts";
import { providerOfHost } from "./table.ts";

/** Those outside the domain, and of no provider of the table: each once. */
export function foreignHosts(servers: readonly ServerSettings[], domain: string): string[] {
  const hosts = new Set(servers.map(({ host }) => host));
  return [...hosts].filter((host) => !isWithin(host, domain) && providerOfHost(host) === undefined);
}

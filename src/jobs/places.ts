// Where the paths, hosts and ports of a job file lead.

import { homedir } from "node:os";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { domainToASCII } from "node:url";
import type { Account } from "../account.ts";

/** An absolute path. `~` is the home directory, as in a shell. */
export function resolvePath(baseDir: string, path: string): string {
  return resolve(
    baseDir,
    path.replace(/^~(?=\/|$)/, () => homedir()),
  );
}

/** True if the path is the folder or lies in it; both absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** An internationalized name as the DNS has it. */
export function asciiHost(host: string): string {
  return /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host) || host;
}

export function defaultPort(protocol: Account["protocol"], tls: Account["tls"]): number {
  if (protocol === "imap") return tls === "implicit" ? 993 : 143;
  return tls === "implicit" ? 995 : 110;
}

// What detection finds: servers to be proven, and where they were read.

import type { Provider } from "./provider.ts";

export interface ServerSettings {
  readonly protocol: "imap" | "pop3";
  /** A-labels, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** `starttls` is required, never opportunistic; `none` only on loopback. */
  readonly tls: "implicit" | "starttls" | "none";
  /** Log-in names in the order in which they are tried, each once. Never empty. */
  readonly users: readonly string[];
  /** Takes no password: OAuth 2, Kerberos or a client certificate only. */
  readonly takesNoPassword?: true | undefined;
}

/** `mx`: by the host that takes the domain's mail. `person`: somebody named it. */
export type Origin = "table" | "autoconfig" | "ispdb" | "srv" | "mx" | "guess" | "person";

export interface Detected {
  /** Best first; IMAP before POP3. Never empty. */
  readonly servers: readonly ServerSettings[];
  readonly origin: Origin;
  /** Where it was read, for people: a URL, a DNS name, a name of the table and its date. Safe to print. */
  readonly where: string;
  /** The provider of the table that has these servers, or that hosts the domain. */
  readonly provider?: Provider | undefined;
  /**
   * Somebody else's hosts, named by a source that does not vouch for them, and not in the table: a person has to accept
   * them before a password is typed.
   */
  readonly foreignHosts: readonly string[];
}

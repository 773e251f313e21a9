// What is known of a mail provider before anybody is asked. The table itself is in providers/, the look-ups are in table.ts.

import type { Words } from "./words.ts";

export type Protocol = "imap" | "pop3";

/** What people type as a user name: the whole address, or what stands before its @. */
export type LogInForm = "address" | "local";

export interface ProviderServer {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** `none` only for a server on this machine. */
  readonly tls: "implicit" | "starttls" | "none";
}

/** Where somebody finds a setting: a page, the way through the menus, or both. */
export interface Guide {
  /** https. */
  readonly url?: string | undefined;
  readonly words?: Words | undefined;
}

/**
 * Which password a mail program needs. `account`: the one of the web site. `app`: one that is made for it there.
 * `app-if-two-step`: that one where two-step verification is on. `separate`: one for mail alone, set once in the settings.
 * `none`: no password at all is taken any more (OAuth 2 only).
 */
export type PasswordKind = "account" | "app" | "app-if-two-step" | "separate" | "none";

export interface Provider {
  /** Stable; lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly name: string;
  /** What stands after the @, as A-labels. */
  readonly domains: readonly string[];
  /** Ends of the names of hosts that take mail for domains hosted there; whole labels. */
  readonly mx: readonly string[];
  /** Customers with a domain have other servers than these, by their plan: what the domain says of itself comes first. */
  readonly serversDiffer?: true | undefined;
  /** Best first; IMAP before POP3. */
  readonly servers: readonly ProviderServer[];
  /** Other names of its servers, which an older account may still use. */
  readonly hosts?: readonly string[] | undefined;
  /** In the order in which they are tried. One where only one is known to work: a second try may lock an account. */
  readonly logIn: readonly LogInForm[];
  readonly password: PasswordKind;
  /** Where POP or IMAP is switched on, where it is off at first. */
  readonly switchOn?: (Guide & { readonly protocols: readonly Protocol[] }) | undefined;
  readonly appPassword?: Guide | undefined;
  readonly limits?:
    | {
        /** Octets a day that can be read over IMAP. */
        readonly octetsPerDay?: number | undefined;
        /** Octets a day that can be written over IMAP. */
        readonly octetsPerDayIn?: number | undefined;
        readonly connections?: number | undefined;
        /** POP3 log-ins sooner than this after the last are refused. */
        readonly minutesBetweenLogIns?: number | undefined;
      }
    | undefined;
  readonly note?: Words | undefined;
  /** Where this was read: URLs, or `FIELD.md` (the field notes of the project, which name theirs); `[m]`: only remembered. */
  readonly source: string;
  /** When it was read there: YYYY-MM-DD. */
  readonly date: string;
}

/** An IMAP server with TLS from the first octet. */
export function imaps(host: string): ProviderServer {
  return { protocol: "imap", host, port: 993, tls: "implicit" };
}

/** A POP3 server with TLS from the first octet. */
export function pop3s(host: string): ProviderServer {
  return { protocol: "pop3", host, port: 995, tls: "implicit" };
}

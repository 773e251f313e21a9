// Mail addresses as people type them (RFC 5321 section 4.1.2, RFC 5322 section 3.4; RFC 5890 for names in other scripts).

import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { printable } from "../formats/printable.ts";
import { isHostName } from "./host-name.ts";

export interface Address {
  /** `local@domain`, the domain as A-labels. */
  readonly address: string;
  readonly local: string;
  /** A-labels, lower case. */
  readonly domain: string;
}

/** Why a text is no address. A command says it in its user's language. */
export type AddressProblem = "empty" | "no-at" | "space" | "no-local" | "bad-local" | "bad-domain" | "no-dot";

export type ParsedAddress =
  | Address
  | {
      readonly problem: AddressProblem;
      /** What was typed, safe to print and bounded. */
      readonly text: string;
    };

/** RFC 5321 section 4.5.3.1. Longer ones are no mistake of a keyboard. */
const longestLocal = 64;
const longestText = 320;
/** RFC 5322's atext and dots, and whatever is not ASCII (RFC 6531). No quoted local part: nobody has one. */
const localPart = /^[^\s"(),:;<>@[\\\]\u0000-\u001f\u007f-\u009f]+$/u;

/** Accepts `name <local@domain>` and white space around it too, as it comes from an address book. Never throws. */
export function parseAddress(text: string): ParsedAddress {
  const shown = printable(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
  const wrong = (problem: AddressProblem) => ({ problem, text: shown });
  const bare = (/^[^<>]*<([^<>]*)>\s*$/u.exec(text)?.[1] ?? text).trim();
  if (bare === "") return wrong("empty");
  const at = bare.lastIndexOf("@");
  if (at < 0) return wrong(/\s/u.test(bare) ? "space" : "no-at");
  const local = bare.slice(0, at);
  const typed = bare.slice(at + 1);
  if (/\s/u.test(bare)) return wrong("space");
  if (local === "") return wrong("no-local");
  if (
    !localPart.test(local) ||
    printable(local) !== local ||
    Buffer.byteLength(local) > longestLocal ||
    /^\.|\.\.|\.$/.test(local)
  ) {
    return wrong("bad-local");
  }
  // domainToASCII reads a host as a URL does: it stops at what would end one, and takes %41 for a letter.
  const domain = /[/?#\\:%[\]]/.test(typed) ? "" : domainToASCII(typed).toLowerCase();
  if (isIP(domain) !== 0 || !isHostName(domain)) return wrong("bad-domain");
  if (!domain.includes(".")) return wrong("no-dot");
  return { address: `${local}@${domain}`, local, domain };
}

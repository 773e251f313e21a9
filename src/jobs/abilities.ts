// What a server can't do, or does in its own way, as far as it matters to a backup or a move. Pure.

/** From RFC 3501's extensions and RFC 2449's capabilities to what follows for mailferry. */
export type Ability =
  /** RFC 7162: without it every message is listed in every run. */
  | { readonly lacks: "CONDSTORE" }
  /** RFC 6154: without it the use of a mailbox is concluded from its name. */
  | { readonly lacks: "SPECIAL-USE" }
  /** RFC 5819: without it each mailbox is asked for by itself. */
  | { readonly lacks: "LIST-STATUS" }
  /** RFC 4978. */
  | { readonly lacks: "COMPRESS=DEFLATE" }
  /** RFC 7888: without it a move sends one message at a time. */
  | { readonly lacks: "LITERAL+" }
  /** RFC 4315: without it a message that was sent is looked for. */
  | { readonly lacks: "UIDPLUS" }
  /** RFC 9208: without it nobody knows how much room is left. */
  | { readonly lacks: "QUOTA" }
  /** POP3. Without it messages are known by their content, and fetched in every run. */
  | { readonly lacks: "UIDL" }
  /** POP3: without it each command waits for its answer. */
  | { readonly lacks: "PIPELINING" }
  /** RFC 7889: it takes no larger message. */
  | { readonly is: "APPENDLIMIT"; readonly octets: number }
  /** Gmail's labels: a message is in several mailboxes. */
  | { readonly is: "labels" }
  /** RFC 2449 section 6.6. */
  | { readonly is: "LOGIN-DELAY"; readonly seconds: number }
  /** RFC 2449 section 6.5: it deletes by itself what was read, or is older. */
  | { readonly is: "EXPIRE"; readonly days: number }
  /** Nothing is encrypted, though it offers that. */
  | { readonly is: "STARTTLS" }
  /** POP3 has one mailbox, and neither flags nor dates. */
  | { readonly is: "POP3" };

/** What a person should know before relying on it. */
export function isWarning(ability: Ability): boolean {
  if ("lacks" in ability) return ability.lacks === "UIDL";
  return ability.is === "EXPIRE" || ability.is === "STARTTLS";
}

/** Capabilities as imapflow keeps them: names, and for APPENDLIMIT its number. */
export function imapAbilities(capabilities: ReadonlyMap<string, unknown>, isEncrypted: boolean): readonly Ability[] {
  const found: Ability[] = [];
  if (!isEncrypted && capabilities.has("STARTTLS")) found.push({ is: "STARTTLS" });
  const isGmail = capabilities.has("X-GM-EXT-1");
  if (isGmail) found.push({ is: "labels" });
  const hasMarks = capabilities.has("CONDSTORE") || capabilities.has("QRESYNC");
  if (!hasMarks) found.push({ lacks: "CONDSTORE" });
  for (const name of ["LIST-STATUS", "SPECIAL-USE", "COMPRESS=DEFLATE", "LITERAL+", "UIDPLUS"] as const) {
    const isThere = capabilities.has(name) || (isGmail && name === "SPECIAL-USE");
    if (!isThere) found.push({ lacks: name });
  }
  const hasQuota = [...capabilities.keys()].some((name) => name === "QUOTA" || name.startsWith("QUOTA=RES-"));
  if (!hasQuota) found.push({ lacks: "QUOTA" });
  const octets = capabilities.get("APPENDLIMIT");
  if (typeof octets === "number" && octets > 0) found.push({ is: "APPENDLIMIT", octets });
  return found;
}

/** `hasUidl` is whether it answered UIDL, whatever it announced. */
export function pop3Abilities(
  capabilities: ReadonlyMap<string, readonly string[]>,
  { isEncrypted, hasUidl }: { readonly isEncrypted: boolean; readonly hasUidl: boolean },
): readonly Ability[] {
  const found: Ability[] = [];
  if (!isEncrypted && capabilities.has("STLS")) found.push({ is: "STARTTLS" });
  if (!hasUidl) found.push({ lacks: "UIDL" });
  if (!capabilities.has("PIPELINING")) found.push({ lacks: "PIPELINING" });
  const days = wholeNumber(capabilities.get("EXPIRE")?.[0]);
  if (days !== undefined) found.push({ is: "EXPIRE", days });
  const seconds = wholeNumber(capabilities.get("LOGIN-DELAY")?.[0]);
  if (seconds !== undefined && seconds > 0) found.push({ is: "LOGIN-DELAY", seconds });
  found.push({ is: "POP3" });
  return found;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

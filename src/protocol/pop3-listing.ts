// What STAT, LIST and UIDL say (RFC 1939 sections 5 and 7). Pure.

/** What the server says is in the maildrop, by message number. Numbers are valid in one session only. */
export interface MaildropListing {
  /** Octets as LIST claims them, where they are a number at all. */
  readonly sizes: ReadonlyMap<number, number | undefined>;
  /** Undefined if the server has no UIDL. The ids are as they came: perhaps empty, too long, or given twice. */
  readonly uidls: ReadonlyMap<number, string> | undefined;
}

/** The number of messages from the text of a reply to STAT. */
export function parseStat(text: string): number | undefined {
  const digits = /^\d{1,9}(?= |$)/.exec(text)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** A line of LIST. Only the message number must be there; extensions may follow the octets. */
export function parseListLine(line: string): { number: number; octets: number | undefined } | undefined {
  const [, number, octets] = /^(\d{1,9})(?: +(\d{1,15}))?(?: |$)/.exec(line) ?? [];
  if (number === undefined) return undefined;
  return { number: Number(number), octets: octets === undefined ? undefined : Number(octets) };
}

/** A line of UIDL. Only the message number must be there. */
export function parseUidlLine(line: string): { number: number; uidl: string } | undefined {
  const [, number, uidl = ""] = /^(\d{1,9})(?: +(.*))?$/s.exec(line) ?? [];
  return number === undefined ? undefined : { number: Number(number), uidl: uidl.replace(/ +$/, "") };
}

/** How LIST and UIDL differ from each other or from the count of STAT; undefined if all agree. */
export function disagreement(messages: number, listing: MaildropListing): string | undefined {
  const { sizes, uidls } = listing;
  const counted = `${messages} messages in STAT, ${sizes.size} in LIST`;
  if (uidls === undefined) return sizes.size === messages ? undefined : counted;
  for (const number of uidls.keys()) {
    if (!sizes.has(number)) return `message ${number} in UIDL, but not in LIST`;
  }
  return sizes.size === messages && uidls.size === messages ? undefined : `${counted}, ${uidls.size} in UIDL`;
}

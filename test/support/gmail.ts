// A store as Gmail shows it over IMAP: one message, and a mailbox for each of its labels.

import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";

export interface GmailMessage {
  readonly bytes: Buffer | string;
  readonly flags?: readonly string[];
  readonly date?: Date;
  /**
   * User labels, also others than `gmailUserLabels`, decoded, their levels parted by `/`; `\Inbox`, `\Sent`, `\Starred` and `\Important`. With `\Spam`
   * or `\Trash` a message lies there alone.
   */
  readonly labels?: readonly string[];
}

/** What Gmail offers, of what the demo's server knows. */
export const gmailCapabilities = [
  "IMAP4rev1",
  "AUTH=PLAIN",
  "SASL-IR",
  "ID",
  "NAMESPACE",
  "CHILDREN",
  "SPECIAL-USE",
  "UNSELECT",
  "UIDPLUS",
  "ENABLE",
  "CONDSTORE",
  "ESEARCH",
  "LITERAL-",
  "X-GM-EXT-1",
] as const;

/** Labels without messages too. */
export const gmailUserLabels = ["Projets", "Projets/2026", "Projets/2026/Été", "日本語"] as const;

const allMail = ["[Gmail]", "All Mail"];

/** Places of system labels; `\Important` has none. */
const systemMailboxes: readonly { label?: string; path: readonly string[]; specialUse?: string }[] = [
  { label: "\\Inbox", path: ["INBOX"] },
  { path: allMail, specialUse: "\\All" },
  { label: "\\Sent", path: ["[Gmail]", "Sent Mail"], specialUse: "\\Sent" },
  { label: "\\Spam", path: ["[Gmail]", "Spam"], specialUse: "\\Junk" },
  { label: "\\Trash", path: ["[Gmail]", "Trash"], specialUse: "\\Trash" },
  { label: "\\Starred", path: ["[Gmail]", "Starred"], specialUse: "\\Flagged" },
];

/**
 * Each message under an identity of its own, also where the octets are those of another: in All Mail, and in the mailbox of
 * each label with the same flags and date. What is starred has `\Flagged` as well.
 */
export function createGmailStore(user: string, password: string, messages: readonly GmailMessage[]): MailStore {
  const store = createMailStore(user, password);
  for (const { path, specialUse } of systemMailboxes) addMailbox(store, path, specialUse);
  for (const label of gmailUserLabels) addMailbox(store, label.split("/"));
  for (const [index, { bytes, flags = [], date, labels = [] }] of messages.entries()) {
    // Beyond what a double holds, as Gmail's are.
    const emailId = `${1_278_455_344_230_334_865n + BigInt(index)}`;
    const internalDate = date ?? new Date(Date.UTC(2026, 0, 1, 8, 0, index));
    const details = {
      flags: labels.includes("\\Starred") ? [...flags, "\\Flagged"] : flags,
      internalDate,
      emailId,
      labels,
    };
    for (const path of placesOf(labels)) addMessage(addMailbox(store, path), bytes, details);
  }
  return store;
}

function placesOf(labels: readonly string[]): (readonly string[])[] {
  const hidden = labels.find((label) => label === "\\Spam" || label === "\\Trash");
  if (hidden !== undefined) return systemMailboxes.filter(({ label }) => label === hidden).map(({ path }) => path);
  const places = labels.flatMap((label) => {
    if (!label.startsWith("\\")) return [label.split("/")];
    return systemMailboxes.filter((mailbox) => mailbox.label === label).map(({ path }) => path);
  });
  return [allMail, ...places];
}

// The crossing that the crash tests repeat: the same mail on both demo servers, and what a finished archive must hold.

import { startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, addMessage, createMailStore, type MailStore } from "../../src/demo/mail-store.ts";
import { dotStuffed, startPop3Server } from "../../src/demo/pop3-server.ts";
import { sha256 } from "./archives.ts";
import type { Server } from "./jobs.ts";
import { tortureMessages } from "./torture.ts";

export interface Crossing {
  readonly store: MailStore;
  server(protocol: "imap" | "pop3"): Server;
  /** Octets of messages that both servers have sent. */
  messageOctetsSent(): number;
  /** `mailbox sha256` of every message as the server serves it, sorted. */
  expected(protocol: "imap" | "pop3"): string[];
  close(): Promise<void>;
}

/**
 * Small adversarial messages, two of them twice, in four mailboxes. POP3 sees INBOX. `split`: the servers send so many
 * octets at a time.
 */
export async function startCrossing(split?: number): Promise<Crossing> {
  const store = createMailStore("ada", "canary-crossing-7f3a");
  const small = tortureMessages().filter(({ bytes }) => bytes.length < 20_000);
  const inbox = addMailbox(store, ["INBOX"]);
  for (const { bytes } of small) addMessage(inbox, bytes, { flags: ["\\Seen", "proj"] });
  for (const { bytes } of small.slice(0, 2)) addMessage(inbox, bytes);
  for (const path of [["Sent"], ["Projets", "2026"], ["Éphémère"], ["Empty"]]) {
    const mailbox = addMailbox(store, path);
    if (path[0] === "Empty") continue;
    for (const { bytes } of small.slice(0, 6)) addMessage(mailbox, bytes, { flags: ["\\Flagged"] });
  }
  const script = split === undefined ? {} : { split };
  const imap = await startImapServer({ store, script: { ...script } });
  const pop3 = await startPop3Server({ store, script: { ...script } });
  return {
    store,
    server: (protocol) => ({
      protocol,
      port: (protocol === "imap" ? imap : pop3).port,
      user: store.user,
      password: store.password,
    }),
    messageOctetsSent: () => imap.messageOctetsSent() + pop3.messageOctetsSent(),
    expected: (protocol) => digestsServed(store, protocol),
    async close() {
      await imap.close();
      await pop3.close();
    },
  };
}

/** `mailbox sha256` of every message as a server of this protocol serves it, sorted. POP3 sees INBOX. */
export function digestsServed(store: MailStore, protocol: "imap" | "pop3"): string[] {
  const mailboxes = protocol === "imap" ? store.mailboxes : store.mailboxes.slice(0, 1);
  return mailboxes
    .flatMap(({ path, messages }) =>
      messages.map(({ bytes }) => `${path.join("/")} ${sha256(protocol === "imap" ? bytes : asPop3Serves(bytes))}`),
    )
    .sort();
}

/** A message as POP3 gives it: RFC 1939 section 3 has no way to end one without CRLF. */
export function asPop3Serves(bytes: Buffer): Buffer {
  const stuffed = dotStuffed(bytes).toString("latin1").slice(0, -3);
  return Buffer.from(`\r\n${stuffed}`.replaceAll("\r\n..", "\r\n.").slice(2), "latin1");
}

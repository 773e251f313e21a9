// One client of the IMAP server: its state, and the round of command and answer.

import { appendCommands } from "./imap-append.ts";
import { fetchCommands } from "./imap-fetch.ts";
import { type ReceivedCommand, readCommand } from "./imap-literals.ts";
import { loginCommands } from "./imap-login.ts";
import { mailboxCommands } from "./imap-mailboxes.ts";
import { messageCommands } from "./imap-messages.ts";
import { modSeqCommands } from "./imap-modseq.ts";
import type { Naming } from "./imap-names.ts";
import { namingCommands } from "./imap-naming.ts";
import { type Command, parseCommand, Refusal, tagOf } from "./imap-parser.ts";
import { quotaCommands } from "./imap-quota.ts";
import type { ImapScript } from "./imap-script.ts";
import { searchCommands } from "./imap-search.ts";
import type { ImapTraits } from "./imap-traits.ts";
import type { ServerTls } from "./listener.ts";
import { findMailbox, type MailStore, type StoredMailbox, type StoredMessage } from "./mail-store.ts";
import type { Wire } from "./wire.ts";

/** What all sessions of a server share. */
export interface Service extends ImapTraits {
  readonly store: MailStore;
  readonly naming: Naming;
  readonly capabilities: readonly string[] | undefined;
  readonly tls: ServerTls | undefined;
  readonly script: () => ImapScript;
  readonly log: string[];
  /** Messages of APPEND: those that came, and those of them that were stored. */
  readonly tally: { arrived: number; stored: number };
}

/** A mailbox as this client knows it: sequence numbers are places in `view`, which changes only when the client is told. */
export interface Selected {
  readonly mailbox: StoredMailbox;
  readonly readOnly: boolean;
  view: StoredMessage[];
}

/** Carries out a command and returns the text of its OK. Throws Refusal for NO and BAD. */
export type Handler = (session: ImapSession, command: Command) => string | Promise<string>;

type State = "not authenticated" | "authenticated" | "logout";

const handlers = new Map<string, Handler>([
  ...loginCommands,
  ...mailboxCommands,
  ...namingCommands,
  ...appendCommands,
  ...fetchCommands,
  ...searchCommands,
  ...messageCommands,
  ...modSeqCommands,
  ...quotaCommands,
]);
/** The capability without which a command is unknown. */
const needs = new Map([
  ["ID", "ID"],
  ["NAMESPACE", "NAMESPACE"],
  ["UID EXPUNGE", "UIDPLUS"],
  ["UNSELECT", "UNSELECT"],
  ["ENABLE", "ENABLE"],
  ["GETQUOTA", "QUOTA"],
  ["GETQUOTAROOT", "QUOTA"],
]);
const beforeLogin = new Set(["CAPABILITY", "ID", "NOOP", "LOGOUT", "STARTTLS", "LOGIN", "AUTHENTICATE"]);
/** RFC 9051 section 7.5.1: no EXPUNGE in the answer to these, sequence numbers must hold. */
const holdsView = new Set(["FETCH", "STORE", "SEARCH"]);

const defaultCapabilities = [
  "IMAP4rev1",
  "AUTH=PLAIN",
  "SASL-IR",
  "ID",
  "NAMESPACE",
  "CHILDREN",
  "LIST-EXTENDED",
  "SPECIAL-USE",
  "LITERAL+",
  "UIDPLUS",
  "UNSELECT",
];

export class ImapSession {
  readonly service: Service;
  readonly wire: Wire;
  state: State = "not authenticated";
  selected: Selected | undefined;
  /** The client used CONDSTORE: from then on it is told mod-sequences (RFC 7162 section 3.1). */
  condstore = false;

  constructor(service: Service, wire: Wire) {
    this.service = service;
    this.wire = wire;
  }

  /** Serves the client until it goes or logs out. @throws ConnectionGone where the script ends it. */
  async run(): Promise<void> {
    await this.#greet();
    while (this.state !== "logout") {
      const { capabilities } = this;
      const received = await readCommand(this.wire, { capabilities, appendLimit: this.service.appendLimit });
      if (received === undefined) break;
      await this.#answer(received);
    }
  }

  /** Without STARTTLS and LOGINDISABLED once the connection is encrypted. */
  get capabilities(): readonly string[] {
    const { capabilities, tls, appendLimit, quota } = this.service;
    const names = [...(capabilities ?? defaultCapabilities)].filter(
      (name) => appendLimit === undefined || !name.startsWith("APPENDLIMIT"),
    );
    if (appendLimit !== undefined) names.push(`APPENDLIMIT=${appendLimit}`);
    if (capabilities === undefined && quota !== undefined) names.push("QUOTA");
    if (this.wire.secure) return names.filter((name) => name !== "STARTTLS" && name !== "LOGINDISABLED");
    const plain = capabilities === undefined && tls?.mode === "starttls";
    return plain ? [...names, "STARTTLS", "LOGINDISABLED"] : names;
  }

  offers(capability: string): boolean {
    return this.capabilities.includes(capability);
  }

  findMailbox(path: readonly string[]): StoredMailbox | undefined {
    return findMailbox(this.service.store, path, this.service.caseInsensitiveNames);
  }

  /** An untagged response, without `* ` and CRLF. */
  untagged(text: string): Promise<void> {
    return this.wire.send(`* ${text}\r\n`);
  }

  /** @throws Refusal unless a mailbox is selected. */
  requireSelected(): Selected {
    if (this.selected === undefined) throw new Refusal("BAD", "No mailbox is selected");
    return this.selected;
  }

  async #greet(): Promise<void> {
    const { greeting } = this.service.script();
    const scripted = typeof greeting === "function" ? greeting(this.wire.connection) : greeting;
    const line = scripted ?? `* OK [CAPABILITY ${this.capabilities.join(" ")}] mailferry demo server ready`;
    if (line.startsWith("* PREAUTH")) this.state = "authenticated";
    if (line.startsWith("* BYE")) this.state = "logout";
    await this.wire.send(`${line}\r\n`);
  }

  async #answer({ parts, refusal }: ReceivedCommand): Promise<void> {
    const tag = tagOf(parts);
    try {
      const command = parseCommand(parts);
      this.service.log.push(command.line);
      if (!(await this.#applyScript(command))) return;
      if (refusal !== undefined) throw refusal;
      const handler = handlers.get(command.name);
      const capability = needs.get(command.name);
      const offered = capability === undefined || this.offers(capability);
      if (handler === undefined || !offered) throw new Refusal("BAD", "Unknown command");
      if (this.state === "not authenticated" && !beforeLogin.has(command.name))
        throw new Refusal("BAD", "Log in first");
      const text = await handler(this, command);
      if (!holdsView.has(command.name)) await this.#tellChanges();
      if (text !== "") await this.wire.send(`${tag} OK ${text}\r\n`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.wire.send(`${tag} ${error.status} ${error.message}\r\n`);
    }
  }

  /** True if the command is still to be carried out. */
  async #applyScript({ tag, name, line }: Command): Promise<boolean> {
    const fault = await this.service.script().onCommand?.({ tag, name, line, connection: this.wire.connection });
    if (fault === undefined) return true;
    const next = typeof fault === "object" ? fault.next : fault;
    if (next === "handshake") this.wire.holdForTls();
    if (typeof fault === "object") await this.wire.send(fault.reply);
    if (next === "drop") return this.wire.cut();
    if (next === "stall") return this.wire.stall();
    if (next === "handshake") await this.startTls();
    return next === "handle";
  }

  /** @throws ConnectionGone if the handshake fails. */
  async startTls(): Promise<void> {
    const { tls } = this.service;
    if (tls === undefined) throw new Refusal("BAD", "There is no certificate");
    await this.wire.startTls(tls);
  }

  /** EXPUNGE and EXISTS for what happened in the selected mailbox meanwhile. */
  async #tellChanges(): Promise<void> {
    if (this.selected === undefined) return;
    const { mailbox, view } = this.selected;
    const present = new Set(mailbox.messages);
    const kept = view.filter((message) => present.has(message));
    for (let index = view.length - 1; index >= 0 && kept.length < view.length; index -= 1) {
      const message = view[index];
      if (message !== undefined && !present.has(message)) await this.untagged(`${index + 1} EXPUNGE`);
    }
    this.selected.view = [...mailbox.messages];
    if (this.selected.view.length > kept.length) await this.untagged(`${this.selected.view.length} EXISTS`);
  }
}

// Commands of any state and those that lead to the log-in. RFC 9051 sections 6.1 and 6.2.

import { quote } from "./imap-names.ts";
import { type Command, lineTooLong, Refusal, textOf } from "./imap-parser.ts";
import type { Handler, ImapSession } from "./imap-session.ts";

export const loginCommands: [string, Handler][] = [
  ["CAPABILITY", capability],
  ["ID", id],
  ["NOOP", () => "NOOP done"],
  ["CHECK", () => "CHECK done"],
  ["LOGOUT", logout],
  ["STARTTLS", starttls],
  ["LOGIN", (session, { args }) => logIn(session, textOf(args[0]), textOf(args[1]))],
  ["AUTHENTICATE", authenticate],
];

async function capability(session: ImapSession): Promise<string> {
  await session.untagged(`CAPABILITY ${session.capabilities.join(" ")}`);
  return "CAPABILITY done";
}

async function id(session: ImapSession): Promise<string> {
  await session.untagged(`ID ("name" ${quote("mailferry demo")})`);
  return "ID done";
}

async function logout(session: ImapSession): Promise<string> {
  session.state = "logout";
  session.selected = undefined;
  await session.untagged("BYE Good bye");
  return "LOGOUT done";
}

/** Sends its own OK: the next octet after it belongs to the handshake. */
async function starttls(session: ImapSession, { tag }: Command): Promise<string> {
  if (session.wire.secure || session.service.tls === undefined) throw new Refusal("BAD", "No STARTTLS here");
  session.wire.holdForTls();
  await session.wire.send(`${tag} OK Begin TLS negotiation now\r\n`);
  await session.startTls();
  return "";
}

/** RFC 4616: authorisation identity, user and password, each ended by NUL. */
async function authenticate(session: ImapSession, { args }: Command): Promise<string> {
  const [mechanism, initial] = args;
  if (textOf(mechanism).toUpperCase() !== "PLAIN") throw new Refusal("NO", "[CANNOT] Only PLAIN is offered");
  requirePrivacy(session);
  if (initial === undefined) await session.wire.send("+ \r\n");
  const answer =
    initial === undefined ? (await session.wire.readLine(lineTooLong))?.toString("latin1") : textOf(initial);
  if (answer === undefined || answer === "*") throw new Refusal("BAD", "AUTHENTICATE cancelled");
  const [, user = "", password = ""] = Buffer.from(answer, "base64").toString("utf8").split("\0");
  return logIn(session, user, password);
}

function logIn(session: ImapSession, user: string, password: string): string {
  if (session.state !== "not authenticated") throw new Refusal("BAD", "Logged in already");
  requirePrivacy(session);
  const { store } = session.service;
  if (user !== store.user || password !== store.password) {
    throw new Refusal("NO", "[AUTHENTICATIONFAILED] Invalid credentials");
  }
  session.state = "authenticated";
  return `[CAPABILITY ${session.capabilities.join(" ")}] Logged in`;
}

function requirePrivacy(session: ImapSession): void {
  if (session.capabilities.includes("LOGINDISABLED")) throw new Refusal("NO", "[PRIVACYREQUIRED] Use STARTTLS first");
}

// The ways to log in that an IMAP server offers, and which of them a password may take.

import type { Account } from "../account.ts";
import { MailferryError } from "../errors.ts";
import { quoteServer } from "../formats/printable.ts";
import type { ImapFlow } from "./imapflow.ts";

/**
 * Keeps imapflow from sending the password with LOGIN where the account asks for another way, or where the server names
 * ways and none is for passwords: there it is refused, and some count it as a wrong one. Whoever asks for LOGIN gets it, as
 * RFC 9051 (section 6.2.3) has it, unless it is disabled. To be called before the client connects.
 */
export function guardLogin(client: ImapFlow, account: Account): void {
  const commands: unknown = Reflect.get(client, "commands");
  if (!(commands instanceof Map)) return;
  const login: unknown = commands.get("LOGIN");
  if (typeof login !== "function") return;
  const guarded = async (connection: object, ...args: readonly unknown[]): Promise<unknown> => {
    const offered = mechanismsOf(client);
    const takesPasswords = offered.some((name) => name === "PLAIN" || name === "LOGIN");
    const isMeant = account.auth === "login" || (account.auth !== "plain" && (takesPasswords || offered.length === 0));
    if (!isMeant) throw noPasswords(account, client);
    return login(connection, ...args);
  };
  Reflect.set(client, "commands", new Map<unknown, unknown>(commands).set("LOGIN", guarded));
}

/** The error for a server that takes no password, or not as the account wants it. Nothing was sent. */
export function noPasswords(account: Account, client: ImapFlow): MailferryError {
  const offered = mechanismsOf(client);
  const isDisabled = client.capabilities.has("LOGINDISABLED");
  const way = account.auth === "plain" ? "AUTHENTICATE PLAIN" : isDisabled ? "LOGINDISABLED" : "AUTH=PLAIN";
  const lack = isDisabled && account.auth !== "plain" ? "takes no password this way" : "does not offer it";
  const offer = offered.length === 0 ? "it offers no other" : `it offers ${quoteServer(offered.join(" "))}`;
  return new MailferryError(
    "A203",
    `${account.host}:${account.port} ${lack} (${way}); ${offer}; no password was sent`,
    { scope: "session", retry: "never", remedy: remedyOf(account, isDisabled) },
  );
}

function remedyOf({ tls, auth }: Account, isDisabled: boolean): string {
  if (tls === "none") return "Set tls: starttls or tls: implicit: the server takes no password without encryption.";
  if (isDisabled) return "Ask the provider which log-in it offers; an app password may be one.";
  if (auth === "plain") return "Remove auth: plain, so that the best way is taken that is offered.";
  return "Ask the provider for an app password; auth: login tries LOGIN, which the server does not forbid.";
}

/** In capitals and as the server orders them: `PLAIN`, `XOAUTH2`. */
function mechanismsOf(client: ImapFlow): string[] {
  return [...client.capabilities.keys()].flatMap((name) => /^AUTH=(.+)$/i.exec(name)?.[1]?.toUpperCase() ?? []);
}

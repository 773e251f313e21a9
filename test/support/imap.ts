// What the IMAP tests share: an account for a server on loopback, and reading streams to their end.

import type { Account } from "../../src/account.ts";
import { MailferryError } from "../../src/errors.ts";
import type { Message } from "../../src/message.ts";

/** An account without encryption, unless the changes say otherwise. */
export function imapAccount(port: number, login: { user: string; password: string }, changes: Partial<Account> = {}) {
  return {
    protocol: "imap",
    host: "127.0.0.1",
    port,
    tls: "none",
    user: login.user,
    auth: "auto",
    secret: async () => login.password,
    timeoutMs: 20_000,
    connections: 2,
    ...changes,
  } satisfies Account;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function octetsOf(message: Message): Promise<Buffer> {
  return Buffer.concat(await collect(message.body));
}

/** The MailferryError that a promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<MailferryError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof MailferryError)) throw error;
  return error;
}

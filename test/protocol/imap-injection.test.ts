// What would end a command, in what goes into one.

import { afterEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMessage, createMailStore } from "../../src/demo/mail-store.ts";
import { openImapSession } from "../../src/protocol/imap-session.ts";
import { failureOf, imapAccount } from "../support/imap.ts";

const servers: ImapServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(user: string, password: string): Promise<ImapServer> {
  const store = createMailStore(user, password);
  const [inbox] = store.mailboxes;
  if (inbox !== undefined) addMessage(inbox, "Subject: here\r\n\r\nbody\r\n");
  const server = await startImapServer({ store });
  servers.push(server);
  return server;
}

describe.each(["plain", "login"] as const)("a log-in (%s)", (auth) => {
  test.each([
    ["user", "ada\r\nX1 DELETE INBOX", "secret"],
    ["password", "ada", "secret\r\nX1 DELETE INBOX"],
    ["password", "ada", "secret\nX1 DELETE INBOX"],
    ["password", "ada", "secret\0"],
  ])("whose %s would end the command sends no other, and never half of it", async (_, user, password) => {
    const server = await serve("ada", "secret");
    const failure = await failureOf(openImapSession(imapAccount(server.port, { user, password }, { auth })));
    expect(failure).toMatchObject({ scope: "session", retry: "never" });
    expect(failure.code).toMatch(/^A20[56]$/);
    expect(failure.message).not.toContain("DELETE");
    expect(server.log.join("\n")).not.toMatch(/DELETE|X1/);
  });
});

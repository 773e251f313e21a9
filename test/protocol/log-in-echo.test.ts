// Servers that send back what they were sent: the password is in no message, and in nothing that an error carries along.

import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { startPop3Server } from "../../src/demo/pop3-server.ts";
import type { MailferryError } from "../../src/errors.ts";
import { formsOfSecret, hideSecret, hideSecretIn } from "../../src/formats/hide-secret.ts";
import { openImapSession } from "../../src/protocol/imap-session.ts";
import { Pop3Session } from "../../src/protocol/pop3-session.ts";
import { failureOf } from "../support/imap.ts";
import { accountOn } from "../support/jobs.ts";

const secret = ' pâss "wörd\\ 1234 ';
const login = { user: "ada", password: secret };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const forms = [
  secret,
  secret.trim(),
  secret.replaceAll('"', '\\"').replaceAll("\\ ", "\\\\ "),
  Buffer.from(secret).toString("latin1"),
  base64(secret),
  base64(`\0ada\0${secret}`),
];

const closing: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(closing.splice(0).map((server) => server.close())));

/** Long, so that the end of what is quoted would fall into the middle of a secret. */
const echoes = [0, 280, 290, 296].map((length) => `${"x".repeat(length)}${forms.join(" | ")}`);

function expectNothing(error: MailferryError, more: readonly string[] = []): void {
  const all = inspect(error, { depth: 12, showHidden: true, maxStringLength: null }) + error.stack;
  for (const form of [...forms, ...more]) {
    expect(all).not.toContain(form);
    expect(all.toLowerCase()).not.toContain(form.toLowerCase());
    // Half of one is enough to guess the rest.
    expect(all).not.toContain(form.trim().slice(0, 9));
  }
  expect(error.message).toMatch(/\*\*\*|…"$/);
}

describe.each(["plain", "login"] as const)("imap, auth %s", (auth) => {
  test.each([
    ["NO", (echo: string, tag: string) => `${tag} NO [AUTHENTICATIONFAILED] ${echo}\r\n`],
    ["BAD in capitals", (echo: string, tag: string) => `${tag} BAD ${echo.toUpperCase()} ${echo}\r\n`],
    ["BYE", (echo: string) => `* BYE Authentication failed ${echo}\r\n`],
  ])("with %s", async (_, reply) => {
    for (const echo of echoes) {
      const server = await startImapServer({
        store: createMailStore("ada", "another"),
        script: {
          onCommand: ({ name, tag }) =>
            /LOGIN|AUTHENTICATE/.test(name) ? { reply: reply(Buffer.from(echo).toString("utf8"), tag) } : undefined,
        },
      });
      closing.push(server);
      const account = accountOn({ protocol: "imap", port: server.port, ...login }, { auth });
      const error = await failureOf(openImapSession(account));
      expect(error).toMatchObject({ code: "A201", retry: "never", isLogInRefused: true });
      expectNothing(error);
    }
  });
});

test.each(["plain", "login", "apop"] as const)("pop3, auth %s", async (auth) => {
  for (const echo of echoes) {
    let digest = "";
    const timestamp = "<1896.697170952@dbc.mtview.ca.us>";
    const server = await startPop3Server({
      store: createMailStore("ada", "another"),
      script: {
        greeting: `+OK ${timestamp}\r\n`,
        onCommand: (line) => {
          if (line.startsWith("APOP")) digest = line.split(" ")[2] ?? "";
          return /^(APOP|AUTH|PASS)/.test(line)
            ? { reply: `-ERR [AUTH] ${digest.toUpperCase()} ${echo}\r\n` }
            : undefined;
        },
      },
    });
    closing.push(server);
    const account = accountOn({ protocol: "pop3", port: server.port, ...login }, { auth });
    const error = await failureOf(Pop3Session.connect(account));
    expect(error).toMatchObject({ code: "A201", retry: "never", isLogInRefused: true });
    expectNothing(error, [
      createHash("md5")
        .update(timestamp + secret)
        .digest("hex"),
    ]);
  }
});

test("what is hidden in an object is hidden in all that hangs on it, and nowhere is it looked for without end", () => {
  const error: Error & { response?: object; self?: object } = new Error("it is s3cr3t", { cause: new Error("S3CR3T") });
  error.response = { attributes: [{ value: "say s3cr3t" }], count: 3 };
  error.self = error;
  hideSecretIn(error, formsOfSecret("ada", "s3cr3t"));
  expect(inspect(error, { depth: 12 })).not.toMatch(/s3cr3t/i);
  expect(error.message).toBe("it is ***");
});

test("signs that mean something in patterns are hidden as they are", () => {
  expect(hideSecret("a.b*c a+b*c A.B*C", formsOfSecret("ada", "a.b*c"))).toBe("*** a+b*c ***");
});

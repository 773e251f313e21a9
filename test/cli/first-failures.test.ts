// What goes wrong for a newcomer, from a real server to the block on the screen, in both languages.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { type Pop3Server, startPop3Server } from "../../src/demo/pop3-server.ts";
import { makeCertificate } from "../support/certificates.ts";
import { type Caller, openCaller } from "../support/in-process.ts";

const certificate = await makeCertificate("pop.example.org");
let server: Pop3Server;
let caller: Caller;
let answer: string | undefined;

beforeEach(async () => {
  const script = {
    onCommand: (line: string) => (/^AUTH/.test(line) && answer ? { reply: `${answer}\r\n` } : undefined),
  };
  server = await startPop3Server({
    store: createMailStore("ada", "s3cret"),
    tls: { ...certificate, mode: "starttls" },
    script,
  });
  caller = openCaller("wrong");
});
afterEach(() => server.close());

async function blockIn(lang: "en" | "fr", account: object = {}): Promise<string> {
  const ada = { protocol: "pop3", host: "127.0.0.1", port: server.port, user: "ada", password: { env: "PW" } };
  const jobs = [{ name: "nightly", from: "ada", to: { archive: "./ada", format: "mbox" } }];
  const defaults = { retry: { attempts: 1, maxWait: "1ms" } };
  const file = { version: 1, defaults, accounts: { ada: { ...ada, tls: "none", ...account } }, jobs };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
  const { stdout } = await caller.call((invocation) => run([], false, invocation), { lang, yes: true });
  const plain = stdout.replaceAll(/[\u00a0\u202f]/g, " ").replaceAll(`127.0.0.1:${server.port}`, "HOST");
  return plain.slice(plain.indexOf("✖"), plain.lastIndexOf("\n\n"));
}

test("a wrong password", async () => {
  answer = '-ERR [AUTH] "Authentication failed"';
  expect(await blockIn("en")).toBe(`✖ nightly: log-in refused                                              MF-A201
  Why     127.0.0.1 refused the log-in for ada@127.0.0.1: "[AUTH]
          "Authentication failed""
  Do      1. Check user name and password, and that POP access is on in the
             account's web settings.
          2. Try the log-in alone: mailferry account test ada
          3. More about it: mailferry explain MF-A201
  Nothing was changed, nothing was lost.`);
  expect(await blockIn("fr")).toBe(`✖ nightly : connexion refusée                                          MF-A201
  Cause    127.0.0.1 a refusé la connexion de ada@127.0.0.1 : "[AUTH]
           "Authentication failed""
  À faire  1. Vérifiez l’identifiant et le mot de passe, et que l’accès POP
              est activé dans les réglages web du compte.
           2. Essayez la connexion seule : mailferry account test ada
           3. Pour en savoir plus : mailferry explain MF-A201
  Rien n’a été changé, rien n’est perdu.`);
});

/** On one line. */
const told = async (lang: "en" | "fr", account?: object) => (await blockIn(lang, account)).replaceAll(/\s+/g, " ");

test("POP that is switched off", async () => {
  answer = "-ERR POP access is disabled for this account";
  expect(await told("en")).toContain("protocol switched off MF-A204 Why 127.0.0.1 refused the log-in");
  const french = await told("fr");
  expect(french).toContain("protocole désactivé MF-A204 Cause 127.0.0.1 a refusé la connexion");
  expect(french).toContain("À faire 1. Activez l’accès POP dans les réglages web du compte.");
});

test("an app password that is wanted", async () => {
  answer = "-ERR application-specific password required";
  expect(await told("en")).toContain("app password needed MF-A202");
  expect(await told("fr")).toContain("À faire 1. Créez un mot de passe d’application dans les réglages web du compte");
});

test("a mailbox that another has open", async () => {
  answer = "-ERR [IN-USE] maildrop is locked";
  expect(await told("en")).toContain("POP mailbox in use MF-N305");
  expect(await told("fr")).toContain(
    'boîte POP occupée MF-N305 Cause la boîte de ada@127.0.0.1 est utilisée par une autre session : "[IN-USE]',
  );
});

test("a certificate for another name", async () => {
  const tls = { tls: "starttls", tlsCa: join(caller.cwd, "ca.pem") };
  writeFileSync(tls.tlsCa, certificate.cert, { mode: 0o600 });
  expect(await told("en", tls)).toContain("certificate MF-N303 Why HOST has a certificate that can't be trusted:");
  const french = await told("fr", tls);
  expect(french).toContain("certificat MF-N303 Cause HOST a un certificat auquel on ne peut se fier : ");
  expect(french).toContain("aucun mot de passe n’a été envoyé");
  expect(server.log.join("\n")).not.toMatch(/AUTH|PASS/);
});

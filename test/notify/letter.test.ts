// What a message to a person says, in the language of the job file.

import { expect, test } from "vitest";
import { composeLetter } from "../../src/notify/letter.ts";
import { jobReport } from "../support/job-report.ts";
import { at } from "../support/telling.ts";

test("the engine's reasons and ways out are told in French; a way out that nobody knows there is the letter's own", () => {
  const tell = (remedy: string) => {
    const message = 'imap.example.org refused the log-in for ada: "it is not there"';
    const failures = [{ code: "M401", mailbox: ["INBOX"], key: "7", reason: "the server sends no content" }];
    const exit = { code: 4, name: "log-in" } as const;
    const report = jobReport({ verdict: "failed", exit, error: { code: "A201", message, remedy }, failures });
    const items = [{ event: "failure", job: "nightly", trouble: "failed", report } as const];
    const setting = { language: "fr", host: "nas", at: at("2026-11-22T02:41"), timeZone: "UTC" } as const;
    const [section] = composeLetter({ items, others: 0 }, setting).sections;
    return JSON.stringify(section).replaceAll(/[\u00a0\u202f]/g, " ");
  };
  expect(tell("Correct the user name.")).toContain("Corrigez l’identifiant.");
  const told = tell("Nobody knows this.");
  expect(told).toContain('imap.example.org a refusé la connexion de ada : \\"it is not there\\" (MF-A201)');
  expect(told).toContain("(le serveur n’envoie aucun contenu)");
  expect(told).not.toContain("Nobody knows this.");
  expect(told).toContain("Vérifiez l’identifiant et le mot de passe du compte");
});

// The error block in both languages, and what to do by what is known of the provider.

import { describe, expect, test } from "vitest";
import { formatBlock } from "../../src/cli/block.ts";
import { failureLines } from "../../src/cli/failure-block.ts";
import { failureBlocks, noticeLines, stopBlock } from "../../src/cli/failures.ts";
import { mailboxName } from "../../src/cli/names.ts";
import { providerIn, providerSteps } from "../../src/cli/provider-steps.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { stepsOf } from "../../src/cli/steps.ts";
import { displayWidth } from "../../src/cli/width.ts";
import { providers } from "../../src/detect/table.ts";
import { MailferryError } from "../../src/errors.ts";
import type { JobFailure } from "../../src/jobs/events.ts";
import { JobFileError } from "../../src/jobs/mistakes.ts";
import type { Language } from "../../src/language/language.ts";
import { jobReport } from "../support/job-report.ts";

const paint = createPaint(false);
const plain = (lines: readonly string[]) => `${lines.join("\n").replaceAll(/[\u00a0\u202f]/g, " ")}\n`;

const refused = new MailferryError("A201", 'imap.example.org refused the log-in for ada: "it is not there"', {
  scope: "session",
  retry: "never",
  remedy: "Check user name and password; the provider may want IMAP access switched on first.",
});

function blockOf(error: unknown, language: Language): string {
  return plain(failureLines(error, paint, "0.1.0", language));
}

describe("an error block", () => {
  test("says what, why and what to do in the language of the person, and leaves the server's words alone", () => {
    expect(blockOf(refused, "en")).toBe(`✖ log-in refused                                                       MF-A201
  Why     imap.example.org refused the log-in for ada: "it is not there"
  Do      1. Check user name and password; the provider may want IMAP access
             switched on first.
          2. More about it: mailferry explain MF-A201
`);
    expect(blockOf(refused, "fr")).toBe(`✖ connexion refusée                                                    MF-A201
  Cause    imap.example.org a refusé la connexion de ada : "it is not there"
  À faire  1. Vérifiez l’identifiant et le mot de passe ; il faut peut-être
              d’abord activer l’accès IMAP chez le fournisseur.
           2. Pour en savoir plus : mailferry explain MF-A201
`);
  });

  test("has the catalogue's first steps where the error names no way out, with the job's own name", () => {
    const error = { code: "N302", message: "imap.example.org:993 closed the connection without a word" };
    const job = jobReport({ name: "la nuit", verdict: "failed", exit: { code: 5, name: "temporary" }, error });
    const [block] = stopBlock(job, "fr");
    expect(plain(formatBlock(block ?? { title: "" }, paint, "fr"))).toBe(
      `✖ la nuit : pas de réponse                                             MF-N302
  Cause    imap.example.org:993 a fermé la connexion sans un mot
  À faire  1. Relancez plus tard : mailferry run 'la nuit'. La tâche reprend
              où elle s’est arrêtée.
           2. Si cela arrive à chaque fois, vérifiez host et port du compte :
              mailferry config show
           3. Si la ligne est lente, augmentez la clé timeout, par exemple
              timeout: 3m.
           4. Pour en savoir plus : mailferry explain MF-N302
  Rien n’a été changé, rien n’est perdu.
`,
    );
  });

  test("counts equal failures in one block, in French, too", () => {
    const failure = (key: string, reason = 'the server answered "NUL"'): JobFailure => ({
      code: "M403",
      mailbox: ["Envoyés"],
      key,
      reason,
    });
    const many = Array.from({ length: 24 }, (_, index) => failure(`${index + 1}`));
    const blocks = failureBlocks([...many, failure("99", "something else")], false, mailboxName, "fr");
    const shown = plain(blocks.flatMap((block) => formatBlock(block, paint, "fr")));
    expect(shown).toContain("✖ 24 messages : refusé par la destination");
    expect(shown).toContain('  Cause    le serveur a répondu "NUL"\n');
    expect(shown).toContain("  Où       Envoyés: 1, 2, 3");
    expect(shown).toContain("           et 4 de plus\n");
    expect(shown).toContain("✖ 1 autre, pour d’autres raisons");
  });

  test("tells notices in French", () => {
    const notices = [{ code: "S604", mailbox: ["A"], reason: "the target does not keep proj; the ledger has them" }];
    expect(plain(noticeLines(notices, false, mailboxName, "fr"))).toBe(
      "  MF-S604  A : la destination ne garde pas proj ; le registre les a\n",
    );
  });

  test("shows each mistake of a job file with its place, in French", () => {
    const message = '"mbxo" is not one of mbox, maildir';
    const mistake = { line: 7, column: 15, where: "jobs[0].to.format", message };
    expect(blockOf(new JobFileError("jobs.yaml", [mistake]), "fr")).toBe(
      `✖ fichier de tâches                                                    MF-C701
  Cause    1 erreur, et rien n’a été lancé
  À faire  1. Corrigez le fichier de tâches ; jobs.example.yaml montre toutes
              les clés.
           2. Pour en savoir plus : mailferry explain MF-C701
  jobs.yaml:7:15  jobs[0].to.format: "mbxo" n’est pas l’une de ces valeurs : mbox, maildir
`,
    );
  });

  test("says that a bug is one", () => {
    expect(blockOf(new Error("boom"), "fr")).toMatch(/^✖ C’est un défaut de mailferry 0\.1\.0, pas une erreur/);
  });

  test("never sends an escape of a hostile server to the terminal", () => {
    const hostile = new MailferryError("M403", "\x1b[2J\u202e; no log-in was tried", {
      scope: "message",
      retry: "never",
    });
    for (const language of ["en", "fr"] as const) expect(blockOf(hostile, language)).not.toMatch(/\x1b|\u202e/);
  });
});

describe("where the provider is known", () => {
  const steps = (code: string, host: string, language: Language = "en") =>
    stepsOf(code, language, { remedy: "Check.", provider: providerIn(`${host} refused the log-in for ada`) });

  test("a log-in that was refused has its steps", () => {
    expect(steps("A201", "imap.free.fr")).toEqual([
      "Log in to the webmail of Free with the same user name and password: if that fails, the password is wrong.",
      "Free wants only what stands before the @ as the user name (key user).",
      "More about it: mailferry explain MF-A201",
    ]);
    expect(steps("A204", "imap.orange.fr:993", "fr")[0]).toMatch(
      /^Activez chez Orange l’accès .*Mail Orange.*\(https:/,
    );
    expect(steps("A205", "imap.orange.fr")[0]).toBe("Orange wants the whole address as the user name (key user).");
  });

  test("another error keeps its own way out, and so does a host that nobody knows", () => {
    expect(steps("N302", "imap.orange.fr")[0]).toBe("Check.");
    expect(steps("A201", "imap.example.org")[0]).toBe("Check.");
    expect(steps("A201", "constructor")[0]).toBe("Check.");
  });

  test("every provider of the table has something to say of a refused log-in, in both languages", () => {
    for (const provider of providers) {
      const [english, french] = (["en", "fr"] as const).map((language) => providerSteps("A201", provider, language));
      expect(english?.length, provider.name).toBeGreaterThan(0);
      expect(french, provider.name).toHaveLength(english?.length ?? 0);
      expect(french?.join(), provider.name).not.toBe(english?.join());
    }
  });

  test("every line of its block that is no address fits the screen", () => {
    for (const provider of providers) {
      const lines = formatBlock({ title: "x", steps: providerSteps("A201", provider, "fr") }, paint, "fr");
      for (const line of lines) if (!line.includes("https://")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    }
  });
});

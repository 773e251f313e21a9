// What a French-speaking person sees at the end of runs: summaries as a whole, verdicts and reports.

import { describe, expect, test } from "vitest";
import { formatReport } from "../../src/cli/report.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { formatJobSummary, formatRunSummary } from "../../src/cli/summary.ts";
import { displayWidth } from "../../src/cli/width.ts";
import type { JobReport, MailboxReport, MappedMailbox } from "../../src/jobs/events.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";

const options = {
  language: "fr",
  cwd: "/home/ada",
  paint: createPaint(false),
  verbose: false,
  timeZone: "UTC",
} as const;
const incomplete = { verdict: "incomplete", exit: { code: 3, name: "incomplete" } } as const;

/** With plain spaces in place of those that do not break, which catalogues.test.ts looks after. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, " ");
}

function summary(changes: Partial<JobReport>, more: object = {}): string {
  return plain(formatJobSummary(jobReport(changes), { ...options, ...more }).join("\n"));
}

function verdictOf(changes: Partial<JobReport>): string | undefined {
  return summary(changes).split("\n").at(-1);
}

function text(block: string): string {
  return block.replace(/^\n/, "").trimEnd();
}

/** The table of a summary or a report. */
function tableOf(shown: string): string[] {
  const lines = shown.split("\n");
  const start = lines.findIndex((line) => line.startsWith("  Boîte"));
  return lines.slice(start, lines.indexOf("", start));
}

describe("the summary in French", () => {
  test("of a night on which all is well", () => {
    const mailboxes = [
      mailboxReport("INBOX", { onServer: 12_044, new: 38 }),
      mailboxReport("Éphémère", { onServer: 9_310, new: 11, kept: 3 }),
    ];
    expect(summary({ mailboxes, octets: 31_400_000, seconds: 26, verified: { checked: 49, intact: 49 } })).toBe(
      text(`
nightly : ada@imap.example.org -> ./backup/ada   22 nov. 02:30 -> 02:30 (26 s)

  Boîte            Serveur   Archive   Nouveaux   Manquants
  INBOX             12 044    12 044         38           0
  Éphémère           9 310     9 310         11           0

  49 messages copiés (31,4 Mo, 1,2 Mo/s) ; 3 disparus du serveur sont gardés ici
  Vérifié : 49 des 49 messages écrits par cette exécution, relus intacts

À L’ABRI : les 21 354 messages sont tous dans l’archive.       mailferry verify ./backup/ada
`),
    );
  });

  test("with messages that are missing, mailboxes folded, and what else is worth knowing", () => {
    const mailboxes = [
      mailboxReport("Projets/2026", { onServer: 1_207, missing: 2 }),
      ...Array.from({ length: 12 }, (_, index) => mailboxReport(`Liste-${index}`, { onServer: 900 - index })),
    ];
    const shown = summary({
      ...incomplete,
      mailboxes: mailboxes.map((mailbox) => ({ ...mailbox, filtered: 1 })),
      failures: ["118", "204"].map((key) => ({ code: "M401", mailbox: ["Projets", "2026"], key, reason: "non" })),
    });
    expect(tableOf(shown)).toEqual([
      "  Boîte            Serveur   Archive   Nouveaux   Manquants",
      "  Projets/2026       1 207     1 205          0           2   MF-M401",
      ...[0, 1, 2, 3, 4, 5].map(
        (index) => `  Liste-${index}              ${900 - index}       ${900 - index}          0           0`,
      ),
      "  6 de plus          5 349     5 349          0           0",
    ]);
    expect(shown).toContain("\n  Rien n’a été copié : 0 octet de courrier transféré\n  13 écartés par le filtre\n");
    expect(shown).toMatch(
      /\nINCOMPLET : il manque 2 messages, les 11 939 autres sont à l’abri\. Pour réessayer, relancez la même commande\.$/,
    );
  });

  test("of a move: what is missing and altered and why, and what else is worth knowing", () => {
    const renumbered = "the server has numbered its messages anew; what is stored is recognised by content";
    expect(
      summary({
        ...incomplete,
        name: "move",
        to: "ada@imap.example.net",
        mapping: [],
        mailboxes: [
          mailboxReport("INBOX", { onServer: 12_044, new: 38, altered: 2, reflagged: 5 }),
          mailboxReport("Sent", { source: ["Envoyés"], onServer: 9_310, new: 11, kept: 3, missing: 1 }),
          mailboxReport("All Mail", { onServer: 3, placed: 120 }),
        ],
        octets: 31_400_000,
        seconds: 26,
        verified: { checked: 49, intact: 49 },
        failures: [{ code: "M403", mailbox: ["Sent"], key: "118", reason: 'the server answered "bare newlines"' }],
        notices: [{ code: "S601", mailbox: ["INBOX"], reason: renumbered }],
      }).replace(/ {2}À faire.*?(?= {2}Où)/s, ""),
    ).toBe(
      text(`
move : ada@imap.example.org -> ada@imap.example.net
                                                 22 nov. 02:30 -> 02:30 (26 s)

  Boîte             Serveur   Destination   Nouveaux   Manquants
  INBOX              12 044        12 044         38           0
  Envoyés -> Sent     9 310         9 309         11           1   MF-M403
  All Mail                3             3          0           0

  49 messages copiés (31,4 Mo, 1,2 Mo/s) ; 3 disparus du serveur sont gardés à destination
  Vérifié : 49 des 49 messages, relus intacts à destination
  5 messages ont reçu les marques qu’ils portent à la source
  120 (All Mail) sont transportés dans leurs propres boîtes
  2 ont été modifiés par la destination (MF-M404)

  MF-S601  INBOX : le serveur a renuméroté ses messages ; ce qui est déjà
           rangé est reconnu à son contenu

✖ 1 message : refusé par la destination                                MF-M403
  Cause    le serveur a répondu "bare newlines"
  Où       Envoyés -> Sent: 118

INCOMPLET : il manque 1 message et 2 ont été modifiés par la destination ; les 21 354 autres y sont intacts. Pour réessayer, relancez la même commande.
`),
    );
  });

  test("of a rehearsal of a move: where each mailbox goes, and why", () => {
    const goes = (from: string, to: string, why: MappedMailbox["why"], exists = true): MappedMailbox => ({
      from: from.split("/"),
      to: to.split("/"),
      why,
      exists,
    });
    const mapping = [
      goes("INBOX", "INBOX", "same"),
      goes("Envoyés", "Sent", "special-use"),
      goes("Projets/2026", "Archive/Projets/2026", "map", false),
    ];
    const mailboxes = [
      mailboxReport("INBOX", { onServer: 1_204_311, missing: 1_204_311 }),
      mailboxReport("Sent", { source: ["Envoyés"], onServer: 12, missing: 12 }),
      mailboxReport(["Archive", "Projets", "2026"], { source: ["Projets", "2026"], onServer: 9, missing: 9 }),
    ];
    const job = { verdict: "rehearsal", to: "ada@imap.example.net", mapping, mailboxes, seconds: 3 } as const;
    const shown = summary({ ...job, name: "move" }, { octetsToCopy: new Map([["move", 60_200_000]]) });
    expect(shown).toBe(
      text(`
move : ada@imap.example.org -> ada@imap.example.net
                                                  22 nov. 02:30 -> 02:30 (3 s)

  Boîte          Va dans                   Raison          Serveur    À copier
  INBOX          INBOX                     même nom      1 204 311   1 204 311
  Envoyés        Sent                      son rôle             12          12
  Projets/2026   Archiv…s/2026   à créer   votre choix           9           9

  1 204 332 messages à copier (60,2 Mo)
  1 nouvelle boîte sera créée à destination
  -v montre les noms en entier

ESSAI À BLANC : 1 204 332 messages seraient copiés ; rien n’a été écrit. Pour copier, relancez sans -n.
`),
    );
  });

  test("of several jobs names those to look at", () => {
    const good = jobReport();
    const bad = jobReport({ name: "rescue", ...incomplete });
    const run = (...jobs: JobReport[]) => {
      const verdict = jobs.includes(bad) ? ("incomplete" as const) : ("safe" as const);
      const report = { v: 1, command: "run", verdict, exit: { code: 0, name: "ok" }, jobs } as const;
      return plain(formatRunSummary(report, options)).trimEnd().split("\n\n\n").at(-1);
    };
    expect(run(good, bad)).toBe("INCOMPLET : 1 des 2 tâches à l’abri ; voyez plus haut rescue (incomplet).");
    expect(run(good, good)).toBe("À L’ABRI : 2 tâches sur 2.");
  });

  const many = (of: Partial<MailboxReport>) =>
    ["Archive/Clients/Société générale des eaux/Correspondance/2026", "INBOX"].map((name) =>
      mailboxReport(name.split("/"), { onServer: 1_204_311, ...of }),
    );
  const failures = many({}).flatMap(({ path }) =>
    ["M401", "M403"].map((code) => ({ code, mailbox: path, key: "1", reason: "non" })),
  );

  test.each([
    ["into an archive", { mailboxes: many({ new: 1_204_311 }) }],
    ["into an account", { mailboxes: many({ new: 1_204_311 }), to: "ada@imap.example.net", mapping: [] }],
    ["with a code", { ...incomplete, mailboxes: many({ missing: 2 }), failures: failures.slice(0, 1) }],
    ["with two codes", { ...incomplete, mailboxes: many({ missing: 2 }), failures }],
    [
      "of a move with routes",
      { mailboxes: many({ source: ["Clients", "Correspondance de l’an dernier"] }), to: "a@b" },
    ],
  ])("keeps its table within 80 columns %s, with a million messages", (_, changes) => {
    const whole = formatReport(jobReport(changes), options).join("\n");
    for (const line of [...tableOf(summary(changes)), ...tableOf(whole)]) {
      expect(displayWidth(line), line).toBeLessThan(80);
    }
  });
});

describe("the verdict in French", () => {
  const moved = { to: "ada@imap.example.net", mapping: [] };
  const of = (mailbox: Partial<MailboxReport>) => ({ mailboxes: [mailboxReport("INBOX", mailbox)] });

  test.each<[string, Partial<JobReport>]>([
    ["À L’ABRI : le serveur n’a aucun message que cette tâche transporte.", of({})],
    ["À L’ABRI : le seul message est à destination.", { ...moved, ...of({ onServer: 1 }) }],
    ["À L’ABRI : les 1 000 000 de messages sont tous à destination.", { ...moved, ...of({ onServer: 1_000_000 }) }],
    [
      "INCOMPLET : il manque 1 message, 0 autre est à l’abri. Pour réessayer, relancez la même commande.",
      { ...incomplete, ...of({ onServer: 1, missing: 1 }) },
    ],
    [
      "INCOMPLET : arrêté avant la fin ; il manque 5 messages, les 4 autres sont à l’abri. Pour continuer, relancez la même commande.",
      { verdict: "incomplete", exit: { code: 130, name: "interrupted" }, ...of({ onServer: 9, missing: 5 }) },
    ],
    [
      "INCOMPLET : il manque 7 messages et 1 a été modifié par la destination ; 1 autre y est intact. Pour réessayer, relancez la même commande.",
      { ...incomplete, ...moved, ...of({ onServer: 9, missing: 7, altered: 1 }) },
    ],
    [
      "ÉCHEC : rien n’a été copié. Corrigez l’identifiant ou le mot de passe, puis relancez la même commande.",
      { verdict: "failed", exit: { code: 4, name: "log-in" } },
    ],
    [
      "ÉCHEC : rien n’a été copié. Il n’y a rien à corriger : relancez la même commande plus tard.",
      { verdict: "failed", exit: { code: 5, name: "temporary" } },
    ],
    [
      "ÉCHEC : 1 message relu diffère de ce qui avait été écrit. Vérifiez le disque, puis : mailferry verify ./backup/ada",
      { verdict: "failed", exit: { code: 7, name: "damaged" }, verified: { checked: 4, intact: 3 } },
    ],
    ["ESSAI À BLANC : rien ne serait copié ; rien n’a été écrit.", { verdict: "rehearsal", ...of({ onServer: 4 }) }],
    ["NON EXÉCUTÉ : rien n’a été fait.", { verdict: "skipped", exit: { code: 75, name: "skipped" } }],
  ])("%s", (expected, changes) => {
    expect(verdictOf(changes)).toBe(expected);
  });
});

describe("the report in French", () => {
  test("has the sum of each row, a total, and the reason of every difference", () => {
    const mailboxes = [
      mailboxReport("INBOX", { onServer: 9, missing: 2, kept: 1 }),
      mailboxReport("Envoyés", { onServer: 3 }),
    ];
    const shown = plain(formatReport(jobReport({ ...incomplete, mailboxes }), options).join("\n"));
    expect(tableOf(shown)).toEqual([
      "  Boîte            Serveur   =   Archive   +   Manquants",
      "  INBOX                  9   =         7   +           2",
      "  Envoyés                3   =         3   +           0",
      "  Total                 12   =        10   +           2",
    ]);
    expect(shown).toContain(
      "\n  2 manquants sans raison enregistrée : INBOX 2\n  1 disparu du serveur, gardé ici : INBOX 1\n",
    );
    expect(shown).toMatch(/ Pour réessayer, relancez la tâche\.$/);
  });
});

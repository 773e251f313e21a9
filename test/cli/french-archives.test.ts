// What commands about archives show in French: whole screens, as a person sees them.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Invocation } from "../../src/cli/invocation.ts";
import { ls } from "../../src/cli/ls.ts";
import { restore } from "../../src/cli/restore.ts";
import { verify } from "../../src/cli/verify.ts";
import { removeMessages } from "../../src/demo/mail-store.ts";
import { unwidened as plain } from "../support/french.ts";
import { type Letters, openLetters } from "../support/letters.ts";

let at: Letters;
beforeEach(async () => {
  at = await openLetters("maildir");
});
afterEach(() => at[Symbol.asyncDispose]());

const lang = "fr";

/** Whatever the time zone. */
const unwidened = (text: string) => plain(text).replaceAll(/2026-01-01 \d\d:\d\d/g, "2026-01-01 08:00");

/** What a command that refuses says. */
const refusal = (refused: Promise<unknown>) => refused.then(String, ({ message }: Error) => unwidened(message));

test("verify, where a message is damaged", async () => {
  at.damage("three");
  const { code, stdout } = await at.verify({}, { lang });
  expect(code).toBe(7);
  expect(unwidened(stdout)).toMatchInlineSnapshot(`
    "./job : ada sur 127.0.0.1, maildir, 318 octets de courrier

      Boîte            Messages   Intacts
      INBOX                   4         3
      Sent                    1         1

    ✖ 1 message : archive endommagée                                       MF-V901
      Cause    ses octets ne sont pas ceux qui étaient arrivés
      Où       INBOX: 3

      Boîte   Clé   Date                  Taille   Objet
      INBOX   3     2026-01-01 08:00   75 octets   letter three

    ÉCHEC : 4 messages relus intacts sur 5. Pour réparer : mailferry verify ./job --repair
    "
  `);
});

test("verify --repair -n, and what a repair has left", async () => {
  at.damage("two");
  at.damage("four");
  rmSync(join(at.archive, "ledger", "Sent.jsonl"));
  const rehearsal = await at.verify({ repair: true }, { lang, dryRun: true });
  expect(unwidened(rehearsal.stdout)).toMatchInlineSnapshot(`
    "./job : ada sur 127.0.0.1, maildir, 290 octets de courrier

      Boîte            Messages   Intacts
      INBOX                   4         2
      Sent                    0         0

    ✖ 2 messages : archive endommagée                                      MF-V901
      Cause    ses octets ne sont pas ceux qui étaient arrivés
      Où       INBOX: 2, 4

    ✖ 1 boîte : archive endommagée                                         MF-V901
      Cause    son registre manque
      Où       Sent

    ✖ 1 boîte : archive endommagée                                         MF-V901
      Cause    il y a ici du courrier que son registre ne connaît pas :
               cur/1767254401.b447b15e139991c5071237ab.mailferry,S=28,W=29:2,
      Où       Sent

      Boîte   Clé   Date                  Taille   Objet
      INBOX   2     2026-01-01 08:00   71 octets   letter two
      INBOX   4     2026-01-01 08:00   73 octets   letter four

    Ce qu'une réparation ferait :
      INBOX : 2 messages endommagés ou disparus, dont le reste est mis de côté ; registre réécrit
      Sent : 1 message repris, inconnu des registres ; registre réécrit

      Ensuite, ce qui est perdu serait rapporté par job.

    ESSAI À BLANC : rien n'a été modifié ; 2 messages seraient à rapporter. Pour le faire : mailferry verify ./job --repair
    "
  `);
  removeMessages(at.inbox, ({ uid }) => uid === 2);
  await at.verify({ repair: true }, { lang });
  const { stdout } = await at.verify({}, { lang });
  expect(unwidened(stdout)).toMatchInlineSnapshot(`
    "./job : ada sur 127.0.0.1, maildir, 247 octets de courrier

      Boîte            Messages   Intacts
      INBOX                   3         3
      Sent                    1         1

      Mis de côté par des réparations : aside/1/ledger/INBOX.jsonl, aside/1/maildir/cur/1767254402.e54261ab54bf9f3101cd2781.mailferry,S=66,W=71:2,S, aside/1/maildir/cur/1767254404.73beafd69f0f7e61a8583d28.mailferry,S=68,W=73:2,S

      1 message a été perdu auparavant, et aucune exécution ne l'a encore rapporté :
      Boîte   Clé   Date                  Taille   Objet
      INBOX   2     2026-01-01 08:00   71 octets

    À L'ABRI : 4 messages relus intacts sur 4 ; 1 avait été perdu auparavant.
    "
  `);
});

test("verify --server", async () => {
  const compare = (invocation: Invocation) => verify("job", { server: true }, invocation);
  const { stdout } = await at.caller.call(compare, { lang });
  expect(unwidened(stdout)).toMatchInlineSnapshot(`
    "./job : ada sur 127.0.0.1, maildir, 318 octets de courrier

      Boîte            Messages   Intacts
      INBOX                   4         4
      Sent                    1         1

    Comparaison avec ada@127.0.0.1 :

      Boîte            Serveur   Archive   Manquants
      INBOX                  4         4           0
      Sent                   1         1           0

    À L'ABRI : 5 messages relus intacts sur 5 ; les 5 du serveur en font tous partie.
    "
  `);
});

test("ls of an archive and of a mailbox", async () => {
  const list = (mailbox?: string) => at.caller.call((invocation) => ls("job", mailbox, invocation), { lang });
  const listing = unwidened((await list()).stdout);
  expect(listing.replace(/depuis le \S+ \S+/, "depuis le 2026-01-02 00:01")).toMatchInlineSnapshot(`
    "./job : ada sur 127.0.0.1, maildir, depuis le 2026-01-02 00:01

      Boîte            Messages       Taille   Le plus récent
      INBOX                   4   290 octets   2026-01-01 08:00
      Sent                    1    28 octets   2026-01-01 08:00

    2 boîtes, 5 messages, 318 octets
    "
  `);
  expect(unwidened((await list("INBOX")).stdout)).toMatchInlineSnapshot(`
    "Date                  Taille  Clé       SHA-256       Marques               Emplacement
    2026-01-01 08:00   71 octets  1         b423ad23d5ab  \\Seen                 file=1767254401.b447b15e139991c5071237ab.mailferry,S=66,W=71
    2026-01-01 08:00   71 octets  2         f2e6da7374f4  \\Seen                 file=1767254402.e54261ab54bf9f3101cd2781.mailferry,S=66,W=71
    2026-01-01 08:00   75 octets  3         7f7ccc00c568  \\Seen                 file=1767254403.3d2327040e6ffcd219734251.mailferry,S=70,W=75
    2026-01-01 08:00   73 octets  4         926dc8e0a628  \\Seen                 file=1767254404.73beafd69f0f7e61a8583d28.mailferry,S=68,W=73

    4 messages dans INBOX
    "
  `);
  expect(await refusal(list("Inbx"))).toBe(
    "il n'y a pas de boîte Inbx dans ./job ; pour voir celles qui y sont : mailferry ls ./job",
  );
});

test("restore, asked for what is not there", async () => {
  const ask = (to: string, mailbox?: string[]) =>
    at.caller.call((invocation) => restore("job", { to, mailbox }, invocation), { lang });
  expect(await refusal(ask("jub"))).toBe(
    "il n'y a pas de compte « jub » ; vouliez-vous dire « job » ? Pour un nouveau dossier, écrivez ./jub",
  );
  expect(await refusal(ask("./out", ["Sentt"]))).toBe(
    "« Sentt » n'est pas parmi ses boîtes ; vouliez-vous dire « Sent » ?",
  );
});

// What commands about jobs show in French: whole screens, as a person sees them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { check } from "../../src/cli/config.ts";
import { createDaemonLines } from "../../src/cli/daemon-lines.ts";
import { formatSpan } from "../../src/cli/due-words.ts";
import { notifyTest } from "../../src/cli/notify.ts";
import { run } from "../../src/cli/run.ts";
import { install, show } from "../../src/cli/schedule.ts";
import { createPaint } from "../../src/cli/screen.ts";
import { status } from "../../src/cli/status.ts";
import { startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { unwidened, widthOf } from "../support/french.ts";
import { startHttp } from "../support/http.ts";
import { type Caller, openCaller } from "../support/in-process.ts";

const lang = "fr";
let caller: Caller;

beforeEach(() => {
  caller = openCaller("wrong");
  writeFileSync(join(caller.cwd, "mail.mbox"), "From a@b Thu Nov 26 10:00:00 2026\nSubject: a\n\nhello\n\n");
});

function writeJobs(more: object = {}, port = 1): void {
  const imap = { protocol: "imap", host: "127.0.0.1", port, tls: "none", user: "ada", password: { env: "PW" } };
  const mbox = { mbox: "./mail.mbox" };
  const job = (name: string, from: unknown, keys = {}) => ({
    name,
    from,
    to: { archive: `./${name}`, format: "mbox" },
    ...keys,
  });
  const file = {
    version: 1,
    defaults: { timezone: "Europe/Paris", retry: { attempts: 1, maxWait: "1ms" } },
    accounts: { ada: imap },
    jobs: [
      job("nightly", mbox, { schedule: "30 2 * * *" }),
      job("weekly", mbox, { schedule: "0 9 * * 7" }),
      job("refused", "ada"),
    ],
    ...more,
  };
  writeFileSync(join(caller.cwd, "jobs.yaml"), JSON.stringify(file), { mode: 0o600 });
}

const at = (time: string) => ({ lang, clock: () => new Date(time) }) as const;

test("status, with a job that is overdue and one that is paused", async () => {
  const server = await startImapServer({ store: createMailStore("ada", "right") });
  writeJobs({}, server.port);
  const runAt = (time: string, name: string) =>
    caller.call((invocation) => run([name], false, invocation, "schedule"), at(time));
  for (const day of [22, 23, 24]) await runAt(`2026-11-${day}T01:30Z`, "refused");
  await server.close();
  await runAt("2026-11-24T01:30Z", "nightly");
  await runAt("2026-11-22T08:00Z", "weekly");
  const { code, stdout } = await caller.call((invocation) => status([], {}, invocation), at("2026-11-26T15:00Z"));
  expect(code).toBe(10);
  expect(unwidened(stdout)).toMatchInlineSnapshot(`
    "  Tâche    Exécution         Succès      Messages  Nouv.     Taille  Prochaine
      nightly  À L'ABRI 24 nov.  il y a 3 j         1      1  21 octets  EN RETARD
      weekly   À L'ABRI 22 nov.  il y a 4 j         1      1  21 octets  dans 3 j
      refused  ÉCHEC 24 nov.     jamais                    0

      EN RETARD : nightly : l'exécution prévue le mer. 25 nov. à 02:30 n'a pas
        eu lieu.
      refused : EN PAUSE : la connexion de ada@127.0.0.1 a été refusée lors de 3
        exécutions de suite, la dernière fois le mar. 24 nov. à 02:30, et aucune
        exécution ne l'essaie plus. Corrigez-la puis, dans un terminal : mailferry
        run refused.

      Prochaine exécution : nightly, demain, ven. 27 nov. à 02:30 (dans 11 heures)

    EN RETARD : 1 tâche sur 3 (nightly). Pour lancer maintenant : mailferry run nightly
    "
  `);
  const [table = ""] = stdout.split("\n\n");
  expect(widthOf(table)).toBeLessThanOrEqual(78);
  const later = await caller.call((invocation) => status(["weekly"], {}, invocation), at("2026-11-26T15:00Z"));
  expect(unwidened(later.stdout)).toMatchInlineSnapshot(`
    "  Tâche   Exécution         Succès      Messages  Nouv.     Taille  Prochaine
      weekly  À L'ABRI 22 nov.  il y a 4 j         1      1  21 octets  dans 3 j

      Prochaine exécution : weekly, dim. 29 nov. à 09:00 (dans 3 jours)

    À L'HEURE : 1 tâche.
    "
  `);
});

test("schedule show, and install where nobody can be asked", async () => {
  writeJobs();
  const as = "systemd";
  const now = at("2026-11-26T15:00Z");
  const { stdout } = await caller.call((invocation) => show(["weekly"], { as }, invocation), now);
  const shown = unwidened(stdout)
    .replaceAll(caller.cwd, "~")
    .replaceAll(/-[0-9a-f]{6}\./g, "-123abc.");
  expect(shown).toMatchInlineSnapshot(`
    "~/config/systemd/user/mailferry-weekly-123abc.service :

      # Written by mailferry schedule install; mailferry schedule remove takes it away.
      [Unit]
      Description=weekly (mailferry)

      [Service]
      Type=oneshot
      ExecStart="mailferry" "run" "weekly" "--scheduled" "-c" "~/jobs.yaml"
      Environment="XDG_STATE_HOME=~/state"
      # A run that has nothing to do here and now, because its disk is not plugged in, is no failure.
      SuccessExitStatus=75
      KillMode=mixed
      Nice=10
      IOSchedulingClass=idle

    ~/config/systemd/user/mailferry-weekly-123abc.timer :

      # Written by mailferry schedule install; mailferry schedule remove takes it away.
      # 0 9 * * 7
      [Unit]
      Description=When to run weekly (mailferry)

      [Timer]
      OnCalendar=Sun *-*-* 09:00:00 Europe/Paris
      # What was missed while the machine was off is run once when it is on again.
      Persistent=true

      [Install]
      WantedBy=timers.target

    weekly : prochaine exécution : dim. 29 nov. à 09:00 (dans 3 jours)
    Seulement à la main : nightly, refused
    "
  `);
  await expect(caller.call((invocation) => install([], { as }, invocation), now)).rejects.toThrow(
    "schedule install -y (--yes) le fait sans demander",
  );
});

test("notify test", async () => {
  await using http = await startHttp();
  http.answer = ({ path }, response) => response.writeHead(path === "/mail" ? 403 : 200).end();
  writeJobs({ notify: { ntfy: { url: http.url, topic: "mail" }, ping: { url: `${http.url}/ping` } } });
  const { code, stdout } = await caller.call(notifyTest, { lang });
  expect(code).toBe(5);
  expect(unwidened(stdout).replaceAll(http.url, "http://ntfy")).toMatchInlineSnapshot(`
    "ntfy        NON ENVOYÉ  http://ntfy : il a répondu 403
    ping        envoyé      http://ntfy : le moniteur le compte comme un succès
    "
  `);
});

test("config check", async () => {
  writeJobs();
  expect(unwidened((await caller.call(check, { lang })).stdout)).toMatchInlineSnapshot(`
    "jobs.yaml : 3 tâches, 1 compte, aucune erreur
    "
  `);
  writeJobs({ jobs: [{ name: "a", from: "adda", to: { archive: "./a", format: "mbxo" } }], notfy: {} });
  expect(unwidened((await caller.call(check, { lang })).stdout)).toMatchInlineSnapshot(`
    "jobs.yaml:1:236  jobs[0].from: il n'y a pas de compte "adda" ; vouliez-vous dire "ada" ?
    jobs.yaml:1:274  jobs[0].to.format: "mbxo" n'est pas l'une de ces valeurs : mbox, maildir
    jobs.yaml:1:284  notfy: clé inconnue "notfy" ; vouliez-vous dire "notify" ?
    "
  `);
});

test("a daemon's day", () => {
  const lines = createDaemonLines({
    cwd: "/",
    language: "fr",
    paint: createPaint(false),
    quiet: false,
    verbose: false,
    clock: () => new Date("2026-11-26T15:00Z"),
    timeZone: "Europe/Paris",
  });
  const job = "nightly";
  const due = "2026-11-27T01:30:00Z";
  const said = [
    lines({ type: "daemon-started", jobs: [{ job, nextRun: due }] }),
    lines({ type: "run-skipped", job, due: "2026-11-26T01:30:00Z", nextRun: due }),
    lines({ type: "daemon-stopping", running: [job] }),
    lines({ type: "daemon-stopped" }),
  ];
  expect(unwidened(said.flat().join("\n"))).toMatchInlineSnapshot(`
    "2026-11-26 16:00  1 tâche planifiée
      nightly   prochaine exécution : demain, ven. 27 nov. à 02:30 (dans 11 heures)
    2026-11-26 16:00  nightly : n'a pas été lancée pour le jeu. 26 nov. à 02:30, car son exécution précédente dure encore ; prochaine exécution : demain, ven. 27 nov. à 02:30 (dans 11 heures)
    2026-11-26 16:00  arrêt en cours ; la suite de nightly viendra au prochain démarrage. Répétez pour partir tout de suite
    2026-11-26 16:00  arrêté"
  `);
});

test("spans of time are written as French writes them", () => {
  const spans = [0, 60, 61 * 60, 3600 * 24, 3600 * 24 * 40].map((seconds) => formatSpan(seconds * 1000, "fr"));
  expect(spans.map(unwidened)).toEqual(["moins d'une minute", "1 minute", "61 minutes", "24 heures", "40 jours"]);
});

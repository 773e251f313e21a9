// What keeps a command itself from its work: no job file, no schedule, nobody to notify.

import { sentences } from "./form.ts";

export const commands = sentences({
  "there is no job file: neither ./{here} nor {there}": "il n'y a pas de fichier de tâches : ni ./{here} ni {there}",
  "Write one (jobs.example.yaml shows every key), or name it with --config FILE.":
    "Écrivez-en un (jobs.example.yaml montre toutes les clés), ou indiquez-le avec --config FICHIER.",

  "no job of {path} has a schedule, so there is nothing to stay for":
    "aucune tâche de {path} n'est planifiée : il n'y a donc rien à attendre",
  "no job that is meant has a schedule in {path}": "aucune des tâches demandées n'est planifiée dans {path}",
  'Give a job one: schedule: "30 2 * * *" runs it each night at 02:30.':
    'Planifiez-en une : schedule: "30 2 * * *" l\'exécute chaque nuit à 02:30.',
  "{path} has characters that no scheduler can be told":
    "{path} contient des caractères qu'on ne peut transmettre à aucun planificateur",
  "Rename the file or folder.": "Renommez le fichier ou le dossier.",
  '{jobs} with schedule "{line}": {refused:refusal}': '{jobs}, avec schedule: "{line}" : {refused}',
  "Write the schedule in another way, or let mailferry daemon run the jobs: it knows every schedule.":
    "Écrivez l'horaire autrement, ou laissez mailferry daemon exécuter les tâches : il connaît tous les horaires.",

  "{path} names nobody to notify": "{path} n'indique personne à prévenir",
  "Add notify with email, ping, ntfy or webhook (jobs.example.yaml shows how).":
    "Ajoutez notify avec email, ping, ntfy ou webhook (jobs.example.yaml montre comment).",
});

/** Why a scheduler can't run a job. */
export const refusal = sentences({
  "systemd runs no program whose path has quotes or a backslash in it":
    "systemd n'exécute aucun programme dont le chemin contient des guillemets ou une barre oblique inversée",
  "a systemd timer can't say L, W, # and + in a cron line":
    "une minuterie systemd ne peut pas exprimer L, W, # et + d'une ligne cron",
  "launchd can't say L, W, # and + in a cron line": "launchd ne peut pas exprimer L, W, # et + d'une ligne cron",
  "launchd would need more than 500 entries for it": "launchd aurait besoin de plus de 500 entrées pour cela",
  "cron can't say L, W, #, + and ? in a cron line": "cron ne peut pas exprimer L, W, #, + et ? d'une ligne cron",
  "cron takes a line with */ in its day and another weekday to mean something else":
    "cron comprend autrement une ligne qui a */ pour le jour et aussi un jour de la semaine",
  "cron can't run a command with a backslash in it":
    "cron ne peut pas exécuter une commande qui contient une barre oblique inversée",
  "cron can't run a command of more than {most} characters":
    "cron ne peut pas exécuter une commande de plus de {most} caractères",
  "{scheduler} knows this machine's time zone ({here}) only, and the job's is {there}":
    "{scheduler} ne connaît que le fuseau horaire de cette machine ({here}), et celui de la tâche est {there}",
});

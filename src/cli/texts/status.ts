// How the jobs stand.

import { texts } from "../../language/texts.ts";

export const statusTexts = texts(
  {
    "not-a-duration": '--stale-after "{text}" is not a duration such as 36h or 8d',

    "column.job": "Job",
    "column.last-run": "Last run",
    "column.success": "Success",
    "column.messages": "Messages",
    "column.new": "New",
    "column.size": "Size",
    "column.next": "Next",
    never: "never",
    overdue: "OVERDUE",

    running: "{job}: a run is going on.",
    late: "OVERDUE: {jobs}: {reason}.",
    warning: "{job}: {warning}.",
    "late.missed": "due on {since}, and has not run since",
    "late.hung": "due on {since}, while a run was going on that still is; look whether it hangs",
    "late.stale": "the last success is {age} old; too old since {since}",
    "late.never-succeeded": "has never succeeded",
    "late.never-run": "has never run",
    "late.not-installed": "has never run. To have the schedule run: {command}",
    // It takes three refusals, and twenty messages, for these to be said.
    paused:
      "PAUSED: the log-in of {account} was refused in {refusals} runs in a row, the last on {moment}, and no run tries it any more. Put it right, then at a terminal: {command}",
    shrunk:
      "{mailbox} had {before} messages in the run before the last, and {after} in the last; an archive keeps what is gone from the server",
    quiet: "nothing new came for {quiet}, where it never took longer than {longest}; does mail still arrive there?",

    next: "Next: {job}, {due}",
    "verdict.overdue": "OVERDUE:",
    "overdue.of": "{late} of {jobs} ({names}). To run now: {command}",
    "overdue.late": { one: "{count}", other: "{count}" },
    "overdue.jobs": { one: "{count} job", other: "{count} jobs" },
    "verdict.on-time": "ON TIME:",
    "on-time": { one: "{count} job.", other: "{count} jobs." },
    "on-time.but": {
      one: "{count} job, but not SAFE when last run: {names}.",
      other: "{count} jobs, but not SAFE when last run: {names}.",
    },
  },
  {
    "not-a-duration": "--stale-after « {text} » n'est pas une durée comme 36h ou 8d",

    "column.job": "Tâche",
    "column.last-run": "Exécution",
    "column.success": "Succès",
    "column.messages": "Messages",
    "column.new": "Nouv.",
    "column.size": "Taille",
    "column.next": "Prochaine",
    never: "jamais",
    overdue: "EN RETARD",

    running: "{job} : une exécution est en cours.",
    late: "EN RETARD : {jobs} : {reason}.",
    warning: "{job} : {warning}.",
    "late.missed": "l'exécution prévue le {since} n'a pas eu lieu",
    "late.hung":
      "l'exécution prévue le {since} n'a pas eu lieu, car une autre était en cours et l'est encore ; voyez si elle est bloquée",
    "late.stale": "le dernier succès remonte à {age} ; c'est trop ancien depuis le {since}",
    "late.never-succeeded": "aucune exécution n'a encore réussi",
    "late.never-run": "aucune exécution à ce jour",
    "late.not-installed": "aucune exécution à ce jour. Pour un lancement automatique : {command}",
    paused:
      "EN PAUSE : la connexion de {account} a été refusée lors de {refusals} exécutions de suite, la dernière fois le {moment}, et aucune exécution ne l'essaie plus. Corrigez-la puis, dans un terminal : {command}",
    shrunk:
      "{mailbox} avait {before} messages lors de l'avant-dernière exécution, et {after} lors de la dernière ; une archive garde ce qui a disparu du serveur",
    quiet:
      "rien de nouveau depuis {quiet}, alors que l'attente n'avait jamais dépassé {longest} ; le courrier y arrive-t-il encore ?",

    next: "Prochaine exécution : {job}, {due}",
    "verdict.overdue": "EN RETARD :",
    "overdue.of": "{late} sur {jobs} ({names}). Pour lancer maintenant : {command}",
    "overdue.late": { one: "{count} tâche", many: "{count} de tâches", other: "{count} tâches" },
    "overdue.jobs": { one: "{count}", other: "{count}" },
    "verdict.on-time": "À L'HEURE :",
    "on-time": { one: "{count} tâche.", many: "{count} de tâches.", other: "{count} tâches." },
    "on-time.but": {
      one: "{count} tâche, mais pas À L'ABRI à sa dernière exécution : {names}.",
      many: "{count} de tâches, mais pas toutes À L'ABRI à leur dernière exécution : {names}.",
      other: "{count} tâches, mais pas toutes À L'ABRI à leur dernière exécution : {names}.",
    },
  },
);

// What the daemon says of its days.

import { texts } from "../../language/texts.ts";

export const daemonTexts = texts(
  {
    "no-dry-run": "daemon has no --dry-run; mailferry run --all --dry-run looks at all jobs",
    "not-reread": "{path} can't be read again ({reason}); its jobs run as they were when it could",

    "on-schedule": { one: "{count} job on schedule", other: "{count} jobs on schedule" },
    next: "next: {due}",
    "and-next": "{text}; next: {due}",
    started: "{job}: started",
    "started.missed": "{job}: started, for what was missed since {moment}",
    skipped: "{job}: not started for {moment}, its last run still goes on",
    ended: "{job}: {end}",
    broken: "{job}: unexpected: {reason}",
    stopping: "stopping",
    "stopping.running": "stopping; {jobs} will go on with the next start. Once more to leave at once",
    stopped: "stopped",

    end: "{verdict}, {messages}, {duration}",
    "end.why": "{verdict}, {messages}, {duration}: {reason}",
    "new-messages": { one: "{count} new message", other: "{count} new messages" },
    "why.stopped": "stopped before the end",
    "why.missing": { one: "{count} message missing", other: "{count} messages missing" },
    "why.missing.codes": { one: "{count} message missing ({codes})", other: "{count} messages missing ({codes})" },
  },
  {
    "no-dry-run": "daemon ne connaît pas --dry-run ; mailferry run --all --dry-run examine toutes les tâches",
    "not-reread":
      "impossible de relire {path} ({reason}) ; ses tâches s'exécutent telles qu'elles étaient à la dernière lecture",

    "on-schedule": {
      one: "{count} tâche planifiée",
      many: "{count} de tâches planifiées",
      other: "{count} tâches planifiées",
    },
    next: "prochaine exécution : {due}",
    "and-next": "{text} ; prochaine exécution : {due}",
    started: "{job} : commencée",
    "started.missed": "{job} : commencée, pour rattraper ce qui était prévu depuis le {moment}",
    skipped: "{job} : n'a pas été lancée pour le {moment}, car son exécution précédente dure encore",
    ended: "{job} : {end}",
    broken: "{job} : erreur imprévue : {reason}",
    stopping: "arrêt en cours",
    "stopping.running":
      "arrêt en cours ; la suite de {jobs} viendra au prochain démarrage. Répétez pour partir tout de suite",
    stopped: "arrêté",

    end: "{verdict}, {messages}, {duration}",
    "end.why": "{verdict}, {messages}, {duration} : {reason}",
    "new-messages": {
      one: "{count} nouveau message",
      many: "{count} de nouveaux messages",
      other: "{count} nouveaux messages",
    },
    "why.stopped": "interrompue avant la fin",
    "why.missing": {
      one: "{count} message manquant",
      many: "{count} de messages manquants",
      other: "{count} messages manquants",
    },
    "why.missing.codes": {
      one: "{count} message manquant ({codes})",
      many: "{count} de messages manquants ({codes})",
      other: "{count} messages manquants ({codes})",
    },
  },
);

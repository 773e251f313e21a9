// Having the system run the jobs. What is written to the system itself is English.

import { texts } from "../../language/texts.ts";

export const scheduleTexts = texts(
  {
    "not-a-scheduler": '--as "{name}" is not one of {schedulers}',
    "no-terminal": "there is no terminal to ask on; {command} -y (--yes) does it unasked",
    "no-crontab": "the crontab can't be changed ({reason}); mailferry daemon runs the jobs without it",

    "ask.write": "Write this?",
    "ask.remove": "Remove this?",
    "file-head": "{path}:",
    next: "{jobs}: next: {due}",
    never: "never",
    others: "Not by itself: {jobs}",
    "nothing-installed": "Nothing is installed for {path}.",
    "crontab-lines": "lines in your crontab for {path}",

    "written.crontab": "Written to your crontab.",
    written: "Written: {path}",
    removed: "Removed.",
    left: "Left, since somebody has changed it: {path}",
    enabled: "Enabled: {names}",
    "to-enable": "To enable it:",
    linger: "So that it runs while you are not logged in, too: {command}",

    "no-variable":
      "{job} takes its password from the variable {variable}, which no scheduler has: use {file} or {command} in its place.",
    npx: "This mailferry is in the cache of npx, which is emptied now and then: install it first ({command}).",
  },
  {
    "not-a-scheduler": "--as « {name} » ne convient pas ; valeurs possibles : {schedulers}",
    "no-terminal": "aucun terminal où poser la question ; {command} -y (--yes) le fait sans demander",
    "no-crontab": "impossible de modifier la crontab ({reason}) ; mailferry daemon exécute les tâches sans elle",

    "ask.write": "Écrire cela ?",
    "ask.remove": "Supprimer cela ?",
    "file-head": "{path} :",
    next: "{jobs} : prochaine exécution : {due}",
    never: "jamais",
    others: "Seulement à la main : {jobs}",
    "nothing-installed": "Rien n'est installé pour {path}.",
    "crontab-lines": "des lignes de votre crontab pour {path}",

    "written.crontab": "Écrit dans votre crontab.",
    written: "Écrit : {path}",
    removed: "C'est supprimé.",
    left: "Laissé, car quelqu'un l'a modifié : {path}",
    enabled: "Activé : {names}",
    "to-enable": "Pour l'activer :",
    linger: "Pour une exécution même quand votre session est fermée : {command}",

    "no-variable":
      "{job} prend son mot de passe dans la variable {variable}, qu'aucun planificateur ne connaît : utilisez plutôt {file} ou {command}.",
    npx: "Ce mailferry est dans le cache de npx, qui est vidé de temps en temps : installez-le d'abord ({command}).",
  },
);

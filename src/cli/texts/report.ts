// mailferry report: on screen, and as a page.

import { texts } from "../../language/texts.ts";

export const reportTexts = texts(
  {
    "none-yet": "{name}: no report yet",
    neither: 'there is neither a job "{name}" nor an archive {place}',
    "neither.known": 'there is neither a job "{name}" nor an archive {place}; the job file has: {known}',

    "not-reached": {
      one: "{count} not reached: the mailbox could not be finished",
      other: "{count} not reached: the mailbox could not be finished",
    },
    "not-reached.stopped": {
      one: "{count} not reached: the run stopped before its end",
      other: "{count} not reached: the run stopped before its end",
    },
    "no-reason": {
      one: "{count} missing without a recorded reason",
      other: "{count} missing without a recorded reason",
    },
    kept: { one: "{count} gone {gone}, kept {here}", other: "{count} gone {gone}, kept {here}" },
    twins: {
      one: "{count} there twice or more, octet for octet; each was carried",
      other: "{count} there twice or more, octet for octet; each was carried",
    },
    unkept: {
      one: "{count} with flags or a date that the target does not keep; the ledger has them",
      other: "{count} with flags or a date that the target does not keep; the ledger has them",
    },

    "html-or-json": "use --html or --json, not both",
    "html-name": "--html writes a file whose name ends in .html, not {file}",
    "html-one": "--html writes the report of one job or archive; name it: {names}",
    "html-nothing": "there is no report to write",
    "html-no-folder": "there is no folder {place}",
    "html-written": "Written: {place}",
  },
  {
    "none-yet": "{name} : pas encore de rapport",
    neither: "il n'y a ni tâche « {name} » ni archive {place}",
    "neither.known": "il n'y a ni tâche « {name} » ni archive {place} ; le fichier de tâches contient : {known}",

    "not-reached": {
      one: "{count} non atteint : la boîte n'a pas pu être terminée",
      other: "{count} non atteints : la boîte n'a pas pu être terminée",
    },
    "not-reached.stopped": {
      one: "{count} non atteint : l'exécution s'est arrêtée avant la fin",
      other: "{count} non atteints : l'exécution s'est arrêtée avant la fin",
    },
    "no-reason": {
      one: "{count} manquant sans raison enregistrée",
      other: "{count} manquants sans raison enregistrée",
    },
    kept: { one: "{count} disparu {gone}, gardé {here}", other: "{count} disparus {gone}, gardés {here}" },
    twins: {
      one: "{count} présent plusieurs fois, octet pour octet ; chaque exemplaire a été transporté",
      other: "{count} présents plusieurs fois, octet pour octet ; chaque exemplaire a été transporté",
    },
    unkept: {
      one: "{count} avec des marques ou une date que la destination ne garde pas ; le registre les a",
      other: "{count} avec des marques ou une date que la destination ne garde pas ; le registre les a",
    },

    "html-or-json": "donnez --html ou --json, pas les deux",
    "html-name": "--html écrit un fichier dont le nom se termine par .html, ce qui n'est pas le cas de {file}",
    "html-one": "--html écrit le rapport d'une seule tâche ou archive ; nommez-la : {names}",
    "html-nothing": "il n'y a aucun rapport à écrire",
    "html-no-folder": "il n'y a pas de dossier {place}",
    "html-written": "Écrit : {place}",
  },
);

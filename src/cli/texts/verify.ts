// What a verification says: what it is asked for wrongly, how far it is, what it has found.

import { texts } from "../../language/texts.ts";

export const verifyTexts = texts(
  {
    "move.repair": "{job} brings mail into an account; its next run finds by itself what is missing there",
    "move.nothing": "{job} has not brought anything yet; {command} does",
    "pack.repair": "a pack is a copy of an archive and stays as it is; use {option} with the archive itself",
    "repair.server": "a repair asks the account by itself; use --server afterwards",
    "no-account": "the job file has no account of {account}, whose archive {place} is; name it there",
    "neither-meant": 'there is neither an archive nor a job "{name}"; did you mean "{meant}"?',
    retrying: "trying again ({attempt}) after MF-{code}: {reason}",
    progress: "{done} of {total} messages read again",

    title: "{place}: {account}, {format}, {size} of mail",
    "column.mailbox": "Mailbox",
    "column.messages": "Messages",
    "column.intact": "Intact",
    "column.key": "Key",
    "column.date": "Date",
    "column.size": "Size",
    "column.subject": "Subject",
    more: { one: "and {count} more", other: "and {count} more" },

    unfinished: {
      one: "{count} message of a run that stopped wait for the next one",
      other: "{count} messages of a run that stopped wait for the next one",
    },
    recovered: {
      one: "{count} message was taken in by a repair, as it lay there: how it arrived is not known",
      other: "{count} messages were taken in by a repair, as they lay there: how they arrived is not known",
    },
    aside: "Kept aside by repairs: {names}",
    "aside.more": {
      one: "Kept aside by repairs: {names} and {count} more",
      other: "Kept aside by repairs: {names} and {count} more",
    },
    lost: {
      one: "{count} message was lost before, and no run has brought it again:",
      other: "{count} messages were lost before, and no run has brought them again:",
    },

    intact: "{intact} of {messages} re-read intact",
    "intact.target": "{intact} of {messages} at the target as stored",
    "count.intact": { one: "{count}", other: "{count}" },
    "count.stored": { one: "{count}", other: "{count}" },
    "count.messages": { one: "{count} message", other: "{count} messages" },
    "lost.before": { one: "; {count} was lost before", other: "; {count} were lost before" },
    "target.missing": { one: ", {count} missing", other: ", {count} missing" },
    "target.differing": { one: ", {count} differing", other: ", {count} differing" },
    "and-stored": "{counts}; {stored}",
    "short-of": "{short}; {counts}",
    "failed.mend": "{counts}. To mend it: {command}",
    "failed.pack": "{counts}. Keep this file as it is, and look at another pack or at the archive itself.",
    "incomplete.run": "{text}. To bring what is missing, run its job again.",
    sentence: "{text}.",
  },
  {
    "move.repair":
      "{job} apporte du courrier dans un compte ; sa prochaine exécution y trouvera d'elle-même ce qui manque",
    "move.nothing": "{job} n'a encore rien apporté ; lancez d'abord {command}",
    "pack.repair":
      "un paquet est la copie d'une archive et reste tel quel ; utilisez {option} avec l'archive elle-même",
    "repair.server": "une réparation interroge le compte d'elle-même ; utilisez --server ensuite",
    "no-account": "le fichier de tâches n'a pas de compte {account}, à qui appartient l'archive {place} ; ajoutez-le",
    "neither-meant": "il n'y a ni archive ni tâche « {name} » ; vouliez-vous dire « {meant} » ?",
    retrying: "nouvel essai ({attempt}) après MF-{code} : {reason}",
    progress: "messages relus : {done} sur {total}",

    title: "{place} : {account}, {format}, {size} de courrier",
    "column.mailbox": "Boîte",
    "column.messages": "Messages",
    "column.intact": "Intacts",
    "column.key": "Clé",
    "column.date": "Date",
    "column.size": "Taille",
    "column.subject": "Objet",
    more: { one: "et {count} autre", many: "et {count} d'autres", other: "et {count} autres" },

    unfinished: {
      one: "{count} message d'une exécution interrompue attend la suivante",
      many: "{count} de messages d'une exécution interrompue attendent la suivante",
      other: "{count} messages d'une exécution interrompue attendent la suivante",
    },
    recovered: {
      one: "{count} message a été repris tel quel par une réparation : on ne sait pas comment il était arrivé",
      many: "{count} de messages ont été repris tels quels par une réparation : on ne sait pas comment ils étaient arrivés",
      other:
        "{count} messages ont été repris tels quels par une réparation : on ne sait pas comment ils étaient arrivés",
    },
    aside: "Mis de côté par des réparations : {names}",
    "aside.more": {
      one: "Mis de côté par des réparations : {names} et {count} autre",
      many: "Mis de côté par des réparations : {names} et {count} d'autres",
      other: "Mis de côté par des réparations : {names} et {count} autres",
    },
    lost: {
      one: "{count} message a été perdu auparavant, et aucune exécution ne l'a encore rapporté :",
      many: "{count} de messages ont été perdus auparavant, et aucune exécution ne les a encore rapportés :",
      other: "{count} messages ont été perdus auparavant, et aucune exécution ne les a encore rapportés :",
    },

    intact: "{intact} sur {messages}",
    "intact.target": "{intact} sur {messages}",
    "count.intact": {
      one: "{count} message relu intact",
      many: "{count} de messages relus intacts",
      other: "{count} messages relus intacts",
    },
    "count.stored": {
      one: "{count} message intact à destination",
      many: "{count} de messages intacts à destination",
      other: "{count} messages intacts à destination",
    },
    "count.messages": { one: "{count}", other: "{count}" },
    "lost.before": {
      one: " ; {count} avait été perdu auparavant",
      many: " ; {count} avaient été perdus auparavant",
      other: " ; {count} avaient été perdus auparavant",
    },
    "target.missing": { one: ", {count} manquant", many: ", {count} manquants", other: ", {count} manquants" },
    "target.differing": { one: ", {count} différent", many: ", {count} différents", other: ", {count} différents" },
    "and-stored": "{counts} ; {stored}",
    "short-of": "{short} ; {counts}",
    "failed.mend": "{counts}. Pour réparer : {command}",
    "failed.pack": "{counts}. Laissez ce fichier tel quel, et voyez un autre paquet ou l'archive elle-même.",
    "incomplete.run": "{text}. Pour rapporter ce qui manque, relancez la tâche.",
    sentence: "{text}.",
  },
);

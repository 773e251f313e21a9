// What follows the verdict word.

import { texts } from "../../language/texts.ts";

export const verdictTexts = texts(
  {
    again: "run the same command again",
    "again.job": "run the job again",

    "safe.nothing.server": "the server has no message that this job carries.",
    "safe.nothing.source": "the source has no message that this job carries.",
    safe: { one: "the {count} message is {where}.", other: "all {count} messages are {where}." },

    stopped: "stopped before the end; ",
    "stopped.at-once": "stopped before anything was copied. {next}",
    "go-on": "To go on, {again}.",
    "try-again": "To try once more, {again}.",
    above: "What to do is said above.",

    missing: { one: "{count} message is missing", other: "{count} messages are missing" },
    unread: { one: "{count} mailbox could not be read", other: "{count} mailboxes could not be read" },
    "not-carried": { one: "{count} mailbox could not be carried", other: "{count} mailboxes could not be carried" },
    altered: {
      one: "{count} message was altered by the target",
      other: "{count} messages were altered by the target",
    },
    "altered.too": { one: "{count} was altered by the target", other: "{count} were altered by the target" },
    safely: { one: "{count} message is safe", other: "{count} messages are safe" },
    "safely.others": { one: "the other {count} is safe", other: "the other {count} are safe" },
    there: { one: "{count} message is {where}", other: "{count} messages are {where}" },
    "there.too": { one: "{count} is {where}", other: "{count} are {where}" },
    "there.others": { one: "the other {count} is {where}", other: "the other {count} are {where}" },
    "there.none": "none is {where}",
    "unaltered.others": { one: "the other {count} is there unaltered", other: "the other {count} are there unaltered" },
    "unaltered.none": "none is there unaltered",

    partial: "partial, continues tomorrow: {rest}, {there}.",
    "to-come": { one: "{count} message is still to come", other: "{count} messages are still to come" },

    spoilt: {
      one: "{count} message did not read back as written.",
      other: "{count} messages did not read back as written.",
    },
    "check-disk": "Check the disk, then {again}.",
    "check-disk.verify": "Check the disk, then: {command}",
    "damaged.source": {
      one: "{count} message at the source is damaged, as named above",
      other: "{count} messages at the source are damaged, as named above",
    },
    "damaged.archive": "the archive is damaged. To see where: {command}",
    "damaged.other": "what is named above is damaged. Put it right, then {again}.",

    "failed.nothing": "nothing was copied",
    "failed.some": { one: "only {count} message could be copied", other: "only {count} messages could be copied" },
    "do.command": "Put right what the command of the job needs, then {again}.",
    "do.quota": "Make room at the target, then {again}.",
    "do.log-in": "Put the log-in right, then {again}.",
    "do.temporary": "Nothing has to be put right: {again} later.",
    "do.destination": "Put the destination right, then {again}.",
    "do.locked": "Wait until the other run has ended, then {again}.",
    "do.job-file": "Put the job file right, then {again}.",
    "do.bug": "What was copied is safe; please report the bug.",

    "rehearsal.nothing": "nothing would be copied; nothing was written.",
    rehearsal: {
      one: "{count} message would be copied; nothing was written. To copy, run it without -n.",
      other: "{count} messages would be copied; nothing was written. To copy, run it without -n.",
    },
    "rehearsal.tight": {
      one: "{count} message would be copied, for which the disk has too little room; nothing was written. To copy, run it without -n.",
      other:
        "{count} messages would be copied, for which the disk has too little room; nothing was written. To copy, run it without -n.",
    },

    skipped: "nothing was done.",
    "skipped.why": "{why}; nothing was done.",

    "jobs.all": { one: "{good} of {count} job.", other: "{good} of {count} jobs." },
    "jobs.some": {
      one: "{good} of {count} job safe; look above at {others}.",
      other: "{good} of {count} jobs safe; look above at {others}.",
    },
    "jobs.rehearsed": {
      one: "{good} of {count} job rehearsed; nothing was written.",
      other: "{good} of {count} jobs rehearsed; nothing was written.",
    },
  },
  {
    again: "relancez la même commande",
    "again.job": "relancez la tâche",

    "safe.nothing.server": "le serveur n'a aucun message que cette tâche transporte.",
    "safe.nothing.source": "la source n'a aucun message que cette tâche transporte.",
    safe: {
      one: "le seul message est {where}.",
      many: "les {count} de messages sont tous {where}.",
      other: "les {count} messages sont tous {where}.",
    },

    stopped: "arrêté avant la fin ; ",
    "stopped.at-once": "arrêté avant d'avoir copié quoi que ce soit. {next}",
    "go-on": "Pour continuer, {again}.",
    "try-again": "Pour réessayer, {again}.",
    above: "La marche à suivre est indiquée plus haut.",

    missing: {
      one: "il manque {count} message",
      many: "il manque {count} de messages",
      other: "il manque {count} messages",
    },
    unread: {
      one: "{count} boîte n'a pas pu être lue",
      many: "{count} de boîtes n'ont pas pu être lues",
      other: "{count} boîtes n'ont pas pu être lues",
    },
    "not-carried": {
      one: "{count} boîte n'a pas pu être transportée",
      many: "{count} de boîtes n'ont pas pu être transportées",
      other: "{count} boîtes n'ont pas pu être transportées",
    },
    altered: {
      one: "{count} message a été modifié par la destination",
      many: "{count} de messages ont été modifiés par la destination",
      other: "{count} messages ont été modifiés par la destination",
    },
    "altered.too": {
      one: "{count} a été modifié par la destination",
      other: "{count} ont été modifiés par la destination",
    },
    safely: {
      one: "{count} message est à l'abri",
      many: "{count} de messages sont à l'abri",
      other: "{count} messages sont à l'abri",
    },
    "safely.others": { one: "{count} autre est à l'abri", other: "les {count} autres sont à l'abri" },
    there: {
      one: "{count} message est {where}",
      many: "{count} de messages sont {where}",
      other: "{count} messages sont {where}",
    },
    "there.too": { one: "{count} est {where}", other: "{count} sont {where}" },
    "there.others": { one: "{count} autre est {where}", other: "les {count} autres sont {where}" },
    "there.none": "aucun n'est {where}",
    "unaltered.others": { one: "{count} autre y est intact", other: "les {count} autres y sont intacts" },
    "unaltered.none": "aucun n'y est intact",

    partial: "partiel, la suite demain : {rest}, {there}.",
    "to-come": {
      one: "{count} message est encore à venir",
      many: "{count} de messages sont encore à venir",
      other: "{count} messages sont encore à venir",
    },

    spoilt: {
      one: "{count} message relu diffère de ce qui avait été écrit.",
      many: "{count} de messages relus diffèrent de ce qui avait été écrit.",
      other: "{count} messages relus diffèrent de ce qui avait été écrit.",
    },
    "check-disk": "Vérifiez le disque, puis {again}.",
    "check-disk.verify": "Vérifiez le disque, puis : {command}",
    "damaged.source": {
      one: "{count} message est endommagé à la source, comme indiqué plus haut",
      many: "{count} de messages sont endommagés à la source, comme indiqué plus haut",
      other: "{count} messages sont endommagés à la source, comme indiqué plus haut",
    },
    "damaged.archive": "l'archive est endommagée. Pour voir où : {command}",
    "damaged.other": "ce qui est indiqué plus haut est endommagé. Remettez-le en état, puis {again}.",

    "failed.nothing": "rien n'a été copié",
    "failed.some": {
      one: "seul {count} message a pu être copié",
      many: "seuls {count} de messages ont pu être copiés",
      other: "seuls {count} messages ont pu être copiés",
    },
    "do.command": "Corrigez ce dont la commande de la tâche a besoin, puis {again}.",
    "do.quota": "Faites de la place à destination, puis {again}.",
    "do.log-in": "Corrigez l'identifiant ou le mot de passe, puis {again}.",
    "do.temporary": "Il n'y a rien à corriger : {again} plus tard.",
    "do.destination": "Remettez la destination en état, puis {again}.",
    "do.locked": "Attendez la fin de l'autre exécution, puis {again}.",
    "do.job-file": "Corrigez le fichier de tâches, puis {again}.",
    "do.bug": "Ce qui a été copié est à l'abri ; merci de signaler ce défaut.",

    "rehearsal.nothing": "rien ne serait copié ; rien n'a été écrit.",
    rehearsal: {
      one: "{count} message serait copié ; rien n'a été écrit. Pour copier, relancez sans -n.",
      many: "{count} de messages seraient copiés ; rien n'a été écrit. Pour copier, relancez sans -n.",
      other: "{count} messages seraient copiés ; rien n'a été écrit. Pour copier, relancez sans -n.",
    },
    "rehearsal.tight": {
      one: "{count} message serait copié, mais le disque n'a pas assez de place ; rien n'a été écrit. Pour copier, relancez sans -n.",
      many: "{count} de messages seraient copiés, mais le disque n'a pas assez de place ; rien n'a été écrit. Pour copier, relancez sans -n.",
      other:
        "{count} messages seraient copiés, mais le disque n'a pas assez de place ; rien n'a été écrit. Pour copier, relancez sans -n.",
    },

    skipped: "rien n'a été fait.",
    "skipped.why": "{why} ; rien n'a été fait.",

    "jobs.all": { one: "{good} tâche sur {count}.", other: "{good} tâches sur {count}." },
    "jobs.some": {
      one: "{good} tâche sur {count} à l'abri ; voyez plus haut {others}.",
      other: "{good} des {count} tâches à l'abri ; voyez plus haut {others}.",
    },
    "jobs.rehearsed": {
      one: "essai fait pour {good} tâche sur {count} ; rien n'a été écrit.",
      other: "essai fait pour {good} des {count} tâches ; rien n'a été écrit.",
    },
  },
);

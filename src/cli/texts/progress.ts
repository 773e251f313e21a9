// What is said while jobs are at work: bars, and plain lines.

import { texts } from "../../language/texts.ts";

export const progressTexts = texts(
  {
    verifying: "reading again what was written",
    packing: "writing a pack and reading it back",
    listing: "looking what there is to copy",
    left: "{time} left",
    messages: { one: "{done} of {count} message", other: "{done} of {count} messages" },
    sizes: "{done} of {all}",

    line: "{job}: {text}",
    "line.mailbox": "{job}: {mailbox}: {text}",
    started: "started, {from} -> {to}",
    hook: "{hook}: running {program}",
    "to-copy": { one: "{copy} of {count} message to copy", other: "{copy} of {count} messages to copy" },
    flags: {
      one: "{count} message got the flags it has at the source",
      other: "{count} messages got the flags they have at the source",
    },
    failed: "{key} failed (MF-{code}): {reason}",
    retrying: "trying again ({attempt}) after MF-{code}: {reason}",
    copied: { one: "{count} message copied, {missing}", other: "{count} messages copied, {missing}" },
    missing: { one: "{count} message missing", other: "{count} messages missing" },
    reading: { one: "reading {count} message again", other: "reading {count} messages again" },
    "writing-pack": "writing the pack {file}",
    finished: "{verdict} after {time}",

    stopping: "Stopping; what has arrived whole is kept. Once more to leave at once.",
  },
  {
    verifying: "relecture de ce qui a été écrit",
    packing: "écriture et relecture d'un paquet",
    listing: "recherche de ce qui est à copier",
    left: "encore {time}",
    messages: { one: "message {done} sur {count}", other: "message {done} sur {count}" },
    sizes: "{done} sur {all}",

    line: "{job} : {text}",
    "line.mailbox": "{job} : {mailbox} : {text}",
    started: "démarrage, {from} -> {to}",
    hook: "{hook} : exécution de {program}",
    "to-copy": { one: "à copier : {copy} sur {count}", other: "à copier : {copy} sur {count}" },
    flags: {
      one: "{count} message a reçu les marques qu'il porte à la source",
      many: "{count} de messages ont reçu les marques qu'ils portent à la source",
      other: "{count} messages ont reçu les marques qu'ils portent à la source",
    },
    failed: "échec de {key} (MF-{code}) : {reason}",
    retrying: "nouvel essai ({attempt}) après MF-{code} : {reason}",
    copied: {
      one: "{count} message copié, {missing}",
      many: "{count} de messages copiés, {missing}",
      other: "{count} messages copiés, {missing}",
    },
    missing: { one: "{count} manquant", other: "{count} manquants" },
    reading: {
      one: "relecture de {count} message",
      many: "relecture de {count} de messages",
      other: "relecture de {count} messages",
    },
    "writing-pack": "écriture du paquet {file}",
    finished: "{verdict} après {time}",

    stopping: "Arrêt ; ce qui est arrivé en entier est gardé. Une seconde fois pour quitter.",
  },
);

// The summary of a job, between its heading and its verdict.

import { texts } from "../../language/texts.ts";

export const summaryTexts = texts(
  {
    heading: "{job}: {from} -> {to}",

    copied: { one: "{count} message copied ({size})", other: "{count} messages copied ({size})" },
    "copied.none": "No message copied ({size} read)",
    "nothing.new": "Nothing new: 0 octets of mail moved",
    "nothing.copied": "Nothing copied: 0 octets of mail moved",
    kept: {
      one: "{copied}; {count} gone {gone} is kept {here}",
      other: "{copied}; {count} gone {gone} are kept {here}",
    },
    "to-copy": { one: "{count} message to copy ({size})", other: "{count} messages to copy ({size})" },

    "verified.written": {
      one: "Verified: {intact} of {count} messages written in this run read again, intact",
      other: "Verified: {intact} of {count} messages written in this run read again, intact",
    },
    "verified.read-back": {
      one: "Verified: {intact} of {count} messages read back from the target, intact",
      other: "Verified: {intact} of {count} messages read back from the target, intact",
    },
    "verified.written.only": {
      one: "Verified: only {intact} of {count} messages written in this run read again, intact",
      other: "Verified: only {intact} of {count} messages written in this run read again, intact",
    },
    "verified.read-back.only": {
      one: "Verified: only {intact} of {count} messages read back from the target, intact",
      other: "Verified: only {intact} of {count} messages read back from the target, intact",
    },
    unread: "Not read again in this run",
    "unread.command": "Not read again in this run: {command} does it",

    reflagged: {
      one: "{count} message got the flags it has at the source",
      other: "{count} messages got the flags they have at the source",
    },
    filtered: { one: "{count} left out by the filter", other: "{count} left out by the filter" },
    placed: { one: "{count} is carried in its own mailbox", other: "{count} are carried in their own mailboxes" },
    "placed.where": {
      one: "{count} in {where} is carried in its own mailbox",
      other: "{count} in {where} are carried in their own mailboxes",
    },
    altered: {
      one: "{count} was altered by the target (MF-M404)",
      other: "{count} were altered by the target (MF-M404)",
    },

    "hooks-left-out": "The job's own commands are not run in a rehearsal: {hooks}",
  },
  {
    heading: "{job} : {from} -> {to}",

    copied: {
      one: "{count} message copié ({size})",
      many: "{count} de messages copiés ({size})",
      other: "{count} messages copiés ({size})",
    },
    "copied.none": "Aucun message copié (lecture : {size})",
    "nothing.new": "Rien de nouveau : 0 octet de courrier transféré",
    "nothing.copied": "Rien n'a été copié : 0 octet de courrier transféré",
    kept: {
      one: "{copied} ; {count} disparu {gone} est gardé {here}",
      other: "{copied} ; {count} disparus {gone} sont gardés {here}",
    },
    "to-copy": {
      one: "{count} message à copier ({size})",
      many: "{count} de messages à copier ({size})",
      other: "{count} messages à copier ({size})",
    },

    "verified.written": {
      one: "Vérifié : le message écrit par cette exécution, relu intact",
      other: "Vérifié : {intact} des {count} messages écrits par cette exécution, relus intacts",
    },
    "verified.read-back": {
      one: "Vérifié : le message, relu intact à destination",
      other: "Vérifié : {intact} des {count} messages, relus intacts à destination",
    },
    "verified.written.only": {
      one: "Vérifié : le message écrit par cette exécution n'a pas été relu intact",
      other: "Vérifié : seulement {intact} des {count} messages écrits par cette exécution, relus intacts",
    },
    "verified.read-back.only": {
      one: "Vérifié : le message n'a pas été relu intact à destination",
      other: "Vérifié : seulement {intact} des {count} messages, relus intacts à destination",
    },
    unread: "Non relu pendant cette exécution",
    "unread.command": "Non relu pendant cette exécution : {command} le fait",

    reflagged: {
      one: "{count} message a reçu les marques qu'il porte à la source",
      many: "{count} de messages ont reçu les marques qu'ils portent à la source",
      other: "{count} messages ont reçu les marques qu'ils portent à la source",
    },
    filtered: { one: "{count} écarté par le filtre", other: "{count} écartés par le filtre" },
    placed: {
      one: "{count} est transporté dans sa propre boîte",
      other: "{count} sont transportés dans leurs propres boîtes",
    },
    "placed.where": {
      one: "{count} ({where}) est transporté dans sa propre boîte",
      other: "{count} ({where}) sont transportés dans leurs propres boîtes",
    },
    altered: {
      one: "{count} a été modifié par la destination (MF-M404)",
      other: "{count} ont été modifiés par la destination (MF-M404)",
    },

    "hooks-left-out": "Un essai à blanc ne lance pas les commandes de la tâche : {hooks}",
  },
);

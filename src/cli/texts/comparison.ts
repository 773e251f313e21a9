// What a comparison with the source, or with a target account, has found.

import { texts } from "../../language/texts.ts";

export const comparisonTexts = texts(
  {
    title: "Compared with {place}:",
    "title.target": "{job}: {account}, {size} of mail",
    "column.differing": "Differing",
    "column.unknown": "Unknown",
    "column.messages": "Messages",
    "column.intact": "Intact",
    "column.others": "Others",

    kept: { one: "{count} gone {gone} is kept {where}", other: "{count} gone {gone} are kept {where}" },
    reflagged: {
      one: "{count} message has other flags {source} now",
      other: "{count} messages have other flags {source} now",
    },
    "at-now.server": "at the server",
    "at-now.source": "at the source",
    filtered: { one: "{count} left out by the filter", other: "{count} left out by the filter" },
    placed: { one: "{count} is carried in another mailbox", other: "{count} are carried in another mailbox" },
    altered: {
      one: "{count} of them the target altered when they came (MF-M404)",
      other: "{count} of them the target altered when they came (MF-M404)",
    },

    "list.not-in.archive": "not in the archive",
    "list.not-in.target": "not at the target",
    "list.another": "another by now than was stored under its key",
    "list.not-compared": "not compared",
    "list.gone": "not at the target any more",
    "list.differing": "other octets by now than were stored",
    "list.not-read": "not read",
    ledger: "a ledger",

    "all.none": "there is none {where}",
    all: { one: "the one {of} is among them", other: "all {count} {of} are among them" },
    "all-of.server": "on the server",
    "all-of.source": "at the source",
    missing: {
      one: "{count} message {source} is not {where}",
      other: "{count} messages {source} are not {where}",
    },
    differing: {
      one: "{count} message is not what was stored",
      other: "{count} messages are not what was stored",
    },
    unknown: {
      one: "{count} message could not be compared",
      other: "{count} messages could not be compared",
    },
    "unknown.mailboxes": {
      one: "{count} mailbox could not be compared",
      other: "{count} mailboxes could not be compared",
    },
  },
  {
    title: "Comparaison avec {place} :",
    "title.target": "{job} : {account}, {size} de courrier",
    "column.differing": "Différents",
    "column.unknown": "Inconnus",
    "column.messages": "Messages",
    "column.intact": "Intacts",
    "column.others": "Autres",

    kept: {
      one: "{count} disparu {gone} est gardé {where}",
      other: "{count} disparus {gone} sont gardés {where}",
    },
    reflagged: {
      one: "{count} message a désormais d'autres marques {source}",
      many: "{count} de messages ont désormais d'autres marques {source}",
      other: "{count} messages ont désormais d'autres marques {source}",
    },
    "at-now.server": "sur le serveur",
    "at-now.source": "à la source",
    filtered: { one: "{count} écarté par le filtre", other: "{count} écartés par le filtre" },
    placed: {
      one: "{count} est transporté dans une autre boîte",
      other: "{count} sont transportés dans une autre boîte",
    },
    altered: {
      one: "{count} d'entre eux a été modifié par la destination à son arrivée (MF-M404)",
      other: "{count} d'entre eux ont été modifiés par la destination à leur arrivée (MF-M404)",
    },

    "list.not-in.archive": "absent de l'archive",
    "list.not-in.target": "absent de la destination",
    "list.another": "autre que ce qui a été enregistré sous cette clé",
    "list.not-compared": "pas de comparaison possible",
    "list.gone": "disparu de la destination",
    "list.differing": "d'autres octets que ceux enregistrés",
    "list.not-read": "pas de lecture possible",
    ledger: "un registre",

    "all.none": "il n'y en a aucun {where}",
    all: { one: "le seul message {of} en fait partie", other: "les {count} {of} en font tous partie" },
    "all-of.server": "du serveur",
    "all-of.source": "de la source",
    missing: {
      one: "{count} message présent {source} n'est pas {where}",
      many: "{count} de messages présents {source} ne sont pas {where}",
      other: "{count} messages présents {source} ne sont pas {where}",
    },
    differing: {
      one: "{count} message n'est pas ce qui a été enregistré",
      many: "{count} de messages ne sont pas ce qui a été enregistré",
      other: "{count} messages ne sont pas ce qui a été enregistré",
    },
    unknown: {
      one: "{count} message n'a pas pu être comparé",
      many: "{count} de messages n'ont pas pu être comparés",
      other: "{count} messages n'ont pas pu être comparés",
    },
    "unknown.mailboxes": {
      one: "{count} boîte n'a pas pu être comparée",
      many: "{count} de boîtes n'ont pas pu être comparées",
      other: "{count} boîtes n'ont pas pu être comparées",
    },
  },
);

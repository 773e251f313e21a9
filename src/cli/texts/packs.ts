// What a summary says of a job's packs.

import { texts } from "../../language/texts.ts";

export const packTexts = texts(
  {
    written: {
      one: "Packed: {file} ({size}, {count} message, read back intact)",
      other: "Packed: {file} ({size}, {count} messages, read back intact)",
    },
    "removed-older": { one: "{count} older pack removed, {kept}", other: "{count} older packs removed, {kept}" },
    "kept-count": { one: "{count} kept", other: "{count} kept" },
    planned: "To pack: {name}, into {place}",
    "planned.first": "a first pack",
    "not-due": "Pack: not due until {day}",
    "not-packed": "Not packed",
    "not-packed.why": "Not packed: {why}",

    "list.keep": "To keep ({count}):",
    "list.kept": "Kept ({count}):",
    "list.remove": "To remove ({count}):",
    "list.removed": "Removed ({count}):",
    "list.more": "and {count} more; -v shows them all",
    "why.later": "dated after this run; left alone",
    "why.no-rule": "no rule removes packs",
    "why.last": "last",
    "why.daily": "daily",
    "why.weekly": "weekly",
    "why.monthly": "monthly",
    "why.yearly": "yearly",
    "why.new": "to be written",

    bug: "This is a bug in mailferry, not a mistake of yours",
    "block.title": "{job}, packs: {title}",
    state: "The mail in the archive is as safe as it was.",
    "none-written": "no pack was written",
    damaged: "a pack is damaged",
    "not-removed": "older packs could not be removed",
  },
  {
    written: {
      one: "Empaqueté : {file} ({size}, {count} message, relu intact)",
      many: "Empaqueté : {file} ({size}, {count} de messages, relus intacts)",
      other: "Empaqueté : {file} ({size}, {count} messages, relus intacts)",
    },
    "removed-older": {
      one: "{count} ancien paquet supprimé, {kept}",
      other: "{count} anciens paquets supprimés, {kept}",
    },
    "kept-count": { one: "{count} gardé", other: "{count} gardés" },
    planned: "À empaqueter : {name}, dans {place}",
    "planned.first": "un premier paquet",
    "not-due": "Paquet : pas avant le {day}",
    "not-packed": "Aucun paquet écrit",
    "not-packed.why": "Aucun paquet écrit : {why}",

    "list.keep": "À garder ({count}) :",
    "list.kept": "Gardés ({count}) :",
    "list.remove": "À supprimer ({count}) :",
    "list.removed": "Supprimés ({count}) :",
    "list.more": "et {count} de plus ; -v les montre tous",
    "why.later": "daté d'après cette exécution ; laissé tel quel",
    "why.no-rule": "aucune règle ne supprime de paquets",
    "why.last": "parmi les derniers",
    "why.daily": "quotidien",
    "why.weekly": "hebdomadaire",
    "why.monthly": "mensuel",
    "why.yearly": "annuel",
    "why.new": "à écrire",

    bug: "C'est un défaut de mailferry, non une erreur de votre part",
    "block.title": "{job}, paquets : {title}",
    state: "Le courrier de l'archive est aussi à l'abri qu'avant.",
    "none-written": "aucun paquet n'a été écrit",
    damaged: "un paquet est endommagé",
    "not-removed": "d'anciens paquets n'ont pas pu être supprimés",
  },
);

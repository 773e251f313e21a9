// What the product codes are called. A code that is missing here does not compile.

import { type ErrorCode, errorCodes } from "../errors.ts";
import type { Language } from "./language.ts";

const frenchTitles: Readonly<Record<ErrorCode, string>> = {
  A201: "connexion refusée",
  A202: "mot de passe d’application requis",
  A203: "connexion par mot de passe désormais interdite",
  A204: "protocole désactivé",
  A205: "forme de l’identifiant",
  A206: "secret indisponible",
  N301: "serveur introuvable",
  N302: "pas de réponse",
  N303: "certificat",
  N304: "trop de connexions",
  N305: "boîte POP occupée",
  N306: "chiffrement non proposé",
  N307: "le serveur ne respecte pas le protocole",
  N308: "limite du jour atteinte",
  M401: "illisible sur le serveur",
  M402: "trop gros pour la destination",
  M403: "refusé par la destination",
  M404: "modifié par la destination",
  D501: "disque plein",
  D502: "disque absent ou inutilisable",
  D503: "taille limite d’un fichier",
  D504: "noms non permis",
  D505: "archive d’un autre compte",
  D506: "pas une archive",
  D507: "quota de la destination dépassé",
  S601: "UIDVALIDITY a changé",
  S602: "boîte inutilisable",
  S603: "lignes citées indiscernables",
  S604: "marques que la destination ne peut garder",
  S605: "boîte recréée à destination",
  S606: "serveur qui se contredit",
  S607: "boîte renommée à la source",
  C701: "fichier de tâches",
  C702: "une commande de la tâche a échoué",
  L801: "verrouillé",
  V901: "archive endommagée",
  V902: "paquet endommagé",
};

const titles: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  en: new Map(Object.entries(errorCodes)),
  fr: new Map(Object.entries(frenchTitles)),
};

/** `unreadable on the server` for `M401`; nothing for a code that is not known. */
export function titleOfCode(code: string, language: Language): string {
  return titles[language].get(code) ?? "";
}

// What messages say in French.

import type { Texts } from "./texts.ts";

/** 0 and 1 are singular. */
const s = (count: number) => (count < 2 ? "" : "s");

export const french: Texts = {
  locale: "fr-FR",
  colon: "\u00a0: ",
  semicolon: "\u00a0; ",
  verdicts: { safe: "EN SÛRETÉ", incomplete: "INCOMPLET", failed: "ÉCHEC", overdue: "EN RETARD" },
  still: (verdict) => `toujours ${verdict}`,
  again: (verdict) => `de nouveau ${verdict}`,
  codes: {
    A201: "connexion refusée",
    A202: "mot de passe d’application nécessaire",
    A203: "connexion par mot de passe plus admise",
    A204: "protocole désactivé",
    A205: "forme de l’identifiant",
    A206: "mot de passe non disponible",
    N301: "serveur introuvable",
    N302: "pas de réponse",
    N303: "certificat",
    N304: "trop de connexions",
    N305: "boîte POP en cours d’utilisation",
    N306: "chiffrement non proposé",
    N307: "le serveur ne respecte pas le protocole",
    N308: "limite du jour atteinte",
    M401: "illisible sur le serveur",
    M402: "trop gros pour la cible",
    M403: "refusé par la cible",
    M404: "modifié par la cible",
    D501: "disque plein",
    D502: "disque absent ou inutilisable",
    D503: "limite de taille des fichiers",
    D504: "noms non admis",
    D505: "archive d’un autre compte",
    D506: "pas une archive",
    D507: "quota de la cible dépassé",
    S601: "UIDVALIDITY changé",
    S602: "dossier inutilisable",
    S603: "lignes citées indiscernables",
    S604: "marques que la cible ne garde pas",
    S605: "dossier de la cible recréé",
    C701: "fichier des tâches",
    C702: "une commande de la tâche a échoué",
    L801: "verrouillé",
    V901: "archive endommagée",
    V902: "paquet endommagé",
  },
  bug: "un défaut de mailferry",

  missing: (count, shown) => `${shown} message${s(count)} manquant${s(count)}`,
  unread: (count, shown) => `${shown} dossier${s(count)} non lu${s(count)}`,
  newMessages: (count, shown) => `${shown} nouveau${count < 2 ? "" : "x"} message${s(count)}`,
  lastSuccess: (when) => `dernier succès le ${when}`,
  neverSafe: "encore aucun succès",

  safe: (count, shown) =>
    count < 2 ? `le message (${shown}) est en sûreté` : `les ${shown} messages sont tous en sûreté`,
  otherSafe: (count, shown) => (count < 2 ? `l’autre (${shown}) est en sûreté` : `les ${shown} autres sont en sûreté`),
  needAttention: (_, shown) => `${shown} tâches demandent votre attention`,
  others: (count, shown) =>
    count < 2
      ? "L’autre tâche de cette exécution est EN SÛRETÉ."
      : `Les ${shown} autres tâches de cette exécution sont EN SÛRETÉ.`,
  since: (when) => `Cela dure depuis le ${when}.`,
  began: (when) => `Le problème avait commencé le ${when}.`,
  lateSince: (when) => `En retard depuis le ${when}.`,
  late: "Elle aurait déjà dû réussir, et ne l’a pas fait.",
  more: (count, shown) => `et ${shown} autre${s(count)}`,
  reminder: (when) => `Tant que cela dure, un rappel vous parvient chaque jour\u00a0; le prochain vers le ${when}.`,
  noReminder: "Ceci n’est dit qu’une fois.",
  sentBy: (host) => `Envoyé par mailferry sur ${host}.`,

  todo: {
    "log-in":
      "Vérifiez l’identifiant et le mot de passe du compte\u00a0; un mot de passe d’application a pu être retiré.",
    temporary:
      "Rien n’est à corriger\u00a0: l’exécution suivante continue. Si cela dure, vérifiez le réseau et le serveur.",
    incomplete: "Regardez ce qui manque et pourquoi. L’exécution suivante réessaie.",
    damaged: "Vérifiez le disque, puis relisez l’archive avec mailferry verify.",
    destination: "Vérifiez que le disque est là, accessible en écriture, et qu’il a de la place.",
    locked:
      "Une autre exécution était encore en cours. Voyez si elle est bloquée\u00a0; sinon, la suivante fera le reste.",
    "job-file": "Corrigez le fichier des tâches, ou le programme que la tâche appelle\u00a0: mailferry config check",
    bug: "Merci de le signaler. Ce qui a été copié est en sûreté.",
    overdue: "Vérifiez que la machine était allumée et que l’horaire lance toujours mailferry\u00a0: mailferry status",
  },
  seeMore: "Détails",

  labels: {
    run: "Exécution",
    from: "De",
    to: "Vers",
    todo: "Que faire",
    reason: "Pourquoi",
    failures: "Ce qui manque ou ne va pas",
    mailbox: "Dossier",
    onServer: "Sur le serveur",
    atSource: "À la source",
    inArchive: "Dans l’archive",
    atTarget: "À la cible",
    missing: "Manquants",
    total: "Total",
    message: (key) => `message ${key}`,
  },

  test: {
    subject: "mailferry\u00a0: ceci est un essai",
    title: "Ceci est un essai",
    text: "Si vous lisez ceci, mailferry peut vous prévenir quand quelque chose ne va pas. Rien n’est arrivé à votre courrier.",
  },
};

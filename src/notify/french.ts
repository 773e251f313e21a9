// What messages say in French.

import type { Texts } from "./texts.ts";

/** 0 and 1 are singular. */
const s = (count: number) => (count < 2 ? "" : "s");

export const french: Texts = {
  language: "fr",
  locale: "fr-FR",
  colon: "\u00a0: ",
  semicolon: "\u00a0; ",
  verdicts: { safe: "À L’ABRI", incomplete: "INCOMPLET", failed: "ÉCHEC", overdue: "EN RETARD" },
  still: (verdict) => `toujours ${verdict}`,
  again: (verdict) => `de nouveau ${verdict}`,
  bug: "un défaut de mailferry",

  missing: (count, shown) => `${shown} message${s(count)} manquant${s(count)}`,
  unread: (count, shown) => `${shown} boîte${s(count)} non lue${s(count)}`,
  newMessages: (count, shown) => `${shown} nouveau${count < 2 ? "" : "x"} message${s(count)}`,
  lastSuccess: (when) => `dernier succès le ${when}`,
  neverSafe: "encore aucun succès",

  safe(count, shown) {
    if (count === 0) return "il n’y a aucun message à garder";
    return count === 1 ? "le seul message est à l’abri" : `les ${shown} messages sont tous à l’abri`;
  },
  otherSafe: (count, shown) =>
    count < 2 ? "l’autre message est à l’abri" : `les ${shown} autres messages sont à l’abri`,
  needAttention: (_, shown) => `${shown} tâches demandent votre attention`,
  others: (count, shown) =>
    count < 2
      ? "L’autre tâche de cette exécution est À L’ABRI."
      : `Les ${shown} autres tâches de cette exécution sont À L’ABRI.`,
  since: (when) => `Cela dure depuis le ${when}.`,
  began: (when) => `Le problème avait commencé le ${when}.`,
  lateSince: (when) => `En retard depuis le ${when}.`,
  late: "Elle aurait déjà dû réussir, et ne l’a pas fait.",
  more: (count, shown) => `et ${shown} autre${s(count)}`,
  reminder: (when) => `Tant que cela dure, vous recevez un rappel par jour\u00a0; le prochain vers le ${when}.`,
  noReminder: "Ce message n’est envoyé qu’une fois.",
  sentBy: (host) => `Envoyé par mailferry sur ${host}.`,

  todo: {
    "log-in":
      "Vérifiez l’identifiant et le mot de passe du compte\u00a0; un mot de passe d’application a pu être retiré.",
    temporary:
      "Il n’y a rien à corriger\u00a0: l’exécution suivante continue. Si cela dure, vérifiez le réseau et le serveur.",
    incomplete: "Regardez ce qui manque et pourquoi. L’exécution suivante réessaie.",
    damaged: "Vérifiez le disque, puis relisez l’archive avec mailferry verify.",
    destination: "Vérifiez que le disque est là, accessible en écriture, et qu’il a de la place.",
    locked:
      "Une autre exécution était encore en cours. Voyez si elle est bloquée\u00a0; sinon, la suivante fera le reste.",
    "job-file": "Corrigez le fichier de tâches, ou le programme que la tâche appelle\u00a0: mailferry config check",
    bug: "Merci de le signaler. Ce qui a été copié est à l’abri.",
    overdue:
      "Vérifiez que la machine était allumée et que la planification lance toujours mailferry\u00a0: mailferry status",
  },
  seeMore: "Détails",

  labels: {
    run: "Exécution",
    from: "De",
    to: "Vers",
    todo: "Que faire",
    reason: "Pourquoi",
    failures: "Ce qui manque ou ne va pas",
    mailbox: "Boîte",
    onServer: "Sur le serveur",
    atSource: "À la source",
    inArchive: "Dans l’archive",
    atTarget: "À destination",
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

// The error block: what, why, what to do, and the state of the data.

import { texts } from "../../language/texts.ts";

export const blockTexts = texts(
  {
    why: "Why",
    do: "Do",
    failed: "failed",
    "more.names": {
      one: "{names} and {count} more",
      many: "{names} and {count} more",
      other: "{names} and {count} more",
    },
    "more.notices": {
      one: "and {count} more of these; -v shows them all",
      many: "and {count} more of these; -v shows them all",
      other: "and {count} more of these; -v shows them all",
    },
    "more.reasons": {
      one: "{count} more, for other reasons",
      many: "{count} more, for other reasons",
      other: "{count} more, for other reasons",
    },
    mistakes: {
      one: "{count} mistake, and nothing was started",
      many: "{count} mistakes, and nothing was started",
      other: "{count} mistakes, and nothing was started",
    },
    stopped: "Stopped before the end; nothing was changed.",
    bug: "This is a bug in mailferry, not a mistake of yours",
    "bug.version": "This is a bug in mailferry {version}, not a mistake of yours",
    "bug.do": "What was committed before is safe. Please report it with the lines above.",
    untouched: "Nothing was changed, nothing was lost.",
    safe: "What was copied before is safe.",
    "reason.M404": "the target gives back other octets than it was given",
    "do.M401": "Open it in the provider's webmail, and save what you need from there; each run tries it once more.",
    "do.M402":
      "Ask the provider for a higher limit, or import the message by webmail. With keepRefused, beside the account in the job's to, such messages are also kept as .eml files.",
    "do.M403":
      "Ask the provider what these words mean, or import the message by webmail. With keepRefused, beside the account in the job's to, such messages are also kept as .eml files.",
    "do.M404":
      "The originals at the source are unaltered: keep them if every octet counts. With keepRefused, beside the account in the job's to, they are also kept as .eml files.",
  },
  {
    why: "Cause",
    do: "À faire",
    failed: "échec",
    "more.names": {
      one: "{names} et {count} autre",
      many: "{names} et {count} d'autres",
      other: "{names} et {count} autres",
    },
    "more.notices": {
      one: "et {count} autre du même genre ; -v les montre tous",
      many: "et {count} d'autres du même genre ; -v les montre tous",
      other: "et {count} autres du même genre ; -v les montre tous",
    },
    "more.reasons": {
      one: "{count} autre, pour d'autres raisons",
      many: "{count} d'autres, pour d'autres raisons",
      other: "{count} autres, pour d'autres raisons",
    },
    mistakes: {
      one: "{count} erreur, et rien n'a été lancé",
      many: "{count} d'erreurs, et rien n'a été lancé",
      other: "{count} erreurs, et rien n'a été lancé",
    },
    stopped: "Arrêté avant la fin ; rien n'a été changé.",
    bug: "C'est un défaut de mailferry, pas une erreur de votre part",
    "bug.version": "C'est un défaut de mailferry {version}, pas une erreur de votre part",
    "bug.do": "Ce qui avait été enregistré est à l'abri. Merci de le signaler avec les lignes ci-dessus.",
    untouched: "Rien n'a été changé, rien n'est perdu.",
    safe: "Ce qui a été copié avant est à l'abri.",
    "reason.M404": "la destination rend d'autres octets que ceux qu'elle a reçus",
    "do.M401":
      "Ouvrez-le dans le webmail du fournisseur, et enregistrez-en ce qu'il vous faut ; chaque exécution le réessaie.",
    "do.M402":
      "Demandez une limite plus haute au fournisseur, ou importez le message par son webmail. Avec keepRefused, à côté du compte dans le to de la tâche, ces messages sont aussi gardés en fichiers .eml.",
    "do.M403":
      "Demandez au fournisseur ce que ces mots veulent dire, ou importez le message par son webmail. Avec keepRefused, à côté du compte dans le to de la tâche, ces messages sont aussi gardés en fichiers .eml.",
    "do.M404":
      "Les originaux à la source sont intacts : gardez-les si chaque octet compte. Avec keepRefused, à côté du compte dans le to de la tâche, ils sont aussi gardés en fichiers .eml.",
  },
);

// What a repair has done, or would do.

import { texts } from "../../language/texts.ts";

export const repairTexts = texts(
  {
    "head.would": "What a repair would do:",
    "head.done": "Repaired:",
    marker: "mailferry.json is written anew",
    stranger: "mailferry.json is not of the account of {job}",
    held: "Not repaired: {reason}",
    "would-bring": "Then {jobs} would bring again what is lost.",
    mended: "{mailbox}: {what}",
    "put-right": { one: "{count} message put right", other: "{count} messages put right" },
    "taken-in": {
      one: "{count} message that no ledger knew taken in",
      other: "{count} messages that no ledger knew taken in",
    },
    "put-aside": { one: "{count} copy or fragment moved aside", other: "{count} copies and fragments moved aside" },
    lost: {
      one: "{count} message damaged or gone: what is left is aside",
      other: "{count} messages damaged or gone: what is left is aside",
    },
    ledger: "the ledger is written anew",
    and: "; ",
    "nothing-to-do": "there is nothing to repair.",
    "nothing-changed": {
      one: "nothing was changed; {count} message would have to be brought again. To do it: {command}",
      other: "nothing was changed; {count} messages would have to be brought again. To do it: {command}",
    },
    "not-all": "{counts}; not all could be repaired.",
    whole: "{counts}.",
    "whole.before": "{counts}; there was nothing to repair.",
    "still-lost.asked": {
      one: "{counts}; {count} message is still lost: not on the server any more, or not brought yet. What is left is aside.",
      other:
        "{counts}; {count} messages are still lost: not on the server any more, or not brought yet. What is left is aside.",
    },
    "still-lost": {
      one: "{counts}; {count} message is still lost. The next run of the job into this folder brings what the server still has; or name its job file (-c FILE).",
      other:
        "{counts}; {count} messages are still lost. The next run of the job into this folder brings what the server still has; or name its job file (-c FILE).",
    },
  },
  {
    "head.would": "Ce qu'une réparation ferait :",
    "head.done": "Réparé :",
    marker: "mailferry.json est réécrit",
    stranger: "mailferry.json n'est pas celui du compte de {job}",
    held: "Non réparé : {reason}",
    "would-bring": "Ensuite, ce qui est perdu serait rapporté par {jobs}.",
    mended: "{mailbox} : {what}",
    "put-right": {
      one: "{count} message remis en ordre",
      many: "{count} de messages remis en ordre",
      other: "{count} messages remis en ordre",
    },
    "taken-in": {
      one: "{count} message repris, inconnu des registres",
      many: "{count} de messages repris, inconnus des registres",
      other: "{count} messages repris, inconnus des registres",
    },
    "put-aside": {
      one: "{count} copie ou fragment mis de côté",
      many: "{count} de copies et de fragments mis de côté",
      other: "{count} copies et fragments mis de côté",
    },
    lost: {
      one: "{count} message endommagé ou disparu, dont le reste est mis de côté",
      many: "{count} de messages endommagés ou disparus, dont le reste est mis de côté",
      other: "{count} messages endommagés ou disparus, dont le reste est mis de côté",
    },
    ledger: "registre réécrit",
    and: " ; ",
    "nothing-to-do": "il n'y a rien à réparer.",
    "nothing-changed": {
      one: "rien n'a été modifié ; {count} message serait à rapporter. Pour le faire : {command}",
      many: "rien n'a été modifié ; {count} de messages seraient à rapporter. Pour le faire : {command}",
      other: "rien n'a été modifié ; {count} messages seraient à rapporter. Pour le faire : {command}",
    },
    "not-all": "{counts} ; tout n'a pas pu être réparé.",
    whole: "{counts}.",
    "whole.before": "{counts} ; il n'y avait rien à réparer.",
    "still-lost.asked": {
      one: "{counts} ; {count} message reste perdu : il n'est plus sur le serveur, ou n'a pas encore été rapporté. Ce qu'il en reste est mis de côté.",
      many: "{counts} ; {count} de messages restent perdus : ils ne sont plus sur le serveur, ou n'ont pas encore été rapportés. Ce qu'il en reste est mis de côté.",
      other:
        "{counts} ; {count} messages restent perdus : ils ne sont plus sur le serveur, ou n'ont pas encore été rapportés. Ce qu'il en reste est mis de côté.",
    },
    "still-lost": {
      one: "{counts} ; {count} message reste perdu. La prochaine exécution de la tâche vers ce dossier rapportera ce que le serveur a encore ; ou indiquez son fichier de tâches (-c FICHIER).",
      many: "{counts} ; {count} de messages restent perdus. La prochaine exécution de la tâche vers ce dossier rapportera ce que le serveur a encore ; ou indiquez son fichier de tâches (-c FICHIER).",
      other:
        "{counts} ; {count} messages restent perdus. La prochaine exécution de la tâche vers ce dossier rapportera ce que le serveur a encore ; ou indiquez son fichier de tâches (-c FICHIER).",
    },
  },
);

// M: single messages.

import type { Explanations } from "./explanation.ts";

export const messages: Explanations<"M"> = {
  M401: {
    en: {
      means: "The server lists a message but does not hand it over, or not whole.",
      causes: [
        "The message is damaged on the server.",
        "The server has a fault with this one message; with some servers that passes.",
        "The message was deleted by another program while the job ran.",
      ],
      steps: [
        "Run it again: mailferry run JOB. Each run tries such messages once more.",
        "If it stays, see which ones they are: mailferry report JOB",
        "Open them in the provider's webmail, and save what you need from there.",
        "If the webmail can't open them either, ask the provider to mend the mailbox.",
      ],
      data: "Only these messages are missing; all the others are safe. Nothing half is stored in their place.",
    },
    fr: {
      means: "Le serveur annonce un message mais ne le donne pas, ou pas en entier.",
      causes: [
        "Le message est endommagé sur le serveur.",
        "Le serveur a un défaut avec ce message-là ; avec certains, cela passe.",
        "Le message a été supprimé par un autre programme pendant l'exécution.",
      ],
      steps: [
        "Relancez : mailferry run JOB. Chaque exécution réessaie ces messages.",
        "Si cela persiste, voyez lesquels ce sont : mailferry report JOB",
        "Ouvrez-les dans le webmail du fournisseur, et enregistrez-en ce qu'il vous faut.",
        "Si le webmail ne peut pas les ouvrir non plus, demandez au fournisseur de réparer la boîte.",
      ],
      data: "Seuls ces messages manquent ; tous les autres sont à l'abri. Rien d'incomplet n'est rangé à leur place.",
    },
  },
  M402: {
    en: {
      means: "The account that the mail goes to takes no messages of this size.",
      causes: ["Each provider has a largest size for a message, often 25 to 50 MB; the old one allowed more."],
      steps: [
        "Ask the new provider for a higher limit.",
        "Or keep such messages as files: set keepRefused: FOLDER beside the account in the job's to.",
        "Or back the account up into an archive, which takes any size: to: { archive: FOLDER, format: maildir }",
      ],
      data: "The messages are still at the source, unaltered. All the others were brought.",
    },
    fr: {
      means: "Le compte de destination n'accepte pas de messages de cette taille.",
      causes: [
        "Chaque fournisseur a une taille maximale par message, souvent de 25 à 50 Mo ; l'ancien en permettait davantage.",
      ],
      steps: [
        "Demandez une limite plus haute au nouveau fournisseur.",
        "Ou gardez ces messages en fichiers : indiquez keepRefused: FOLDER à côté du compte dans le to de la tâche.",
        "Ou sauvegardez le compte dans une archive, qui accepte toute taille : to: { archive: FOLDER, format: maildir }",
      ],
      data: "Les messages sont toujours à la source, intacts. Tous les autres ont été apportés.",
    },
  },
  M403: {
    en: {
      means: "The account that the mail goes to did not take a message. Its words say why.",
      causes: [
        "Something in the message is not as its rules want it: very long lines, NUL octets, a header that is not valid.",
        "A virus or spam filter of the new provider looks at what is put in.",
        "The server has a fault that passes.",
      ],
      steps: [
        "Run it again: mailferry run JOB. Refusals that may pass are tried once more.",
        "See which messages they are, and the server's words: mailferry report JOB",
        "Ask the provider what these words mean, or import the messages by its webmail.",
        "To keep them as files, set keepRefused: FOLDER beside the account in the job's to.",
      ],
      data: "The messages are still at the source, unaltered: mailferry never rewrites one to make it fit. All the others were brought.",
    },
    fr: {
      means: "Le compte de destination n'a pas accepté un message. Ses mots disent pourquoi.",
      causes: [
        "Quelque chose dans le message n'est pas selon ses règles : lignes très longues, octets NUL, en-tête non valable.",
        "Un filtre antivirus ou antispam du nouveau fournisseur examine ce qu'on y met.",
        "Le serveur a un défaut passager.",
      ],
      steps: [
        "Relancez : mailferry run JOB. Les refus qui peuvent passer sont retentés.",
        "Voyez quels messages ce sont, et les mots du serveur : mailferry report JOB",
        "Demandez au fournisseur ce que ces mots veulent dire, ou importez les messages par son webmail.",
        "Pour les garder en fichiers, indiquez keepRefused: FOLDER à côté du compte dans le to de la tâche.",
      ],
      data: "Les messages sont toujours à la source, intacts : mailferry n'en réécrit jamais un pour le faire accepter. Tous les autres ont été apportés.",
    },
  },
  M404: {
    en: {
      means: "The message is at the target, but its octets are not exactly those that were put there.",
      causes: [
        "Exchange, Outlook.com and others take messages apart and write them anew; texts and attachments stay, signatures may break.",
        "The server adds or removes header lines, or changes line ends.",
      ],
      steps: [
        "Open some of them in the new mailbox: most often nothing is to be seen.",
        "Keep the originals if every octet counts, as with signed mail: back the old account up into an archive, too.",
        "Or set keepRefused: FOLDER beside the account in the job's to: the originals are then kept as .eml files.",
      ],
      data: "Nothing is missing. The originals at the source are unaltered; the message was put there once, and is not put there again.",
    },
    fr: {
      means: "Le message est à destination, mais ses octets ne sont pas exactement ceux qui y ont été mis.",
      causes: [
        "Exchange, Outlook.com et d'autres démontent les messages et les réécrivent ; textes et pièces jointes restent, les signatures électroniques peuvent se rompre.",
        "Le serveur ajoute ou enlève des lignes d'en-tête, ou change les fins de ligne.",
      ],
      steps: [
        "Ouvrez-en quelques-uns dans la nouvelle boîte : le plus souvent, rien ne se voit.",
        "Gardez les originaux si chaque octet compte, comme pour du courrier signé : sauvegardez aussi l'ancien compte dans une archive.",
        "Ou indiquez keepRefused: FOLDER à côté du compte dans le to de la tâche : les originaux sont alors gardés en fichiers .eml.",
      ],
      data: "Il ne manque rien. Les originaux à la source sont intacts ; le message a été mis là une fois, et ne l'est pas à nouveau.",
    },
  },
};

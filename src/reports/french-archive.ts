// French: what is said of an archive, and of how to read it.

export const frenchOfArchives = {
  archive: "L'archive",
  "archive.holds": {
    one: "{count} message, {size}, dans {mailboxes}.",
    many: "{count} de messages, {size}, dans {mailboxes}.",
    other: "{count} messages, {size}, dans {mailboxes}.",
  },
  "archive.mailboxes": { one: "{count} boîte", many: "{count} de boîtes", other: "{count} boîtes" },
  "archive.account": "{user} sur {host}",
  "archive.span": "Reçus du {first} au {last}.",
  "archive.empty": "L'archive ne contient encore aucun message.",
  "archive.damaged": {
    one: "{count} registre n'a pas pu être lu ; ses messages ne sont pas comptés ici. Pour savoir lequel :",
    many: "{count} de registres n'ont pas pu être lus ; leurs messages ne sont pas comptés ici. Pour savoir lesquels :",
    other: "{count} registres n'ont pas pu être lus ; leurs messages ne sont pas comptés ici. Pour savoir lesquels :",
  },

  packs: "Paquets",
  "packs.written": {
    one: "écrit et relu intact ({count} message, {size}).",
    many: "écrit et relu intact ({count} de messages, {size}).",
    other: "écrit et relu intact ({count} messages, {size}).",
  },
  "packs.planned": "Une exécution écrirait maintenant",
  "packs.not-due": "Aucun nouveau paquet n'est prévu avant le {day}.",
  "packs.held-back": "Aucun paquet n'a été fait :",
  "packs.none": "Aucun paquet n'a été fait.",
  "packs.kept": {
    one: "{count} paquet est gardé.",
    many: "{count} de paquets sont gardés.",
    other: "{count} paquets sont gardés.",
  },
  "packs.removed": {
    one: "{count} ancien paquet a été supprimé.",
    many: "{count} d'anciens paquets ont été supprimés.",
    other: "{count} anciens paquets ont été supprimés.",
  },
  "packs.more": { one: "et {count} autre", many: "et {count} d'autres", other: "et {count} autres" },
  "packs.failed": "Quelque chose ne va pas avec les paquets ; c'est expliqué plus bas.",

  months: "Courrier par mois",
  "months.rule":
    "D'après la date à laquelle le serveur a reçu chaque message (UTC). Un mois sans courrier peut n'être que cela, ou une perte que personne n'a remarquée.",
  "months.legend": "aucun courrier ce mois-là",
  "months.gaps": {
    one: "{count} mois sans courrier : {where}.",
    many: "{count} de mois sans courrier : {where}.",
    other: "{count} mois sans courrier : {where}.",
  },
  "months.gaps.more": {
    one: "{where} et {count} autre période",
    many: "{where} et {count} d'autres périodes",
    other: "{where} et {count} autres périodes",
  },
  "months.no-gap": "Entre le premier message et la dernière exécution, aucun mois n'est sans courrier.",
  "months.cell": {
    one: "{month} : {count} message",
    many: "{month} : {count} de messages",
    other: "{month} : {count} messages",
  },
  "months.year": {
    one: "{year} : {count} message",
    many: "{year} : {count} de messages",
    other: "{year} : {count} messages",
  },
  "months.earlier": "avant",
  "months.undated": {
    one: "{count} message n'a pas cette date, ou en a une impossible.",
    many: "{count} de messages n'ont pas cette date, ou en ont une impossible.",
    other: "{count} messages n'ont pas cette date, ou en ont une impossible.",
  },
  "months.none": "Le serveur n'a pas dit quand il a reçu ces messages (POP3 ne le dit pas) : il n'y a rien à dessiner.",

  biggest: "Les plus gros messages",
  "biggest.rule": "Les objets des messages ne sont pas montrés : le registre ne les connaît pas.",

  reading: "Lire cette archive sans mailferry",
  "reading.mbox":
    "Le courrier est dans le dossier mbox, un fichier par boîte. Le format est mbox (mboxrd), que presque tous les logiciels de courrier lisent.",
  "reading.mbox.thunderbird":
    "Thunderbird : module ImportExportTools NG, Importer un fichier mbox ; choisissez les fichiers qui finissent par .mbox.",
  "reading.mbox.apple": "Apple Mail : Fichier, Importer des boîtes aux lettres, Fichiers au format mbox.",
  "reading.mbox.mutt": "Dans un terminal, avec mutt :",
  "reading.mbox.quote":
    "Une ligne de message qui commence par From est écrite avec un > devant. C'est ainsi que mbox la distingue du début du message suivant ; mailferry enlève ce signe à la lecture.",
  "reading.maildir":
    "Le courrier est dans le dossier maildir, un fichier par message : chacun est un message tel qu'il est arrivé, et s'ouvre dans tout éditeur de texte. INBOX est le dossier cur lui-même ; toute autre boîte est un dossier à côté, dont le nom commence par un point (Maildir++).",
  "reading.maildir.mutt": "Dans un terminal, avec mutt :",
  "reading.maildir.dovecot": "Avec Dovecot, comme serveur IMAP pour tout logiciel de courrier :",
  "reading.maildir.eml":
    "Un seul message : copiez son fichier, nommez la copie message.eml, et ouvrez-la avec votre logiciel de courrier.",
  "reading.copy": "Travaillez sur une copie : les logiciels de courrier modifient ce qu'ils ouvrent.",
  "reading.ledger":
    "Le dossier ledger (le registre) contient un fichier texte par boîte, avec un document JSON par ligne : pour chaque message, sa clé sur le serveur, sa taille, son empreinte SHA-256, ses marques, la date à laquelle le serveur l'a reçu, et l'endroit où il se trouve. Le courrier se lit sans lui ; avec lui, chacun peut prouver qu'aucun octet n'a changé.",
  "reading.runs": "Le dossier runs contient le rapport de chaque exécution, en JSON.",
  "reading.marker":
    "Le fichier mailferry.json dit de quel compte il s'agit, et depuis quand. Aucun de ces fichiers ne contient de mot de passe.",
  "reading.restore": "Avec mailferry, une archive se remet dans un compte, ou se vérifie, ainsi :",

  "readme.what":
    "Ce dossier est une sauvegarde de courrier, faite par mailferry, un logiciel libre. Pour la lire, il ne faut ni ce logiciel ni le fournisseur.",
} as const;

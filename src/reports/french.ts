// French: the texts of reports. The spaces before high punctuation and the apostrophes are set when a text is used.

import { frenchOfArchives } from "./french-archive.ts";

export const french = {
  "title.run": "{job} : rapport de mailferry",
  "title.index": "mailferry : rapports",
  "title.readme": "Une archive de courrier",

  "verdict.safe": "À L'ABRI",
  "verdict.incomplete": "INCOMPLET",
  "verdict.failed": "ÉCHEC",
  "verdict.rehearsal": "ESSAI À BLANC",
  "verdict.skipped": "NON EXÉCUTÉ",
  "verdict.none": "JAMAIS EXÉCUTÉ",

  "safe.nothing": "Cette tâche n'a aucun message à transporter.",
  "safe.archive": {
    one: "Le seul message est dans l'archive.",
    many: "Les {count} de messages sont tous dans l'archive.",
    other: "Les {count} messages sont tous dans l'archive.",
  },
  "safe.target": {
    one: "Le seul message est à destination.",
    many: "Les {count} de messages sont tous à destination.",
    other: "Les {count} messages sont tous à destination.",
  },
  stopped: "L'exécution s'est arrêtée avant la fin.",
  missing: {
    one: "Il manque {count} message.",
    many: "Il manque {count} de messages.",
    other: "Il manque {count} messages.",
  },
  altered: {
    one: "{count} message a été modifié par la destination.",
    many: "{count} de messages ont été modifiés par la destination.",
    other: "{count} messages ont été modifiés par la destination.",
  },
  unread: {
    one: "{count} boîte n'a pas pu être lue.",
    many: "{count} de boîtes n'ont pas pu être lues.",
    other: "{count} boîtes n'ont pas pu être lues.",
  },
  spoilt: {
    one: "{count} message relu diffère de ce qui avait été écrit.",
    many: "{count} de messages relus diffèrent de ce qui avait été écrit.",
    other: "{count} messages relus diffèrent de ce qui avait été écrit.",
  },
  "others.archive": {
    one: "{count} autre message est à l'abri dans l'archive.",
    many: "Les autres messages ({count}) sont à l'abri dans l'archive.",
    other: "Les {count} autres messages sont à l'abri dans l'archive.",
  },
  "others.target": {
    one: "{count} autre message est à destination.",
    many: "Les autres messages ({count}) sont à destination.",
    other: "Les {count} autres messages sont à destination.",
  },
  "there.archive": {
    one: "{count} message est dans l'archive.",
    many: "{count} de messages sont dans l'archive.",
    other: "{count} messages sont dans l'archive.",
  },
  "there.target": {
    one: "{count} message est à destination.",
    many: "{count} de messages sont à destination.",
    other: "{count} messages sont à destination.",
  },
  "failed.nothing": "Rien n'a été copié.",
  "failed.some": {
    one: "Seul {count} message a été copié.",
    many: "Seuls {count} de messages ont été copiés.",
    other: "Seuls {count} messages ont été copiés.",
  },
  rehearsal: {
    one: "{count} message serait copié ; rien n'a été écrit.",
    many: "{count} de messages seraient copiés ; rien n'a été écrit.",
    other: "{count} messages seraient copiés ; rien n'a été écrit.",
  },
  skipped: "Rien n'a été fait : la condition de la tâche n'était pas remplie.",

  "fact.from": "De",
  "fact.to": "Vers",
  "fact.started": "Début",
  "fact.took": "Durée",
  "fact.copied": "Copié",
  "fact.exit": "Code de sortie",
  copied: {
    one: "{count} message, {size}",
    many: "{count} de messages, {size}",
    other: "{count} messages, {size}",
  },
  "copied.nothing": "rien",

  do: "Que faire ?",
  "do.nothing": "Rien.",
  "do.again": "Relancez la tâche : elle reprend où elle s'est arrêtée et ne copie rien deux fois.",
  "do.retry": "Relancez la tâche : ce qui a échoué pour une raison passagère arrivera alors.",
  "do.log-in": "Corrigez l'identifiant ou le mot de passe, puis relancez la tâche.",
  "do.temporary": "Il n'y a rien à corriger : relancez la tâche plus tard.",
  "do.destination":
    "Vérifiez la destination (le disque est-il branché, reste-t-il de la place, peut-on y écrire ?), puis relancez la tâche.",
  "do.quota": "Faites de la place dans le compte de destination, puis relancez la tâche.",
  "do.locked": "Attendez la fin de l'autre exécution, puis relancez la tâche.",
  "do.job-file": "Corrigez le fichier de tâches, puis relancez la tâche.",
  "do.command-failed": "Corrigez la commande de la tâche, puis relancez celle-ci.",
  "do.bug": "C'est un défaut de mailferry. Ce qui a été copié est à l'abri ; merci de le signaler.",
  "do.damaged": "Vérifiez le disque. Laissez l'archive telle quelle, et voyez ce qui est endommagé :",
  "do.M401": "Cherchez les messages illisibles dans le webmail du fournisseur, et gardez-en ce qu'il vous faut.",
  "do.refused":
    "Demandez au fournisseur pourquoi la destination refuse ces messages, ou importez-les par son webmail. Avec keepRefused à côté du compte dans le fichier de tâches, ils sont aussi gardés en fichiers .eml.",
  "do.M404": "Les originaux à la source sont intacts : gardez-les si chaque octet compte.",
  "do.rehearsal": "Pour copier, lancez la tâche sans --dry-run.",
  "do.condition": "Branchez ou montez ce que la tâche attend ; la prochaine exécution continuera d'elle-même.",

  cause: "Ce qui a arrêté l'exécution",

  identity: "Tout est-il là ?",
  "identity.rule.archive":
    "Ce qui est sur le serveur est soit dans l'archive, soit manquant : à chaque ligne, le premier nombre est la somme des deux suivants.",
  "identity.rule.target":
    "Ce qui est à la source est soit à destination, soit manquant : à chaque ligne, le premier nombre est la somme des deux suivants.",
  "identity.none": "Aucune boîte n'a pu être comptée lors de cette exécution.",
  "column.mailbox": "Boîte",
  "column.server": "Sur le serveur",
  "column.source": "À la source",
  "column.archive": "Dans l'archive",
  "column.target": "À destination",
  "column.missing": "Manquants",
  "column.new": "Nouveaux",
  "column.kept": "Gardés",
  "column.kept.meaning": "Gardés : disparus de la source, toujours ici.",
  "column.code": "Code",
  "column.message": "Message",
  "column.reason": "Raison",
  "column.size": "Taille",
  "column.date": "Reçu le",
  "column.year": "Année",
  "column.messages": "Messages",
  "row.total": "Total",
  "row.more": {
    one: "{count} autre boîte",
    many: "{count} d'autres boîtes",
    other: "{count} autres boîtes",
  },
  "also.filtered": {
    one: "{count} message est écarté par le filtre de la tâche.",
    many: "{count} de messages sont écartés par le filtre de la tâche.",
    other: "{count} messages sont écartés par le filtre de la tâche.",
  },
  "also.placed": {
    one: "{count} message est transporté dans une autre boîte (libellés).",
    many: "{count} de messages sont transportés dans d'autres boîtes (libellés).",
    other: "{count} messages sont transportés dans d'autres boîtes (libellés).",
  },
  "also.altered": {
    one: "{count} message a été modifié par la destination (MF-M404).",
    many: "{count} de messages ont été modifiés par la destination (MF-M404).",
    other: "{count} messages ont été modifiés par la destination (MF-M404).",
  },
  "also.unkept": {
    one: "{count} message a des marques ou une date que la destination ne garde pas ; le registre les a.",
    many: "{count} de messages ont des marques ou une date que la destination ne garde pas ; le registre les a.",
    other: "{count} messages ont des marques ou une date que la destination ne garde pas ; le registre les a.",
  },
  "also.reflagged": {
    one: "{count} message a reçu les marques qu'il porte à la source.",
    many: "{count} de messages ont reçu les marques qu'ils portent à la source.",
    other: "{count} messages ont reçu les marques qu'ils portent à la source.",
  },
  "also.twins": {
    one: "{count} message existe en double, octet pour octet ; chacun a été transporté.",
    many: "{count} de messages existent en double, octet pour octet ; chacun a été transporté.",
    other: "{count} messages existent en double, octet pour octet ; chacun a été transporté.",
  },

  lacking: "Ce qui manque, un par un",
  "lacking.none": "Il ne manque rien.",
  "lacking.whole": "toute la boîte",
  "lacking.more": { one: "et {count} autre.", many: "et {count} d'autres.", other: "et {count} autres." },
  "lacking.unexplained": {
    one: "Il manque encore {count} message, que cette exécution n'a pas atteint.",
    many: "Il manque encore {count} de messages, que cette exécution n'a pas atteints.",
    other: "Il manque encore {count} messages, que cette exécution n'a pas atteints.",
  },
  notices: "Bon à savoir",

  integrity: "Intégrité",
  "integrity.verified": {
    one: "Messages écrits par cette exécution et relus intacts : {intact} sur {count}.",
    many: "Messages écrits par cette exécution et relus intacts : {intact} sur {count}.",
    other: "Messages écrits par cette exécution et relus intacts : {intact} sur {count}.",
  },
  "integrity.moved": {
    one: "Messages apportés par cette exécution et relus intacts à destination : {intact} sur {count}.",
    many: "Messages apportés par cette exécution et relus intacts à destination : {intact} sur {count}.",
    other: "Messages apportés par cette exécution et relus intacts à destination : {intact} sur {count}.",
  },
  "integrity.nothing": "Cette exécution n'a écrit aucun message : il n'y avait rien à relire.",
  "integrity.not": "Ce que cette exécution a écrit n'a pas été relu.",
  "integrity.whole": "Pour relire tous les messages de l'archive et les comparer à ce qui est arrivé :",
  "integrity.digest":
    "L'empreinte SHA-256 de chaque message a été prise à son arrivée ; elle est dans le registre de l'archive.",

  ...frenchOfArchives,

  "index.job": "Tâche",
  "index.verdict": "Verdict",
  "index.last": "Dernière exécution",
  "index.reports": "Rapports",
  "index.none": "aucun encore",

  footer:
    "Écrit par mailferry. Cette page se suffit à elle-même : elle ne contient aucun script et ne charge rien d'ailleurs.",
} as const;

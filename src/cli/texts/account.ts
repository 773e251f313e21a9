// Accounts: where passwords are kept, and what `account list` and `account test` say. `account add` is in account-add.ts.

import { texts } from "../../language/texts.ts";

/** Where a password was put. */
export const keepTexts = texts(
  {
    "keep.keyring": "The password is in this system's keyring ({name}).",
    "keep.file": "The password is in a file that only you can read: {path}",
    "keep.no-keyring":
      "There is no keyring here that could be used, so the password is in a file that only you can read: {path}",
  },
  {
    "keep.keyring": "Le mot de passe est dans le trousseau de ce système ({name}).",
    "keep.file": "Le mot de passe est dans un fichier que vous seul pouvez lire : {path}",
    "keep.no-keyring":
      "Aucun trousseau n'est utilisable ici ; le mot de passe est donc dans un fichier que vous seul pouvez lire : {path}",
  },
);

export const accountListTexts = texts(
  {
    "column.name": "Account",
    "column.server": "Server",
    "column.user": "User",
    "column.password": "Password",
    "column.jobs": "Jobs",
    none: "{path} has no accounts. mailferry account add puts one there.",
    "no-account": 'there is no account "{name}"; {path} has: {known}',
    "no-account.meant": 'there is no account "{name}"; did you mean "{meant}"? {path} has: {known}',
  },
  {
    "column.name": "Compte",
    "column.server": "Serveur",
    "column.user": "Identifiant",
    "column.password": "Mot de passe",
    "column.jobs": "Tâches",
    none: "{path} n'a aucun compte. mailferry account add en ajoute un.",
    "no-account": "il n'y a pas de compte « {name} » ; {path} a : {known}",
    "no-account.meant": "il n'y a pas de compte « {name} » ; vouliez-vous dire « {meant} » ? {path} a : {known}",
  },
);

export const accountTestTexts = texts(
  {
    "level.ok": "ok",
    "level.info": "info",
    "level.warning": "warning",
    "level.error": "error",

    "step.address": "Address",
    "step.connection": "Connection",
    "step.encryption": "Encryption",
    "step.greeting": "Greeting",
    "step.log-in": "Log-in",
    "step.mailboxes": "Mailboxes",
    "step.abilities": "Abilities",

    milliseconds: "{count} ms",

    more: "{list} and {count} more",
    connection: "{address}, port {port}",
    encrypted: "{protocol}; certificate by {issuer}, good until {date} ({days})",
    "encrypted.self": "{protocol}; certificate signed by itself ({issuer}), good until {date} ({days})",
    "encrypted.no-date": "{protocol}; certificate by {issuer}",
    days: { one: "{count} day", other: "{count} days" },
    "encrypted.soon": "It has to be renewed soon, or the log-in will be refused from that day on.",
    clear: "none: everything, the password too, can be read on the way",
    "clear.loopback": "none; the server is on this machine",
    greeting: "the server says {words}",
    "greeting.silent": "the server greets without a word",
    "log-in": "accepted for {user}",
    mailboxes: { one: "{count} mailbox", other: "{count} mailboxes" },
    messages: { one: "{count} message", other: "{count} messages" },
    "mailboxes.sizes": "{mailboxes}, {messages}, {size}",
    "mailboxes.no-sizes": "{mailboxes}, {messages}; this server tells no sizes without listing every message",
    quota: "{used} of {limit} are used.",
    "lack.name": "{name}: its name can't be sent back as the server spells it",
    "lack.untold": "{name}: the server does not say what is in it",
    uncounted: { one: "{count} mailbox was not counted.", other: "{count} mailboxes were not counted." },

    "all-there": "everything is there that makes a backup or a move fast",
    "lacks.CONDSTORE": "It marks no changes (no CONDSTORE): every message is listed in each run.",
    "lacks.LIST-STATUS": "It tells of one mailbox at a time (no LIST-STATUS): many mailboxes take a little longer.",
    "lacks.SPECIAL-USE": "It does not say which mailbox is Sent or Trash (no SPECIAL-USE): their names decide.",
    "lacks.COMPRESS=DEFLATE": "It does not compress (no COMPRESS): a slow line stays slow.",
    "lacks.LITERAL+": "It takes one message at a time (no LITERAL+): moving mail into it takes longer.",
    "lacks.UIDPLUS":
      "It does not say where it puts a message (no UIDPLUS): after a move into it each one is looked for.",
    "lacks.QUOTA": "It does not say how much room is left (no QUOTA).",
    "lacks.UIDL":
      "It gives messages no lasting names (no UIDL): each run fetches all of them again, and keeps what is new.",
    "lacks.PIPELINING": "It wants each command to wait for its answer (no PIPELINING): a long way makes it slow.",
    "is.APPENDLIMIT": "It takes no message larger than {size}: a move into it leaves larger ones out and names them.",
    "is.labels": "Its mailboxes are labels (Gmail): a message counts in each of them, and is fetched once.",
    "is.LOGIN-DELAY": "It wants {duration} between two log-ins.",
    "is.EXPIRE": {
      one: "It deletes mail by itself after {count} day: run the backup more often.",
      other: "It deletes mail by itself after {count} days: run the backup more often.",
    },
    "is.EXPIRE.at-once": "It deletes what was read by itself (EXPIRE 0): ask the provider before the first backup.",
    "is.STARTTLS": "It offers encryption, and this account does not use it: set tls: starttls.",
    "is.POP3":
      "POP3 gives the inbox alone, without folders, flags and dates. If the provider has IMAP, that gives all.",

    good: "{name}: the log-in works.",
    bad: "{name} can't be used as it is.",
    "good.warnings": {
      one: "{name}: the log-in works; there is one thing to look at.",
      other: "{name}: the log-in works; there are {count} things to look at.",
    },
    untouched: "Nothing was changed on the server.",
  },
  {
    "level.ok": "ok",
    "level.info": "info",
    "level.warning": "attention",
    "level.error": "erreur",

    "step.address": "Adresse",
    "step.connection": "Liaison",
    "step.encryption": "Chiffrement",
    "step.greeting": "Accueil",
    "step.log-in": "Connexion",
    "step.mailboxes": "Boîtes",
    "step.abilities": "Capacités",

    milliseconds: "{count} ms",

    more: "{list} et {count} de plus",
    connection: "{address}, port {port}",
    encrypted: "{protocol} ; certificat de {issuer}, valable jusqu'au {date} ({days})",
    "encrypted.self": "{protocol} ; certificat signé par lui-même ({issuer}), valable jusqu'au {date} ({days})",
    "encrypted.no-date": "{protocol} ; certificat de {issuer}",
    days: { one: "{count} jour", other: "{count} jours" },
    "encrypted.soon": "Il doit être renouvelé bientôt, sinon la connexion sera refusée à partir de ce jour.",
    clear: "aucun : tout, même le mot de passe, peut être lu en chemin",
    "clear.loopback": "aucun ; le serveur est sur cette machine",
    greeting: "le serveur dit {words}",
    "greeting.silent": "le serveur accueille sans un mot",
    "log-in": "acceptée pour {user}",
    mailboxes: { one: "{count} boîte", other: "{count} boîtes" },
    messages: { one: "{count} message", other: "{count} messages" },
    "mailboxes.sizes": "{mailboxes}, {messages}, {size}",
    "mailboxes.no-sizes": "{mailboxes}, {messages} ; ce serveur ne dit pas les tailles sans lister chaque message",
    quota: "{used} sur {limit} sont utilisés.",
    "lack.name": "{name} : ce nom ne peut pas être renvoyé tel que le serveur l'écrit",
    "lack.untold": "{name} : le serveur ne dit pas ce qui s'y trouve",
    uncounted: { one: "{count} boîte n'a pas été comptée.", other: "{count} boîtes n'ont pas été comptées." },

    "all-there": "tout ce qui rend une sauvegarde ou un déplacement rapide est là",
    "lacks.CONDSTORE":
      "Il ne signale pas les changements (pas de CONDSTORE) : chaque exécution liste tous les messages.",
    "lacks.LIST-STATUS":
      "Il parle d'une boîte à la fois (pas de LIST-STATUS) : beaucoup de boîtes prennent un peu plus de temps.",
    "lacks.SPECIAL-USE":
      "Il ne dit pas quelle boîte est celle des envoyés ou la corbeille (pas de SPECIAL-USE) : leur nom décide.",
    "lacks.COMPRESS=DEFLATE": "Il ne compresse pas (pas de COMPRESS) : une ligne lente reste lente.",
    "lacks.LITERAL+": "Il prend un message à la fois (pas de LITERAL+) : y déplacer du courrier prend plus de temps.",
    "lacks.UIDPLUS":
      "Il ne dit pas où il range un message (pas de UIDPLUS) : après un déplacement vers lui, chacun est recherché.",
    "lacks.QUOTA": "Il ne dit pas combien de place il reste (pas de QUOTA).",
    "lacks.UIDL":
      "Il ne donne pas de nom durable aux messages (pas de UIDL) : chaque exécution les reprend tous, et garde ce qui est nouveau.",
    "lacks.PIPELINING": "Il veut que chaque commande attende sa réponse (pas de PIPELINING) : de loin, c'est lent.",
    "is.APPENDLIMIT":
      "Il ne prend aucun message de plus de {size} : un déplacement vers lui laisse les plus gros de côté, et les nomme.",
    "is.labels":
      "Ses boîtes sont des libellés (Gmail) : un message compte dans chacune d'elles, et n'est pris qu'une fois.",
    "is.LOGIN-DELAY": "Il veut {duration} entre deux connexions.",
    "is.EXPIRE": {
      one: "Il supprime lui-même le courrier après {count} jour : sauvegardez plus souvent.",
      other: "Il supprime lui-même le courrier après {count} jours : sauvegardez plus souvent.",
    },
    "is.EXPIRE.at-once":
      "Il supprime lui-même ce qui a été lu (EXPIRE 0) : demandez au fournisseur avant la première sauvegarde.",
    "is.STARTTLS":
      "Il propose le chiffrement, et ce compte ne s'en sert pas ; il suffit de mettre starttls à la clé tls.",
    "is.POP3":
      "POP3 ne donne que la boîte de réception, sans dossiers, ni marques, ni dates. Si le fournisseur a IMAP, celui-ci donne tout.",

    good: "{name} : la connexion fonctionne.",
    bad: "{name} est inutilisable tel quel.",
    "good.warnings": {
      one: "{name} : la connexion fonctionne ; il y a un point à regarder.",
      other: "{name} : la connexion fonctionne ; il y a {count} points à regarder.",
    },
    untouched: "Rien n'a été modifié sur le serveur.",
  },
);

// What `backup` says and asks: from the address to the archive.

import { texts } from "../../language/texts.ts";

export const backupTexts = texts(
  {
    welcome:
      "mailferry brings your mail into a folder on this computer. Nothing is deleted or marked read on the server; you can stop at any moment with Ctrl-C and go on later.",
    "ask.address": "Your mail address: ",
    "address.empty": "there is no address",
    "address.no-at": '"{text}" is not a mail address: there is no @ in it, as in ada@example.org',
    "address.space": '"{text}" is not a mail address: it has a space in it',
    "address.no-local": '"{text}" is not a mail address: nothing stands before the @',
    "address.bad-local": '"{text}" is not a mail address: what stands before the @ can\'t be right',
    "address.bad-domain": '"{text}" is not a mail address: what follows the @ can\'t be right',
    "address.no-dot": '"{text}" is not a mail address: what follows the @ has an ending, such as .org',
    "need.address": "name a mail address, as in: {command}; or a job of a job file",
    "one.address": "one address at a time; forty accounts go into a job file (mailferry config init)",
    "only.addresses": "{flag} is for a mail address; a job has its own in the job file",
    "need.password": "there is no terminal to ask for the password; --password-file FILE or --password-stdin gives it",
    "one.password": "use --password-file or --password-stdin, not both",
    "need.server": "no mail server was found for {domain}, and there is no terminal to ask; name it with --server HOST",
    "need.trust":
      "{hosts}: {domain} is said to have its mail there ({where}), and there is no terminal to ask whether that is right; if it is, name it with --server {host}",
    "no.protocol": "no {protocol} server is known for {domain}; --server HOST names one",
    "bad.server": '"{text}" is not a server such as imap.example.org or imap.example.org:993',

    looking: "Looking for the mail server of {domain}...",
    found: "{name}: {host}, port {port}, {security} ({origin})",
    "found.before": "As before: {host}, port {port}, {security}",
    "found.gone": "{host} does not answer as before ({reason}); looking again.",
    "security.implicit": "encrypted",
    "security.starttls": "encrypted (STARTTLS)",
    "security.none": "not encrypted, on this computer only",
    "origin.table": "from mailferry's own table, {date}",
    "origin.autoconfig": "as {where} says",
    "origin.ispdb": "from Thunderbird's list, {where}",
    "origin.srv": "from the DNS, {where}",
    "origin.mx": "who takes its mail: {where}",
    "origin.guess": "found by trying usual names",
    "origin.person": "as you named it",
    "by.imap": "Over IMAP all mailboxes come, with what was read. (POP3 has the inbox only: --protocol pop3.)",
    "by.imap.only": "Over IMAP all mailboxes come, with what was read.",
    "by.pop3":
      "POP3 has the inbox only, and does not tell what was read. (IMAP has all mailboxes: leave out --protocol.)",
    "by.pop3.only": "POP3 has the inbox only: other mailboxes, and what was read, the server does not tell.",
    "ask.trust": "{domain} has its mail at {hosts}, says {where}. Is that your provider?",
    "not-found": "No mail server was found for {domain}. Your provider's help pages name it, under IMAP or POP.",
    "ask.server": "Server: ",
    "password.app": "{provider} wants an app password here, made for mailferry alone, not the one of its web site.",
    "password.app-if-two-step":
      "{provider}: if you log in with a second step (a code on your phone), make an app password for mailferry.",
    "password.separate": "{provider} has a password for mail programs of its own, which you set in its settings.",
    "password.where": "Where: {where}",
    "switch-on": "{provider}: {protocol} may have to be switched on first: {where}",
    "ask.password": "Password of {user} (not shown, not kept): ",
    "refused.again": "{user}: the server refused the password. Once more, for a typing mistake.",
    "refused.form": "The server did not take the log-in as {user}; trying {other}.",

    "looking.in": "Logging in and looking at what is there...",
    "there.sized": {
      one: "{mailboxes}, {count} message, {size}.",
      other: "{mailboxes}, {count} messages, {size}.",
    },
    "there.unsized": { one: "{mailboxes}, {count} message.", other: "{mailboxes}, {count} messages." },
    mailboxes: { one: "1 mailbox", other: "{count} mailboxes" },
    "to-copy.all": "To copy: all of it, in {time}.",
    "to-copy.some": {
      one: "To copy: {count} message that is new ({size}), in {time}.",
      other: "To copy: {count} messages that are new ({size}), in {time}.",
    },
    "to-copy.none": "Nothing is new since the last time.",
    "to-copy.none.yet": "There is nothing to copy.",
    "time.short": "less than a minute",
    "time.range": "some {from} to {to}, as fast as the line and the server are",
    "nothing-deleted": "Nothing is deleted or marked read on the server.",
    "place.free": "{place}: {size} free.",
    "place.goes-on": "The archive in {place} goes on; {size} free.",
    "place.tight": "{place} has {free} free, and {needed} are to come: choose a folder on a larger disk.",
    "place.mbox": "That disk ({disk}) can't hold the file names of a Maildir, so each mailbox becomes one file (mbox).",
    "place.large":
      "{mailbox} has {size}, and no file on that disk ({disk}) can be larger than 4 GiB: the rest would not fit. Choose a folder on another disk.",
    "ask.place": "Folder for the archive (Enter starts): ",
    "ask.start": "Start?",

    comparing: "Comparing with the server...",
    compared: {
      one: "Compared: the one message that is on the server is in the archive",
      other: "Compared: all {count} messages that are on the server are in the archive",
    },
    "compared.none": "Compared: the server has no message",
    "compared.short": {
      one: "Compared: 1 message on the server is not in the archive yet; it may have come meanwhile",
      other: "Compared: {count} messages on the server are not in the archive yet; they may have come meanwhile",
    },
    "compared.differing": {
      one: "Compared: 1 message on the server is another than the one that was copied",
      other: "Compared: {count} messages on the server are others than those that were copied",
    },
    "compared.not": "Not compared with the server afterwards: {reason}",
    "compared.pause": "Not compared with the server afterwards: {provider} allows a log-in every {minutes} minutes",
    "your-messages": {
      one: "Your message is safe, in {place}",
      other: "Your {count} messages are safe, in {place}",
    },
    "next.title": "Next:",
    "next.again": "what is new",
    "next.verify": "read it all again",
    "next.ls": "what is in it",
    "next.report": "a report",
  },
  {
    welcome:
      "mailferry copie votre courrier dans un dossier de cet ordinateur. Rien n'est supprimé ni marqué comme lu sur le serveur ; vous pouvez interrompre à tout moment avec Ctrl-C et reprendre plus tard.",
    "ask.address": "Votre adresse de courriel : ",
    "address.empty": "il n'y a pas d'adresse",
    "address.no-at": "« {text} » n'est pas une adresse : il y manque le @, comme dans ada@example.org",
    "address.space": "« {text} » n'est pas une adresse : elle contient une espace",
    "address.no-local": "« {text} » n'est pas une adresse : il n'y a rien avant le @",
    "address.bad-local": "« {text} » n'est pas une adresse : ce qui précède le @ ne convient pas",
    "address.bad-domain": "« {text} » n'est pas une adresse : ce qui suit le @ ne convient pas",
    "address.no-dot": "« {text} » n'est pas une adresse : il manque la fin, par exemple .fr",
    "need.address": "donnez une adresse, par exemple : {command} ; ou une tâche d'un fichier de tâches",
    "one.address": "une adresse à la fois ; pour plusieurs comptes, un fichier de tâches (mailferry config init)",
    "only.addresses": "{flag} va avec une adresse ; pour une tâche, le fichier de tâches le dit",
    "need.password":
      "pas de terminal pour demander le mot de passe ; --password-file FICHIER ou --password-stdin le fournit",
    "one.password": "--password-file ou --password-stdin, pas les deux",
    "need.server":
      "aucun serveur de courrier n'a été trouvé pour {domain}, et il n'y a pas de terminal pour le demander ; --server SERVEUR l'indique",
    "need.trust":
      "{hosts} : le courrier de {domain} y serait ({where}), et il n'y a pas de terminal pour demander si c'est juste ; si oui, indiquez-le avec --server {host}",
    "no.protocol": "aucun serveur {protocol} n'est connu pour {domain} ; --server SERVEUR en indique un",
    "bad.server": "« {text} » n'est pas un serveur, par exemple imap.example.org",

    looking: "Recherche du serveur de courrier de {domain}...",
    found: "{name} : {host}, port {port}, {security} ({origin})",
    "found.before": "Comme la dernière fois : {host}, port {port}, {security}",
    "found.gone": "{host} ne répond plus comme avant ({reason}) ; nouvelle recherche.",
    "security.implicit": "connexion chiffrée",
    "security.starttls": "connexion chiffrée (STARTTLS)",
    "security.none": "non chiffré, sur cet ordinateur seulement",
    "origin.table": "d'après la table de mailferry, {date}",
    "origin.autoconfig": "d'après {where}",
    "origin.ispdb": "d'après la liste de Thunderbird, {where}",
    "origin.srv": "d'après le DNS, {where}",
    "origin.mx": "d'après qui reçoit son courrier : {where}",
    "origin.guess": "trouvé en essayant les noms habituels",
    "origin.person": "comme vous l'avez indiqué",
    "by.imap":
      "Par IMAP, toutes les boîtes viennent, avec ce qui est lu. (POP3 n'a que la boîte de réception : --protocol pop3.)",
    "by.imap.only": "Par IMAP, toutes les boîtes viennent, avec ce qui est lu.",
    "by.pop3":
      "POP3 n'a que la boîte de réception et ne dit pas ce qui est lu. (IMAP a toutes les boîtes : sans --protocol.)",
    "by.pop3.only": "POP3 n'a que la boîte de réception : le serveur ne donne ni les autres boîtes, ni ce qui est lu.",
    "ask.trust": "Le courrier de {domain} est chez {hosts}, d'après {where}. Est-ce bien votre fournisseur ?",
    "not-found":
      "Aucun serveur de courrier n'a été trouvé pour {domain}. L'aide de votre fournisseur l'indique, sous IMAP ou POP.",
    "ask.server": "Serveur : ",
    "password.app":
      "{provider} demande ici un mot de passe d'application, créé pour mailferry, et non celui de son site.",
    "password.app-if-two-step":
      "{provider} : si vous vous connectez en deux étapes (un code sur votre téléphone), créez un mot de passe d'application pour mailferry.",
    "password.separate":
      "{provider} a un mot de passe à part pour les logiciels de messagerie, à choisir dans ses réglages.",
    "password.where": "Où : {where}",
    "switch-on": "{provider} : il faut peut-être d'abord activer {protocol} : {where}",
    "ask.password": "Mot de passe de {user} (ni affiché, ni conservé) : ",
    "refused.again": "{user} : le serveur a refusé le mot de passe. Encore un essai, au cas où il serait mal tapé.",
    "refused.form": "Le serveur n'a pas accepté l'identifiant {user} ; essai avec {other}.",

    "looking.in": "Connexion et inventaire...",
    "there.sized": {
      one: "{mailboxes}, {count} message, {size}.",
      other: "{mailboxes}, {count} messages, {size}.",
    },
    "there.unsized": { one: "{mailboxes}, {count} message.", other: "{mailboxes}, {count} messages." },
    mailboxes: { one: "{count} boîte", other: "{count} boîtes" },
    "to-copy.all": "À copier : tout, en {time}.",
    "to-copy.some": {
      one: "À copier : {count} nouveau message ({size}), en {time}.",
      other: "À copier : {count} nouveaux messages ({size}), en {time}.",
    },
    "to-copy.none": "Rien de nouveau depuis la dernière fois.",
    "to-copy.none.yet": "Il n'y a rien à copier.",
    "time.short": "moins d'une minute",
    "time.range": "{from} à {to}, selon la ligne et le serveur",
    "nothing-deleted": "Rien n'est supprimé ni marqué comme lu sur le serveur.",
    "place.free": "{place} : {size} libres.",
    "place.goes-on": "L'archive de {place} est complétée ; {size} libres.",
    "place.tight":
      "{place} a {free} libres, et {needed} doivent y tenir : choisissez un dossier sur un disque plus grand.",
    "place.mbox":
      "Ce disque ({disk}) n'accepte pas les noms de fichiers d'un Maildir : chaque boîte devient un seul fichier (mbox).",
    "place.large":
      "{mailbox} fait {size}, et aucun fichier de ce disque ({disk}) ne peut dépasser 4 Gio : le reste n'y tiendrait pas. Choisissez un dossier sur un autre disque.",
    "ask.place": "Dossier de l'archive (Entrée pour commencer) : ",
    "ask.start": "Commencer ?",

    comparing: "Comparaison avec le serveur...",
    compared: {
      one: "Comparé : le seul message du serveur est dans l'archive",
      other: "Comparé : les {count} messages du serveur sont tous dans l'archive",
    },
    "compared.none": "Comparé : le serveur n'a aucun message",
    "compared.short": {
      one: "Comparé : {count} message du serveur n'est pas encore dans l'archive ; il a pu arriver entre-temps",
      other: "Comparé : {count} messages du serveur ne sont pas encore dans l'archive ; ils ont pu arriver entre-temps",
    },
    "compared.differing": {
      one: "Comparé : {count} message du serveur n'est plus celui qui a été copié",
      other: "Comparé : {count} messages du serveur ne sont plus ceux qui ont été copiés",
    },
    "compared.not": "Pas comparé ensuite avec le serveur : {reason}",
    "compared.pause":
      "Pas comparé ensuite avec le serveur : {provider} n'accepte une connexion que toutes les {minutes} minutes",
    "your-messages": {
      one: "Votre message est en sécurité, dans {place}",
      other: "Vos {count} messages sont en sécurité, dans {place}",
    },
    "next.title": "Ensuite :",
    "next.again": "ce qui est nouveau",
    "next.verify": "tout relire",
    "next.ls": "ce qu'elle contient",
    "next.report": "un rapport",
  },
);

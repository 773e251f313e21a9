// Mailboxes and messages on servers: read, written, counted.

import { sentences } from "./form.ts";

export const mailboxes = sentences({
  "{host} refused to list the mailboxes: {words}": "{host} a refusé de lister les boîtes : {words}",
  "mailbox {name} can't be read: {why:unread}": "la boîte {name} ne peut pas être lue : {why}",
  "mailbox {name} may have more than what came: {why:uncounted}":
    "la boîte {name} contient peut-être plus que ce qui est arrivé : {why}",
  "mailbox {name} can't be written: {why:unwritten}": "on ne peut pas écrire dans la boîte {name} : {why}",
  "the server can't have a mailbox called {name}": "le serveur ne peut pas avoir de boîte nommée {name}",
  "{host} has no mailbox but INBOX: POP3 knows no other":
    "{host} n'a pas d'autre boîte qu'INBOX : POP3 n'en connaît pas d'autre",
  "{where} has no mailbox {name}": "{where} n'a pas de boîte {name}",
  "a mailbox without a name can't be stored": "une boîte sans nom ne peut pas être rangée",
  "the mailboxes {one} and {other} would both go to {target}":
    "les boîtes {one} et {other} iraient toutes deux dans {target}",
  "Give one of them another name in mailboxes.map, or exclude it.":
    "Donnez à l'une d'elles un autre nom dans mailboxes.map, ou excluez-la.",
  "the mailbox {name} can't go to {target}, where {other} went before":
    "la boîte {name} ne peut pas aller dans {target}, où {other} est déjà allée",
  "Give it another name in mailboxes.map.": "Donnez-lui un autre nom dans mailboxes.map.",

  "the server answered {words}": "le serveur a répondu {words}",
  "the server sends no content": "le serveur n'envoie aucun contenu",
  "the server sends {octets} octets at once, where {asked} were asked for":
    "le serveur envoie {octets} octets d'un coup, alors que {asked} étaient demandés",
  "asked for its beginning, the server sent another part":
    "quand on lui demande le début du message, le serveur en envoie une autre partie",
  "asked for its part from octet {offset}, the server sent another":
    "quand on lui demande la partie à partir de l'octet {offset}, le serveur en envoie une autre",
  "the server announces no octets, sends {sent}, and does not end":
    "le serveur n'annonce aucun octet, en envoie {sent}, et ne finit pas",
  "the server announces {octets} octets, sends {sent}, and does not end":
    "le serveur annonce {octets} octets, en envoie {sent}, et ne finit pas",
  "the server announces {octets} octets and sends {sent}": "le serveur annonce {octets} octets et en envoie {sent}",
  "it broke off after {octets} octets: {why:any}": "il s'est interrompu après {octets} octets : {why}",
  "Open it in the provider's webmail; it is tried again in the next run.":
    "Ouvrez-le dans le webmail du fournisseur ; la prochaine exécution réessaiera.",
  "it is not in the mailbox any more": "il n'est plus dans la boîte",
  "it takes messages up to {octets} octets": "il accepte des messages jusqu'à {octets} octets",
  "the server answered OK, but the message is not in the mailbox":
    "le serveur a répondu OK, mais le message n'est pas dans la boîte",
  "other octets": "d'autres octets",
  "the target gives back other octets": "la destination rend d'autres octets",
  "the target gives back other octets than it was given":
    "la destination rend d'autres octets que ceux qu'elle a reçus",
  "the target gives back {octets} octets instead of {size}": "la destination rend {octets} octets au lieu de {size}",
  "the target account is full: the server answered {words}":
    "le compte de destination est plein : le serveur a répondu {words}",
  "the target account is full: {octets} octets are to come, and there is room for {room}":
    "le compte de destination est plein : il reste {octets} octets à apporter, et de la place pour {room}",
  "Make room there, or have its quota raised; then run again: it goes on where it stopped.":
    "Faites-y de la place, ou faites augmenter son quota, puis relancez : la tâche reprend où elle s'est arrêtée.",

  "the mailbox at the target is another than before; what is missing there is brought again":
    "la boîte à destination n'est plus la même qu'avant ; ce qui y manque est apporté à nouveau",
  "the mailbox at the target is another than before; what is there was recognised by content":
    "la boîte à destination n'est plus la même qu'avant ; ce qui s'y trouve a été reconnu à son contenu",
  "the server has numbered its messages anew; what is stored is recognised by content":
    "le serveur a renuméroté ses messages ; ce qui est déjà rangé est reconnu à son contenu",
  "it was called {name}; what is stored under that name stays, and is here once more":
    "elle s'appelait {name} ; ce qui est rangé sous ce nom y reste, et se trouve ici une fois de plus",
  "the target does not keep {flags}; the ledger has them": "la destination ne garde pas {flags} ; le registre les a",
  "the target does not keep {flags} and {count} more; the ledger has them":
    "la destination ne garde pas {flags} et {count} autres ; le registre les a",
  "the server gives its messages no UIDL of their own: they are fetched in every run, and known by their content":
    "le serveur ne donne pas à ses messages d'UIDL propre : ils sont relus à chaque exécution, et reconnus à leur contenu",
  "the server gives {some} of its {count} messages no UIDL of their own: they are fetched in every run, and known by their content":
    "le serveur ne donne pas d'UIDL propre à {some} de ses {count} messages : ils sont relus à chaque exécution, et reconnus à leur contenu",
  "the server tells other sizes than it sends (UID {uids:more}): what it sent is kept":
    "le serveur annonce d'autres tailles que celles qu'il envoie (UID {uids}) : ce qu'il a envoyé est gardé",
  "the server tells other sizes than it sends (UID {uids:more}): what it sent is kept, and was the same when {count} of them were fetched again":
    "le serveur annonce d'autres tailles que celles qu'il envoie (UID {uids}) : ce qu'il a envoyé est gardé, et était identique quand {count} d'entre eux ont été relus",
  "the server gives other octets each time it is asked (UID {uids:more}): what came first is kept":
    "le serveur donne d'autres octets à chaque demande (UID {uids}) : ce qui est arrivé en premier est gardé",
});

/** A list, cut where it gets long. */
export const more = sentences({ "{list}": "{list}", "{list} and {count} more": "{list} et {count} autres" });

export const unread = sentences({
  "the server refused to list it: {words}": "le serveur a refusé de la lister : {words}",
  "the server refuses to list it": "le serveur refuse de la lister",
  "the server claims {count} messages in it": "le serveur prétend qu'elle contient {count} messages",
  "the server answered {words}": "le serveur a répondu {words}",
  "its name is not valid IMAP; rename it in the webmail":
    "son nom n'est pas valable en IMAP ; renommez-la dans le webmail",
  "the server does not list it": "le serveur ne la liste pas",
});

export const unwritten = sentences({
  "it is gone: the server answered {words}": "elle a disparu : le serveur a répondu {words}",
  "the server answered {words}": "le serveur a répondu {words}",
  "its name is not valid IMAP; rename it in the webmail":
    "son nom n'est pas valable en IMAP ; renommez-la dans le webmail",
  "the account may only read it": "le compte n'a que le droit de la lire",
  "the server gives it no UIDVALIDITY": "le serveur ne lui donne pas d'UIDVALIDITY",
  "the server refused to make it: {words}": "le serveur a refusé de la créer : {words}",
});

export const uncounted = sentences({
  "the server does not count its messages and lists {count}":
    "le serveur n'en compte pas les messages et en liste {count}",
  "the server counts {count} messages but lists {listed}": "le serveur compte {count} messages mais en liste {listed}",
  "{stat} messages in STAT, {list} in LIST": "{stat} messages dans STAT, {list} dans LIST",
  "{stat} messages in STAT, {list} in LIST, {uidl} in UIDL":
    "{stat} messages dans STAT, {list} dans LIST, {uidl} dans UIDL",
  "message {number} in UIDL, but not in LIST": "message {number} dans UIDL, mais pas dans LIST",
});

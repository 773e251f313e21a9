// Archives, their ledgers, and the disk they are on.

import { sentences } from "./form.ts";

export const storage = sentences({
  "{path}: {what:disk} ({code})": "{path} : {what} ({code})",
  "{path}: {what:disk} ({code}); it takes no more files (its inodes are used up)":
    "{path} : {what} ({code}) ; il n'accepte plus de fichiers (ses inodes sont épuisés)",
  "{path}: {what:disk} ({code}); {free:size} are free on it": "{path} : {what} ({code}) ; {free} y sont libres",
  "too many files are open ({code})": "trop de fichiers sont ouverts ({code})",
  "Raise the limit of open files (ulimit -n 256), then run the same command again.":
    "Augmentez la limite de fichiers ouverts (ulimit -n 256), puis relancez la même commande.",
  "Make room and run the same command again.": "Faites de la place, puis relancez la même commande.",
  "Raise the limit of open files (ulimit -n), or lower concurrency and connections in the job file.":
    "Augmentez la limite de fichiers ouverts (ulimit -n), ou réduisez concurrency et connections dans le fichier de tâches.",
  "Change the folder's permissions, or choose another folder.":
    "Changez les droits du dossier, ou choisissez un autre dossier.",
  "Use the maildir format.": "Utilisez le format maildir.",
  "Mount it for writing, or choose another folder.": "Montez-le en écriture, ou choisissez un autre dossier.",
  "Check the path, and that the disk is plugged in.": "Vérifiez le chemin, et que le disque est branché.",
  "Choose another folder.": "Choisissez un autre dossier.",
  "Check the disk before anything else.": "Vérifiez le disque avant toute autre chose.",
  "Choose a shorter path.": "Choisissez un chemin plus court.",
  "Mount it anew and run the same command again.": "Remontez-le, puis relancez la même commande.",
  "Check that the disk is plugged in.": "Vérifiez que le disque est branché.",
  "Archives are never written through links: remove it.":
    "Une archive n'est jamais écrite à travers un lien : supprimez-le.",
  "Check the disk and the path.": "Vérifiez le disque et le chemin.",
  "Choose a folder of your own.": "Choisissez un dossier à vous.",
  "{path}: another user ({uid}) made it, where anybody may make folders":
    "{path} : un autre utilisateur ({uid}) l'a créé, là où n'importe qui peut créer des dossiers",

  "{path}: the archive that was here is gone": "{path} : l'archive qui était ici a disparu",
  "Plug in or mount the disk; if you removed the archive on purpose, remove {path} too.":
    "Branchez ou montez le disque ; si vous avez supprimé l'archive exprès, supprimez aussi {path}.",
  "{path}: the packs that were here are gone": "{path} : les paquets qui étaient ici ont disparu",
  "Plug in or mount the disk; if you removed the packs on purpose, remove {path} too.":
    "Branchez ou montez le disque ; si vous avez supprimé les paquets exprès, supprimez aussi {path}.",
  "{path} has room for {free:size} and {needed:size} are to be brought: make room first":
    "{path} a de la place pour {free}, et {needed} sont à apporter : faites d'abord de la place",
  "{path} has room for {free:size} and {needed:size} are to be brought: what fits is brought; with more room the next run brings the rest":
    "{path} a de la place pour {free}, et {needed} sont à apporter : ce qui tient est apporté ; avec plus de place, la prochaine exécution apportera le reste",
  "{path} has room for {free:size} and {needed:size} are still to be brought, as far as mailboxes are listed: make room first":
    "{path} a de la place pour {free}, et {needed} restent à apporter, d'après les boîtes déjà listées : faites d'abord de la place",
  "{path} has room for {free:size} and {needed:size} are still to be brought, as far as mailboxes are listed: what fits is brought; with more room the next run brings the rest":
    "{path} a de la place pour {free}, et {needed} restent à apporter, d'après les boîtes déjà listées : ce qui tient est apporté ; avec plus de place, la prochaine exécution apportera le reste",

  "{path} is held by another run (process {pid} on {host})":
    "{path} est pris par une autre exécution (processus {pid} sur {host})",
  "{path} is held by {who}": "{path} est pris par {who}",
  "Wait until it has ended; if you are sure that none is active, remove this file.":
    "Attendez qu'elle soit finie ; si vous êtes sûr qu'aucune n'est en cours, supprimez ce fichier.",
  "{path} is a lock that can't be read": "{path} est un verrou illisible",
  "If you are sure that no other run is active, remove this file.":
    "Si vous êtes sûr qu'aucune autre exécution n'est en cours, supprimez ce fichier.",

  "{path} is not a mailferry archive, and it is not empty":
    "{path} n'est pas une archive de mailferry, et n'est pas vide",
  "If only its {file} is gone, mailferry verify ARCHIVE --repair writes it anew.":
    "Si seul son {file} a disparu, mailferry verify ARCHIVE --repair le réécrit.",
  "Name the folder of an archive, or a new or empty one.":
    "Indiquez le dossier d'une archive, ou un dossier nouveau ou vide.",
  "{path} is not the marker of an archive this version can read":
    "{path} n'est pas la marque d'une archive que cette version sait lire",
  "Put the file back from a copy, or use the version of mailferry that wrote it. If it was damaged, mailferry verify ARCHIVE --repair writes it anew.":
    "Remettez le fichier depuis une copie, ou utilisez la version de mailferry qui l'a écrit. S'il a été endommagé, mailferry verify ARCHIVE --repair le réécrit.",
  "{path} is not a mailferry archive: there is no {file}":
    "{path} n'est pas une archive de mailferry : il n'y a pas de {file}",
  "{path} is not a mailferry archive": "{path} n'est pas une archive de mailferry",
  "{path} is the archive of another account: {user} on {host} ({protocol})":
    "{path} est l'archive d'un autre compte : {user} sur {host} ({protocol})",
  "{path} is the archive of another account: {user} ({protocol})":
    "{path} est l'archive d'un autre compte : {user} ({protocol})",
  "Give each account a folder of its own; if only the server's name has changed, change it in {file}.":
    "Donnez à chaque compte son propre dossier ; si seul le nom du serveur a changé, changez-le dans {file}.",
  "{path} is an archive in the {one} format, not {other}": "{path} est une archive au format {one}, pas {other}",
  "Set format: {format}, or choose another folder.": "Indiquez format: {format}, ou choisissez un autre dossier.",

  "{path} is damaged at octet {octet}; the mail itself was not touched":
    "{path} est endommagé à l'octet {octet} ; le courrier lui-même n'a pas été touché",
  "mailferry verify ARCHIVE --repair rebuilds the ledger of an archive from its mail. That of a move can be removed: what is at the target is recognised by content.":
    "mailferry verify ARCHIVE --repair reconstruit le registre d'une archive à partir de son courrier. Celui d'un déménagement peut être supprimé : ce qui est à destination est reconnu à son contenu.",
  "{path} is the ledger of {name}, by another name": "{path} est le registre de {name}, sous un autre nom",
  "Give it back its name, {name}, or run mailferry verify ARCHIVE --repair.":
    "Rendez-lui son nom, {name}, ou lancez mailferry verify ARCHIVE --repair.",
  "{path} is not what mailferry wrote": "{path} n'est pas ce que mailferry a écrit",
  "Put it back from a copy, or remove it.": "Remettez-le depuis une copie, ou supprimez-le.",
  "the ledger of {name} tells of {now} messages where an earlier run had {before}, and the mail of the others is there":
    "le registre de {name} parle de {now} messages alors qu'une exécution précédente en avait {before}, et le courrier des autres est là",
  "mailferry verify {path} --repair takes them in again.": "mailferry verify {path} --repair les reprend.",
  "{path} was not touched: {why:untouched}": "{path} n'a pas été touché : {why}",
  "mailferry verify ARCHIVE --repair takes its mail in. Or move the file out of the archive; then run again.":
    "mailferry verify ARCHIVE --repair reprend son courrier. Ou déplacez le fichier hors de l'archive, puis relancez.",
  "mailferry verify ARCHIVE --repair takes its mail in. Or move the folder out of the archive; then run again.":
    "mailferry verify ARCHIVE --repair reprend son courrier. Ou déplacez le dossier hors de l'archive, puis relancez.",
  "mailferry verify ARCHIVE --repair mends it, and keeps aside what was there. Or put it back as it was, or move both it and its ledger out of the archive; then run again.":
    "mailferry verify ARCHIVE --repair la remet en état, et garde à part ce qui y était. Ou remettez-la telle qu'elle était, ou déplacez-la hors de l'archive avec son registre, puis relancez.",
  "Close the mail program that has this mailbox open; if none has, remove this file.":
    "Fermez le logiciel de courrier qui a ouvert cette boîte ; si aucun ne l'a ouverte, supprimez ce fichier.",
  "{path}: its flags can't be set, for it is renamed again and again":
    "{path} : ses marques ne peuvent pas être posées, car il est sans cesse renommé",
  "Close the mail program that has this folder open; then run again.":
    "Fermez le logiciel de courrier qui a ouvert ce dossier, puis relancez.",

  "mbox entry does not begin with a From_ line": "un message du mbox ne commence pas par une ligne From_",
  "mbox entry does not end with an empty line": "un message du mbox ne finit pas par une ligne vide",
  "Run mailferry verify on this archive.": "Lancez mailferry verify sur cette archive.",
  "Run mailferry verify on the archive.": "Lancez mailferry verify sur l'archive.",
  "the last record of its ledger is broken, so some messages may be missing here; run the job that writes it, and look again":
    "le dernier enregistrement de son registre est abîmé, il peut donc manquer des messages ici ; lancez la tâche qui l'écrit, puis regardez à nouveau",
  "its octets in the archive are not those that arrived":
    "ses octets dans l'archive ne sont pas ceux qui étaient arrivés",

  "{path} is missing": "{path} manque",
  "{path}: the ledger names no place in it": "{path} : le registre n'y indique aucune place",
  "{path}: it is missing": "{path} : manque",
  "{path}: it ends at octet {octet}, within the message": "{path} : finit à l'octet {octet}, au milieu du message",
  "{count} of its messages are not in its folder any more; verify --repair brings them again":
    "{count} de ses messages ne sont plus dans son dossier ; verify --repair les reprend",
  "its octets are not those that arrived": "ses octets ne sont pas ceux qui étaient arrivés",
  "{octets} octets instead of {size}": "{octets} octets au lieu de {size}",
  "{date}Z instead of {other}Z": "{date}Z au lieu de {other}Z",
  "as many octets, but others": "autant d'octets, mais d'autres",
  "not at the target any more": "n'est plus à destination",
  "not stored": "n'est pas rangé",
  "unexpected: {words}": "inattendu : {words}",
  "its ledger is missing": "son registre manque",
  "its ledger is damaged at octet {octet}; the mail itself was not touched":
    "son registre est endommagé à l'octet {octet} ; le courrier lui-même n'a pas été touché",
  "its mail is missing": "son courrier manque",
  "its ledger does not fit the end of the mail, although every message is intact":
    "son registre ne correspond pas à la fin du courrier, bien que chaque message soit intact",
  "{path} is not the ledger of any mailbox": "{path} n'est le registre d'aucune boîte",
  "{path} has no ledger, and its name tells of no mailbox":
    "{path} n'a pas de registre, et son nom n'est celui d'aucune boîte",
  "it is intact, but not where its ledger says": "il est intact, mais pas là où son registre le dit",
  "mail that was lost lies here again": "du courrier qui était perdu se retrouve ici",
  "mail lies here that its ledger does not know: {where:more}":
    "il y a ici du courrier que son registre ne connaît pas : {where}",
  "copies lie here of what the archive has: {where:more}": "il y a ici des copies de ce que l'archive a déjà : {where}",
  "something lies here that is no whole message: {where:more}":
    "il y a ici quelque chose qui n'est pas un message entier : {where}",
  "{file} is not what mailferry wrote": "{file} n'est pas ce que mailferry a écrit",
  "{uncompared} of its messages have keys that are not known, and were not read to find out which they are; a run of the job finds out":
    "{uncompared} de ses messages ont des clés inconnues, et n'ont pas été lus pour savoir lesquels ils sont ; une exécution de la tâche le saura",
});

/** What a file operation met. */
export const disk = sentences({
  "the disk is full": "le disque est plein",
  "the disk quota is used up": "le quota du disque est épuisé",
  "the file system can't hold a file this large": "le système de fichiers n'accepte pas de fichier aussi gros",
  "the file system is read-only": "le système de fichiers est en lecture seule",
  "permission denied": "accès refusé",
  "operation not permitted": "opération non autorisée",
  "it is not there": "introuvable",
  "a part of the path is not a folder": "une partie du chemin n'est pas un dossier",
  "the disk reported an input/output error": "le disque a signalé une erreur d'entrée-sortie",
  "the name is too long for the file system": "le nom est trop long pour le système de fichiers",
  "this program has too many files open": "ce programme a trop de fichiers ouverts",
  "the system has too many files open": "le système a trop de fichiers ouverts",
  "the network file system does not know it any more": "le système de fichiers réseau ne le connaît plus",
  "the disk is gone": "le disque a disparu",
  "it is a symbolic link": "c'est un lien symbolique",
  "the operation failed": "l'opération a échoué",
});

/** Why a file or folder was left alone. */
export const untouched = sentences({
  "it holds mail that this archive does not know": "il contient du courrier que cette archive ne connaît pas",
  "its ledger is not that of an mbox": "son registre n'est pas celui d'un mbox",
  "it is missing": "il manque",
  "it is shorter than it was": "il est plus court qu'avant",
  "its end is not what was written": "sa fin n'est pas ce qui avait été écrit",
  "it became shorter": "il est devenu plus court",
  "another program changed it during this run": "un autre programme l'a modifié pendant cette exécution",
  "it is a folder": "c'est un dossier",
  "it is a file": "c'est un fichier",
  "there is something in it already": "il contient déjà quelque chose",
  "there is mail in it already": "il contient déjà du courrier",
  "it is neither empty nor a Maildir": "il n'est ni vide, ni un Maildir",
});

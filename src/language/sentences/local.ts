// Mail on this machine that a job reads: mbox files, Maildirs, archives.

import { sentences } from "./form.ts";

export const local = sentences({
  "{path}: {what:found}": "{path} : {what}",
  "Name an archive, a pack or a folder.": "Indiquez une archive, un paquet ou un dossier.",
  "Name one: {names:more}.": "Indiquez-en une : {names}.",
  "Name the one or the other.": "Indiquez l'un ou l'autre.",
  "Make it readable, or leave it out of the job; then run again.":
    "Rendez-le lisible, ou laissez-le hors de la tâche ; puis relancez.",
  "Name this folder as a source of its own.": "Indiquez ce dossier comme une source à part.",
  "one line {doubt:quoted} (message {numbers:more})": "une ligne {doubt} (message {numbers})",
  "one line {doubt:quoted} (messages {numbers:more})": "une ligne {doubt} (messages {numbers})",
  "{lines} lines {doubts:quoteds} (message {numbers:more})": "{lines} lignes {doubts} (message {numbers})",
  "{lines} lines {doubts:quoteds} (messages {numbers:more})": "{lines} lignes {doubts} (messages {numbers})",
  "the first entry of the file is left out: it is not mail, but a mail program's note to itself":
    "le premier élément du fichier est laissé de côté : ce n'est pas du courrier, mais une note d'un logiciel de courrier à lui-même",
  "Check that this file is an mbox; nothing in it was changed.":
    "Vérifiez que ce fichier est un mbox ; rien n'y a été modifié.",
  "Close the mail program that has this mailbox open; then run again.":
    "Fermez le logiciel de courrier qui a ouvert cette boîte, puis relancez.",
  "Close the mail program that has this mailbox open; if none has, remove {path}.":
    "Fermez le logiciel de courrier qui a ouvert cette boîte ; si aucun ne l'a ouverte, supprimez {path}.",
  "passed over, since they are no files: {names:more}": "laissés de côté, car ce ne sont pas des fichiers : {names}",
  "passed over, since they are links or no Maildirs: {names:more}":
    "laissés de côté, car ce sont des liens ou pas des Maildirs : {names}",
  "passed over, since they are no mbox files: {names:more}":
    "laissés de côté, car ce ne sont pas des fichiers mbox : {names}",
});

export const found = sentences({
  "there is nothing here": "il n'y a rien ici",
  "this is no mbox file: it does not begin with a From_ line":
    "ce n'est pas un fichier mbox : il ne commence pas par une ligne From_",
  "not an mbox file: it does not begin with a From_ line":
    "ce n'est pas un fichier mbox : il ne commence pas par une ligne From_",
  "this is not an archive, but a folder with archives in it":
    "ce n'est pas une archive, mais un dossier qui contient des archives",
  "there are mbox files ({mbox}) and Maildirs ({maildir}) in it":
    "il contient des fichiers mbox ({mbox}) et des Maildirs ({maildir})",
  "there is no archive, no mbox file and no Maildir in this folder":
    "il n'y a ni archive, ni fichier mbox, ni Maildir dans ce dossier",
  "it is no file": "ce n'est pas un fichier",
  "folders lie too deep in one another here": "les dossiers y sont trop imbriqués",
  "there is no mbox file in this folder": "il n'y a pas de fichier mbox dans ce dossier",
  "there is no Maildir in this folder": "il n'y a pas de Maildir dans ce dossier",
  "the message at octet {octet} is another than before": "le message à l'octet {octet} n'est plus le même qu'avant",
  "it was changed while it was read": "il a été modifié pendant la lecture",
  "another program is writing it": "un autre programme est en train de l'écrire",
});

export const quoted = sentences({
  'begins with ">From ", and nothing tells whether the sender wrote the > or a mail program: {what:quote}':
    "commence par \">From \", et rien ne dit si le > est de l'expéditeur ou d'un logiciel de courrier : {what}",
});

export const quoteds = sentences({
  'begin with ">From ", and nothing tells whether the sender wrote the > or a mail program: {what:quote}':
    "commencent par \">From \", et rien ne dit si le > est de l'expéditeur ou d'un logiciel de courrier : {what}",
});

export const quote = sentences({
  "the > was kept, as this file has lines that nobody quoted":
    "le > a été gardé, car ce fichier a des lignes que personne n'a citées",
  "the > was taken off, as most programs put it there to mark the line":
    "le > a été enlevé, car la plupart des logiciels l'ajoutent pour marquer la ligne",
});

// What is wrong with the wish to have mail put back.

import { texts } from "../../language/texts.ts";

export const restoreTexts = texts(
  {
    "not-a-date": '"{text}" is not a date such as 2015-01-31 or 2015-01-31T12:00:00Z',
    within: "the mail is read from {place}; name a place outside of it",
    "no-mailbox": '"{name}" {wrong}; it has: {names}',
    "no-mailbox.meant": '"{name}" {wrong}; did you mean "{meant}"?',
    "one-mailbox": "an mbox file takes one mailbox; choose it with --mailbox, of {names}",
    pop3: "mail can't be put into a POP3 account; name an imap account",
    "no-account": 'there is no account "{name}"; the job file has: {names}. A new folder is written {folder}',
    "no-account.meant": 'there is no account "{name}"; did you mean "{meant}"? A new folder is written {folder}',
    "no-account.no-file": 'there is no account "{name}"; there is no job file. A new folder is written {folder}',
    "mbox.into": "--into is for an account or a Maildir; an mbox file has to be new",
    "and-more": "{names} and {more} more",
  },
  {
    "not-a-date": "« {text} » n'est pas une date comme 2015-01-31 ou 2015-01-31T12:00:00Z",
    within: "le courrier est lu dans {place} ; indiquez un endroit en dehors",
    "no-mailbox": "« {name} » {wrong} ; les boîtes sont : {names}",
    "no-mailbox.meant": "« {name} » {wrong} ; vouliez-vous dire « {meant} » ?",
    "one-mailbox": "un fichier mbox ne reçoit qu'une boîte ; choisissez-la avec --mailbox, parmi {names}",
    pop3: "on ne peut pas mettre de courrier dans un compte POP3 ; indiquez un compte IMAP",
    "no-account":
      "il n'y a pas de compte « {name} » ; le fichier de tâches a : {names}. Pour un nouveau dossier, écrivez {folder}",
    "no-account.meant":
      "il n'y a pas de compte « {name} » ; vouliez-vous dire « {meant} » ? Pour un nouveau dossier, écrivez {folder}",
    "no-account.no-file":
      "il n'y a pas de compte « {name} », ni de fichier de tâches. Pour un nouveau dossier, écrivez {folder}",
    "mbox.into": "--into est pour un compte ou un Maildir ; un fichier mbox doit être nouveau",
    "and-more": "{names} et {more} de plus",
  },
);

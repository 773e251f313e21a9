// Runs of jobs: what stops one, and what could not be kept of it.

import { sentences } from "./form.ts";

export const runs = sentences({
  "the daily limit of {limit:size} for {account} is used up":
    "la limite du jour de {limit} pour {account} est atteinte",
  "Nothing: the next run after 00:00 goes on where this one has stopped.":
    "Rien : la prochaine exécution après 00:00 reprend où celle-ci s'est arrêtée.",
  "Nothing: the next run after 00:00 ({zone}) goes on where this one has stopped.":
    "Rien : la prochaine exécution après 00:00 ({zone}) reprend où celle-ci s'est arrêtée.",
  "{problem:any}; 1 message is still to come": "{problem} ; 1 message est encore à venir",
  "{problem:any}; {count:count} messages are still to come": "{problem} ; {count} messages sont encore à venir",

  "before: {command} {failure:command}; the job was not run":
    "before : {command} {failure} ; la tâche n'a pas été exécutée",
  'before: {command} {failure:command}; it said "{words}"; the job was not run':
    'before : {command} {failure} ; elle a dit "{words}" ; la tâche n\'a pas été exécutée',
  "{hook:hook}: {command} {failure:command}": "{hook} : {command} {failure}",
  '{hook:hook}: {command} {failure:command}; it said "{words}"': '{hook} : {command} {failure} ; elle a dit "{words}"',
  "Run the command of the job file by hand, from the folder of the job file, and see what it says.":
    "Lancez à la main la commande du fichier de tâches, depuis le dossier de ce fichier, et voyez ce qu'elle dit.",

  // mailferry report
  "none of the jobs has a report yet: nothing was ever brought there":
    "aucune des tâches n'a encore de rapport : rien n'y a jamais été apporté",
  "{name} has no report yet: nothing was ever brought there":
    "{name} n'a pas encore de rapport : rien n'y a jamais été apporté",
  "Run the job that writes there first.": "Exécutez d'abord la tâche qui y écrit.",
  "Run it first: {command}": "Exécutez-la d'abord : {command}",

  "{path} is not there": "{path} n'est pas là",
  "{path} can't be looked at ({code})": "{path} ne peut pas être consulté ({code})",

  "the newest report in {path} is not what mailferry wrote":
    "le dernier rapport dans {path} n'est pas ce que mailferry a écrit",
  "the newest report in {path} is not what mailferry wrote (at )":
    "le dernier rapport dans {path} n'est pas ce que mailferry a écrit",
  "the newest report in {path} is not what mailferry wrote (at {place})":
    "le dernier rapport dans {path} n'est pas ce que mailferry a écrit (à {place})",
  "Name a job of the job file, or the folder of an archive.":
    "Indiquez une tâche du fichier de tâches, ou le dossier d'une archive.",
  "Run the job again: that writes a new one.": "Relancez la tâche : elle en écrira un nouveau.",
  "mailferry ls {path} lists them.": "mailferry ls {path} en donne la liste.",
  "the report of this run could not be kept: {why:any}": "le rapport de cette exécution n'a pas pu être gardé : {why}",
  "what was counted of the day's limit could not be kept: {why:any}":
    "ce qui a été compté de la limite du jour n'a pas pu être gardé : {why}",
  "this run could not be recorded: {why:any}": "cette exécution n'a pas pu être notée : {why}",
  "{name} has no place to remember what it has brought": "{name} n'a pas d'endroit où retenir ce qui a été apporté",
  "Give runJobs a stateDirectory.": "Donnez un stateDirectory à runJobs.",

  "Name a file that is not there yet.": "Indiquez un fichier qui n'existe pas encore.",
  "Name a folder.": "Indiquez un dossier.",
  "Name a new or empty folder.": "Indiquez un dossier nouveau ou vide.",
  "Name a new or empty folder, or use --into to add to this Maildir.":
    "Indiquez un dossier nouveau ou vide, ou utilisez --into pour ajouter à ce Maildir.",
});

export const hook = sentences({ before: "before", after: "after", onFailure: "onFailure" });

/** What became of a command of the job file. */
export const command = sentences({
  "failed with exit code {exit}": "a échoué avec le code de sortie {exit}",
  "was ended by {signal}": "a été terminée par {signal}",
  "was not found": "est introuvable",
  "may not be run (EACCES)": "n'a pas le droit d'être lancée (EACCES)",
  "could not be started": "n'a pas pu être lancée",
  "could not be started ({code})": "n'a pas pu être lancée ({code})",
  "was stopped": "a été arrêtée",
  "did not end within {seconds} s": "n'a pas fini en {seconds} s",
});

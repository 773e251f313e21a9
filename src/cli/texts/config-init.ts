// What `config init` says; what it writes is in job-file-template.ts.

import { texts } from "../../language/texts.ts";

export const configInitTexts = texts(
  {
    there:
      "{path} is there already, and stays as it is. mailferry account add puts an account into it; -c FILE names another",
    written: "{path} is written: a job file with one account and one job, to be filled in.",
    schema: "{path} is written: with it editors complete and check the file.",
    "schema.there": "{path} was there, and stays as it is.",
    next: "Put your server, your address and the place of your password into {path}, then:",
    "next.check": "every mistake at once",
    "next.test": "try the log-in, step by step",
    "next.dry-run": "say what would be copied; writes nothing",
    "next.run": "copy it",
  },
  {
    there:
      "{path} existe déjà, et reste tel quel. mailferry account add y ajoute un compte ; -c FICHIER en désigne un autre",
    written: "{path} est écrit : un fichier de tâches avec un compte et une tâche, à remplir.",
    schema: "{path} est écrit : avec lui, les éditeurs complètent et vérifient le fichier.",
    "schema.there": "{path} existait, et reste tel quel.",
    next: "Indiquez dans {path} votre serveur, votre adresse et l'endroit de votre mot de passe, puis :",
    "next.check": "toutes les erreurs d'un coup",
    "next.test": "essayer la connexion, pas à pas",
    "next.dry-run": "dire ce qui serait copié, sans rien écrire",
    "next.run": "le copier",
  },
);

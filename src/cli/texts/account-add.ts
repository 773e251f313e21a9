// What `account add` says and asks, beside what it shares with `backup`.

import { texts } from "../../language/texts.ts";

export const accountAddTexts = texts(
  {
    "need.address": "name a mail address, as in: {command}",
    "bad.name":
      '"{name}" can\'t be the name of an account: no spaces around it, no "-" before it, no control characters',
    "name.taken": '{path} has an account "{name}" already; --name gives another',
    "there.already": '{user} at {host} is in {path} already, as "{name}"; mailferry account test {name} tries it',
    "ask.password": "Password of {user} (not shown): ",
    "looking.in": "Logging in and looking at what is there...",
    works: "The log-in works: {mailboxes}, {messages}.",
    mailboxes: { one: "{count} mailbox", other: "{count} mailboxes" },
    messages: { one: "{count} message", other: "{count} messages" },
    "refused.again": "{user}: the server refused the password. Once more, for a typing mistake.",
    "refused.form": "The server did not take the log-in as {user}; trying {other}.",
    "ask.name": "Name for it in the job file: ",
    "ask.keep": "Keep the password here, so that jobs can run by themselves?",
    "keep.no": "The password is kept nowhere. Set the variable {variable} to it for every run, or change the line.",
    "keep.yours": "The password stays in your file: {path}",
    "new.file": "{path}, a new file:",
    "old.file": "Added to {path}:",
    "ask.write": "Write this?",
    "not.written": "Nothing was written to {path}.",
    written: "{path} is written. Next:",
    "next.test": "try the account again, step by step",
    "next.run": "back it up",
    "next.dry-run": "say what a backup would bring",
    "next.job": "jobs.example.yaml shows how a job backs it up",
  },
  {
    "need.address": "donnez une adresse, par exemple : {command}",
    "bad.name":
      "« {name} » ne peut pas être le nom d'un compte : ni espaces autour, ni « - » au début, ni caractères de contrôle",
    "name.taken": "{path} a déjà un compte « {name} » ; --name en donne un autre",
    "there.already":
      "{user} chez {host} est déjà dans {path}, sous le nom « {name} » ; mailferry account test {name} l'essaie",
    "ask.password": "Mot de passe de {user} (il ne s'affiche pas) : ",
    "looking.in": "Connexion, et un regard sur ce qui s'y trouve...",
    works: "La connexion fonctionne : {mailboxes}, {messages}.",
    mailboxes: { one: "{count} boîte", other: "{count} boîtes" },
    messages: { one: "{count} message", other: "{count} messages" },
    "refused.again":
      "{user} : le serveur a refusé le mot de passe. Encore une fois, au cas où ce serait une faute de frappe.",
    "refused.form": "Le serveur n'a pas accepté la connexion en tant que {user} ; essai avec {other}.",
    "ask.name": "Son nom dans le fichier de tâches : ",
    "ask.keep": "Garder le mot de passe ici, pour que les tâches s'exécutent seules ?",
    "keep.no":
      "Le mot de passe n'est gardé nulle part. Mettez-le dans la variable {variable} à chaque exécution, ou changez la ligne.",
    "keep.yours": "Le mot de passe reste dans votre fichier : {path}",
    "new.file": "{path}, un nouveau fichier :",
    "old.file": "Ajouté à {path} :",
    "ask.write": "L'écrire ?",
    "not.written": "Rien n'a été écrit dans {path}.",
    written: "{path} est écrit. Ensuite :",
    "next.test": "essayer de nouveau le compte, pas à pas",
    "next.run": "le sauvegarder",
    "next.dry-run": "dire ce qu'une sauvegarde apporterait",
    "next.job": "jobs.example.yaml montre comment une tâche le sauvegarde",
  },
);

// Log-ins that were refused or not tried, and where their secrets are.

import { sentences } from "./form.ts";

export const logIns = sentences({
  "{host} refused the log-in for {name}: {words}": "{host} a refusé la connexion de {name} : {words}",
  "Check user name and password; the provider may want IMAP access switched on first.":
    "Vérifiez l'identifiant et le mot de passe ; il faut peut-être d'abord activer l'accès IMAP chez le fournisseur.",
  "Check user name and password, and that POP access is on in the account's web settings.":
    "Vérifiez l'identifiant et le mot de passe, et que l'accès POP est activé dans les réglages web du compte.",
  "As user, {provider} takes only what stands before the @ of the address.":
    "{provider} veut comme identifiant seulement ce qui précède le @ de l'adresse.",
  "As user, {provider} takes only the whole address.": "{provider} veut comme identifiant l'adresse entière.",
  "Make an app password in the provider's security settings, and use that.":
    "Créez un mot de passe d'application dans les réglages de sécurité du fournisseur, et utilisez-le.",
  "Create an app password in the account's web settings and use it here.":
    "Créez un mot de passe d'application dans les réglages web du compte, et utilisez-le ici.",
  "Switch IMAP access on in the provider's web settings.": "Activez l'accès IMAP dans les réglages web du fournisseur.",
  "Switch POP access on in the account's web settings.": "Activez l'accès POP dans les réglages web du compte.",
  "Set tls: implicit or tls: starttls: the server wants encryption.":
    "Indiquez tls: implicit ou tls: starttls : le serveur exige le chiffrement.",
  "The provider takes no plain password any more: ask it for an app password.":
    "Le fournisseur n'accepte plus les mots de passe simples : demandez-lui un mot de passe d'application.",
  "The provider no longer accepts this kind of log-in; see its help pages.":
    "Le fournisseur n'accepte plus ce type de connexion ; consultez ses pages d'aide.",
  "{host} does not offer APOP; no password was sent": "{host} ne propose pas APOP ; aucun mot de passe n'a été envoyé",
  "Remove auth: apop; with TLS a password is safe without it.":
    "Supprimez auth: apop ; avec TLS, un mot de passe est à l'abri sans cela.",
  "{where} offers no log-in at all; no password was sent":
    "{where} ne propose aucune connexion ; aucun mot de passe n'a été envoyé",
  "{where} offers only {ways}; no password was sent":
    "{where} ne propose que {ways} ; aucun mot de passe n'a été envoyé",
  "Ask the provider for an app password; auth: login tries USER and PASS all the same.":
    "Demandez au fournisseur un mot de passe d'application ; auth: login essaie USER et PASS malgré tout.",
  "Set tls: starttls or tls: implicit: many servers take no password without encryption.":
    "Indiquez tls: starttls ou tls: implicit : bien des serveurs n'acceptent aucun mot de passe sans chiffrement.",
  "{host} wants a pause between two log-ins of {name}: {words}":
    "{host} veut une pause entre deux connexions de {name} : {words}",
  "the mailbox of {name} is in use by another session: {words}":
    "la boîte de {name} est utilisée par une autre session : {words}",
  "Close the mail program or phone that reads this account over POP3.":
    "Fermez le logiciel de courrier ou le téléphone qui lit ce compte par POP3.",
  "{where} takes no password this way ({way}); it offers no other; no password was sent":
    "{where} n'accepte pas de mot de passe de cette façon ({way}) ; il n'en propose pas d'autre ; aucun mot de passe n'a été envoyé",
  "{where} takes no password this way ({way}); it offers {ways}; no password was sent":
    "{where} n'accepte pas de mot de passe de cette façon ({way}) ; il propose {ways} ; aucun mot de passe n'a été envoyé",
  "{where} does not offer it ({way}); it offers no other; no password was sent":
    "{where} ne le propose pas ({way}) ; il ne propose rien d'autre ; aucun mot de passe n'a été envoyé",
  "{where} does not offer it ({way}); it offers {ways}; no password was sent":
    "{where} ne le propose pas ({way}) ; il propose {ways} ; aucun mot de passe n'a été envoyé",
  "Set tls: starttls or tls: implicit: the server takes no password without encryption.":
    "Indiquez tls: starttls ou tls: implicit : le serveur n'accepte aucun mot de passe sans chiffrement.",
  "Ask the provider which log-in it offers; an app password may be one.":
    "Demandez au fournisseur quelle connexion il propose ; un mot de passe d'application peut en être une.",
  "Remove auth: plain, so that the best way is taken that is offered.":
    "Supprimez auth: plain, pour que la meilleure des façons proposées soit utilisée.",
  "Ask the provider for an app password; auth: login tries LOGIN, which the server does not forbid.":
    "Demandez au fournisseur un mot de passe d'application ; auth: login essaie LOGIN, que le serveur n'interdit pas.",
  "the user name for {host} contains a line break or NUL":
    "l'identifiant pour {host} contient un saut de ligne ou un caractère NUL",
  "Correct the user name.": "Corrigez l'identifiant.",
  "the password for {name} contains a line break or NUL":
    "le mot de passe de {name} contient un saut de ligne ou un caractère NUL",
  "Store the password alone, on one line.": "N'enregistrez que le mot de passe, sur une seule ligne.",

  "no log-in was tried for {name}: the server has refused it in {count} runs in a row ({codes}, the last on {day}), and more tries may lock the account":
    "aucune connexion n'a été tentée pour {name} : le serveur l'a refusée lors de {count} exécutions de suite ({codes}, la dernière le {day}), et d'autres tentatives pourraient bloquer le compte",
  "Put the log-in right, then start it yourself, at a terminal or with --yes: mailferry run JOB.":
    "Corrigez la connexion, puis lancez la tâche vous-même, dans un terminal ou avec --yes : mailferry run JOB.",
  "It was the refusal of run {count} in a row: no run tries it any more unless a person starts it. Put the log-in right, then start it yourself, at a terminal or with --yes: mailferry run JOB.":
    "C'était le refus de l'exécution n° {count} de suite : plus aucune n'essaiera, à moins qu'une personne ne la lance. Corrigez la connexion, puis lancez la tâche vous-même, dans un terminal ou avec --yes : mailferry run JOB.",
  "{remedy:any} It was the refusal of run {count} in a row: no run tries it any more unless a person starts it. Put the log-in right, then start it yourself, at a terminal or with --yes: mailferry run JOB.":
    "{remedy} C'était le refus de l'exécution n° {count} de suite : plus aucune n'essaiera, à moins qu'une personne ne la lance. Corrigez la connexion, puis lancez la tâche vous-même, dans un terminal ou avec --yes : mailferry run JOB.",
  "what was remembered of log-ins that were refused can't be read; they are counted anew":
    "ce qui était retenu des connexions refusées est illisible ; elles sont comptées à nouveau",
  "what is remembered of log-ins: {why:any}": "ce qui est retenu des connexions : {why}",
  "that the log-in was refused could not be remembered: {why:any}":
    "le refus de la connexion n'a pas pu être retenu : {why}",
  "log-ins that were refused could not be forgotten: {why:any}":
    "les connexions refusées n'ont pas pu être oubliées : {why}",

  "{problem:secret}; no log-in was tried": "{problem} ; aucune connexion n'a été tentée",
  "Set it for the program, or use a file.": "Définissez-la pour le programme, ou utilisez un fichier.",
  "chmod 600 {path} (a container's secret: mount it with mode 0400)":
    "chmod 600 {path} (secret d'un conteneur : montez-le avec le mode 0400)",
  "Name the file that holds the password alone.": "Indiquez le fichier qui ne contient que le mot de passe.",
  "Check the path and who may read it.": "Vérifiez le chemin et qui a le droit de le lire.",
  "{provider} takes no password from mail programs any more, only a log-in in the browser; no password was asked for":
    "{provider} n'accepte plus de mot de passe des logiciels de messagerie, seulement une connexion dans le navigateur ; aucun mot de passe n'a été demandé",
  "Bring the mail into a program that can log in so, such as Thunderbird; its mbox files are a source for mailferry (from: { mbox: PATH }).":
    "Faites venir le courrier dans un logiciel qui sait se connecter ainsi, comme Thunderbird ; ses fichiers mbox sont une source pour mailferry (from: { mbox: CHEMIN }).",
  "Put the password there.": "Mettez-y le mot de passe.",
  "Leave only the password there.": "N'y laissez que le mot de passe.",
  "Check its name, or write its whole path.": "Vérifiez son nom, ou écrivez son chemin complet.",
  "Run the command of the job file by hand: its first line of output must be the password.":
    "Lancez à la main la commande du fichier de tâches : la première ligne qu'elle affiche doit être le mot de passe.",
});

export const secret = sentences({
  "the environment variable {name} is not set": "la variable d'environnement {name} n'est pas définie",
  "the environment variable {name} gives an empty password":
    "la variable d'environnement {name} donne un mot de passe vide",
  "the environment variable {name} gives more than one line":
    "la variable d'environnement {name} donne plus d'une ligne",
  "others can read or change the password file {path} (mode {mode})":
    "d'autres peuvent lire ou modifier le fichier de mot de passe {path} (mode {mode})",
  "the password file {path} can't be read (not a file)":
    "le fichier de mot de passe {path} est illisible (ce n'est pas un fichier)",
  "the password file {path} can't be read (not readable)": "le fichier de mot de passe {path} est illisible",
  "the password file {path} can't be read ({code})": "le fichier de mot de passe {path} est illisible ({code})",
  "the keyring of this system has no entry {name} of mailferry":
    "le trousseau de ce système n'a pas d'entrée {name} de mailferry",
  "the entry {name} of the keyring gives an empty password": "l'entrée {name} du trousseau donne un mot de passe vide",
  "the entry {name} of the keyring gives more than one line": "l'entrée {name} du trousseau donne plus d'une ligne",
  "the credential {name} is there only when systemd starts mailferry with LoadCredential={credential}:PATH":
    "le credential {name} n'est là que lorsque systemd lance mailferry avec LoadCredential={credential}:PATH",
  "{path} is too long for a password": "{path} est trop long pour un mot de passe",
  "{path} gives an empty password": "{path} donne un mot de passe vide",
  "{path} gives more than one line": "{path} donne plus d'une ligne",
  "standard input gives an empty password": "l'entrée standard donne un mot de passe vide",
  "standard input gives more than one line": "l'entrée standard donne plus d'une ligne",
  "the command {name} gives an empty password": "la commande {name} donne un mot de passe vide",
  "the command {name} gives more than one line": "la commande {name} donne plus d'une ligne",
  "the command {name} was not found": "la commande {name} est introuvable",
  "the command {name} printed too much": "la commande {name} a trop affiché",
  "the command {name} did not end within {seconds} s": "la commande {name} n'a pas fini en {seconds} s",
  "the command {name} could not be run": "la commande {name} n'a pas pu être lancée",
  "the command {name} failed with exit code {exit}": "la commande {name} a échoué avec le code de sortie {exit}",
  "{file:privatefile}": "{file}",
});

/** A file that must be private and is not. */
export const privatefile = sentences({
  "the password file {path} lies where anybody can put files, and belongs to another user ({uid})":
    "le fichier de mot de passe {path} est là où n'importe qui peut déposer des fichiers, et appartient à un autre utilisateur ({uid})",
  "{path} lies where anybody can put files, and belongs to another user ({uid})":
    "{path} est là où n'importe qui peut déposer des fichiers, et appartient à un autre utilisateur ({uid})",
  "anybody can put another file in the place of the password file {path} (its folder has mode {mode})":
    "n'importe qui peut remplacer le fichier de mot de passe {path} par un autre (son dossier a le mode {mode})",
  "anybody can put another file in the place of {path} (its folder has mode {mode})":
    "n'importe qui peut remplacer {path} par un autre fichier (son dossier a le mode {mode})",
});

// What is wrong in a job file. Keys and the values that can be written stay as they are written.

import { sentences } from "./form.ts";

export const jobFile = sentences({
  "{path} can't be used": "{path} n'est pas utilisable",
  "{file}:{line}:{column}  {mistake:any}": "{file}:{line}:{column}  {mistake}",
  "{file}:{line}:{column}  {mistake:any} (and {count} more)": "{file}:{line}:{column}  {mistake} (et {count} autres)",
  "{file}:{line}:{column}  {where}: {mistake:any}": "{file}:{line}:{column}  {where}: {mistake}",
  "{file}:{line}:{column}  {where}: {mistake:any} (and {count} more)":
    "{file}:{line}:{column}  {where}: {mistake} (et {count} autres)",
  "there is no job file {path}": "il n'y a pas de fichier de tâches {path}",
  "others can change {path} (mode {mode}), and with it where your mail goes":
    "d'autres peuvent modifier {path} (mode {mode}), et donc décider où va votre courrier",
  "others can change {path} (mode {mode}), and with it which servers are trusted":
    "d'autres peuvent modifier {path} (mode {mode}), et donc décider à quels serveurs on se fie",
  "{path} is too long for a job file (more than {octets} octets)":
    "{path} est trop long pour un fichier de tâches (plus de {octets} octets)",
  "{path} can't be read ({why:unreadable})": "{path} est illisible ({why})",
  "{file:privatefile}": "{file}",
  "chmod go-w {path}": "chmod go-w {path}",
  "chmod o-w {path}, or keep the file in a folder of your own.":
    "chmod o-w {path}, ou gardez le fichier dans un dossier à vous.",
  "Look at it; if it is right, copy it into a folder of your own.":
    "Examinez-le ; s'il est bon, copiez-le dans un dossier à vous.",
  "Name the right file with -c.": "Indiquez le bon fichier avec -c.",
  "Copy jobs.example.yaml and fill it in, or name another file with -c.":
    "Copiez jobs.example.yaml et remplissez-le, ou indiquez un autre fichier avec -c.",
  "Correct the job file; jobs.example.yaml shows every key.":
    "Corrigez le fichier de tâches ; jobs.example.yaml montre toutes les clés.",
  "not UTF-8; save the file as UTF-8": "pas en UTF-8 ; enregistrez le fichier en UTF-8",

  "a tab can't be indentation; use spaces": "une tabulation ne peut pas servir de retrait ; utilisez des espaces",
  "aliases (*) are not supported; write the value out": "les alias (*) ne sont pas acceptés ; écrivez la valeur",
  "nested too deeply": "imbriqué trop profondément",
  "the file is empty": "le fichier est vide",
  "a key is a plain word": "une clé est un simple mot",
  "this key is here twice, first on line {line}": "cette clé est là deux fois, la première à la ligne {line}",
  "__proto__ can't be a key or a name": "__proto__ ne peut être ni une clé, ni un nom",
  "merge keys (<<) are not supported; write the keys out":
    "les clés de fusion (<<) ne sont pas acceptées ; écrivez les clés",
  "a second document starts here; a job file is a single one":
    "un second document commence ici ; un fichier de tâches n'en a qu'un",
  "tags (!) are not supported; write the plain value":
    "les étiquettes (!) ne sont pas acceptées ; écrivez la simple valeur",
  "a quote, a colon or a bracket is missing here": "il manque ici un guillemet, un deux-points ou un crochet",
  "this is not indented like the lines around it, or a bracket before it is not closed":
    "le retrait n'est pas celui des lignes voisines, ou un crochet n'est pas fermé avant",
  "this line and the ones around it don't fit: check indentation, or quote a value that has a colon":
    "cette ligne et ses voisines ne vont pas ensemble : vérifiez le retrait, ou mettez entre guillemets la valeur qui a un deux-points",
  "a key must be on one line; check the indentation": "une clé tient sur une ligne ; vérifiez le retrait",
  'this backslash means nothing in double quotes; write it twice ("\\\\") or use single quotes':
    'cette barre oblique inverse ne veut rien dire entre guillemets doubles ; doublez-la ("\\\\") ou utilisez des guillemets simples',
  "a value can't start with this character; put it in quotes":
    "une valeur ne peut pas commencer par ce caractère ; mettez-la entre guillemets",
  "something here does not belong; check indentation and quotes":
    "quelque chose n'est pas à sa place ici ; vérifiez le retrait et les guillemets",
  "lines that start with % are not supported": "les lignes qui commencent par % ne sont pas acceptées",
  "this is not YAML": "ce n'est pas du YAML",

  "this key is missing": "cette clé manque",
  "unknown key {key}": "clé inconnue {key}",
  'unknown key {key}; did you mean "{meant}"?': 'clé inconnue {key} ; vouliez-vous dire "{meant}" ?',
  "this key is not supported by this version of mailferry":
    "cette clé n'est pas acceptée par cette version de mailferry",
  "xoauth2 is not supported by this version of mailferry": "xoauth2 n'est pas accepté par cette version de mailferry",
  "expected {wanted:kind}, got {got:got}": "attendu : {wanted} ; trouvé : {got}",
  "expected text, got {got} (put it in quotes)": "attendu : du texte ; trouvé : {got} (mettez des guillemets)",
  'expected a duration such as "10m" or "60s", got {got:got}':
    'attendu : une durée comme "10m" ou "60s" ; trouvé : {got}',
  'expected a size such as "25 MB", got {got:got}': 'attendu : une taille comme "25 MB" ; trouvé : {got}',
  'expected a size a second such as "2 MB", got {got:got}':
    'attendu : une taille par seconde comme "2 MB" ; trouvé : {got}',
  'expected a size a second such as "2 MB", or a list such as [{ limit: 500 kB, hours: "08:00-18:00" }]':
    'attendu : une taille par seconde comme "2 MB", ou une liste comme [{ limit: 500 kB, hours: "08:00-18:00" }]',
  "expected a program and its arguments, such as [mount, /mnt/nas], got {got:got}":
    "attendu : un programme et ses arguments, comme [mount, /mnt/nas] ; trouvé : {got}",
  "expected { archive: PATH, format: mbox } or { account: NAME }, got {got:got}":
    "attendu : { archive: PATH, format: mbox } ou { account: NAME } ; trouvé : {got}",
  "expected the name of an account, got {got} (put it in quotes)":
    "attendu : le nom d'un compte ; trouvé : {got} (mettez des guillemets)",
  "expected a source, got {got:got}; use the name of an account, { archive: PATH }, { mbox: PATH } or { maildir: PATH }":
    "attendu : une source ; trouvé : {got} ; utilisez le nom d'un compte, { archive: PATH }, { mbox: PATH } ou { maildir: PATH }",
  "{kind} takes a path, got {got:got}": "{kind} attend un chemin ; trouvé : {got}",
  "{value} {what:wrong}": "{value} {what}",
  "{what:wrong}": "{what}",
  "must be at least {least}, got {got}": "doit être au moins {least} ; trouvé : {got}",
  "must be at most {most}, got {got}": "doit être au plus {most} ; trouvé : {got}",
  "must be at most 20d": "doit être au plus 20d",
  "must be at least 1 KiB a second": "doit être au moins 1 KiB par seconde",
  "must not be zero": "ne doit pas être zéro",
  "must not be empty": "ne doit pas être vide",
  "must not be longer than {most}": "ne doit pas être plus long que {most}",
  "must have at least one job": "doit avoir au moins une tâche",
  "must be later than since, or no message passes": "doit être après since, sinon aucun message ne passe",

  "a password is never written here; use { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }":
    "un mot de passe ne s'écrit jamais ici ; utilisez { env: NAME }, { file: PATH } ou { command: [PROGRAM, ARGUMENT] }",
  "not a reference to a password; use { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }":
    "pas une référence à un mot de passe ; utilisez { env: NAME }, { file: PATH } ou { command: [PROGRAM, ARGUMENT] }",
  "{key} is not supported by this version of mailferry; use { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }":
    "{key} n'est pas accepté par cette version de mailferry ; utilisez { env: NAME }, { file: PATH } ou { command: [PROGRAM, ARGUMENT] }",
  "env is the name of an environment variable": "env est le nom d'une variable d'environnement",
  "file is the path of a file that holds the password alone":
    "file est le chemin d'un fichier qui ne contient que le mot de passe",
  "none sends the password readable; use implicit or starttls, or set allowInsecure: true":
    "none envoie le mot de passe lisible par tous ; utilisez implicit ou starttls, ou indiquez allowInsecure: true",
  "none sends everything readable; use implicit or starttls":
    "none envoie tout lisible par tous ; utilisez implicit ou starttls",
  "apop is for pop3 accounts; use auto": "apop est pour les comptes pop3 ; utilisez auto",
  "a user needs a password; add the key password": "un user a besoin d'un mot de passe ; ajoutez la clé password",
  "a password needs a user; add the key user": "un mot de passe a besoin d'un identifiant ; ajoutez la clé user",

  "{name} is the name of {job} already": "{name} est déjà le nom de {job}",
  "{name} puts another account into this archive; an archive holds one {what:holds}":
    "{name} met un autre compte dans cette archive ; une archive n'a qu'{what}",
  "{name} puts another source into this archive; an archive holds one {what:holds}":
    "{name} met une autre source dans cette archive ; une archive n'a qu'{what}",
  "{name} writes {format} into this archive; an archive has one format":
    "{name} écrit en {format} dans cette archive ; une archive n'a qu'un format",
  "this is the archive of {name}; refused messages need a folder of their own":
    "c'est l'archive de {name} ; les messages refusés ont besoin d'un dossier à eux",
  "there is no account {name}": "il n'y a pas de compte {name}",
  "there is no account {name}; did you mean {meant}?": "il n'y a pas de compte {name} ; vouliez-vous dire {meant} ?",
  "there is no account {name}; mail on this machine is { archive: PATH }, { mbox: PATH } or { maildir: PATH }":
    "il n'y a pas de compte {name} ; le courrier de cette machine s'écrit { archive: PATH }, { mbox: PATH } ou { maildir: PATH }",
  "a job has one source; keep one of {keys}": "une tâche a une seule source ; gardez l'une de {keys}",
  "no source is named here; use the name of an account, { archive: PATH }, { mbox: PATH } or { maildir: PATH }":
    "aucune source n'est nommée ici ; utilisez le nom d'un compte, { archive: PATH }, { mbox: PATH } ou { maildir: PATH }",
  "unknown key {key}; use the name of an account, { archive: PATH }, { mbox: PATH } or { maildir: PATH }":
    "clé inconnue {key} ; utilisez le nom d'un compte, { archive: PATH }, { mbox: PATH } ou { maildir: PATH }",
  "an account as a source is its name alone: from: {name}": "un compte comme source est son nom seul : from: {name}",
  "a job does not write a plain {kind}; use { archive: PATH, format: {same} }, whose mail is one":
    "une tâche n'écrit pas de simple {kind} ; utilisez { archive: PATH, format: {same} }, dont le courrier en est un",
  "a job has one target; remove {keys}, or archive and format":
    "une tâche a une seule destination ; supprimez {keys}, ou archive et format",
  "a job has one target; remove {keys}, or archive": "une tâche a une seule destination ; supprimez {keys}, ou archive",
  "this key is missing; an archive is written as mbox or as maildir":
    "cette clé manque ; une archive s'écrit en mbox ou en maildir",
  "this key is missing; name the archive's folder": "cette clé manque ; indiquez le dossier de l'archive",
  "this key is missing; {key} needs the name of an account": "cette clé manque ; {key} a besoin du nom d'un compte",
  "{key} is for a target that is an account; remove it":
    "{key} est pour une destination qui est un compte ; supprimez cette clé",
  "format is for a target that is an archive; remove it":
    "format est pour une destination qui est une archive ; supprimez cette clé",
  "no target is named here; use { archive: PATH, format: mbox } or { account: NAME }":
    "aucune destination n'est nommée ici ; utilisez { archive: PATH, format: mbox } ou { account: NAME }",
  "mail can't be put into a POP3 account; name an imap account, or use { archive: PATH, format: mbox }":
    "on ne peut pas mettre de courrier dans un compte POP3 ; indiquez un compte imap, ou utilisez { archive: PATH, format: mbox }",
  "the mail comes from this account; each run would copy its own copies; name another account":
    "le courrier vient de ce compte ; chaque exécution copierait ses propres copies ; indiquez un autre compte",
  "this is the same account as {name}, under another name; each run would copy its own copies; name another account":
    "c'est le même compte que {name}, sous un autre nom ; chaque exécution copierait ses propres copies ; indiquez un autre compte",
  "the job reads its mail here; name another folder": "la tâche lit son courrier ici ; indiquez un autre dossier",
  "this lies in the folder that the job reads; name one outside it":
    "ceci est dans le dossier que la tâche lit ; indiquez-en un en dehors",
  "the mail that the job reads lies in this folder; name another":
    "le courrier que la tâche lit est dans ce dossier ; indiquez-en un autre",
  "special uses decide only where the target is an account; remove this key, or use map":
    "les usages spéciaux ne décident que si la destination est un compte ; supprimez cette clé, ou utilisez map",
  "a POP3 server tells neither dates nor flags; remove this key, or use IMAP":
    "un serveur POP3 ne dit ni les dates, ni les marques ; supprimez cette clé, ou utilisez IMAP",
  "retention is for packs, and this job makes none; add pack, or remove this key":
    "retention est pour les paquets, et cette tâche n'en fait pas ; ajoutez pack, ou supprimez cette clé",
  "packs are made of an archive, and this job writes to an account":
    "les paquets se font à partir d'une archive, et cette tâche écrit dans un compte",
  "this lies in the archive; name a folder beside it": "ceci est dans l'archive ; indiquez un dossier à côté d'elle",
});

export const unreadable = sentences({
  "not a file": "ce n'est pas un fichier",
  "not readable": "lecture refusée",
  "{code}": "{code}",
});

export const holds = sentences({ account: "un compte", source: "une source" });

/** What a value is to be. */
export const kind = sentences({
  text: "du texte",
  "a number": "un nombre",
  "a whole number": "un nombre entier",
  "true or false": "true ou false",
  "a mapping": "des clés et des valeurs",
  "a list": "une liste",
  "{value}": "{value}",
});

/** What a value is. */
export const got = sentences({
  "something else in the list": "autre chose dans la liste",
  "something else": "autre chose",
  nothing: "rien",
  "a list": "une liste",
  "a mapping": "des clés et des valeurs",
  "{value}": "{value}",
});

/** What is said of a value that is shown before it. */
export const wrong = sentences({
  "is not one of {values}": "n'est pas l'une de ces valeurs : {values}",
  "is not valid here": "n'est pas valable ici",
  "is not a name": "n'est pas un nom",
  "is not a path": "n'est pas un chemin",
  "is not a user name": "n'est pas un identifiant",
  "is not a topic": "n'est pas un sujet",
  "is not a host name": "n'est pas un nom de serveur",
  "is not a host name; a port belongs in the key port": "n'est pas un nom de serveur ; un port se met dans la clé port",
  "is not an address such as it@example.org": "n'est pas une adresse comme it@example.org",
  "is not an address that begins with https:// (or with http:// on this machine)":
    "n'est pas une adresse qui commence par https:// (ou par http:// sur cette machine)",
  'is not a duration such as "10m" or "60s"': 'n\'est pas une durée comme "10m" ou "60s"',
  'is not a size such as "25 MB" or "10 MiB"': 'n\'est pas une taille comme "25 MB" ou "10 MiB"',
  "is not a date such as 2015-01-31 or 2015-01-31T12:00:00Z":
    "n'est pas une date comme 2015-01-31 ou 2015-01-31T12:00:00Z",
  "is not a time zone such as Europe/Paris or UTC": "n'est pas un fuseau horaire comme Europe/Paris ou UTC",
  'is not a cron line: minute, hour, day, month, weekday, such as "30 2 * * *" (each night at 02:30)':
    'n\'est pas une ligne cron : minute, heure, jour, mois, jour de la semaine, comme "30 2 * * *" (chaque nuit à 02:30)',
  'is not a name: no spaces around it, no "-" before it, no control characters':
    'n\'est pas un nom : ni espaces autour, ni "-" devant, ni caractères de contrôle',
  "is not a pattern: a name is missing before, after or between slashes":
    "n'est pas un motif : il manque un nom avant, après ou entre des barres obliques",
  "is not a pattern: ** stands alone between slashes": "n'est pas un motif : ** est seul entre des barres obliques",
  'is not a fingerprint: "SHA256:" and 64 hexadecimal digits or 44 characters of base64':
    'n\'est pas une empreinte : "SHA256:" et 64 chiffres hexadécimaux ou 44 caractères en base64',
  'is not a time of day such as "08:00-18:30"': 'n\'est pas une plage horaire comme "08:00-18:30"',
  "is not a mailbox: a name is missing before, after or between slashes":
    "n'est pas une boîte : il manque un nom avant, après ou entre des barres obliques",
  "is not a mailbox: * has no meaning here": "n'est pas une boîte : * n'a pas de sens ici",
  "is not among its mailboxes": "n'est pas parmi ses boîtes",
  "has more than one **": "a plus d'un **",
  "has **, so its pattern needs exactly one ** too": "a **, il faut donc exactement un ** dans son motif aussi",
  "says nothing of what is kept; use keepLast, keepDaily, keepWeekly, keepMonthly or keepYearly":
    "ne dit pas ce qui est gardé ; utilisez keepLast, keepDaily, keepWeekly, keepMonthly ou keepYearly",
  "has no certificate in PEM form": "ne contient pas de certificat au format PEM",
  "is too long for certificates (more than {octets} octets)":
    "est trop long pour des certificats (plus de {octets} octets)",
});

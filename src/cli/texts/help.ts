// What `--help` says: of the program, its options and its commands.

import { texts } from "../../language/texts.ts";

export const helpTexts = texts(
  {
    about: "Backs up and moves mail: POP3, IMAP, mbox and Maildir. No message is lost, doubled or altered.",
    version: "show the version",
    help: "show this help",
    "help.command": "show the help of a command",
    config: "the job file (default: ./jobs.yaml, then mailferry/jobs.yaml in your config directory)",
    "dry-run": "backup, run, restore, verify --repair: say what would be done, but write nothing",
    json: "the result as one JSON document on stdout",
    events: "backup, run, restore: what happens, as JSON lines on stdout",
    quiet: "say nothing unless something is wrong",
    verbose: "every mailbox and every failure",
    lang: "the language: en, fr (default: that of your system)",
    color: "colours: auto, always, never",
    plain: "no colours, no bars",
    "no-input": "ask nothing, even at a terminal",
    yes: "do not ask for a yes; try a log-in once more that was refused in three runs",
    footer: `
Exit codes: 0 ok, also if nothing is new; 2 usage; 3 incomplete; 4 log-in
refused; 5 temporary, run again; 6 job file; 7 archive damaged; 8 locked by
another run; 9 destination or quota; 10 overdue (status); 75 skipped; 130, 143
stopped, can be resumed.
`,

    "title.usage": "Usage:",
    "title.options": "Options:",
    "title.global": "Global Options:",
    "title.arguments": "Arguments:",
    "title.commands": "Commands:",

    run: "run jobs of the job file; a file with one job needs no name",
    "run.all": "all jobs",
    "run.scheduled": "a schedule has started this run, not a person",
    "arg.jobs": "names of jobs",
    "arg.jobs.all": "names of jobs; all without them",
    "arg.jobs.scheduled": "names of jobs; all that have a schedule without them",
    daemon: "stay and run each job when its schedule says so; --json and --events give JSON lines",
    status: "how every job stands, without asking anybody; exits with 10 if one should have run and didn't",
    "status.stale": "overdue if the last success is older, whatever the job says: 36h",
    verify: "read every message of an archive again and compare it with what arrived",
    "verify.archive": "its folder, or a pack of it",
    "verify.server": "compare it with the account, too",
    "verify.repair": "mend what is damaged, and fetch it again; nothing is deleted. -n says what it would do",
    restore: "put the mail of an archive back: into an account, a Maildir or an mbox file",
    "restore.archive": "its folder, or a pack of it; a Maildir or an mbox file, too",
    "restore.to": "an account of the job file, or where to write",
    "restore.mailbox": "only these, such as INBOX or Projets/2026",
    "restore.since": "only what arrived on that day or later: 2015-01-31",
    "restore.into": "into the mailboxes as they were, not into new ones",
    report: "the newest run of a job once more, with every mailbox and the reason for every difference",
    "report.target": "a job of the job file, or an archive's folder; all jobs without it",
    "report.html": "write it as one page, for a browser, a phone or a printer",
    ls: "list the mailboxes of an archive, or the messages of one",
    "ls.mailbox": "such as INBOX or Projets/2026",
    schedule: "have the system run the jobs that have a schedule: systemd, launchd or cron",
    "schedule.as": "another than this system's own: systemd, launchd, cron",
    "schedule.install": "show what is written, ask, write and enable it",
    "schedule.show": "what install would write",
    "schedule.remove": "remove exactly what install has written for this job file",
    "config.command": "check or show the job file, without running anything",
    "config.check": "every mistake of the job file, with its place",
    "config.show": "the job file with its defaults; passwords as references only",
    "config.schema": "the JSON Schema of job files, for editors",
    notify: "who is told when something is wrong",
    "notify.test":
      "send a test message by mail, ping, ntfy and webhook, whatever the job file has, and say what happened",
    explain: "what a code such as MF-A201 means, why it happens and what to do",
    "explain.code": "the code; all of them without it",
    doctor: "whether this machine, its disks and accounts are fit for the job file; nothing is changed, nobody logs in",
    "doctor.no-network": "ask no server",
    completion: "print a script that completes commands, jobs and accounts as you type; it says how to install it",
    "completion.shell": "bash, zsh, fish or powershell",
    demo: "back up a made-up account from servers on this machine, twice, and verify it",
  },
  {
    about:
      "Sauvegarde et déplace le courrier : POP3, IMAP, mbox et Maildir. Aucun message n'est perdu, doublé ni modifié.",
    version: "afficher la version",
    help: "afficher cette aide",
    "help.command": "afficher l'aide d'une commande",
    config:
      "le fichier de tâches (par défaut ./jobs.yaml, puis mailferry/jobs.yaml dans votre dossier de configuration)",
    "dry-run": "backup, run, restore, verify --repair : dire ce qui serait fait, sans rien écrire",
    json: "le résultat en un seul document JSON sur la sortie standard",
    events: "backup, run, restore : ce qui se passe, en lignes JSON sur la sortie standard",
    quiet: "ne rien dire, sauf si quelque chose ne va pas",
    verbose: "chaque boîte et chaque échec",
    lang: "la langue : en, fr (par défaut celle de votre système)",
    color: "couleurs : auto, always (toujours), never (jamais)",
    plain: "ni couleurs ni barres",
    "no-input": "ne rien demander, même dans un terminal",
    yes: "ne pas demander confirmation ; réessayer une connexion refusée lors de trois exécutions",
    footer: `
Codes de sortie : 0 tout va bien, même sans rien de nouveau ; 2 commande mal
écrite ; 3 incomplet ; 4 connexion refusée ; 5 passager, relancer ; 6 fichier de
tâches ; 7 archive endommagée ; 8 verrouillé par une autre exécution ;
9 destination ou quota ; 10 en retard (status) ; 75 non exécuté ; 130, 143
interrompu, peut reprendre.
`,

    "title.usage": "Utilisation :",
    "title.options": "Options :",
    "title.global": "Options générales :",
    "title.arguments": "Arguments :",
    "title.commands": "Commandes :",

    run: "exécuter des tâches du fichier ; s'il n'en a qu'une, son nom est inutile",
    "run.all": "toutes les tâches",
    "run.scheduled": "lancé par une planification, non par une personne",
    "arg.jobs": "noms de tâches",
    "arg.jobs.all": "noms de tâches ; toutes si aucun n'est donné",
    "arg.jobs.scheduled": "noms de tâches ; à défaut, toutes celles qui sont planifiées",
    daemon: "rester et exécuter chaque tâche à son heure ; --json et --events donnent des lignes JSON",
    status:
      "où en est chaque tâche, sans rien demander à personne ; code 10 si l'une d'elles aurait dû s'exécuter et ne l'a pas fait",
    "status.stale": "en retard si le dernier succès est plus ancien, quoi qu'en dise la tâche : 36h",
    verify: "relire chaque message d'une archive et le comparer à ce qui était arrivé",
    "verify.archive": "son dossier, ou l'un de ses paquets",
    "verify.server": "la comparer aussi au compte",
    "verify.repair":
      "réparer ce qui est endommagé et le recopier depuis le serveur ; rien n'est supprimé. Avec -n, dire ce qui serait fait",
    restore: "remettre le courrier d'une archive dans un compte, un Maildir ou un fichier mbox",
    "restore.archive": "son dossier, ou l'un de ses paquets ; ou encore un Maildir ou un fichier mbox",
    "restore.to": "un compte du fichier de tâches, ou l'endroit où écrire",
    "restore.mailbox": "seulement ces boîtes, par exemple INBOX ou Projets/2026",
    "restore.since": "seulement ce qui est arrivé ce jour-là ou après : 2015-01-31",
    "restore.into": "dans les boîtes d'origine, et non dans de nouvelles",
    report: "revoir la dernière exécution d'une tâche : chaque boîte, et la raison de chaque différence",
    "report.target": "une tâche du fichier, ou le dossier d'une archive ; à défaut, toutes les tâches",
    "report.html": "l'écrire en une page, pour un navigateur, un téléphone ou une imprimante",
    ls: "lister les boîtes d'une archive, ou les messages de l'une d'elles",
    "ls.mailbox": "par exemple INBOX ou Projets/2026",
    schedule: "faire exécuter par le système les tâches planifiées : systemd, launchd ou cron",
    "schedule.as": "un autre que celui de ce système : systemd, launchd, cron",
    "schedule.install": "montrer ce qui sera écrit, demander, l'écrire et l'activer",
    "schedule.show": "ce que install écrirait",
    "schedule.remove": "retirer exactement ce que install a écrit pour ce fichier de tâches",
    "config.command": "vérifier ou montrer le fichier de tâches, sans rien exécuter",
    "config.check": "toutes les erreurs du fichier de tâches, avec leur place",
    "config.show": "le fichier de tâches avec ses valeurs par défaut ; les mots de passe n'y sont que des renvois",
    "config.schema": "le schéma JSON des fichiers de tâches, pour les éditeurs",
    notify: "qui est prévenu quand quelque chose ne va pas",
    "notify.test":
      "envoyer un message d'essai par courriel, ping, ntfy et webhook, selon le fichier de tâches, et dire ce qui s'est passé",
    explain: "ce que veut dire un code comme MF-A201, pourquoi il apparaît et que faire",
    "explain.code": "le code ; à défaut, la liste de tous",
    doctor:
      "si cette machine, ses disques et ses comptes conviennent au fichier de tâches ; rien n'est changé, aucune connexion",
    "doctor.no-network": "n'interroger aucun serveur",
    completion:
      "afficher un script qui complète commandes, tâches et comptes pendant la frappe ; il dit comment l'installer",
    "completion.shell": "bash, zsh, fish ou powershell",
    demo: "sauvegarder deux fois un compte inventé depuis des serveurs de cette machine, et le vérifier",
  },
);

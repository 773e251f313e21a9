// What doctor says of the machine, its disks and its accounts.

import { texts } from "../../language/texts.ts";

export const doctorTexts = texts(
  {
    "level.ok": "ok",
    "level.info": "info",
    "level.warning": "warning",
    "level.error": "error",
    do: "->",

    node: "Node.js {version} ({wanted} or later is needed)",
    "node.old": "Node.js {version} is too old: mailferry is tested with {wanted} and later",
    "node.old.do": "Install Node.js {wanted} or later: https://nodejs.org",
    system: "{system}",
    "system.untried": "{system}: mailferry is tested on Linux and macOS",

    providers: {
      one: "Mail providers: {count} is known, as of {date}",
      other: "Mail providers: {count} are known, as of {date}",
    },
    "providers.do": "A newer mailferry may know better: npm install --global mailferry@latest",

    clock: "Clock: {time}; time zone {zone}",
    "clock.old": "Clock: {time}, which can't be: it is before this version of mailferry was made",
    "clock.back": "Clock: {time}, but the newest run of a job was at {run}: the clock was wrong then, or is now",
    "clock.do": "Set the clock: dates of runs and schedules go by it, and certificates, too.",
    "clock.no-zone": "Clock: {time}; this machine's time zone is not known",
    "clock.no-zone.do": "Set the machine's time zone, or defaults.timezone in the job file, such as Europe/Paris.",

    jobs: "Job file {file}: {jobs}, {accounts}, no mistakes",
    "jobs.jobs": { one: "{count} job", other: "{count} jobs" },
    "jobs.accounts": { one: "{count} account", other: "{count} accounts" },
    "jobs.none": "There is no job file yet",
    "jobs.none.do": "mailferry backup you@example.org starts without one and offers to write it.",
    "jobs.mistakes": {
      one: "The job file has a mistake, so its jobs and accounts were not looked at: {first}",
      other: "The job file has {count} mistakes, so its jobs and accounts were not looked at. The first: {first}",
    },
    "jobs.mistakes.do": "{command} shows them all.",

    "place.state": "State directory {path}",
    "place.archive": "Archive {path}",
    "place.packs": "Packs {path}",
    "place.reports": "Reports {path}",
    "place.waits": "{subject}: the disk is not there now ({path}); until it is, runs are skipped",
    "place.writable": "{subject}: writable, {room}",
    "place.to-be-made": "{subject}: will be made by the first run, {room}",
    "place.free": "{size} free",
    "place.free.unknown": "free space not known",
    "place.full.do": "Make room, or choose another disk.",
    "place.dead-lock": "{subject}: a run has died there; the next one goes on where it stopped",
    "limit.colons": "{subject}: this file system takes no name with a colon, and the files of a Maildir have one",
    "limit.colons.do": "Use format: mbox, or another disk.",
    "limit.file-size": "{subject}: this file system holds no file of 4 GiB or more",
    "limit.file-size.do":
      "Where a mailbox or a pack may grow that large, use format: maildir, or a disk with another file system.",
    "limit.long-names":
      "{subject}: this file system takes no names of 255 octets; mailboxes with very long names may not fit",
    "limit.case": "{subject}: this file system does not tell a from A in names; mailferry minds that",
    "limit.volatile": "{subject}: this is memory, not a disk: all of it is gone when the machine restarts",
    "limit.volatile.do": "Choose a folder on a disk.",
    "limit.remote":
      "{subject}: this is a network disk; let only one machine write there, since the lock is seen by this one alone",

    keyring: "Passwords: the keyring of this system answers",
    "keyring.of": "Passwords: ",
    "keyring.do": "Where there is no keyring, mailferry account add keeps a password in a private file.",

    "schedule.none": "No job has a schedule: jobs run when you start them",
    "schedule.daemon": {
      one: "Schedule: mailferry daemon is running, for {count} job",
      other: "Schedule: mailferry daemon is running, for {count} jobs",
    },
    "schedule.installed": {
      one: "Schedule: {count} job, run by {scheduler}",
      other: "Schedule: {count} jobs, run by {scheduler}",
    },
    "schedule.nothing": {
      one: "Schedule: {count} job has one, and nothing runs it",
      other: "Schedule: {count} jobs have one, and nothing runs them",
    },
    "schedule.nothing.do": "{install}, or {daemon}",
    "schedule.again": "{install} writes and enables it again.",
    "schedule.gone": "Schedule: {path} was installed and is gone",
    "schedule.not-in-crontab": "Schedule: it was written to your crontab and is not there any more",
    "schedule.not-enabled": "Schedule: {timer} is there, and not enabled",
    "schedule.no-linger": "Schedule: it rests while you are not logged in",
    "schedule.variable":
      "Schedule: the password of {name} is in the variable {variable}, which a timer or cron does not have",
    "schedule.variable.do": "In the job file, let password name a file or a command.",

    "account.of": "Account {name}: ",
    "account.secret": "Account {name}: its password can be read",
    "account.paused":
      "Account {name}: its log-in was refused in several runs, and scheduled runs do not try it any more",
    "account.paused.do": "Put the log-in right, then start a run yourself, at a terminal or with --yes.",
    server: "Account {name}: {place} answers, {version}, certificate good until {date}",
    "server.tls": "Account {name}: {place} answers, {version}",
    "server.plain": "Account {name}: {place} answers; nothing is encrypted on the way, as the job file allows",
    "server.ends-soon": "Account {name}: {place} answers, {version}, but its certificate ends on {date}",
    "server.ends-soon.do": "Tell whoever runs the server: from then on no run gets through.",

    errors: { one: "{count} error", other: "{count} errors" },
    warnings: { one: "{count} warning", other: "{count} warnings" },
    "verdict.ok": "ALL IS WELL: {count} checks.",
    "verdict.warnings": "FIT TO RUN, with {warnings}.",
    "verdict.errors": "NOT FIT TO RUN: {errors}.",
    "verdict.both": "NOT FIT TO RUN: {errors}, {warnings}.",
  },
  {
    "level.ok": "ok",
    "level.info": "info",
    "level.warning": "attention",
    "level.error": "erreur",
    do: "->",

    node: "Node.js {version} (il faut la version {wanted} ou plus récente)",
    "node.old": "Node.js {version} est trop ancien : mailferry est testé à partir de la version {wanted}",
    "node.old.do": "Installez Node.js {wanted} ou plus récent : https://nodejs.org",
    system: "{system}",
    "system.untried": "{system} : mailferry est testé sous Linux et macOS",

    providers: {
      one: "Fournisseurs de courrier : {count} connu, au {date}",
      other: "Fournisseurs de courrier : {count} connus, au {date}",
    },
    "providers.do": "Un mailferry plus récent en sait peut-être davantage : npm install --global mailferry@latest",

    clock: "Horloge : {time} ; fuseau horaire {zone}",
    "clock.old": "Horloge : {time}, ce qui est impossible : c'est antérieur à cette version de mailferry",
    "clock.back":
      "Horloge : {time}, mais la dernière exécution d'une tâche date du {run} : l'horloge était fausse alors, ou l'est maintenant",
    "clock.do": "Réglez l'horloge : les dates des exécutions, les planifications et les certificats en dépendent.",
    "clock.no-zone": "Horloge : {time} ; le fuseau horaire de cette machine n'est pas connu",
    "clock.no-zone.do":
      "Réglez le fuseau horaire de la machine, ou defaults.timezone dans le fichier de tâches, par exemple Europe/Paris.",

    jobs: "Fichier de tâches {file} : {jobs}, {accounts}, aucune erreur",
    "jobs.jobs": { one: "{count} tâche", other: "{count} tâches" },
    "jobs.accounts": { one: "{count} compte", other: "{count} comptes" },
    "jobs.none": "Il n'y a pas encore de fichier de tâches",
    "jobs.none.do": "mailferry backup vous@example.org s'en passe, et propose de l'écrire.",
    "jobs.mistakes": {
      one: "Le fichier de tâches contient une erreur ; ses tâches et ses comptes n'ont donc pas été examinés : {first}",
      other:
        "Le fichier de tâches contient {count} erreurs ; ses tâches et ses comptes n'ont donc pas été examinés. La première : {first}",
    },
    "jobs.mistakes.do": "{command} les montre toutes.",

    "place.state": "Dossier d'état {path}",
    "place.archive": "Archive {path}",
    "place.packs": "Paquets {path}",
    "place.reports": "Rapports {path}",
    "place.waits": "{subject} : le disque n'est pas là pour l'instant ({path}) ; d'ici là, rien n'est exécuté",
    "place.writable": "{subject} : on peut y écrire, {room}",
    "place.to-be-made": "{subject} : sera créé par la première exécution, {room}",
    "place.free": "{size} libres",
    "place.free.unknown": "espace libre inconnu",
    "place.full.do": "Faites de la place, ou choisissez un autre disque.",
    "place.dead-lock": "{subject} : une exécution y est morte ; la suivante reprendra où elle s'est arrêtée",
    "limit.colons":
      "{subject} : ce système de fichiers refuse les noms avec deux-points, et les fichiers d'un Maildir en ont",
    "limit.colons.do": "Utilisez le format mbox, ou un autre disque.",
    "limit.file-size": "{subject} : ce système de fichiers n'accepte pas de fichier de 4 Gio ou plus",
    "limit.file-size.do":
      "Si une boîte ou un paquet peut devenir aussi grand, utilisez le format maildir, ou un disque avec un autre système de fichiers.",
    "limit.long-names":
      "{subject} : ce système de fichiers refuse les noms de 255 octets ; des boîtes au nom très long n'y tiendront peut-être pas",
    "limit.case":
      "{subject} : ce système de fichiers ne distingue pas a de A dans les noms ; mailferry en tient compte",
    "limit.volatile": "{subject} : c'est de la mémoire, pas un disque : tout disparaît quand la machine redémarre",
    "limit.volatile.do": "Choisissez un dossier sur un disque.",
    "limit.remote":
      "{subject} : c'est un disque réseau ; qu'une seule machine y écrive, car le verrou n'est vu que de celle-ci",

    keyring: "Mots de passe : le trousseau de ce système répond",
    "keyring.of": "Mots de passe : ",
    "keyring.do": "Sans trousseau, mailferry account add garde un mot de passe dans un fichier privé.",

    "schedule.none": "Aucune tâche n'est planifiée : elles s'exécutent quand vous les lancez",
    "schedule.daemon": {
      one: "Planification : mailferry daemon est en marche, pour {count} tâche",
      other: "Planification : mailferry daemon est en marche, pour {count} tâches",
    },
    "schedule.installed": {
      one: "Planification : {count} tâche, exécutée par {scheduler}",
      other: "Planification : {count} tâches, exécutées par {scheduler}",
    },
    "schedule.nothing": {
      one: "Planification : {count} tâche est planifiée, et rien ne l'exécute",
      other: "Planification : {count} tâches sont planifiées, et rien ne les exécute",
    },
    "schedule.nothing.do": "{install}, ou {daemon}",
    "schedule.again": "{install} l'écrit et l'active de nouveau.",
    "schedule.gone": "Planification : {path} avait été installé et a disparu",
    "schedule.not-in-crontab": "Planification : elle avait été écrite dans votre crontab et n'y est plus",
    "schedule.not-enabled": "Planification : {timer} est là, mais pas activé",
    "schedule.no-linger": "Planification : elle s'arrête tant que votre session n'est pas ouverte",
    "schedule.variable":
      "Planification : le mot de passe de {name} est dans la variable {variable}, qu'un minuteur ou cron n'a pas",
    "schedule.variable.do":
      "Dans le fichier de tâches, indiquez un fichier ou une commande comme source du mot de passe.",

    "account.of": "Compte {name} : ",
    "account.secret": "Compte {name} : son mot de passe peut être lu",
    "account.paused":
      "Compte {name} : sa connexion a été refusée lors de plusieurs exécutions, et les exécutions planifiées ne l'essaient plus",
    "account.paused.do": "Corrigez la connexion, puis lancez une exécution vous-même, dans un terminal ou avec --yes.",
    server: "Compte {name} : {place} répond, {version}, certificat valable jusqu'au {date}",
    "server.tls": "Compte {name} : {place} répond, {version}",
    "server.plain":
      "Compte {name} : {place} répond ; rien n'est chiffré en route, comme le fichier de tâches le permet",
    "server.ends-soon": "Compte {name} : {place} répond, {version}, mais son certificat expire le {date}",
    "server.ends-soon.do": "Prévenez qui gère le serveur : à partir de ce jour, plus aucune exécution ne passera.",

    errors: { one: "{count} erreur", other: "{count} erreurs" },
    warnings: { one: "{count} avertissement", other: "{count} avertissements" },
    "verdict.ok": "TOUT VA BIEN : {count} vérifications.",
    "verdict.warnings": "PRÊT, avec {warnings}.",
    "verdict.errors": "PAS PRÊT : {errors}.",
    "verdict.both": "PAS PRÊT : {errors}, {warnings}.",
  },
);

// C: job files and their commands. L: locks. V: archives and packs that are damaged.

import type { Explanations } from "./explanation.ts";

export const jobFiles: Explanations<"C"> = {
  C701: {
    en: {
      means: "The job file, or what a command line makes of it, can't be used as it is. Nothing was started.",
      causes: [
        "A key or a value has a typing mistake; each mistake is shown with its line and column.",
        "The indentation is not even, or has tabs in it.",
        "The file is not there, or others may change it (then it is not trusted).",
        "Two mailboxes would go to the same place, or two jobs into the same archive.",
      ],
      steps: [
        "Correct what is shown, then see whether it is right: mailferry config check",
        "jobs.example.yaml shows every key with a comment.",
        "Editors that know YAML help while you write: mailferry config schema",
      ],
      data: "Nothing was changed, nothing was lost.",
    },
    fr: {
      means:
        "Le fichier de tâches, ou ce qu'en fait la ligne de commande, n'est pas utilisable tel quel. Rien n'a été lancé.",
      causes: [
        "Une clé ou une valeur a une faute de frappe ; chaque erreur est montrée avec sa ligne et sa colonne.",
        "Le retrait n'est pas régulier, ou contient des tabulations.",
        "Le fichier n'est pas là, ou d'autres peuvent le modifier (on ne s'y fie alors pas).",
        "Deux boîtes iraient au même endroit, ou deux tâches dans la même archive.",
      ],
      steps: [
        "Corrigez ce qui est montré, puis voyez si c'est bon : mailferry config check",
        "jobs.example.yaml montre chaque clé avec un commentaire.",
        "Les éditeurs qui connaissent YAML aident pendant que vous écrivez : mailferry config schema",
      ],
      data: "Rien n'a été changé, rien n'est perdu.",
    },
  },
  C702: {
    en: {
      means: "The command that the job runs first (hooks: before) failed, so the job was not run.",
      causes: [
        "What the command does could not be done tonight: a disk that it mounts is not there, a network is down.",
        "The schedule runs with another PATH or another user than your terminal.",
      ],
      steps: [
        "Run the command by hand, from the folder of the job file, and see what it says.",
        "Write its whole path in the job file.",
        "Run it again: mailferry run JOB",
      ],
      data: "Nothing was changed, nothing was lost.",
    },
    fr: {
      means: "La commande que la tâche lance d'abord (hooks: before) a échoué : la tâche n'a pas été exécutée.",
      causes: [
        "Ce que fait la commande n'a pas pu se faire cette nuit : un disque à monter n'est pas là, un réseau est en panne.",
        "L'exécution programmée a un autre PATH ou un autre utilisateur que votre terminal.",
      ],
      steps: [
        "Lancez la commande à la main, depuis le dossier du fichier de tâches, et voyez ce qu'elle dit.",
        "Écrivez son chemin complet dans le fichier de tâches.",
        "Relancez : mailferry run JOB",
      ],
      data: "Rien n'a été changé, rien n'est perdu.",
    },
  },
};

export const locks: Explanations<"L"> = {
  L801: {
    en: {
      means: "Another run, or a mail program, is at work there. Two at once could spoil what they write.",
      causes: [
        "The scheduled run is not finished yet, or you have started the same job twice.",
        "A mail program has the mailbox open.",
        "A run on another machine that uses the same network folder was cut off, and its lock is still there.",
      ],
      steps: [
        "Wait until the other run has ended: mailferry status",
        "Close the mail program that has the mailbox open.",
        "If you are sure that nothing is active, on no machine, remove the file that is named; then run it again: mailferry run JOB",
      ],
      data: "Nothing was changed, nothing was lost. The other run goes on undisturbed.",
    },
    fr: {
      means:
        "Une autre exécution, ou un logiciel de courrier, y travaille. Deux à la fois pourraient gâcher ce qu'ils écrivent.",
      causes: [
        "L'exécution programmée n'est pas finie, ou vous avez lancé deux fois la même tâche.",
        "Un logiciel de courrier a ouvert la boîte.",
        "Une exécution sur une autre machine, dans le même dossier réseau, a été interrompue, et son verrou est resté.",
      ],
      steps: [
        "Attendez la fin de l'autre exécution : mailferry status",
        "Fermez le logiciel de courrier qui a ouvert la boîte.",
        "Si vous êtes sûr que rien n'est en cours, sur aucune machine, supprimez le fichier nommé ; puis relancez : mailferry run JOB",
      ],
      data: "Rien n'a été changé, rien n'est perdu. L'autre exécution continue sans être dérangée.",
    },
  },
};

export const damage: Explanations<"V"> = {
  V901: {
    en: {
      means: "Something in the archive is not as mailferry wrote it.",
      causes: [
        "A mail program, a cleaning or synchronising program, or a person has changed files in the archive.",
        "The disk is failing, or was unplugged while it was written to.",
        "Files were put back from an older copy.",
      ],
      steps: [
        "See what is damaged, and what is intact: mailferry verify ARCHIVE",
        "See what a repair would do, without doing it: mailferry verify ARCHIVE --repair --dry-run",
        "Have it mended: mailferry verify ARCHIVE --repair. Nothing is deleted; what was there is kept aside, and what can be is fetched again from the account.",
        "If it happens again, check the disk.",
      ],
      data: "mailferry did not touch the damaged part, and everything else can be read. What is still on the server can be fetched again.",
    },
    fr: {
      means: "Quelque chose dans l'archive n'est pas tel que mailferry l'a écrit.",
      causes: [
        "Un logiciel de courrier, de nettoyage ou de synchronisation, ou une personne, a modifié des fichiers de l'archive.",
        "Le disque est défaillant, ou a été débranché pendant l'écriture.",
        "Des fichiers ont été remis depuis une copie plus ancienne.",
      ],
      steps: [
        "Voyez ce qui est endommagé, et ce qui est intact : mailferry verify ARCHIVE",
        "Voyez ce qu'une remise en état ferait, sans la faire : mailferry verify ARCHIVE --repair --dry-run",
        "Faites remettre en état : mailferry verify ARCHIVE --repair. Rien n'est supprimé ; ce qui était là est gardé à part, et ce qui peut l'être est repris du compte.",
        "Si cela se reproduit, vérifiez le disque.",
      ],
      data: "mailferry n'a pas touché à la partie endommagée, et tout le reste peut être lu. Ce qui est encore sur le serveur peut être repris.",
    },
  },
  V902: {
    en: {
      means: "A pack (a dated, closed copy of an archive) is not as it was written.",
      causes: [
        "The file was copied or moved only in part.",
        "The disk that it is on is failing.",
        "Somebody has opened it and saved it again.",
      ],
      steps: [
        "See what is still intact in it: mailferry verify PACK",
        "Put it back from a copy, or move it away.",
        "The living archive is not concerned: mailferry verify ARCHIVE. The next run makes a new pack of it.",
      ],
      data: "The living archive and the other packs are as they were. No older pack is removed because of a damaged one.",
    },
    fr: {
      means: "Un paquet (une copie datée et close d'une archive) n'est pas tel qu'il a été écrit.",
      causes: [
        "Le fichier n'a été copié ou déplacé qu'en partie.",
        "Le disque où il se trouve est défaillant.",
        "Quelqu'un l'a ouvert et enregistré à nouveau.",
      ],
      steps: [
        "Voyez ce qu'il a encore d'intact : mailferry verify PACK",
        "Remettez-le depuis une copie, ou déplacez-le ailleurs.",
        "L'archive vivante n'est pas concernée : mailferry verify ARCHIVE. La prochaine exécution en fait un nouveau paquet.",
      ],
      data: "L'archive vivante et les autres paquets sont tels quels. Aucun paquet plus ancien n'est supprimé à cause d'un paquet endommagé.",
    },
  },
};

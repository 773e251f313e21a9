// D501 to D503: disks.

import type { Explanation } from "./explanation.ts";

type Part = Readonly<Record<"D501" | "D502" | "D503", Readonly<Record<"en" | "fr", Explanation>>>>;

export const disks: Part = {
  D501: {
    en: {
      means: "The disk, or your share of it, has no more room.",
      causes: [
        "The mail is larger than what is free.",
        "Something else fills the disk: other backups, a wastebasket, log files.",
        "The disk has room, but takes no more files (its inodes are used up); Maildir needs one file for each message.",
      ],
      steps: [
        "Make room, or put the archive on a larger disk: move its whole folder, and change the path in the job file.",
        "See how much room each place has: mailferry doctor",
        "See beforehand how much is to come: mailferry run JOB --dry-run",
        "Run it again: mailferry run JOB. It goes on where it stopped.",
      ],
      data: "What was copied before is safe. The message that no longer fitted was taken out again whole.",
    },
    fr: {
      means: "Le disque, ou votre part de ce disque, n'a plus de place.",
      causes: [
        "Le courrier est plus gros que ce qui est libre.",
        "Autre chose remplit le disque : d'autres sauvegardes, une corbeille, des journaux.",
        "Le disque a de la place mais n'accepte plus de fichiers (ses inodes sont épuisés) ; Maildir a besoin d'un fichier par message.",
      ],
      steps: [
        "Faites de la place, ou mettez l'archive sur un disque plus grand : déplacez tout son dossier, et changez le chemin dans le fichier de tâches.",
        "Voyez la place libre à chaque endroit : mailferry doctor",
        "Voyez d'avance ce qui est à venir : mailferry run JOB --dry-run",
        "Relancez : mailferry run JOB. La tâche reprend où elle s'est arrêtée.",
      ],
      data: "Ce qui a été copié avant est à l'abri. Le message qui ne tenait plus a été retiré en entier.",
    },
  },
  D502: {
    en: {
      means: "The disk or folder is not there, may not be written, or reports an error.",
      causes: [
        "The USB disk is not plugged in, or the network share is not mounted.",
        "The folder belongs to another user, or is read-only.",
        "The disk is failing: input/output errors are the sign of it.",
        "Too many files are open at once for what the system allows.",
      ],
      steps: [
        "Plug in or mount the disk, then see whether it can be written to: mailferry doctor",
        "At input/output errors: stop using the disk, copy what is on it, and replace it.",
        "Then look whether the archive is whole: mailferry verify ARCHIVE",
        "Run it again: mailferry run JOB",
        "For a disk that is not always there, set when: { pathExists: PATH }: the job is then skipped, not failed.",
      ],
      data: "What was copied before is as safe as the disk is. mailferry never takes an empty mount point for a new archive.",
    },
    fr: {
      means: "Le disque ou le dossier n'est pas là, n'est pas accessible en écriture, ou signale une erreur.",
      causes: [
        "Le disque USB n'est pas branché, ou le partage réseau n'est pas monté.",
        "Le dossier appartient à un autre utilisateur, ou est en lecture seule.",
        "Le disque est défaillant : les erreurs d'entrée-sortie en sont le signe.",
        "Trop de fichiers sont ouverts à la fois pour ce que le système permet.",
      ],
      steps: [
        "Branchez ou montez le disque, puis voyez si l'on peut y écrire : mailferry doctor",
        "En cas d'erreurs d'entrée-sortie : n'utilisez plus le disque, copiez ce qu'il contient, et remplacez-le.",
        "Voyez ensuite si l'archive est entière : mailferry verify ARCHIVE",
        "Relancez : mailferry run JOB",
        "Pour un disque qui n'est pas toujours là, indiquez when: { pathExists: PATH } : la tâche attend alors la fois suivante, au lieu d'échouer.",
      ],
      data: "Ce qui a été copié avant est aussi sûr que le disque. mailferry ne prend jamais un point de montage vide pour une nouvelle archive.",
    },
  },
  D503: {
    en: {
      means: "The file system can't hold a file as large as this one would be.",
      causes: [
        "The disk has FAT32, as many USB sticks do: no file may have 4 GiB or more. An mbox goes on in further files by itself; a single message, or a pack, can't.",
        "The system limits the size of files for this user (ulimit -f).",
      ],
      steps: [
        "Use a disk with exFAT, NTFS or ext4; or format this one so. Copy what is on it elsewhere first: formatting deletes it.",
        "See whether it is fit for large files: mailferry doctor",
        "Run it again: mailferry run JOB",
      ],
      data: "What was copied before is safe. The message that no longer fitted was taken out again whole.",
    },
    fr: {
      means: "Le système de fichiers ne peut pas contenir un fichier aussi gros que le serait celui-ci.",
      causes: [
        "Le disque est en FAT32, comme beaucoup de clés USB : aucun fichier ne peut y atteindre 4 Gio. Un mbox continue de lui-même dans d'autres fichiers ; un message seul, ou un paquet, ne le peut pas.",
        "Le système limite la taille des fichiers de cet utilisateur (ulimit -f).",
      ],
      steps: [
        "Prenez un disque en exFAT, NTFS ou ext4, ou formatez celui-ci ainsi. Copiez d'abord ailleurs ce qu'il contient : formater efface tout.",
        "Voyez si celui-ci accepte de gros fichiers : mailferry doctor",
        "Relancez : mailferry run JOB",
      ],
      data: "Ce qui a été copié avant est à l'abri. Le message qui ne tenait plus a été retiré en entier.",
    },
  },
};

// D504 onwards: names and archives that don't fit; and all of D.

import { disks } from "./disks.ts";
import type { Explanations } from "./explanation.ts";

export const destinations: Explanations<"D"> = {
  ...disks,
  D504: {
    en: {
      means: "A file or folder can't have the name that it would need here.",
      causes: [
        "The path is too long for the file system, most often because the folder lies deep already.",
        "The disk has FAT or exFAT, which take no ':' in a name, and every file of a Maildir has one.",
        "A mailbox on the server has no name, or one that can't be stored.",
        "A file that mailferry did not write lies in the archive, with a name that no pack can hold.",
      ],
      steps: [
        "Choose a shorter path for the archive, such as a folder at the top of the disk.",
        "On FAT or exFAT use format: mbox with a new folder; or a disk with ext4 or NTFS.",
        "See which place does not take such names: mailferry doctor",
        "Or rename the mailbox in the provider's webmail, or leave it out with mailboxes: { exclude: [NAME] }.",
        "Run it again: mailferry run JOB",
      ],
      data: "What was copied before is safe. Nothing was written under a name that could be taken for another.",
    },
    fr: {
      means: "Un fichier ou un dossier ne peut pas porter ici le nom qu'il lui faudrait.",
      causes: [
        "Le chemin est trop long pour le système de fichiers, le plus souvent parce que le dossier est déjà très profond.",
        "Le disque est en FAT ou exFAT, qui n'acceptent pas de « : » dans un nom, et chaque fichier d'un Maildir en a un.",
        "Une boîte du serveur n'a pas de nom, ou en a un qui ne peut pas être rangé.",
        "Un fichier que mailferry n'a pas écrit est dans l'archive, avec un nom qu'aucun paquet ne peut contenir.",
      ],
      steps: [
        "Choisissez un chemin plus court pour l'archive, par exemple un dossier à la racine du disque.",
        "En FAT ou exFAT, utilisez format: mbox avec un nouveau dossier ; ou un disque en ext4 ou NTFS.",
        "Voyez quel endroit n'accepte pas de tels noms : mailferry doctor",
        "Ou renommez la boîte dans le webmail du fournisseur, ou laissez-la de côté avec mailboxes: { exclude: [NAME] }.",
        "Relancez : mailferry run JOB",
      ],
      data: "Ce qui a été copié avant est à l'abri. Rien n'a été écrit sous un nom qui pourrait être pris pour un autre.",
    },
  },
  D505: {
    en: {
      means: "The folder is the archive of another account. One archive holds one account, so that nothing gets mixed.",
      causes: [
        "Two jobs name the same folder.",
        "The user name or the server of the account has changed in the job file.",
      ],
      steps: [
        "Give each account a folder of its own: to: { archive: ./backup/NAME, … }",
        "If it is the same account and only the server's name has changed, change it in the archive's mailferry.json, too.",
        "See what the folder holds: mailferry ls ARCHIVE",
      ],
      data: "Nothing was written into the archive that is there.",
    },
    fr: {
      means: "Ce dossier est l'archive d'un autre compte. Une archive n'a qu'un compte, pour que rien ne se mélange.",
      causes: [
        "Deux tâches nomment le même dossier.",
        "L'identifiant ou le serveur du compte a changé dans le fichier de tâches.",
      ],
      steps: [
        "Donnez à chaque compte son propre dossier : to: { archive: ./backup/NAME, … }",
        "Si c'est le même compte et que seul le nom du serveur a changé, changez-le aussi dans le mailferry.json de l'archive.",
        "Voyez ce que contient le dossier : mailferry ls ARCHIVE",
      ],
      data: "Rien n'a été écrit dans l'archive qui est là.",
    },
  },
  D506: {
    en: {
      means: "What was named is not an archive that this version can use, or not the kind of mail that was meant.",
      causes: [
        "The path has a typing mistake, or names a folder above or below the archive.",
        "The disk is not plugged in or mounted, and its empty folder is there in its place.",
        "The folder has other files in it; mailferry makes no archive among them.",
        "The archive was made in the other format, or by a later version of mailferry.",
      ],
      steps: [
        "Check the path, and that the disk is plugged in.",
        "An archive is the folder with mailferry.json in it: mailferry ls ARCHIVE",
        "If only that file is gone or damaged, have it written anew: mailferry verify ARCHIVE --repair",
      ],
      data: "Nothing was written there, and what is there was not touched.",
    },
    fr: {
      means:
        "Ce qui a été nommé n'est pas une archive que cette version sait utiliser, ou pas le genre de courrier voulu.",
      causes: [
        "Le chemin a une faute de frappe, ou nomme un dossier au-dessus ou au-dessous de l'archive.",
        "Le disque n'est pas branché ou monté, et son dossier vide est là à sa place.",
        "Le dossier contient d'autres fichiers ; mailferry ne fait pas d'archive parmi eux.",
        "L'archive a été faite dans l'autre format, ou par une version plus récente de mailferry.",
      ],
      steps: [
        "Vérifiez le chemin, et que le disque est branché.",
        "Une archive est le dossier où se trouve mailferry.json : mailferry ls ARCHIVE",
        "Si seul ce fichier a disparu ou est endommagé, faites-le réécrire : mailferry verify ARCHIVE --repair",
      ],
      data: "Rien n'y a été écrit, et ce qui s'y trouve n'a pas été touché.",
    },
  },
  D507: {
    en: {
      means: "The account that the mail goes to is full.",
      causes: [
        "The old account holds more than the new one may.",
        "Other mail, the wastebasket or spam fills the new account.",
      ],
      steps: [
        "Make room in the new account: empty its wastebasket and spam folder.",
        "Or have its quota raised.",
        "See how much room there is, where the server tells it: mailferry account test NAME",
        "Run it again: mailferry run JOB. It goes on where it stopped.",
      ],
      data: "The source is unaltered. What was brought before is there, and is not brought twice.",
    },
    fr: {
      means: "Le compte de destination est plein.",
      causes: [
        "L'ancien compte contient plus que le nouveau ne peut recevoir.",
        "D'autre courrier, la corbeille ou les indésirables remplissent le nouveau compte.",
      ],
      steps: [
        "Faites de la place dans le nouveau compte : videz sa corbeille et ses indésirables.",
        "Ou faites augmenter son quota.",
        "Voyez la place qui reste, si le serveur le dit : mailferry account test NAME",
        "Relancez : mailferry run JOB. La tâche reprend où elle s'est arrêtée.",
      ],
      data: "La source est intacte. Ce qui a été apporté avant est là, et n'est pas apporté deux fois.",
    },
  },
};

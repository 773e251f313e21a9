// S: mailboxes and what servers say of them.

import type { Explanations } from "./explanation.ts";

export const mailboxes: Explanations<"S"> = {
  S601: {
    en: {
      means: "The server has numbered the messages of a mailbox anew (its UIDVALIDITY has changed).",
      causes: [
        "The provider has moved the account to another server, or restored it from a backup.",
        "The mailbox was deleted and made again under the same name.",
      ],
      steps: [
        "Nothing: messages that the archive has are recognised by their content.",
        "The run takes longer this once, since all messages of this mailbox are read again.",
      ],
      data: "Nothing is lost, and nothing is stored twice. What is no longer on the server stays in the archive.",
    },
    fr: {
      means: "Le serveur a renuméroté les messages d'une boîte (son UIDVALIDITY a changé).",
      causes: [
        "Le fournisseur a déplacé le compte vers un autre serveur, ou l'a restauré d'une sauvegarde.",
        "La boîte a été supprimée et recréée sous le même nom.",
      ],
      steps: [
        "Rien : les messages que l'archive possède sont reconnus à leur contenu.",
        "L'exécution est plus longue cette fois, car tous les messages de cette boîte sont relus.",
      ],
      data: "Rien n'est perdu, et rien n'est rangé deux fois. Ce qui n'est plus sur le serveur reste dans l'archive.",
    },
  },
  S602: {
    en: {
      means: "A mailbox could not be read, counted or written, or a part of it was passed over.",
      causes: [
        "The server does not let this account into the mailbox, as with some shared ones.",
        "The name of the mailbox is not valid IMAP.",
        "The mailbox was renamed or deleted while the job ran, or the server has a fault with it.",
        "In a folder on this machine: files and links that are no mail.",
      ],
      steps: [
        "Run it again: mailferry run JOB. It tries each mailbox anew.",
        "If it stays, open the mailbox in the provider's webmail; rename it there if its name is odd.",
        "If you can do without it, leave it out: mailboxes: { exclude: [NAME] }.",
      ],
      data: "All other mailboxes are complete. What the archive has of this one stays as it was.",
    },
    fr: {
      means: "Une boîte n'a pas pu être lue, comptée ou écrite, ou une partie en a été laissée de côté.",
      causes: [
        "Le serveur ne laisse pas ce compte entrer dans la boîte, comme pour certaines boîtes partagées.",
        "Le nom de la boîte n'est pas valable en IMAP.",
        "La boîte a été renommée ou supprimée pendant l'exécution, ou le serveur a un défaut avec elle.",
        "Dans un dossier de cette machine : des fichiers et des liens qui ne sont pas du courrier.",
      ],
      steps: [
        "Relancez : mailferry run JOB. Chaque boîte est essayée à nouveau.",
        "Si cela persiste, ouvrez la boîte dans le webmail du fournisseur ; renommez-la si son nom est étrange.",
        "Si vous pouvez vous en passer, laissez-la de côté : mailboxes: { exclude: [NAME] }.",
      ],
      data: "Toutes les autres boîtes sont complètes. Ce que l'archive a de celle-ci reste tel quel.",
    },
  },
  S603: {
    en: {
      means: 'An mbox file has lines that begin with ">From ", and nothing tells whether the > belongs to the message.',
      causes: [
        "The program that wrote the mbox file puts a > before such lines, but only before some of them.",
        "The sender wrote the line like that.",
      ],
      steps: [
        "Open one of the messages that are named and look at the line: it matters only to who checks signatures.",
        "If in doubt, keep the mbox file itself beside the archive.",
      ],
      data: "Nothing is lost: at most one > at the beginning of such a line is there or not there. The mbox file was not changed.",
    },
    fr: {
      means: 'Un fichier mbox a des lignes qui commencent par ">From ", et rien ne dit si le > fait partie du message.',
      causes: [
        "Le logiciel qui a écrit le fichier mbox met un > devant de telles lignes, mais seulement devant certaines.",
        "L'expéditeur a écrit la ligne ainsi.",
      ],
      steps: [
        "Ouvrez l'un des messages nommés et regardez la ligne : cela ne compte que pour qui vérifie des signatures.",
        "En cas de doute, gardez le fichier mbox lui-même à côté de l'archive.",
      ],
      data: "Rien n'est perdu : tout au plus, un > au début d'une telle ligne est là ou n'y est pas. Le fichier mbox n'a pas été modifié.",
    },
  },
  S604: {
    en: {
      means: "The target does not keep some flags (such as keywords or stars) of messages.",
      causes: ["Many servers keep only the flags that the IMAP standard names, and forget the others."],
      steps: [
        "Nothing: the messages themselves are all there.",
        "If a flag matters to you, set it again in the new mailbox.",
      ],
      data: "The messages are complete. The ledger of the job remembers the flags that the target does not keep.",
    },
    fr: {
      means: "La destination ne garde pas certaines marques (mots-clés, étoiles) des messages.",
      causes: ["Bien des serveurs ne gardent que les marques que nomme la norme IMAP, et oublient les autres."],
      steps: [
        "Rien : les messages eux-mêmes sont tous là.",
        "Si une marque compte pour vous, remettez-la dans la nouvelle boîte.",
      ],
      data: "Les messages sont complets. Le registre de la tâche retient les marques que la destination ne garde pas.",
    },
  },
  S605: {
    en: {
      means: "The mailbox at the target is another one than in earlier runs, though it has the same name.",
      causes: [
        "It was deleted and made again by somebody or by another program.",
        "The provider has moved or restored the account.",
      ],
      steps: [
        "Nothing: what is there is recognised by its content, and what is missing is brought again.",
        "If you deleted it on purpose, leave the mailbox out: mailboxes: { exclude: [NAME] }.",
      ],
      data: "Nothing is lost, and nothing is brought twice into what is there.",
    },
    fr: {
      means: "La boîte à destination n'est plus celle des exécutions précédentes, bien qu'elle ait le même nom.",
      causes: [
        "Elle a été supprimée et recréée par quelqu'un ou par un autre programme.",
        "Le fournisseur a déplacé ou restauré le compte.",
      ],
      steps: [
        "Rien : ce qui est là est reconnu à son contenu, et ce qui manque est apporté à nouveau.",
        "Si vous l'avez supprimée exprès, laissez-la de côté : mailboxes: { exclude: [NAME] }.",
      ],
      data: "Rien n'est perdu, et rien n'est apporté deux fois dans ce qui est là.",
    },
  },
  S606: {
    en: {
      means:
        "The server contradicts itself: it tells other sizes than it sends, other octets each time, or gives messages no identity of their own.",
      causes: [
        "Exchange and others make each message anew whenever it is asked for.",
        "Old POP3 servers give their messages no UIDL, or the same to several.",
      ],
      steps: [
        "Nothing: what counts is what the server sends, not what it says of it.",
        "If the account has IMAP, too, use protocol: imap: it is quicker than POP3 without UIDL.",
      ],
      data: "What the server sent is stored as it came, with its SHA-256. Messages are recognised by their content, so none is stored twice and none is passed over.",
    },
    fr: {
      means:
        "Le serveur se contredit : il annonce d'autres tailles que celles qu'il envoie, d'autres octets à chaque fois, ou ne donne pas d'identité propre aux messages.",
      causes: [
        "Exchange et d'autres refont chaque message à chaque demande.",
        "De vieux serveurs POP3 ne donnent pas d'UIDL à leurs messages, ou le même à plusieurs.",
      ],
      steps: [
        "Rien : ce qui compte est ce que le serveur envoie, pas ce qu'il en dit.",
        "Si le compte a aussi IMAP, utilisez protocol: imap : c'est plus rapide que POP3 sans UIDL.",
      ],
      data: "Ce que le serveur a envoyé est rangé tel qu'il est arrivé, avec son SHA-256. Les messages sont reconnus à leur contenu : aucun n'est rangé deux fois, aucun n'est oublié.",
    },
  },
  S607: {
    en: {
      means: "A mailbox of the source had another name in earlier runs.",
      causes: ["Somebody renamed it, in the webmail or in a mail program."],
      steps: [
        "Nothing, if the disk has room: the mail is in the archive under its new name, too.",
        "See what is stored under both names: mailferry ls ARCHIVE",
      ],
      data: "Nothing is lost. What is stored under the old name stays there, and is in the archive once more under the new one.",
    },
    fr: {
      means: "Une boîte de la source avait un autre nom lors des exécutions précédentes.",
      causes: ["Quelqu'un l'a renommée, dans le webmail ou dans un logiciel de courrier."],
      steps: [
        "Rien, si le disque a de la place : le courrier est aussi dans l'archive sous son nouveau nom.",
        "Voyez ce qui est rangé sous les deux noms : mailferry ls ARCHIVE",
      ],
      data: "Rien n'est perdu. Ce qui est rangé sous l'ancien nom y reste, et se trouve une fois de plus dans l'archive sous le nouveau.",
    },
  },
};

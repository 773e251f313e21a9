// N305 onwards: what servers do once they are reached; and all of N.

import { connections } from "./connections.ts";
import type { Explanations } from "./explanation.ts";

export const network: Explanations<"N"> = {
  ...connections,
  N305: {
    en: {
      means: "Another program has the POP mailbox open. POP3 lets in one at a time.",
      causes: [
        "A mail program or a phone reads the same account over POP3.",
        "An earlier connection broke off, and the server has not noticed yet.",
        "The provider wants some minutes between two POP log-ins.",
      ],
      steps: [
        "Close the mail program or phone that reads this account over POP3.",
        "Wait ten minutes, then run it again: mailferry run JOB",
        "If the provider has IMAP, too, use protocol: imap: there several may read at once.",
      ],
      data: "Nothing was changed, nothing was lost. mailferry waits and tries again by itself a few times.",
    },
    fr: {
      means: "Un autre programme a ouvert la boîte POP. POP3 n'en laisse entrer qu'un à la fois.",
      causes: [
        "Un logiciel de courrier ou un téléphone lit le même compte par POP3.",
        "Une connexion précédente s'est rompue, et le serveur ne l'a pas encore remarqué.",
        "Le fournisseur veut quelques minutes entre deux connexions POP.",
      ],
      steps: [
        "Fermez le logiciel de courrier ou le téléphone qui lit ce compte par POP3.",
        "Attendez dix minutes, puis relancez : mailferry run JOB",
        "Si le fournisseur a aussi IMAP, utilisez protocol: imap : là, plusieurs peuvent lire à la fois.",
      ],
      data: "Rien n'a été changé, rien n'est perdu. mailferry attend et réessaie de lui-même quelques fois.",
    },
  },
  N306: {
    en: {
      means:
        "The job file asks for an encrypted connection, and the server does not offer one here. No password is sent then.",
      causes: [
        "The account has tls: starttls, and the server only knows implicit TLS, on a port of its own.",
        "The server is old, and has no encryption at all.",
        "Somebody in between takes the offer of encryption out, as some virus scanners and attackers do.",
      ],
      steps: [
        "In the job file, set tls: implicit and port: 993 for IMAP, or port: 995 for POP3.",
        "Check what you have written: mailferry config check",
        "See whether the connection is encrypted now: mailferry account test NAME",
        "If that fails, too, try from another network, or ask the provider.",
      ],
      data: "No password was sent. Nothing was changed, nothing was lost.",
    },
    fr: {
      means:
        "Le fichier de tâches demande une connexion chiffrée, et le serveur n'en propose pas ici. Dans ce cas, aucun mot de passe n'est envoyé.",
      causes: [
        "Le compte a tls: starttls, et le serveur ne connaît que TLS implicite, sur un autre port.",
        "Le serveur est ancien, et n'a aucun chiffrement.",
        "Quelqu'un entre les deux retire l'offre de chiffrement, comme le font certains antivirus et les attaquants.",
      ],
      steps: [
        "Dans le fichier de tâches, indiquez tls: implicit et port: 993 pour IMAP, ou port: 995 pour POP3.",
        "Vérifiez ce que vous avez écrit : mailferry config check",
        "Voyez si la connexion est maintenant chiffrée : mailferry account test NAME",
        "Si cela échoue aussi, essayez depuis un autre réseau, ou demandez au fournisseur.",
      ],
      data: "Aucun mot de passe n'a été envoyé. Rien n'a été changé, rien n'est perdu.",
    },
  },
  N307: {
    en: {
      means: "What answers does not speak IMAP or POP3 as the rules have it, so nothing that it says can be relied on.",
      causes: [
        "The port or the protocol is wrong: something else listens there.",
        "A guest network (hotel, train) answers with its own log-in page.",
        "The server, or something between you and it, has a fault.",
      ],
      steps: [
        "Check protocol, host and port of the account: mailferry config show",
        "See what answers there: mailferry account test NAME",
        "On a guest network, log in to that network in a browser first.",
        "Run it again later: mailferry run JOB",
        "If it stays, send the words in quotes to the provider.",
      ],
      data: "What was copied before is safe. What came over the connection that failed was thrown away where it was not whole.",
    },
    fr: {
      means:
        "Ce qui répond ne parle pas IMAP ou POP3 selon les règles : on ne peut donc se fier à rien de ce qu'il dit.",
      causes: [
        "Le port ou le protocole est faux : autre chose écoute là.",
        "Un réseau d'invités (hôtel, train) répond par sa propre page de connexion.",
        "Le serveur, ou quelque chose entre vous et lui, a un défaut.",
      ],
      steps: [
        "Vérifiez protocol, host et port du compte : mailferry config show",
        "Voyez ce qui répond là : mailferry account test NAME",
        "Sur un réseau d'invités, connectez-vous d'abord à ce réseau dans un navigateur.",
        "Relancez plus tard : mailferry run JOB",
        "Si cela persiste, envoyez les mots entre guillemets au fournisseur.",
      ],
      data: "Ce qui a été copié avant est à l'abri. Ce qui est arrivé par la connexion défaillante sans être entier a été écarté.",
    },
  },
  N308: {
    en: {
      means: "As much as the key dailyLimit of the account allows was read today. The job has stopped by itself.",
      causes: ["There is more mail to copy than fits into one day of the limit. That is what the limit is for."],
      steps: [
        "Nothing: the next run after midnight goes on where this one has stopped.",
        "Have it run each night by itself: mailferry schedule install",
        "If the provider allows more, raise dailyLimit in the job file.",
      ],
      data: "What was copied before is safe, and is not copied twice.",
    },
    fr: {
      means: "Tout ce que permet la clé dailyLimit du compte a été lu aujourd'hui. La tâche s'est arrêtée d'elle-même.",
      causes: [
        "Il y a plus de courrier à copier que la limite d'un jour n'en contient. C'est à cela que sert la limite.",
      ],
      steps: [
        "Rien : la prochaine exécution après minuit reprend où celle-ci s'est arrêtée.",
        "Faites-la exécuter chaque nuit toute seule : mailferry schedule install",
        "Si le fournisseur permet davantage, augmentez dailyLimit dans le fichier de tâches.",
      ],
      data: "Ce qui a été copié avant est à l'abri, et n'est pas copié deux fois.",
    },
  },
};

// N301 to N304: the way to a server.

import type { Explanation } from "./explanation.ts";

type Part = Readonly<Record<"N301" | "N302" | "N303" | "N304", Readonly<Record<"en" | "fr", Explanation>>>>;

export const connections: Part = {
  N301: {
    en: {
      means: "There is no address for the name of the server.",
      causes: [
        "The name in the key host has a typing mistake.",
        "This machine has no network at the moment, or its name service does not answer.",
        "The provider has given up the name, as providers do that close.",
      ],
      steps: [
        "Check the key host of the account: mailferry config show",
        "Open any web page on this machine: if that fails, it is the network.",
        "Look up the name of the IMAP or POP server in the provider's help pages.",
        "See how far a connection gets now: mailferry account test NAME",
        "Run it again: mailferry run JOB",
      ],
      data: "Nothing was changed, nothing was lost. A scheduled job tries again in its next run.",
    },
    fr: {
      means: "Le nom du serveur ne mène à aucune adresse.",
      causes: [
        "Il y a une faute de frappe dans la clé host.",
        "Cette machine n'a pas de réseau en ce moment, ou son service de noms ne répond pas.",
        "Le fournisseur a abandonné ce nom, comme le font ceux qui ferment.",
      ],
      steps: [
        "Vérifiez la clé host du compte : mailferry config show",
        "Ouvrez une page web sur cette machine : si cela échoue, c'est le réseau.",
        "Cherchez le nom du serveur IMAP ou POP dans l'aide du fournisseur.",
        "Voyez jusqu'où va maintenant la connexion : mailferry account test NAME",
        "Relancez : mailferry run JOB",
      ],
      data: "Rien n'a été changé, rien n'est perdu. Une tâche programmée réessaie à sa prochaine exécution.",
    },
  },
  N302: {
    en: {
      means: "The server could not be reached, did not answer in time, or ended the connection.",
      causes: [
        "The server is down or overloaded for a while.",
        "The port is wrong, or a firewall or the network lets nothing through to it.",
        "The line is slow or breaks often.",
      ],
      steps: [
        "Run it again later: mailferry run JOB. It goes on where it stopped.",
        "If it happens each time, check host and port of the account: mailferry config show",
        "See how far a connection gets: mailferry account test NAME",
        "If the line is slow, raise the key timeout, such as timeout: 3m.",
        "On a guest network (hotel, train), log in to that network in a browser first.",
      ],
      data: "What was copied before is safe. Messages of which only a part had come were thrown away, and come whole the next time.",
    },
    fr: {
      means: "Le serveur est injoignable, n'a pas répondu à temps, ou a mis fin à la connexion.",
      causes: [
        "Le serveur est en panne ou surchargé pour un moment.",
        "Le port est faux, ou un pare-feu ou le réseau ne laisse rien passer.",
        "La ligne est lente ou se coupe souvent.",
      ],
      steps: [
        "Relancez plus tard : mailferry run JOB. La tâche reprend où elle s'est arrêtée.",
        "Si cela arrive à chaque fois, vérifiez host et port du compte : mailferry config show",
        "Voyez jusqu'où va la connexion : mailferry account test NAME",
        "Si la ligne est lente, augmentez la clé timeout, par exemple timeout: 3m.",
        "Sur un réseau d'invités (hôtel, train), connectez-vous d'abord à ce réseau dans un navigateur.",
      ],
      data: "Ce qui a été copié avant est à l'abri. Les messages arrivés en partie seulement ont été écartés, et arriveront entiers la prochaine fois.",
    },
  },
  N303: {
    en: {
      means: "The server could not prove that it is the one that you mean, so no password was sent to it.",
      causes: [
        "The name in the key host is not the one that the certificate is for: use the name from the provider's help pages.",
        "The server has a certificate of its own making, as a NAS or a company's server often has.",
        "The certificate has expired, or the clock of this machine is wrong.",
        "Somebody in between answers in the server's place: a virus scanner, a company's proxy, or an attacker.",
        "tls and port don't fit together: 993 and 995 are for implicit, 143 and 110 for starttls.",
      ],
      steps: [
        "Check host, port and tls of the account: mailferry config show",
        "Check the date and time of this machine: mailferry doctor",
        "If the server is your own, set tlsCa to its authority's PEM file, or tlsFingerprint to the certificate's SHA-256.",
        "Then see whether the certificate holds: mailferry account test NAME",
        "If the server is a provider's, try from another network, and do not override it: it may not be the provider.",
      ],
      data: "No password was sent. Nothing was changed, nothing was lost.",
    },
    fr: {
      means: "Le serveur n'a pas pu prouver qu'il est celui que vous voulez : aucun mot de passe ne lui a été envoyé.",
      causes: [
        "Le nom de la clé host n'est pas celui du certificat : utilisez le nom donné dans l'aide du fournisseur.",
        "Le serveur a un certificat qu'il a fait lui-même, comme souvent un NAS ou le serveur d'une entreprise.",
        "Le certificat a expiré, ou l'horloge de cette machine est fausse.",
        "Quelqu'un répond à la place du serveur : un antivirus, le proxy d'une entreprise, ou un attaquant.",
        "tls et port ne vont pas ensemble : 993 et 995 sont pour implicit, 143 et 110 pour starttls.",
      ],
      steps: [
        "Vérifiez host, port et tls du compte : mailferry config show",
        "Vérifiez la date et l'heure de cette machine : mailferry doctor",
        "Si le serveur est le vôtre, indiquez dans tlsCa le fichier PEM de son autorité, ou dans tlsFingerprint le SHA-256 du certificat.",
        "Voyez ensuite si le certificat convient : mailferry account test NAME",
        "Si le serveur est celui d'un fournisseur, essayez depuis un autre réseau, et ne passez pas outre : ce n'est peut-être pas lui.",
      ],
      data: "Aucun mot de passe n'a été envoyé. Rien n'a été changé, rien n'est perdu.",
    },
  },
  N304: {
    en: {
      means:
        "The server has enough of this account for now: too many connections at once, or too much in a short time.",
      causes: [
        "Other mail programs, phones or jobs are connected to the same account.",
        "The job uses more connections than the provider allows.",
        "The provider limits how much is read in an hour or a day, and that is used up.",
      ],
      steps: [
        "Close other mail programs that read this account.",
        "Set connections: 1 or 2 for the account in the job file.",
        "Run it again in an hour, or tomorrow: mailferry run JOB. It goes on where it stopped.",
        "If the provider has a daily limit, set dailyLimit for the account: the job then stops by itself in time.",
      ],
      data: "What was copied before is safe, and is not copied twice.",
    },
    fr: {
      means:
        "Le serveur en a assez de ce compte pour le moment : trop de connexions à la fois, ou trop en peu de temps.",
      causes: [
        "D'autres logiciels de courrier, téléphones ou tâches sont connectés au même compte.",
        "La tâche utilise plus de connexions que le fournisseur n'en permet.",
        "Le fournisseur limite ce qui peut être lu en une heure ou un jour, et cette limite est atteinte.",
      ],
      steps: [
        "Fermez les autres logiciels de courrier qui lisent ce compte.",
        "Indiquez connections: 1 ou 2 pour ce compte dans le fichier de tâches.",
        "Relancez dans une heure, ou demain : mailferry run JOB. La tâche reprend où elle s'est arrêtée.",
        "Si le fournisseur a une limite par jour, indiquez dailyLimit pour ce compte : la tâche s'arrête alors d'elle-même à temps.",
      ],
      data: "Ce qui a été copié avant est à l'abri, et n'est pas copié deux fois.",
    },
  },
};

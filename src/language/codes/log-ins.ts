// A: log-ins.

import type { Explanations } from "./explanation.ts";

export const logIns: Explanations<"A"> = {
  A201: {
    en: {
      means: "The server has seen the user name and the password, and refused them.",
      causes: [
        "A typing mistake in the user name or the password.",
        "IMAP or POP access is switched off in the web settings of the account.",
        "The provider wants an app password in place of the usual one.",
        "The password was changed, or the account is locked after too many tries.",
      ],
      steps: [
        "Log in to the provider's webmail with the same user name and password: if that fails, the password is wrong.",
        "Look in the settings of the webmail whether IMAP or POP access is switched on.",
        "Look there for app passwords; if there are any, make one and use it in place of your password.",
        "Try the other form of the user name: the whole address, or only the part before the @.",
        "Try the log-in alone: mailferry account test NAME",
        "Start the job yourself: mailferry run JOB --yes",
      ],
      data: "Nothing was changed, nothing was lost. A log-in that was refused is not tried again in the same run, so that the account does not get locked; after three such runs no scheduled run tries it any more until you start one yourself.",
    },
    fr: {
      means: "Le serveur a vu l'identifiant et le mot de passe, et les a refusés.",
      causes: [
        "Une faute de frappe dans l'identifiant ou le mot de passe.",
        "L'accès IMAP ou POP est désactivé dans les réglages web du compte.",
        "Le fournisseur veut un mot de passe d'application à la place du mot de passe habituel.",
        "Le mot de passe a changé, ou le compte est bloqué après trop d'essais.",
      ],
      steps: [
        "Connectez-vous au webmail du fournisseur avec le même identifiant et le même mot de passe : si cela échoue, c'est le mot de passe.",
        "Regardez dans les réglages du webmail si l'accès IMAP ou POP est activé.",
        "Cherchez-y les mots de passe d'application ; s'il y en a, créez-en un et utilisez-le à la place de votre mot de passe.",
        "Essayez l'autre forme de l'identifiant : l'adresse entière, ou seulement ce qui précède le @.",
        "Essayez la connexion seule : mailferry account test NAME",
        "Lancez la tâche vous-même : mailferry run JOB --yes",
      ],
      data: "Rien n'a été changé, rien n'est perdu. Une connexion refusée n'est pas retentée dans la même exécution, pour ne pas bloquer le compte ; après trois exécutions ainsi refusées, plus aucune exécution programmée ne l'essaie tant que vous n'en lancez pas une vous-même.",
    },
  },
  A202: {
    en: {
      means:
        "The provider wants an app password here: one that you make for mailferry alone, in place of your usual one.",
      causes: [
        "Two-step verification is on: then Gmail, iCloud, Yahoo and others take only app passwords from mail programs.",
        "The provider takes app passwords alone from any mail program.",
      ],
      steps: [
        "Open the security settings of the account in a browser, and look for app passwords (they may be called app-specific passwords).",
        "Make one, and put it where your job file says that the password is: file, environment variable or command.",
        "Try the log-in alone: mailferry account test NAME",
        "Start the job yourself: mailferry run JOB --yes",
      ],
      data: "Nothing was changed, nothing was lost. The usual password keeps working everywhere else.",
    },
    fr: {
      means:
        "Le fournisseur veut ici un mot de passe d'application : un mot de passe que vous créez pour mailferry seul, à la place du vôtre.",
      causes: [
        "La validation en deux étapes est activée : Gmail, iCloud, Yahoo et d'autres n'acceptent alors que des mots de passe d'application de la part des logiciels de courrier.",
        "Le fournisseur n'accepte que des mots de passe d'application, quel que soit le logiciel.",
      ],
      steps: [
        "Ouvrez les réglages de sécurité du compte dans un navigateur, et cherchez les mots de passe d'application.",
        "Créez-en un, et mettez-le là où votre fichier de tâches dit que se trouve le mot de passe : fichier, variable d'environnement ou commande.",
        "Essayez la connexion seule : mailferry account test NAME",
        "Lancez la tâche vous-même : mailferry run JOB --yes",
      ],
      data: "Rien n'a été changé, rien n'est perdu. Votre mot de passe habituel reste valable partout ailleurs.",
    },
  },
  A203: {
    en: {
      means: "The server takes no password any more, or not in this way.",
      causes: [
        "The provider has ended log-ins with a plain password, as Microsoft 365 and Outlook.com have.",
        "The server takes passwords only over an encrypted connection, and tls is none.",
        "The key auth of the account asks for a way that the server does not offer.",
      ],
      steps: [
        "In the job file, set tls: implicit and leave out auth: the best way that the server offers is taken.",
        "See whether the server takes that: mailferry account test NAME",
        "Look in the web settings for an app password: some providers still take those.",
        "Ask the provider for a way to read the account over IMAP or POP without OAuth. This version of mailferry does not speak OAuth.",
      ],
      data: "Nothing was changed, nothing was lost. If the message says so, no password was sent at all.",
    },
    fr: {
      means: "Le serveur n'accepte plus de mot de passe, ou pas de cette façon.",
      causes: [
        "Le fournisseur a mis fin aux connexions par simple mot de passe, comme Microsoft 365 et Outlook.com.",
        "Le serveur n'accepte de mot de passe que sur une connexion chiffrée, et tls vaut none.",
        "La clé auth du compte demande une façon de se connecter que le serveur ne propose pas.",
      ],
      steps: [
        "Dans le fichier de tâches, indiquez tls: implicit et enlevez auth : la meilleure façon que le serveur propose est alors choisie.",
        "Voyez si le serveur l'accepte : mailferry account test NAME",
        "Cherchez un mot de passe d'application dans les réglages web : certains fournisseurs les acceptent encore.",
        "Demandez au fournisseur comment lire le compte par IMAP ou POP sans OAuth. Cette version de mailferry ne parle pas OAuth.",
      ],
      data: "Rien n'a été changé, rien n'est perdu. Si le message le dit, aucun mot de passe n'a été envoyé.",
    },
  },
  A204: {
    en: {
      means: "The account has IMAP or POP access switched off. The password may well be right.",
      causes: [
        "With many providers access by mail programs is off until you switch it on in the webmail.",
        "The provider has switched it off because nobody used it for a while.",
        "The administrator of the domain does not allow it.",
      ],
      steps: [
        "Log in to the webmail, open its settings, and look for POP, IMAP, or mail programs.",
        "Switch on the one that the account uses in your job file (protocol: imap or pop3).",
        "Wait some minutes: with some providers it takes that long. Then try it: mailferry account test NAME",
        "Start the job yourself: mailferry run JOB --yes",
      ],
      data: "Nothing was changed, nothing was lost.",
    },
    fr: {
      means: "L'accès IMAP ou POP de ce compte est désactivé. Le mot de passe est peut-être tout à fait bon.",
      causes: [
        "Chez beaucoup de fournisseurs, l'accès par un logiciel de courrier est fermé tant que vous ne l'avez pas activé dans le webmail.",
        "Le fournisseur l'a désactivé parce que personne ne l'utilisait.",
        "L'administrateur du domaine ne l'autorise pas.",
      ],
      steps: [
        "Connectez-vous au webmail, ouvrez ses réglages, et cherchez POP, IMAP ou logiciels de messagerie.",
        "Activez celui que le compte utilise dans votre fichier de tâches (protocol: imap ou pop3).",
        "Attendez quelques minutes : chez certains, il les faut. Puis essayez : mailferry account test NAME",
        "Lancez la tâche vous-même : mailferry run JOB --yes",
      ],
      data: "Rien n'a été changé, rien n'est perdu.",
    },
  },
  A205: {
    en: {
      means: "The user name does not have the form that the server wants.",
      causes: [
        "Some servers want the whole address (ada@example.org), others only the part before the @ (ada).",
        "The user name has a line break or another character in it that no log-in can carry.",
      ],
      steps: [
        "Look up in the provider's help pages what its mail programs are told to use as the user name.",
        "Try the other form in the key user of the account: the whole address, or only the part before the @.",
        "Try the log-in alone: mailferry account test NAME",
        "Start the job yourself: mailferry run JOB --yes",
      ],
      data: "Nothing was changed, nothing was lost.",
    },
    fr: {
      means: "L'identifiant n'a pas la forme que le serveur attend.",
      causes: [
        "Certains serveurs veulent l'adresse entière (ada@example.org), d'autres seulement ce qui précède le @ (ada).",
        "L'identifiant contient un saut de ligne ou un autre caractère qu'aucune connexion ne peut transmettre.",
      ],
      steps: [
        "Cherchez dans l'aide du fournisseur l'identifiant à donner aux logiciels de courrier.",
        "Essayez l'autre forme dans la clé user du compte : l'adresse entière, ou seulement ce qui précède le @.",
        "Essayez la connexion seule : mailferry account test NAME",
        "Lancez la tâche vous-même : mailferry run JOB --yes",
      ],
      data: "Rien n'a été changé, rien n'est perdu.",
    },
  },
  A206: {
    en: {
      means: "The job file says where the password is, and it could not be had from there.",
      causes: [
        "The file, environment variable or command that password names is not there, or empty.",
        "The password file can be read or changed by other users of this machine: it is not taken then.",
        "The schedule runs with another user or another environment than your terminal.",
      ],
      steps: [
        "Look at the key password of the account in the job file: mailferry config show",
        "Of a file: it holds the password alone, on one line; only you may read it: chmod 600 FILE",
        "Of a command: run it by hand; its first line of output must be the password.",
        "Of an environment variable: set it for the schedule, too, or use a file in its place.",
        "Of a keyring: it belongs to one user of one machine. See whether it answers: mailferry doctor",
        "See whether the log-in works now: mailferry account test NAME",
      ],
      data: "No log-in was tried. Nothing was changed, nothing was lost.",
    },
    fr: {
      means: "Le fichier de tâches dit où est le mot de passe, et il n'a pas pu être obtenu de là.",
      causes: [
        "Le fichier, la variable d'environnement ou la commande que nomme password n'existe pas, ou est vide.",
        "D'autres utilisateurs de cette machine peuvent lire ou modifier le fichier de mot de passe : il n'est alors pas utilisé.",
        "L'exécution programmée a un autre utilisateur ou un autre environnement que votre terminal.",
      ],
      steps: [
        "Regardez la clé password du compte dans le fichier de tâches : mailferry config show",
        "Pour un fichier : il ne contient que le mot de passe, sur une ligne ; vous seul pouvez le lire : chmod 600 FILE",
        "Pour une commande : lancez-la à la main ; la première ligne qu'elle affiche doit être le mot de passe.",
        "Pour une variable d'environnement : définissez-la aussi pour l'exécution programmée, ou utilisez plutôt un fichier.",
        "Pour un trousseau : il appartient à un seul utilisateur d'une seule machine. Voyez s'il répond : mailferry doctor",
        "Voyez si la connexion fonctionne maintenant : mailferry account test NAME",
      ],
      data: "Aucune connexion n'a été tentée. Rien n'a été changé, rien n'est perdu.",
    },
  },
};

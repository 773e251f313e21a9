// What `mailferry explain` says around the catalogue of codes.

import { texts } from "../../language/texts.ts";

export const explainTexts = texts(
  {
    unknown: "there is no code {code}; to see them all: mailferry explain",
    "unknown.near": "there is no code {code}; did you mean {near}? To see them all: mailferry explain",
    intro: "Codes that mailferry shows. What one means and what to do: mailferry explain CODE",
    why: "Why it happens",
    do: "What to do",
    data: "Your mail",
    "letter.A": "Log-ins",
    "letter.N": "Connections",
    "letter.M": "Messages",
    "letter.D": "Disks and destinations",
    "letter.S": "Mailboxes and servers",
    "letter.C": "Job file",
    "letter.L": "Locks",
    "letter.V": "Damage",
  },
  {
    unknown: "il n'y a pas de code {code} ; pour les voir tous : mailferry explain",
    "unknown.near": "il n'y a pas de code {code} ; vouliez-vous dire {near} ? Pour les voir tous : mailferry explain",
    intro: "Les codes que mailferry affiche. Ce qu'un code veut dire et que faire : mailferry explain CODE",
    why: "Pourquoi cela arrive",
    do: "Que faire",
    data: "Votre courrier",
    "letter.A": "Connexions aux comptes",
    "letter.N": "Liaisons avec les serveurs",
    "letter.M": "Messages",
    "letter.D": "Disques et destinations",
    "letter.S": "Boîtes et serveurs",
    "letter.C": "Fichier de tâches",
    "letter.L": "Verrous",
    "letter.V": "Dommages",
  },
);

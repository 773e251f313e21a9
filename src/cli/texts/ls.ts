// What an archive holds.

import { texts } from "../../language/texts.ts";

export const lsTexts = texts(
  {
    "no-mailbox": "there is no mailbox {mailbox} in {place}; to see those there are: {command}",
    title: "{place}: {account}, {format}, since {date}",
    foot: "{mailboxes}, {messages}, {size}",
    "foot.mailbox": "{messages} in {mailbox}",
    packed: "{format} in a {pack}",
    owner: "{user} on {host}",
    "column.messages": "Messages",
    "column.size": "Size",
    "column.newest": "Newest",
    "column.date": "Date",
    "column.key": "Key",
    "column.flags": "Flags",
    "column.place": "Place",
  },
  {
    "no-mailbox": "il n'y a pas de boîte {mailbox} dans {place} ; pour voir celles qui y sont : {command}",
    title: "{place} : {account}, {format}, depuis le {date}",
    foot: "{mailboxes}, {messages}, {size}",
    "foot.mailbox": "{messages} dans {mailbox}",
    packed: "{format} dans un {pack}",
    owner: "{user} sur {host}",
    "column.messages": "Messages",
    "column.size": "Taille",
    "column.newest": "Le plus récent",
    "column.date": "Date",
    "column.key": "Clé",
    "column.flags": "Marques",
    "column.place": "Emplacement",
  },
);

// Where each mailbox goes, and why there. The reasons stand in a narrow column.

import { texts } from "../../language/texts.ts";

export const mappingTexts = texts(
  {
    "why.same": "same name",
    "why.map": "your map",
    "why.special-use": "special use",
    "why.name": "by its name",
    "why.before": "as before",
    "why.renamed": "renamed",
    "column.to": "Goes to",
    "column.why": "Why",
    new: "new",
    made: {
      one: "{count} new mailbox will be made at the target",
      other: "{count} new mailboxes will be made at the target",
    },
    renamed: "renamed: the name was taken there, or can't be used there",
    shortened: "-v shows the names whole",
  },
  {
    "why.same": "même nom",
    "why.map": "votre choix",
    "why.special-use": "son rôle",
    "why.name": "son nom",
    "why.before": "comme avant",
    "why.renamed": "renommée",
    "column.to": "Va dans",
    "column.why": "Raison",
    new: "à créer",
    made: {
      one: "{count} nouvelle boîte sera créée à destination",
      many: "{count} de nouvelles boîtes seront créées à destination",
      other: "{count} nouvelles boîtes seront créées à destination",
    },
    renamed: "renommée : le nom y était déjà pris, ou ne peut y être employé",
    shortened: "-v montre les noms en entier",
  },
);

// The job file, checked.

import { texts } from "../../language/texts.ts";

export const configTexts = texts(
  {
    "no-mistakes": "{path}: {jobs}, {accounts}, no mistakes",
    accounts: { one: "{count} account", other: "{count} accounts" },
  },
  {
    "no-mistakes": "{path} : {jobs}, {accounts}, aucune erreur",
    accounts: { one: "{count} compte", many: "{count} de comptes", other: "{count} comptes" },
  },
);

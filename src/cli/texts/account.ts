// Accounts: list, test, add.

import { texts } from "../../language/texts.ts";

/** Where a password is kept. */
export const keepTexts = texts(
  {
    "keep.keyring": "The password is in this system's keyring ({name}).",
    "keep.file": "The password is in a file that only you can read: {path}",
    "keep.no-keyring":
      "There is no keyring here that could be used, so the password is in a file that only you can read: {path}",
  },
  {
    "keep.keyring": "Le mot de passe est dans le trousseau de ce système ({name}).",
    "keep.file": "Le mot de passe est dans un fichier que vous seul pouvez lire : {path}",
    "keep.no-keyring":
      "Aucun trousseau n'est utilisable ici ; le mot de passe est donc dans un fichier que vous seul pouvez lire : {path}",
  },
);

// Which jobs of the job file are meant.

import { texts } from "../../language/texts.ts";

export const jobFileTexts = texts(
  {
    "all-or-names": "name jobs or use --all, not both",
    "name-one": "the job file has several jobs: {known}. Name those to run, or use --all",
    "no-such-job": 'there is no job "{name}"; the job file has: {known}',
  },
  {
    "all-or-names": "nommez des tâches ou donnez --all, pas les deux",
    "name-one": "le fichier de tâches en contient plusieurs : {known}. Nommez celles à exécuter, ou donnez --all",
    "no-such-job": "il n'y a pas de tâche « {name} » ; le fichier de tâches contient : {known}",
  },
);

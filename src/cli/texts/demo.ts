// What the demo says of itself: for many, the first words of this program.

import { texts } from "../../language/texts.ts";

export const demoTexts = texts(
  {
    chapter: "--- {title}",
    first: {
      one: "First run: {count} job of jobs.example.yaml, in {directory}",
      other: "First run: {count} jobs of jobs.example.yaml, in {directory}",
    },
    second: "Second run: the same again",
    verify: "Verify: every message read again from the disk",
    next: "The archives are kept. Try next:",
    safe: {
      one: "{count} job, twice; every message was read again, the same to the octet.",
      other: "{count} jobs, twice; every message was read again, the same to the octet.",
    },
    failed: "see above.",
  },
  {
    chapter: "--- {title}",
    first: {
      one: "Première exécution : {count} tâche de jobs.example.yaml, dans {directory}",
      many: "Première exécution : {count} de tâches de jobs.example.yaml, dans {directory}",
      other: "Première exécution : les {count} tâches de jobs.example.yaml, dans {directory}",
    },
    second: "Deuxième exécution : les mêmes tâches, encore une fois",
    verify: "Vérification : chaque message relu sur le disque",
    next: "Les archives sont toujours là. Pour continuer, essayez :",
    safe: {
      one: "{count} tâche, exécutée deux fois ; chaque message a été relu, identique à l'octet près.",
      many: "{count} de tâches, exécutées deux fois ; chaque message a été relu, identique à l'octet près.",
      other: "{count} tâches, exécutées deux fois ; chaque message a été relu, identique à l'octet près.",
    },
    failed: "voyez plus haut.",
  },
);

// Words that many screens share: counts of things, verdicts, the ends of a job, and titles of columns.

import { texts } from "../../language/texts.ts";

export const wordTexts = texts(
  {
    messages: { one: "{count} message", other: "{count} messages" },
    mailboxes: { one: "{count} mailbox", other: "{count} mailboxes" },
    jobs: { one: "{count} job", other: "{count} jobs" },

    and: "{first} and {last}",
    both: "{first}; {second}",
    about: "{subject}: {text}",
    more: "{count} more",
    "and-more": "and {count} more",
    which: "Which",

    "verdict.safe": "SAFE",
    "verdict.incomplete": "INCOMPLETE",
    "verdict.failed": "FAILED",
    "verdict.rehearsal": "REHEARSAL",
    "verdict.skipped": "SKIPPED",
    verdict: "{word}:",

    "column.mailbox": "Mailbox",
    "column.server": "On server",
    "column.source": "At source",
    "column.archive": "In archive",
    "column.target": "At target",
    "column.new": "New",
    "column.missing": "Missing",
    "column.to-copy": "To copy",
    "column.total": "Total",

    "in.archive": "in the archive",
    "in.target": "at the target",
    "here.archive": "here",
    "here.target": "at the target",
    "from.server": "from the server",
    "from.source": "from the source",
    "at.server": "on the server",
    "at.source": "at the source",
  },
  {
    messages: { one: "{count} message", many: "{count} de messages", other: "{count} messages" },
    mailboxes: { one: "{count} boîte", many: "{count} de boîtes", other: "{count} boîtes" },
    jobs: { one: "{count} tâche", many: "{count} de tâches", other: "{count} tâches" },

    and: "{first} et {last}",
    both: "{first} ; {second}",
    about: "{subject} : {text}",
    more: "{count} de plus",
    "and-more": "et {count} de plus",
    which: "Où",

    "verdict.safe": "À L'ABRI",
    "verdict.incomplete": "INCOMPLET",
    "verdict.failed": "ÉCHEC",
    "verdict.rehearsal": "ESSAI À BLANC",
    "verdict.skipped": "NON EXÉCUTÉ",
    verdict: "{word} :",

    // Short, so that a table with long names of mailboxes fits into 80 columns.
    "column.mailbox": "Boîte",
    "column.server": "Serveur",
    "column.source": "Source",
    "column.archive": "Archive",
    "column.target": "Destination",
    "column.new": "Nouveaux",
    "column.missing": "Manquants",
    "column.to-copy": "À copier",
    "column.total": "Total",

    "in.archive": "dans l'archive",
    "in.target": "à destination",
    "here.archive": "ici",
    "here.target": "à destination",
    "from.server": "du serveur",
    "from.source": "de la source",
    "at.server": "sur le serveur",
    "at.source": "à la source",
  },
);

// When something is due, or was, and for how long.

import { texts } from "../../language/texts.ts";

export const dueTexts = texts(
  {
    now: "now",
    today: "today, {moment} (in {span})",
    tomorrow: "tomorrow, {moment} (in {span})",
    later: "{moment} (in {span})",
    moment: "{date} {time}",
    "under-a-minute": "under a minute",
    minutes: { one: "{count} minute", other: "{count} minutes" },
    hours: { one: "{count} hour", other: "{count} hours" },
    days: { one: "{count} day", other: "{count} days" },
    "short.minutes": "{count} min",
    "short.hours": "{count} h",
    "short.days": "{count} d",
    ago: "{span} ago",
    in: "in {span}",
  },
  {
    now: "maintenant",
    today: "aujourd'hui, {moment} (dans {span})",
    tomorrow: "demain, {moment} (dans {span})",
    later: "{moment} (dans {span})",
    moment: "{date} à {time}",
    "under-a-minute": "moins d'une minute",
    minutes: { one: "{count} minute", many: "{count} de minutes", other: "{count} minutes" },
    hours: { one: "{count} heure", many: "{count} d'heures", other: "{count} heures" },
    days: { one: "{count} jour", many: "{count} de jours", other: "{count} jours" },
    "short.minutes": "{count} min",
    "short.hours": "{count} h",
    "short.days": "{count} j",
    ago: "il y a {span}",
    in: "dans {span}",
  },
);

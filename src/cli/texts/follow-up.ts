// What could not be done after a run: telling of it, and the files that are written beside it.

import { texts } from "../../language/texts.ts";

export const followUpTexts = texts(
  {
    // The body of a ping, in the language of the job file; the verdict may have a code behind it.
    ping: "{job}: {verdict}, {server} on the server = {stored} stored + {missing} missing, {new} new",

    readme: "README.html could not be written into the archive: {reason}",
    page: "the HTML report could not be written to {place}: {reason}",
    metrics: "the metrics could not be written to {place}: {reason}",

    "not-notified": "mailferry could not notify by {channel} ({place}): {reason}",
    "not-notified.unexplained": "mailferry could not notify by {channel} ({place}): no reason given",
    notified: "mailferry notified by {channel} ({place}), but {remark}",
  },
  {
    ping: "{job} : {verdict}, sur le serveur {server} = enregistrés {stored} + manquants {missing}, nouveaux {new}",

    readme: "README.html n'a pas pu être écrit dans l'archive : {reason}",
    page: "le rapport HTML n'a pas pu être écrit dans {place} : {reason}",
    metrics: "les mesures n'ont pas pu être écrites dans {place} : {reason}",

    "not-notified": "mailferry n'a pas pu prévenir par {channel} ({place}) : {reason}",
    "not-notified.unexplained": "mailferry n'a pas pu prévenir par {channel} ({place}) : aucune raison donnée",
    notified: "mailferry a prévenu par {channel} ({place}), mais : {remark}",
  },
);

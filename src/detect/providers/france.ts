// Providers of France.

import { imaps, type Provider, pop3s } from "../provider.ts";
import { words } from "../words.ts";
import { checked, ispdb } from "./sources.ts";

export const france: readonly Provider[] = [
  {
    id: "orange",
    name: "Orange",
    domains: ["orange.fr", "wanadoo.fr"],
    mx: ["orange.fr"],
    servers: [imaps("imap.orange.fr"), pop3s("pop.orange.fr")],
    hosts: ["pop.wanadoo.fr", "pop3.orange.fr"],
    logIn: ["address"],
    password: "account",
    switchOn: {
      protocols: ["imap", "pop3"],
      url: "https://assistance.orange.fr/ordinateurs-peripheriques/installer-et-utiliser/l-utilisation-du-mail-et-du-cloud/mail-orange/le-mail-orange-nouvelle-version/parametrer-la-boite-mail/mail-orange-comment-acceder-a-sa-boite-mail-orange-depuis-une-application-ou-un-logiciel-de-messagerie-non-fourni-par-orange_434630-964290",
      words: words(
        "Mail Orange (in the browser): preferences of the mailbox, access by other mail programs",
        "Mail Orange (dans le navigateur) : préférences de la boîte, accès depuis un autre logiciel de messagerie",
      ),
    },
    source: `FIELD.md section 1.1; ${ispdb("orange.fr.xml")}; menu [m]`,
    date: checked,
  },
  {
    id: "free",
    name: "Free",
    domains: ["free.fr"],
    mx: ["free.fr"],
    servers: [imaps("imap.free.fr"), pop3s("pop.free.fr")],
    logIn: ["local"],
    password: "account",
    note: words(
      "The user name is what stands before the @. The password is that of this mailbox, not that of the Freebox account.",
      "L'identifiant est ce qui précède le @. Le mot de passe est celui de cette boîte, et non celui du compte Freebox.",
    ),
    source: `FIELD.md section 1.1; ${ispdb("free.fr.xml")}; note on the password [m]`,
    date: checked,
  },
  {
    id: "laposte",
    name: "La Poste",
    domains: ["laposte.net"],
    mx: ["laposte.net"],
    servers: [imaps("imap.laposte.net"), pop3s("pop.laposte.net")],
    logIn: ["local", "address"],
    password: "account",
    switchOn: {
      protocols: ["imap", "pop3"],
      url: "https://aide.laposte.net/",
      words: words(
        "laposte.net (in the browser): Settings, access by other mail programs. After the cut of 2021-2022 access comes back only with a new password.",
        "laposte.net (dans le navigateur) : Paramètres, accès depuis un autre logiciel de messagerie. Depuis la coupure de 2021-2022, l'accès ne revient qu'avec un nouveau mot de passe.",
      ),
    },
    note: words(
      "La Poste may empty a mailbox that nobody has logged in to for four months.",
      "La Poste peut vider une boîte restée quatre mois sans connexion.",
    ),
    source:
      "FIELD.md section 1.1; https://www.numerama.com/tech/978375-la-poste-repare-lacces-a-ses-mails-apres-des-semaines-de-souci.html; https://aide.laposte.net/contents/pourquoi-mon-adresse-a-t-elle-ete-gelee-et-que-dois-je-faire-pour-la-reactiver; menu [m]",
    date: checked,
  },
  {
    id: "sfr",
    name: "SFR",
    domains: ["sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "9online.fr"],
    mx: ["sfr.fr"],
    servers: [imaps("imap.sfr.fr"), pop3s("pop.sfr.fr")],
    logIn: ["address"],
    password: "account",
    note: words(
      "After the end of a subscription SFR keeps a mailbox only as long as it is used.",
      "Après la fin d'un abonnement, SFR ne garde une boîte que tant qu'elle sert.",
    ),
    source: "FIELD.md section 1.1; domains other than sfr.fr, and note [m]",
    date: checked,
  },
  {
    id: "bouygues",
    name: "Bouygues Telecom",
    domains: ["bbox.fr"],
    mx: [],
    servers: [imaps("imap.bbox.fr")],
    logIn: ["address"],
    password: "account",
    source: "public settings of mail programs, two of them alike; log-in form [m]",
    date: checked,
  },
];

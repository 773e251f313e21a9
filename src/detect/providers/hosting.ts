// Providers that host other people's domains: mostly found by the host that takes their mail.

import { imaps, type Provider, pop3s } from "../provider.ts";
import { words } from "../words.ts";
import { checked, ispdb } from "./sources.ts";

export const hosting: readonly Provider[] = [
  {
    id: "ovh",
    name: "OVHcloud",
    domains: [],
    // Not all of ovh.net: redirect.ovh.net only forwards.
    mx: [
      ...["mx0", "mx1", "mx2", "mx3", "mx4"].map((host) => `${host}.mail.ovh.net`),
      ...["mx0", "mx1", "mx2", "mx3", "mx4", "mxb"].map((host) => `${host}.ovh.net`),
    ],
    servers: [imaps("ssl0.ovh.net"), pop3s("ssl0.ovh.net")],
    serversDiffer: true,
    hosts: ["imap.mail.ovh.net", "pop.mail.ovh.net"],
    logIn: ["address"],
    password: "account",
    note: words(
      "Accounts of the Pro and Exchange plans have another server (such as pro1.mail.ovh.net or ex5.mail.ovh.net): the OVHcloud control panel names it.",
      "Les comptes des offres Pro et Exchange ont un autre serveur (par exemple pro1.mail.ovh.net ou ex5.mail.ovh.net) : l'espace client OVHcloud l'indique.",
    ),
    source: "FIELD.md section 1.1 (plans [m]); MX hosts [m]",
    date: checked,
  },
  ionos(
    "de",
    "imap.ionos.de",
    "pop.ionos.de",
    ["kundenserver.de", "schlund.de", "1und1.de", "ionos.de"],
    ["online.de", "onlinehome.de"],
    ["imap.1und1.de", "pop.1und1.de"],
  ),
  ionos("fr", "imap.ionos.fr", "pop.ionos.fr", ["ionos.fr", "1and1.fr"], [], ["imap.1and1.fr", "pop.1and1.fr"]),
  ionos("com", "imap.ionos.com", "pop.ionos.com", ["ionos.com", "1and1.com"], [], ["imap.1and1.com", "pop.1and1.com"]),
  ionos("co-uk", "imap.ionos.co.uk", "pop.ionos.co.uk", ["ionos.co.uk", "1and1.co.uk"], [], []),
  ionos("es", "imap.ionos.es", "pop.ionos.es", ["ionos.es", "1and1.es"], [], []),
  ionos("it", "imap.ionos.it", "pop.ionos.it", ["ionos.it", "1and1.it"], [], []),
  {
    id: "gandi",
    name: "Gandi",
    domains: ["gandi.net"],
    mx: ["mail.gandi.net"],
    servers: [imaps("mail.gandi.net"), pop3s("mail.gandi.net")],
    logIn: ["address"],
    password: "account",
    source: "FIELD.md section 1.1; POP3 and MX hosts [m]",
    date: checked,
  },
  {
    id: "infomaniak",
    name: "Infomaniak",
    domains: ["ik.me", "ikmail.com", "etik.com"],
    mx: ["infomaniak.ch", "infomaniak.com"],
    servers: [imaps("mail.infomaniak.com"), pop3s("mail.infomaniak.com")],
    hosts: ["mail.infomaniak.ch", "imap.infomaniak.ch"],
    logIn: ["address"],
    password: "app",
    appPassword: {
      url: "https://manager.infomaniak.com/",
      words: words(
        "Infomaniak Manager > Mail Service > the mailbox > Devices > Add",
        "Manager Infomaniak > Service Mail > l'adresse > Appareils > Ajouter",
      ),
    },
    source:
      "https://www.infomaniak.com/en/support/faq/admin2/email-service; https://infoswitch.fr/en/blog/mot-de-passe-email-infomaniak; domains and MX hosts [m]",
    date: checked,
  },
  {
    id: "aruba",
    name: "Aruba",
    domains: [],
    mx: ["mx.aruba.it"],
    servers: [imaps("imaps.aruba.it"), pop3s("pop3s.aruba.it")],
    serversDiffer: true,
    logIn: ["address"],
    password: "account",
    source: "public settings of mail programs, two of them alike; POP3 and MX host [m]",
    date: checked,
  },
];

function ionos(
  country: string,
  imap: string,
  pop: string,
  mx: readonly string[],
  domains: readonly string[],
  hosts: readonly string[],
): Provider {
  return {
    id: `ionos-${country}`,
    name: "IONOS",
    domains,
    mx,
    servers: [imaps(imap), pop3s(pop)],
    serversDiffer: true,
    hosts,
    logIn: ["address"],
    password: "account",
    source: `https://ionos.fr/assistance/email/mise-en-place-demail-made-in-germany/serveur-entrant; ${ispdb("ionos.fr")}; ${ispdb("1und1.de.xml")}; servers of other countries by the same pattern, MX hosts partly [m]`,
    date: checked,
  };
}

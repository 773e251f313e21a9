// Providers that are used everywhere.

import { imaps, type Provider, pop3s } from "../provider.ts";
import { words } from "../words.ts";
import { checked, ispdb } from "./sources.ts";

/** Second-level and country domains under which one name is used. */
const under = (name: string, ...endings: readonly string[]) => endings.map((ending) => `${name}.${ending}`);

export const international: readonly Provider[] = [
  {
    id: "gmail",
    name: "Gmail",
    domains: ["gmail.com", "googlemail.com"],
    mx: ["google.com", "googlemail.com"],
    servers: [imaps("imap.gmail.com"), pop3s("pop.gmail.com")],
    logIn: ["address"],
    password: "app",
    switchOn: {
      protocols: ["pop3"],
      url: "https://mail.google.com/mail/#settings/fwdandpop",
      words: words(
        "Gmail: Settings > See all settings > Forwarding and POP/IMAP; IMAP is always on, POP is not.",
        "Gmail : Paramètres > Voir tous les paramètres > Transfert et POP/IMAP ; IMAP est toujours actif, POP ne l'est pas.",
      ),
    },
    appPassword: {
      url: "https://myaccount.google.com/apppasswords",
      words: words(
        "Two-step verification has to be on before Google lets you make one.",
        "La validation en deux étapes doit être active avant que Google vous laisse en créer un.",
      ),
    },
    limits: { octetsPerDay: 2_500_000_000, octetsPerDayIn: 500_000_000, connections: 15 },
    note: words(
      "A setting of Gmail can hide the older messages of large folders from IMAP: Settings > Forwarding and POP/IMAP > Folder size limits.",
      "Un réglage de Gmail peut cacher à IMAP les messages anciens des gros dossiers : Paramètres > Transfert et POP/IMAP > Limites de taille des dossiers.",
    ),
    source: `FIELD.md section 1.1; ${ispdb("googlemail.com.xml")}; menu and IMAP always on [m]`,
    date: checked,
  },
  {
    id: "outlook-com",
    name: "Outlook.com",
    domains: [
      ...under(
        "outlook",
        "com",
        "fr",
        "be",
        "de",
        "at",
        "es",
        "it",
        "pt",
        "dk",
        "cz",
        "hu",
        "ie",
        "in",
        "jp",
        "kr",
        "lv",
      ),
      ...under("outlook", "sk", "sg", "my", "ph", "sa", "cl", "co.id", "co.il", "co.th", "com.ar", "com.au", "com.br"),
      ...under("outlook", "com.gr", "com.tr", "com.vn"),
      ...under(
        "hotmail",
        "com",
        "fr",
        "be",
        "de",
        "ca",
        "ch",
        "es",
        "it",
        "nl",
        "dk",
        "se",
        "no",
        "fi",
        "co.uk",
        "co.jp",
      ),
      ...under("hotmail", "com.ar", "com.br", "com.tr", "gr", "cz", "hu", "cl"),
      ...under("live", "com", "fr", "be", "de", "at", "ca", "ch", "it", "nl", "dk", "se", "no", "fi", "ie", "co.uk"),
      ...under("live", "com.ar", "com.au", "com.mx", "com.pt", "jp", "ru", "cl"),
      "msn.com",
      "windowslive.com",
      "passport.com",
    ],
    mx: ["olc.protection.outlook.com"],
    servers: [imaps("outlook.office365.com"), pop3s("outlook.office365.com")],
    hosts: ["imap-mail.outlook.com", "pop-mail.outlook.com"],
    logIn: ["address"],
    password: "none",
    note: words(
      "Since 16 September 2024 Outlook.com, Hotmail and Live take no password from a mail program, and no app password either: only a log-in in the browser (OAuth 2).",
      "Depuis le 16 septembre 2024, Outlook.com, Hotmail et Live n'acceptent plus de mot de passe d'un logiciel de messagerie, pas même un mot de passe d'application : seulement une connexion dans le navigateur (OAuth 2).",
    ),
    source: `FIELD.md section 1.1; ${ispdb("hotmail.com")}; https://techissuestoday.com/how-to-update-outlook-email-settings-to-avoid-losing-access-after-september-16/`,
    date: checked,
  },
  {
    id: "microsoft-365",
    name: "Microsoft 365",
    domains: ["office365.com"],
    mx: ["mail.protection.outlook.com", "mx.microsoft"],
    servers: [imaps("outlook.office365.com"), pop3s("outlook.office365.com")],
    logIn: ["address"],
    password: "none",
    note: words(
      "Microsoft 365 takes no password from a mail program any more: only a log-in in the browser (OAuth 2). Whether IMAP is on at all is for the organisation's administrator to say.",
      "Microsoft 365 n'accepte plus de mot de passe d'un logiciel de messagerie : seulement une connexion dans le navigateur (OAuth 2). L'administrateur de l'organisation décide si IMAP est actif.",
    ),
    source: `FIELD.md section 1.1; ${ispdb("office365.com")}; mx.microsoft [m]`,
    date: checked,
  },
  {
    id: "yahoo",
    name: "Yahoo",
    domains: [
      ...under("yahoo", "com", "fr", "de", "it", "es", "se", "ca", "ie", "gr", "co.uk", "co.in", "co.nz", "com.au"),
      ...under("yahoo", "com.ar", "com.br", "com.mx"),
      "ymail.com",
      "myyahoo.com",
      "rocketmail.com",
    ],
    mx: ["am0.yahoodns.net"],
    servers: [imaps("imap.mail.yahoo.com"), pop3s("pop.mail.yahoo.com")],
    hosts: ["export.imap.mail.yahoo.com"],
    logIn: ["address"],
    password: "app",
    appPassword: { url: "https://login.yahoo.com/account/security" },
    note: words(
      "Yahoo may show only the newest 10,000 messages of a folder over IMAP.",
      "Yahoo peut ne montrer par IMAP que les 10 000 messages les plus récents d'un dossier.",
    ),
    source: `FIELD.md section 1.1 (window of 10,000 [m]); ${ispdb("yahoo.com.xml")}`,
    date: checked,
  },
  {
    id: "aol",
    name: "AOL",
    domains: [
      ...under("aol", "com", "fr", "de", "it", "es", "se", "co.uk", "co.nz", "com.au", "com.ar", "com.br", "com.mx"),
      "aim.com",
      "netscape.net",
      "compuserve.com",
    ],
    mx: ["gm0.yahoodns.net"],
    servers: [imaps("imap.aol.com"), pop3s("pop.aol.com")],
    hosts: ["export.imap.aol.com"],
    logIn: ["address"],
    password: "app",
    appPassword: { url: "https://login.aol.com/account/security" },
    source: `FIELD.md section 1.1; ${ispdb("aol.com")}`,
    date: checked,
  },
  {
    id: "icloud",
    name: "iCloud",
    domains: ["icloud.com", "me.com", "mac.com"],
    mx: ["mail.icloud.com"],
    servers: [imaps("imap.mail.me.com")],
    // FIELD.md: either works, and what the ISPDB names first is first.
    logIn: ["local", "address"],
    password: "app",
    appPassword: {
      url: "https://account.apple.com/",
      words: words(
        "Apple account > Sign-In and Security > App-Specific Passwords",
        "Compte Apple > Connexion et sécurité > Mots de passe pour application",
      ),
    },
    note: words("iCloud has no POP: IMAP only.", "iCloud n'a pas de POP : IMAP seulement."),
    source: `FIELD.md section 1.1; ${ispdb("me.com.xml")}; menu [m]`,
    date: checked,
  },
  {
    id: "fastmail",
    name: "Fastmail",
    domains: ["fastmail.com", "fastmail.fm", "messagingengine.com"],
    mx: ["messagingengine.com"],
    servers: [imaps("imap.fastmail.com"), pop3s("pop.fastmail.com")],
    logIn: ["address"],
    password: "app",
    appPassword: {
      url: "https://app.fastmail.com/settings/security",
      words: words("Settings > Privacy & Security > App passwords", "Settings > Privacy & Security > App passwords"),
    },
    source: `FIELD.md section 1.1; ${ispdb("messagingengine.com.xml")}; menu [m]`,
    date: checked,
  },
  {
    id: "proton",
    name: "Proton Mail",
    domains: ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
    mx: ["protonmail.ch"],
    servers: [{ protocol: "imap", host: "127.0.0.1", port: 1143, tls: "none" }],
    logIn: ["address"],
    password: "separate",
    appPassword: {
      url: "https://proton.me/mail/bridge",
      words: words(
        "Proton Mail is read through Proton Bridge, which has to run on this machine (a paid plan has it); user name and password are those that Bridge shows.",
        "Proton Mail se lit à travers Proton Bridge, qui doit tourner sur cet ordinateur (abonnement payant) ; l'identifiant et le mot de passe sont ceux que Bridge affiche.",
      ),
    },
    note: words(
      "Wait until Bridge has finished its first synchronisation: until then mailboxes look empty.",
      "Attendez que Bridge ait fini sa première synchronisation : d'ici là, les boîtes paraissent vides.",
    ),
    source: "FIELD.md section 1.1; paid plan and page [m]",
    date: checked,
  },
  ...zoho("com", "https://accounts.zoho.com/home#security/app_password", ["zoho.com", "zohomail.com"]),
  ...zoho("eu", "https://accounts.zoho.eu/home#security/app_password", ["zoho.eu", "zohomail.eu"]),
  ...zoho("in", "https://accounts.zoho.in/home#security/app_password", ["zoho.in", "zohomail.in"]),
];

/** Zoho has an entry for its own addresses, and one for domains that it hosts, in each of its regions. */
function zoho(region: string, appPassword: string, domains: readonly string[]): Provider[] {
  const both = {
    logIn: ["address"],
    password: "app-if-two-step",
    switchOn: {
      protocols: ["imap", "pop3"],
      url: "https://www.zoho.com/mail/help/imap-access.html",
      words: words(
        "Zoho Mail: Settings > Mail Accounts > IMAP (or POP)",
        "Zoho Mail : Settings > Mail Accounts > IMAP (ou POP)",
      ),
    },
    appPassword: { url: appPassword },
    note: words(
      "New accounts on a free plan may have neither POP nor IMAP.",
      "Les nouveaux comptes gratuits n'ont parfois ni POP ni IMAP.",
    ),
    source: `FIELD.md section 1.1; ${ispdb("zoho.com.xml")}; https://pixelkicks.freshdesk.com/support/solutions/articles/241553-zoho-mail-pop-configuration; IMAP on free plans and app password page [m]`,
    date: checked,
  } as const;
  return [
    {
      id: `zoho-${region}`,
      name: "Zoho Mail",
      domains,
      mx: [],
      servers: [imaps(`imap.zoho.${region}`), pop3s(`pop.zoho.${region}`)],
      ...both,
    },
    {
      id: `zoho-${region}-pro`,
      name: "Zoho Mail",
      domains: [],
      mx: [`zoho.${region}`],
      servers: [imaps(`imappro.zoho.${region}`), pop3s(`poppro.zoho.${region}`)],
      ...both,
    },
  ];
}

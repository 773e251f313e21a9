import fc from "fast-check";
import { names as libraryNames } from "imapflow/lib/special-use.js";
import { afterEach, describe, expect, test } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { addMailbox, createMailStore } from "../../src/demo/mail-store.ts";
import { listMailboxes } from "../../src/protocol/imap-mailboxes.ts";
import { openImapSession } from "../../src/protocol/imap-session.ts";
import { doubtOf, specialUseByAttribute, specialUseByName } from "../../src/protocol/special-use.ts";
import { doubtfulNames, gmailNames, otherNames } from "../../src/protocol/special-use-names.ts";
import { imapAccount } from "../support/imap.ts";

/** What the four mailboxes are called: [language, Sent, Drafts, Trash, Junk]. */
const languages: [language: string, sent: string[], drafts: string[], trash: string[], junk: string[]][] = [
  [
    "English",
    ["Sent", "Sent Items", "Sent Messages", "Sent Mail"],
    ["Drafts"],
    ["Trash", "Deleted Items", "Deleted Messages", "Bin"],
    ["Junk", "Junk E-mail", "Spam", "Bulk Mail"],
  ],
  [
    "French",
    ["Envoyés", "Éléments envoyés", "Objets envoyés", "Messages envoyés"],
    ["Brouillons"],
    ["Corbeille", "Éléments supprimés", "Poubelle"],
    ["Courrier indésirable", "Indésirables", "Pourriel"],
  ],
  [
    "German",
    ["Gesendet", "Gesendete Elemente", "Gesendete Objekte"],
    ["Entwürfe"],
    ["Papierkorb", "Gelöschte Elemente", "Gelöscht"],
    ["Spam", "Spamverdacht", "Junk-E-Mail"],
  ],
  [
    "Spanish",
    ["Enviados", "Elementos enviados"],
    ["Borradores"],
    ["Papelera", "Elementos eliminados"],
    ["Correo no deseado"],
  ],
  ["Italian", ["Posta inviata", "Inviati"], ["Bozze"], ["Cestino", "Elementi eliminati"], ["Posta indesiderata"]],
  ["Portuguese", ["Enviados", "Itens enviados"], ["Rascunhos"], ["Lixeira", "Itens excluídos"], ["Lixo eletrônico"]],
  [
    "Dutch",
    ["Verzonden", "Verzonden items"],
    ["Concepten"],
    ["Prullenbak", "Verwijderde items"],
    ["Ongewenste e-mail"],
  ],
  ["Polish", ["Wysłane", "Elementy wysłane"], ["Wersje robocze", "Szkice"], ["Kosz"], ["Niechciane", "Spam"]],
  ["Czech", ["Odeslaná pošta"], ["Koncepty"], ["Koš"], ["Nevyžádaná pošta"]],
  ["Swedish", ["Skickat"], ["Utkast"], ["Papperskorgen"], ["Skräppost"]],
  ["Danish", ["Sendt"], ["Kladder"], ["Papirkurv"], ["Uønsket"]],
  ["Norwegian", ["Sendt"], ["Utkast"], ["Søppel", "Slettet"], ["Søppelpost"]],
  ["Finnish", ["Lähetetyt"], ["Luonnokset"], ["Roskakori"], ["Roskaposti"]],
  ["Hungarian", ["Elküldött"], ["Piszkozatok"], ["Kuka", "Lomtár"], ["Levélszemét"]],
  ["Turkish", ["Gönderilmiş Öğeler"], ["Taslaklar"], ["Çöp"], ["Önemsiz"]],
  ["Russian", ["Отправленные"], ["Черновики"], ["Корзина", "Удаленные"], ["Спам"]],
  ["Ukrainian", ["Надіслані"], ["Чернетки"], ["Кошик"], ["Спам"]],
  ["Greek", ["Απεσταλμένα"], ["Πρόχειρα"], ["Κάδος"], ["Ανεπιθύμητα"]],
  ["Japanese", ["送信済み"], ["下書き"], ["ゴミ箱"], ["迷惑メール"]],
  ["Chinese", ["已发送", "寄件備份"], ["草稿"], ["已删除邮件", "垃圾桶"], ["垃圾邮件"]],
  ["Korean", ["보낸 편지함", "보낸편지함"], ["임시 보관함"], ["휴지통"], ["스팸"]],
];

/** Of single servers and programs. */
const others: [use: string, ...names: string[]][] = [
  ["\\Sent", "Envoyé", "Objets envoyés", "Courrier envoyé", "OUTBOX", "Postausgang", "보낸편지함"],
  ["\\Trash", "Messages supprimés"],
  ["\\Drafts", "Entwurf"],
  ["\\Junk", "Spamverdacht", "Spam-Verdacht", "Unbekannt", "Bulk", "INDESIRABLES", "QUARANTAINE", "Potwierdzony spam"],
  ["\\Archive", "Archive", "Archives", "Archiv", "Archivio"],
  ["\\All", "All Mail", "Tous les messages", "Alle Nachrichten"],
  ["\\Flagged", "Starred", "Suivis"],
  ["\\Important", "Important"],
];

const named = [
  ...languages.flatMap(([, ...columns]) =>
    columns.flatMap((names, at) =>
      names.map((name) => [name, ["\\Sent", "\\Drafts", "\\Trash", "\\Junk"][at]] as const),
    ),
  ),
  ...others.flatMap(([use, ...names]) => names.map((name) => [name, use] as const)),
];

describe("the name of a mailbox", () => {
  test.each(named)("%s is %s, however it is written", (name, use) => {
    for (const spelling of [name, name.normalize("NFD"), name.toUpperCase(), name.toLowerCase(), ` ${name} `]) {
      expect(specialUseByName([spelling]), spelling).toBe(use);
    }
  });

  test("counts at the top and directly below INBOX or [Gmail], as a segment or as a prefix", () => {
    for (const path of [
      ["INBOX", "Envoyés"],
      ["inbox", "Envoyés"],
      ["INBOX.Envoyés"],
      ["INBOX/Envoyés"],
      ["[Gmail]", "Envoyés"],
      ["[gmail]/Envoyés"],
      ["[Google Mail]", "Envoyés"],
      ["[Google Mail]/Envoyés"],
    ]) {
      expect(specialUseByName(path), path.join("|")).toBe("\\Sent");
    }
  });

  test.each([
    [["Archive", "Sent"]],
    [["Projets", "Drafts"]],
    [["INBOX", "Archive", "Sent"]],
    [["INBOX", "[Gmail]", "Sent Mail"]],
    [["[Gmail]", "Sent", "2019"]],
    [["INBOX.Archive.Sent"]],
    [["Sent.2019"]],
    [["Archive 2019"]],
    [["Sent to clients"]],
    [["My Sent"]],
    [["Trash-mail"]],
    [["Gesendet 2019"]],
    [["Projets"]],
    [["INBOX"]],
    [["Inbox"]],
    [["INBOX", "INBOX"]],
    [["[Gmail]"]],
    [["constructor"]],
    [["__proto__"]],
    [[""]],
    [[]],
  ])("says nothing in %j", (path) => {
    expect(specialUseByName(path)).toBeUndefined();
  });

  test("of a Gmail view counts below [Gmail] alone: elsewhere it is somebody's own mailbox", () => {
    for (const [name, use] of [
      ["Wichtig", "\\Important"],
      ["Favoris", "\\Flagged"],
      ["すべてのメール", "\\All"],
    ] as const) {
      expect(specialUseByName(["[Gmail]", name])).toBe(use);
      expect(specialUseByName(["[Google Mail]", name])).toBe(use);
      expect(specialUseByName([name])).toBeUndefined();
      expect(specialUseByName(["INBOX", name])).toBeUndefined();
    }
  });

  test("is known wherever imapflow knows it, and means one use only", () => {
    const uses = new Map<string, string>();
    const tables = [Object.entries(libraryNames), otherNames, doubtfulNames, gmailNames];
    let count = 0;
    for (const [use, list] of tables.flat()) {
      for (const name of list) {
        const key = name.normalize("NFKC").toLowerCase();
        expect(uses.get(key) ?? use, name).toBe(use);
        uses.set(key, use);
        expect(specialUseByName(["[Gmail]", name]), name).toBe(use);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(900);
  });

  test("never fails, and takes no time, whatever it is", () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (path) => void specialUseByName(path)));
    const started = performance.now();
    specialUseByName([`INBOX.${" a".repeat(200_000)}`]);
    specialUseByName(["a", "b".repeat(1_000_000)]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("may be clear or doubtful", () => {
    const names = [["OUTBOX"], ["Envoyés"], ["Sent"], ["INBOX", "Postausgang"], ["INBOX.sent"], ["Unbekannt"]];
    expect(names.map(doubtOf)).toEqual([2, 1, 0, 2, 0, 2]);
  });
});

describe("the attributes of a mailbox", () => {
  test.each([
    [["\\HasNoChildren", "\\sent"], "\\Sent"],
    [["\\Important"], "\\Important"],
    [["\\AllMail", "\\HasNoChildren"], "\\All"],
    [["\\Spam"], "\\Junk"],
    [["\\Starred"], "\\Flagged"],
    [["\\Important", "\\Trash"], "\\Trash"],
    [["\\Inbox"], undefined],
    [["\\Marked", "Sent"], undefined],
    [[], undefined],
  ])("%j: %s", (flags, use) => {
    expect(specialUseByAttribute(new Set(flags))).toBe(use);
    expect(specialUseByAttribute([...flags].reverse())).toBe(use);
  });
});

describe("a listing", () => {
  const servers: ImapServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  /** What `* LIST` lines of a server tell: path, special-use and where it comes from, sorted. */
  async function told(lines: readonly string[], prefix = ""): Promise<string[]> {
    const login = { user: "ada", password: "secret" };
    const store = createMailStore(login.user, login.password);
    addMailbox(store, ["unused"]);
    const server = await startImapServer({
      store,
      delimiter: ".",
      prefix,
      script: {
        onCommand: ({ name, tag, line }) =>
          name === "LIST" && line.includes("*")
            ? { reply: `${lines.map((each) => `* LIST ${each}\r\n`).join("")}${tag} OK done\r\n` }
            : undefined,
      },
    });
    servers.push(server);
    const session = await openImapSession(imapAccount(server.port, login));
    const mailboxes = await listMailboxes(session).finally(() => session.logout());
    return mailboxes
      .map(({ path, ...use }) => [path.join("/"), use.specialUse, use.specialUseSource].filter(Boolean).join(" "))
      .sort();
  }

  test("takes the server's word before any name, in the whole listing", async () => {
    const lines = ['() "." INBOX', '() "." "Envoy&AOk-s"', '() "." Sent', '(\\Sent) "." Ablage', '() "." Trash'];
    expect(await told(lines)).toEqual(["Ablage \\Sent attribute", "Envoyés", "INBOX", "Sent", "Trash \\Trash name"]);
  });

  test("goes by names where the server says nothing, also by those of several mailboxes", async () => {
    const lines = ['() "." INBOX', '() "." INBOX.Corbeille', '() "." INBOX.Trash', '() "." INBOX.Archive.Sent'];
    expect(await told(lines, "INBOX.")).toEqual([
      "Archive/Sent",
      "Corbeille \\Trash name",
      "INBOX",
      "Trash \\Trash name",
    ]);
  });

  test("keeps every attribute of the server, never gives one to INBOX, and heeds none of what can't be opened", async () => {
    const lines = [
      '(\\Archive) "." INBOX',
      '(\\Junk) "." Spam',
      '(\\Junk) "." Dreck',
      '(\\Noselect \\Drafts) "." Ordner',
      '() "." Drafts',
      '() "." Archive',
    ];
    expect(await told(lines)).toEqual([
      "Archive \\Archive name",
      "Drafts \\Drafts name",
      "Dreck \\Junk attribute",
      "INBOX",
      "Spam \\Junk attribute",
    ]);
  });
});

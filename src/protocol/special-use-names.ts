// What servers and mail programs call Sent, Drafts, Trash and the like, beyond the names that imapflow knows itself.
// Only whole names: "Sent 2019" or "Sent to clients" is somebody's own mailbox.

/** By RFC 6154 attribute. */
export const otherNames: readonly (readonly [specialUse: string, names: readonly string[]])[] = [
  [
    "\\Sent",
    [
      ...["Sent Mail", "Sent Mails", "Sent E-mail", "Sent Objects"],
      ...["Envoyé", "Objets envoyés", "Courrier envoyé", "Courriers envoyés", "Mails envoyés", "E-mails envoyés"],
      ...["Gesendete Objekte", "Gesendete Nachrichten", "Gesendete E-Mails"],
      ...["Correo enviado", "Mensajes enviados", "Messaggi inviati", "Elementi inviati"],
      ...["Itens enviados", "E-mails enviados", "Correio enviado", "Mensagens enviadas"],
      ...["Verzonden items", "Gestuurde e-pos", "Skickade objekt", "Sendte elementer", "Sendt e-post", "Sendte mails"],
      ...["Lähetetyt viestit", "Elementy wysłane", "Odoslané správy", "Odeslaná e-mailová pošta"],
      ...["Gönderilmiş Postalar", "Απεσταλμένα στοιχεία", "Отправленные письма", "Надіслані листи"],
      ...["已发邮件", "已傳送", "寄件備份匣", "送信箱", "보낸편지함", "보낸 메일함"],
    ],
  ],
  [
    "\\Drafts",
    [
      ...["Draft Messages", "Brouillon", "Entwurf", "Bozza", "Rascunho", "Concept", "Luonnos"],
      ...["Rozpísané správy", "Черновик", "下書きトレイ", "임시보관함"],
    ],
  ],
  [
    "\\Trash",
    [
      ...["Deleted Mail", "Trash Can", "Messages supprimés", "Objets supprimés", "Corbeilles"],
      ...["Gelöschte Nachrichten", "Gelöschte E-Mails"],
      ...["Mensajes eliminados", "Messaggi eliminati", "Posta eliminata", "Caixote do Lixo", "Mensagens excluídas"],
      ...["Verwijderde berichten", "Søppel", "Smetnjak", "Otpad"],
      ...["Κάδος", "Διαγραμμένα στοιχεία", "Удаленные элементы", "Видалені елементи"],
      ...["已刪除的郵件", "已删除", "삭제된 편지함"],
    ],
  ],
  [
    "\\Junk",
    [
      ...["Spamverdacht", "Spam-Verdacht", "Spamordner", "Junk-Mail", "Bulk E-mail", "Junk Messages"],
      ...["INDESIRABLES", "Indésirable", "Courriers indésirables", "Courrier indésirables", "Messages indésirables"],
      ...["Potwierdzony spam", "Vsiljena pošta", "Posta spam", "E-mail indesejado"],
      ...["Ongewenste post", "Skräpmejl", "Gereksiz E-posta", "Нежелательные", "Небажані"],
      ...["スパム", "迷惑メールフォルダ", "垃圾邮件箱", "스팸함", "스팸메일함"],
    ],
  ],
  ["\\Archive", ["Archived", "Archived Mail", "Archivés", "Archivées", "Archiviert", "Archivado", "Archiviati"]],
  ["\\All", ["All Mail", "Tous les messages", "Alle Nachrichten"]],
  ["\\Flagged", ["Starred", "Suivis"]],
  ["\\Important", ["Important"]],
];

/** As `otherNames`, but such a name may also stand for something else: another mailbox of the same use is likelier. */
export const doubtfulNames: readonly (readonly [specialUse: string, names: readonly string[]])[] = [
  ["\\Sent", ["OUTBOX", "Postausgang"]],
  ["\\Junk", ["Bulk", "QUARANTAINE", "Unbekannt"]],
];

/** What Gmail calls its views in the account's language: anywhere but below `[Gmail]` these are somebody's own mailboxes. */
export const gmailNames: readonly (readonly [specialUse: string, names: readonly string[]])[] = [
  [
    "\\All",
    [
      ...["Todos", "Tutti i messaggi", "Todos os e-mails", "Todo o correio", "Alle berichten", "Wszystkie"],
      ...["Všechny zprávy", "Alla mail", "Alle mails", "All e-post", "Kaikki viestit", "Összes levél", "Tüm Postalar"],
      ...["Вся почта", "Уся пошта", "Όλα τα μηνύματα", "すべてのメール", "所有邮件", "所有郵件", "전체보관함"],
    ],
  ],
  [
    "\\Flagged",
    [
      ...["Favoris", "Markiert", "Destacados", "Speciali", "Com estrela", "Met ster", "Oznaczone gwiazdką"],
      ...["S hvězdičkou", "Stjärnmärkta", "Stjernemarkerede", "Stjernemerket", "Tähdellä merkityt", "Csillagozott"],
      ...["Yıldızlı", "Помеченные", "Із зірочкою", "Με αστέρι", "スター付き", "已加星标", "已加星號", "별표편지함"],
    ],
  ],
  [
    "\\Important",
    [
      ...["Importants", "Wichtig", "Importantes", "Importanti", "Importante", "Belangrijk", "Ważne", "Důležité"],
      ...["Viktigt", "Vigtigt", "Viktig", "Tärkeää", "Fontos", "Önemli", "Важное", "Важливо", "Σημαντικά"],
      ...["重要", "重要邮件", "重要郵件", "중요"],
    ],
  ],
];

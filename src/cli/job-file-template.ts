// The job file that `config init` writes.

import type { Language } from "../language/language.ts";

/** The same file in every language but for its comments: test/cli/config-init.test.ts. */
export const jobFileTemplate: Readonly<Record<Language, string>> = {
  en: `# yaml-language-server: $schema=./mailferry.schema.json
#
# Which mail is backed up or moved, and where to. Passwords never stand in this file.
# Where mail comes from, it is only ever read: nothing is deleted or marked as read.
# Relative paths start at the folder of this file. Lines with # in front are switched off.

version: 1

# Who: accounts, by names of your choice.
accounts:
  me:
    protocol: imap                # or pop3, which gives the inbox alone
    host: imap.example.org        # your provider's help pages name it
    user: ada@example.org         # often the whole address
    password: { env: MAIL_PASSWORD }            # an environment variable; or one of these:
    # password: { file: ./password }            # one line, in a file that only you can read (chmod 600)
    # password: { command: [pass, show, mail] } # the first line it prints
    # password: { keyring: NAME }               # of your desktop; mailferry account add puts it there
    # password: { credential: NAME }            # of systemd (LoadCredential=)
    # port: 993                   # follows from protocol and tls
    # tls: implicit               # or starttls
    # auth: auto                  # or plain, login, apop
    # tlsCa: ./ca.pem             # a certificate authority of your own; or tlsFingerprint
    # connections: 2              # if the provider allows fewer than 4
    # bandwidth: 2 MB             # most octets a second
    # dailyLimit: 2500 MB         # most octets of messages a day

  # new: { protocol: imap, host: imap.example.net, user: ada@example.net, password: { env: NEW_PASSWORD } }

# What: a copy of an account in a folder of this machine.
jobs:
  - name: backup
    from: me
    to: { archive: ./backup, format: maildir }  # a file for each message; mbox: one for each mailbox
    # schedule: "30 2 * * *"      # each night at 02:30: mailferry schedule install
    # staleAfter: 36h             # without a success for so long it is overdue (mailferry status)
    # mailboxes: { include: ["*"], exclude: [Trash, "\\\\Junk"] }
    # filter: { since: 2015-01-01, maxSize: 50 MB }
    # when: { pathExists: /mnt/nas/.this-is-the-nas }   # without it the run is skipped
    # pack: { as: tar.gz, every: month, to: ./vault }   # dated, closed copies beside it
    # retention: { keepMonthly: 24 }                    # of the packs; the archive loses nothing
    # hooks: { before: [mount, /mnt/nas], after: [umount, /mnt/nas] }

  # Into another account, every message read back and compared:
  # - name: move
  #   from: me
  #   to: { account: new }

# defaults: { timeout: 60s, connections: 4, concurrency: 4, timezone: Europe/London, language: en }

# Who is told when a scheduled run fails (mailferry notify test):
# notify:
#   email: { to: [you@example.org], smtp: { host: smtp.example.org, user: you@example.org, password: { env: SMTP_PASSWORD } } }

# A page for each run:
# report: { html: ./reports }
`,
  fr: `# yaml-language-server: $schema=./mailferry.schema.json
#
# Quel courrier est sauvegardé ou déplacé, et où. Les mots de passe ne sont jamais dans ce fichier.
# Là d'où vient le courrier, il est seulement lu : rien n'est supprimé ni marqué comme lu.
# Les chemins relatifs partent du dossier de ce fichier. Les lignes qui commencent par # sont inactives.

version: 1

# Qui : les comptes, sous les noms que vous voulez.
accounts:
  me:
    protocol: imap                # ou pop3, qui ne donne que la boîte de réception
    host: imap.example.org        # les pages d'aide de votre fournisseur l'indiquent
    user: ada@example.org         # souvent l'adresse entière
    password: { env: MAIL_PASSWORD }            # une variable d'environnement ; ou l'un de ceux-ci :
    # password: { file: ./password }            # une ligne, dans un fichier que vous seul pouvez lire (chmod 600)
    # password: { command: [pass, show, mail] } # la première ligne qu'elle affiche
    # password: { keyring: NAME }               # le trousseau de votre bureau ; mailferry account add l'y met
    # password: { credential: NAME }            # de systemd (LoadCredential=)
    # port: 993                   # découle de protocol et tls
    # tls: implicit               # ou starttls
    # auth: auto                  # ou plain, login, apop
    # tlsCa: ./ca.pem             # votre propre autorité de certification ; ou tlsFingerprint
    # connections: 2              # si le fournisseur en permet moins de 4
    # bandwidth: 2 MB             # le plus d'octets par seconde
    # dailyLimit: 2500 MB         # le plus d'octets de messages par jour

  # new: { protocol: imap, host: imap.example.net, user: ada@example.net, password: { env: NEW_PASSWORD } }

# Quoi : la copie d'un compte dans un dossier de cette machine.
jobs:
  - name: backup
    from: me
    to: { archive: ./backup, format: maildir }  # un fichier par message ; mbox : un par boîte
    # schedule: "30 2 * * *"      # chaque nuit à 2 h 30 : mailferry schedule install
    # staleAfter: 36h             # sans succès depuis si longtemps, elle est en retard (mailferry status)
    # mailboxes: { include: ["*"], exclude: [Trash, "\\\\Junk"] }
    # filter: { since: 2015-01-01, maxSize: 50 MB }
    # when: { pathExists: /mnt/nas/.this-is-the-nas }   # sans lui, rien n'est exécuté
    # pack: { as: tar.gz, every: month, to: ./vault }   # des copies datées et closes, à côté
    # retention: { keepMonthly: 24 }                    # des paquets ; l'archive ne perd rien
    # hooks: { before: [mount, /mnt/nas], after: [umount, /mnt/nas] }

  # Vers un autre compte, chaque message relu et comparé :
  # - name: move
  #   from: me
  #   to: { account: new }

# defaults: { timeout: 60s, connections: 4, concurrency: 4, timezone: Europe/Paris, language: fr }

# Qui est prévenu quand une exécution planifiée échoue (mailferry notify test) :
# notify:
#   email: { to: [you@example.org], smtp: { host: smtp.example.org, user: you@example.org, password: { env: SMTP_PASSWORD } } }

# Une page pour chaque exécution :
# report: { html: ./reports }
`,
};

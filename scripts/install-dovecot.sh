#!/bin/sh
# The tests against a real server need Dovecot. Installs it where that can be done unasked; never fails.
set -u

dovecot_is_here() {
  PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v dovecot >/dev/null 2>&1 || return 1
  for dir in /usr/lib/dovecot /usr/libexec/dovecot /usr/local/libexec/dovecot; do
    [ -x "$dir/imap" ] && [ -x "$dir/pop3" ] && return 0
  done
  return 1
}

dovecot_is_here && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  output=$(apt-get update 2>&1 && apt-get install -y --no-install-recommends dovecot-imapd dovecot-pop3d 2>&1) ||
    printf '%s\n' "$output" >&2
  dovecot_is_here && exit 0
fi

cat >&2 <<'TEXT'
Dovecot is not installed: the tests against a real IMAP and POP3 server will be SKIPPED.
To run them:  sudo apt-get install dovecot-imapd dovecot-pop3d   (then again: npm test)
TEXT
exit 0

#!/bin/sh
# The deep tests also want Cyrus IMAP and Courier-IMAP. As packages these two and Dovecot shut each other out, so they are
# only unpacked, into a cache outside the project: nothing of theirs is configured or started. Also isync, for its mbsync.
# Does so where that can be done unasked, and is quick when it is done; never fails, says what will be skipped.
set -u
PATH="$PATH:/usr/sbin:/sbin"
cache=${MAILFERRY_TEST_SERVERS:-/var/cache/mailferry-test-servers}
work=

lacks_libraries() {
  ldd "$@" 2>&1 | grep -q 'not found'
}

cyrus_is_here() {
  [ -x "$cache/cyrus/usr/lib/cyrus/bin/master" ] && [ -x "$cache/cyrus/usr/sbin/saslpasswd2" ] &&
    ! LD_LIBRARY_PATH="$cache/cyrus/lib" lacks_libraries "$cache/cyrus/usr/lib/cyrus/bin/imapd"
}

# It is run with this folder as its root, so it holds all libraries itself.
courier_is_here() {
  [ -x "$cache/courier/usr/sbin/couriertcpd" ] && [ -x "$cache/courier/usr/sbin/gam_server" ]
}

mbsync_is_here() {
  command -v mbsync >/dev/null 2>&1
}

may_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1
}

# Prints the end of what a command said, and that only if it failed.
quietly() {
  said=$("$@" 2>&1) || {
    printf '%s\n' "$said" | tail -n 3 >&2
    return 1
  }
}

add_packages() {
  quietly apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 "$@"
}

# Downloads the packages named, and installs the libraries that they need and that are missing.
fetch() {
  debs="$work/$1"
  shift
  mkdir -p "$debs" && (cd "$debs" && quietly apt-get download "$@") || return 1
  missing=
  for library in $(for deb in "$debs"/*.deb; do dpkg -f "$deb" Depends; done |
    tr ',' '\n' | sed 's/[|(:].*//; s/ //g' | grep '^lib' | sort -u); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$library" 2>/dev/null)" = installed ] || missing="$missing $library"
  done
  # shellcheck disable=SC2086
  [ -z "$missing" ] || add_packages $missing
}

# The folder appears under its name whole, or not at all.
keep() {
  chmod -R u+rwX,go+rX-w "$1" && rm -rf "${cache:?}/$2" && mv -T "$1" "$cache/$2"
}

unpack_cyrus() {
  fetch cyrus-debs cyrus-common cyrus-imapd sasl2-bin || return 1
  tree="$work/cyrus"
  for deb in "$work"/cyrus-debs/*.deb; do dpkg -x "$deb" "$tree" || return 1; done
  library=$(cd "$tree" && find usr/lib -name 'libcyrus.so.0' | head -n 1)
  rm -rf "$tree/lib" "$tree/etc" "$tree/usr/share"
  [ -n "$library" ] && ln -s "${library%/*}" "$tree/lib" && keep "$tree" cyrus
}

unpack_courier() {
  fetch courier-debs courier-imap courier-base courier-authlib courier-authlib-userdb || return 1
  all="$work/courier-all"
  tree="$work/courier"
  for deb in "$work"/courier-debs/*.deb; do dpkg -x "$deb" "$all" || return 1; done
  mkdir -p "$tree" && (
    cd "$all" && cp -a --parents etc/courier/imapd usr/bin/imapd usr/bin/maildirmake.courier usr/sbin/couriertcpd \
      usr/sbin/userdbpw usr/lib/courier usr/lib/courier-authlib usr/lib/libcourierauth*.so* "$tree"
  ) || return 1
  # The file monitor behind its locks. Not where its clients look for it: they would start one that nobody ends.
  for monitor in /usr/libexec/gam_server /usr/lib/gamin/gam_server; do
    [ ! -x "$monitor" ] || cp "$monitor" "$tree/usr/sbin/gam_server" || return 1
  done
  LD_LIBRARY_PATH="$tree/usr/lib" find "$tree" -type f -exec ldd {} \; >"$work/linked" 2>/dev/null
  sed -n 's/^[[:space:]]*\(.* => \)\{0,1\}\(\/[^ ]*\) (0x.*/\2/p' "$work/linked" | sort -u | while read -r library; do
    case $library in "$tree"/*) continue ;; esac
    mkdir -p "$tree${library%/*}" && cp -L "$library" "$tree$library"
  done
  keep "$tree" courier
}

if ! { cyrus_is_here && courier_is_here && mbsync_is_here; } && may_install; then
  export DEBIAN_FRONTEND=noninteractive
  mkdir -p "$cache" && chmod 755 "$cache" && work=$(mktemp -d "$cache/new-XXXXXX") || exit 0
  trap 'rm -rf "$work"' EXIT
  quietly apt-get update
  mbsync_is_here || add_packages isync
  cyrus_is_here || unpack_cyrus
  courier_is_here || unpack_courier
fi

cyrus_is_here || echo "Cyrus IMAP can't be had here: the deep tests against it will be SKIPPED." >&2
courier_is_here || echo "Courier-IMAP can't be had here: the deep tests against it will be SKIPPED." >&2
mbsync_is_here || echo "mbsync can't be had here: the deep tests against it will be SKIPPED." >&2
cyrus_is_here && courier_is_here && mbsync_is_here ||
  echo "To run them, on Debian:  sudo sh scripts/install-other-servers.sh   (then again: npm run test:deep)" >&2
exit 0

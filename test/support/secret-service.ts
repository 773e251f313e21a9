// A keyring of its own, as a desktop has one, for programs that a test starts.

import { spawnSync } from "node:child_process";

export const hasSecretService =
  spawnSync("dbus-run-session", ["--version"]).status === 0 &&
  spawnSync("gnome-keyring-daemon", ["--version"]).status === 0;
if (!hasSecretService) {
  console.warn("NOT TESTED: a real keyring. To test it: apt-get install gnome-keyring dbus");
}

/** A Secret Service on a bus of its own. */
const bus = `printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$@"`;

/** Runs node with these arguments where there is a keyring, which is empty, unlocked, and kept below `home`. */
export function nodeWithKeyring(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const whole = ["--", "sh", "-c", bus, process.execPath, ...args];
  return spawnSync("dbus-run-session", whole, {
    env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, ...env },
    encoding: "utf8",
    timeout: 30_000,
  });
}

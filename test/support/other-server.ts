// What the real servers beside Dovecot have in common: unpacked programs, a folder of their own, a port and a leash.

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";

export interface OtherUser {
  readonly user: string;
  readonly password: string;
}

export interface OtherServer {
  readonly host: "127.0.0.1";
  /** No TLS. */
  readonly imapPort: number;
  /** All that the server is and keeps; gone when it has stopped. */
  readonly folder: string;
  /** `user1`, `user2` … by default; the account is ready for log-in, with an empty INBOX and a password of its own. */
  addUser(name?: string): Promise<OtherUser>;
  stop(): Promise<void>;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
}

const cache = process.env.MAILFERRY_TEST_SERVERS ?? "/var/cache/mailferry-test-servers";

export const advice = "To run them, on Debian: sudo sh scripts/install-other-servers.sh";

/** Where scripts/install-other-servers.sh has put a server's programs. */
export function unpacked(name: "cyrus" | "courier"): string | undefined {
  const folder = join(cache, name);
  return existsSync(folder) ? folder : undefined;
}

/** Who keeps the mail: this user, or one that every system has where this one is root. */
export function mailOwner(): Owner {
  const me = userInfo();
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => /^(mail|nobody):/.test(line));
  const [user = "nobody", , uid = "65534", gid = "65534"] =
    me.uid === 0 ? (entry?.split(":") ?? []) : [me.username, "", `${me.uid}`, `${me.gid}`];
  const group = execFileSync("id", ["-gn", user], { encoding: "utf8" }).trim();
  return { uid: Number(uid), gid: Number(gid), user, group };
}

/** A new folder that other users of the system can enter too. */
export function openFolder(prefix: string): string {
  const place = [tmpdir(), "/tmp", "/var/tmp"].find(isOpen);
  if (place === undefined) throw new Error(`${tmpdir()} can't be entered by other users, and neither can /tmp`);
  const folder = mkdtempSync(join(place, prefix));
  chmodSync(folder, 0o755);
  return folder;
}

function isOpen(folder: string): boolean {
  if (process.getuid?.() !== 0) return true;
  const mine = existsSync(folder) && (statSync(folder).mode & 0o001) !== 0;
  return mine && (folder === "/" || isOpen(dirname(folder)));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}

/**
 * Runs `script` once `prepare` has filled the folder, which is the script's `$folder`. Its `run PROGRAM …` starts a process
 * in the background; the server ends with the last of them. All processes and the folder go when the leash is dropped,
 * also because this process was killed. Resolves with the way to stop once `ready` says so.
 * @throws Error with the end of the server's log if it never is.
 */
export async function startOnLeash(
  name: string,
  folder: string,
  prepare: () => void,
  script: string,
  ready: () => Promise<boolean>,
): Promise<() => Promise<void>> {
  const child = spawn("/bin/sh", ["-c", leash.replace("SCRIPT", () => script), "sh", folder], {
    cwd: "/",
    // Out of reach of Ctrl-C: it has to clean up.
    detached: true,
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let complaint = "";
  let ended = false;
  child.stdin.on("error", () => {});
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const closed = new Promise<void>((resolve) => {
    child.once("error", () => resolve()).once("close", () => resolve());
  }).then(() => {
    ended = true;
  });
  const stop = () => {
    child.stdin.destroy();
    return closed;
  };
  try {
    prepare();
    child.stdin.write("go\n");
    const deadline = Date.now() + 30_000;
    while (!(await ready())) {
      if (ended || Date.now() > deadline) throw new Error(`${name} ${ended ? "ended at once" : "does not answer"}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : error}: ${complaint.trim()}`, { cause: error });
  }
  return stop;
}

const leash = `
folder=$1
exec 3<&0 4>&2 </dev/null >>"$folder/log" 2>&1
processes=
run() { setsid "$@" 3<&- 4>&- & processes="$processes $!"; }
if read -r _ <&3; then
SCRIPT
  server=$!
  (while read -r _; do :; done <&3; kill -s KILL "$server") 4>&- & watch=$!
  wait $server
  status=$?
  kill $watch
  for process in $processes; do kill -s KILL -- "-$process" "$process"; done
  wait
  said="exit status $status $(tail -n 20 "$folder/log")"
fi
rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
echo "$said" >&4`;

/** Whether a server on the port greets, with these words in it. */
export function greets(port: number, words: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString("latin1").startsWith("* OK") && data.includes(words));
    });
    socket.once("error", () => resolve(false)).once("close", () => resolve(false));
  });
}

/** Logs in and out. Resolves with what the server said. @throws Error with its words if it refuses. */
export async function logIn(port: number, { user, password }: OtherUser): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.write(`1 LOGIN ${user} ${password}\r\n`);
  for await (const data of socket) {
    text += data.toString("latin1");
    if (/^1 (?!OK)|^2 /m.test(text)) break;
    // Not before: Courier forgets what follows a LOGIN in the same packet.
    if (/^1 OK/m.test(text)) socket.write("2 LOGOUT\r\n");
  }
  if (!/^1 OK/m.test(text)) throw new Error(`${user} can't log in: ${text.trim()}`);
  return text;
}

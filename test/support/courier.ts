// A private Courier-IMAP on loopback. Its programs know only /etc/courier and /run/courier, so it runs with a folder of
// its own as its root: several run side by side, and nothing of the system's is read or written.

import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import {
  advice,
  freePort,
  greets,
  logIn,
  mailOwner,
  type OtherServer,
  type OtherUser,
  openFolder,
  startOnLeash,
  unpacked,
} from "./other-server.ts";

export interface Courier extends OtherServer {
  /** INBOX; other mailboxes lie in it as Maildir++ (`.Name.Sub`). */
  maildir(user: OtherUser): string;
}

export interface CourierOptions {
  /** More lines for /etc/courier/imapd, `NAME=value` as a shell reads them: they win. */
  readonly config?: string;
}

const programs = unpacked("courier");
let answer: boolean | undefined;

/** Whether the tests against Courier can run here; says aloud, once per test file, when they can't. */
export function courierAvailable(): boolean {
  answer ??= look();
  return answer;
}

function look(): boolean {
  if (programs === undefined) {
    console.warn(`SKIPPED: the tests against Courier-IMAP need its programs. ${advice}`);
    return false;
  }
  // Without a word about what to make it only says how it is used; chroot itself ends with 125 or more.
  const { status } = spawnSync("chroot", [programs, "/usr/bin/maildirmake.courier"]);
  if (status !== null && status < 125) return true;
  console.warn("SKIPPED: the tests against Courier-IMAP need root, to run it with a folder of its own as its root.");
  return false;
}

/** Starts a server; the caller stops it. Ports are found afresh if another process takes one in between. */
export async function startCourier(options: CourierOptions = {}): Promise<Courier> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(options);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function start(options: CourierOptions): Promise<Courier> {
  if (programs === undefined) throw new Error(`Courier-IMAP is not here. ${advice}`);
  const owner = mailOwner();
  const imapPort = await freePort();
  const folder = openFolder("mailferry-courier-");
  const name = basename(folder);
  const prepare = () => {
    cpSync(programs, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    for (const path of ["dev", "home", "run/courier/authdaemon", "tmp"]) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    chmodSync(join(folder, "tmp"), 0o1777);
    // Plain files, so that it may lie on a file system without devices.
    writeFileSync(join(folder, "dev/null"), "");
    writeFileSync(join(folder, "dev/urandom"), randomBytes(65_536));
    writeFileSync(join(folder, "etc/passwd"), `mail:x:${owner.uid}:${owner.gid}::/home:/bin/false\n`);
    writeFileSync(join(folder, "etc/group"), `mail:x:${owner.gid}:\n`);
    writeFileSync(join(folder, "etc/nsswitch.conf"), "passwd: files\ngroup: files\n");
    writeFileSync(join(folder, "etc/courier/authdaemonrc"), authentication);
    appendFileSync(join(folder, "etc/courier/imapd"), `\n${settings}\n${options.config ?? ""}\n`);
  };

  const monitor = `@/tmp/fam-mail-${name}`;
  const script = daemons(name, `${owner.uid}:${owner.gid}`, imapPort);
  const stop = await startOnLeash("Courier-IMAP", folder, prepare, script, async () => {
    if (!existsSync(join(folder, "run/courier/authdaemon/socket"))) return false;
    return readFileSync("/proc/net/unix", "latin1").includes(monitor) && (await greets(imapPort, "Courier-IMAP"));
  });

  const inside = (program: string, args: readonly string[], input: string, as = "0:0") =>
    execFileSync("chroot", [`--userspec=${as}`, folder, program, ...args], { input, encoding: "utf8" });
  const accounts: { readonly user: string; readonly hash: string }[] = [];
  return {
    host: "127.0.0.1",
    imapPort,
    folder,
    maildir: ({ user }) => join(folder, "home", user, "Maildir"),
    async addUser(given) {
      const user = given ?? `user${accounts.length + 1}`;
      const password = `secret-${randomBytes(9).toString("hex")}`;
      const home = `/home/${user}`;
      mkdirSync(join(folder, home), { mode: 0o700 });
      chownSync(join(folder, home), owner.uid, owner.gid);
      inside("/usr/bin/maildirmake.courier", [`${home}/Maildir`], "", `${owner.uid}:${owner.gid}`);
      accounts.push({ user, hash: inside("/usr/sbin/userdbpw", ["-md5"], `${password}\n${password}\n`).trim() });
      const write = (file: string, lines: readonly string[]) =>
        inside(
          "/usr/lib/courier/courier-authlib/makedatprog",
          ["-", `/etc/courier/${file}.tmp`, `/etc/courier/${file}.dat`],
          `${lines.join("\n")}\n.\n`,
        );
      write(
        "userdb",
        accounts.map(
          ({ user }) => `${user}\tuid=${owner.uid}|gid=${owner.gid}|home=/home/${user}|mail=/home/${user}/Maildir|_=`,
        ),
      );
      write(
        "userdbshadow",
        accounts.map(({ user, hash }) => `${user}\tsystempw=${hash}`),
      );
      const said = await logIn(imapPort, { user, password });
      if (said.includes("[ALERT]")) throw new Error(`Courier-IMAP is not well: ${said.trim()}`);
      return { user, password };
    },
    stop,
  };
}

const authentication = `
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
LOGGEROPTS=""
`;

/** After Debian's own, in the same file. */
const settings = `
MAXDAEMONS=40
MAXPERIP=40
IMAP_TLS_REQUIRED=0
`;

/** The file monitor is what its locks wait with; its clients find it by its name in the kernel, folder or not. */
const daemons = (name: string, owner: string, port: number) => `
set -a
. "$folder/etc/courier/imapd"
GAM_CLIENT_ID=${name}
set +a
run chroot --userspec=${owner} "$folder" /usr/sbin/gam_server --notimeout ${name}
run chroot "$folder" /usr/lib/courier/courier-authlib/authdaemond
run chroot "$folder" /usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=$MAXDAEMONS -maxperip=$MAXPERIP \\
  $TCPDOPTS ${port} /usr/lib/courier/courier/imaplogin /usr/bin/imapd $MAILDIRPATH`;

// A private Cyrus IMAP on loopback: its own configuration, users and mail in a folder of its own, gone when it stops.

import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  advice,
  freePort,
  greets,
  logIn,
  mailOwner,
  type OtherServer,
  openFolder,
  startOnLeash,
  unpacked,
} from "./other-server.ts";

export interface CyrusOptions {
  /** The hierarchy delimiter; `/` by default. */
  readonly separator?: "/" | ".";
  /** Mailboxes beside INBOX, as Cyrus 3 does by itself. By default they lie in it: the prefix is `INBOX/`. */
  readonly altNamespace?: boolean;
  /**
   * More lines for imapd.conf, `name: value`; they replace those of the same name. `maxmessagesize: 3000` is octets, and
   * becomes APPENDLIMIT; `autocreate_quota: 100` is KiB for every user; `munge8bit: no` keeps the 8-bit octets of headers,
   * which by default it turns into X.
   */
  readonly config?: string;
}

const programs = unpacked("cyrus");
let answer: boolean | undefined;

/** Whether the tests against Cyrus can run here; says aloud, once per test file, when they can't. */
export function cyrusAvailable(): boolean {
  answer ??= look();
  return answer;
}

function look(): boolean {
  if (programs === undefined) {
    console.warn(`SKIPPED: the tests against Cyrus IMAP need its programs. ${advice}`);
    return false;
  }
  const env = { LD_LIBRARY_PATH: join(programs, "lib") };
  const { stdout } = spawnSync("ldd", [join(programs, "usr/lib/cyrus/bin/imapd")], { encoding: "utf8", env });
  if (!stdout?.includes("not found")) return true;
  console.warn(`SKIPPED: the tests against Cyrus IMAP need libraries that are missing. ${advice}`);
  return false;
}

/**
 * Starts a server; the caller stops it. Ports are found afresh if another process takes one in between.
 * @throws Error with Cyrus's exit status: 78 is a setting that it doesn't take, and it names that only to syslog.
 */
export async function startCyrus(options: CyrusOptions = {}): Promise<OtherServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(options);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function start(options: CyrusOptions): Promise<OtherServer> {
  if (programs === undefined) throw new Error(`Cyrus IMAP is not here. ${advice}`);
  const owner = mailOwner();
  const imapPort = await freePort();
  const folder = openFolder("mailferry-cyrus-");
  // Its name is in the greeting, and the realm of its users, where SASL makes it lower case.
  const name = basename(folder).toLowerCase();
  const prepare = () => {
    for (const path of ["", "conf", "conf/socket", "conf/proc", "conf/log", "conf/db", "spool"]) {
      if (path !== "") mkdirSync(join(folder, path));
      chownSync(join(folder, path), owner.uid, owner.gid);
    }
    writeFileSync(join(folder, "imapd.conf"), configuration(folder, name, owner, options));
    writeFileSync(join(folder, "cyrus.conf"), services(programs, folder, imapPort));
  };
  const stop = await startOnLeash("Cyrus IMAP", folder, prepare, master(programs), () => greets(imapPort, name));

  let users = 0;
  return {
    host: "127.0.0.1",
    imapPort,
    folder,
    async addUser(given) {
      users += 1;
      const user = given ?? `user${users}`;
      const password = `secret-${randomBytes(9).toString("hex")}`;
      const database = join(folder, "sasldb2");
      execFileSync(join(programs, "usr/sbin/saslpasswd2"), ["-p", "-c", "-f", database, "-u", name, user], {
        input: `${password}\n`,
      });
      chownSync(database, owner.uid, owner.gid);
      // The first log-in makes the INBOX.
      await logIn(imapPort, { user, password });
      return { user, password };
    },
    stop,
  };
}

const master = (programs: string) => `
LD_LIBRARY_PATH='${programs}/lib'
export LD_LIBRARY_PATH
run '${programs}/usr/lib/cyrus/bin/master' -D -C "$folder/imapd.conf" -M "$folder/cyrus.conf" -p "$folder/master.pid"`;

const services = (programs: string, folder: string, port: number) => `
START {
  recover cmd="${programs}/usr/lib/cyrus/bin/ctl_cyrusdb -C ${folder}/imapd.conf -r"
}
SERVICES {
  imap cmd="${programs}/usr/lib/cyrus/bin/imapd -C ${folder}/imapd.conf -U 30" listen="127.0.0.1:${port}" prefork=0
}
`;

/** A name given twice would end it, with a word to nobody but syslog. */
function configuration(
  folder: string,
  name: string,
  owner: { readonly user: string; readonly group: string },
  options: CyrusOptions,
): string {
  const yesNo = (yes: boolean) => (yes ? "yes" : "no");
  const lines = `
configdirectory: ${folder}/conf
partition-default: ${folder}/spool
defaultpartition: default
cyrus_user: ${owner.user}
cyrus_group: ${owner.group}
servername: ${name}
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${folder}/sasldb2
sasl_mech_list: PLAIN LOGIN
unixhierarchysep: ${yesNo(options.separator !== ".")}
altnamespace: ${yesNo(options.altNamespace === true)}
autocreate_quota: 0
failedloginpause: 0
idlesocket: ${folder}/conf/socket/idle
lmtpsocket: ${folder}/conf/socket/lmtp
notifysocket: ${folder}/conf/socket/notify
${options.config ?? ""}`;
  const settings = new Map<string, string>();
  for (const line of lines.split("\n")) {
    const [, key, value] = /^\s*([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) settings.set(key, value);
  }
  return Array.from(settings, ([key, value]) => `${key}: ${value}\n`).join("");
}

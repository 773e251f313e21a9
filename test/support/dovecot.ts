// A private Dovecot on loopback: its own configuration, users and mail in a folder of its own, gone when it stops.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type AppendedMessage, appendMessages } from "./append.ts";
import { makeCertificate, type TestCertificate } from "./certificates.ts";

export interface DovecotUser {
  readonly user: string;
  readonly password: string;
  readonly home: string;
  /** INBOX; other mailboxes lie in it as Maildir++ (`.Name.Sub`). */
  readonly maildir: string;
}

export interface Dovecot {
  readonly host: "127.0.0.1";
  /** STARTTLS is offered on the plain ports. */
  readonly imapPort: number;
  readonly pop3Port: number;
  readonly imapsPort: number;
  readonly pop3sPort: number;
  /** Self-signed, for `localhost` and 127.0.0.1. */
  readonly certificate: TestCertificate;
  /** Whose the mail is: files that are put into a Maildir by hand must be theirs. */
  readonly owner: { readonly uid: number; readonly gid: number };
  addUser(name?: string): Promise<DovecotUser>;
  /**
   * Puts messages into a mailbox, in this order, creating it where it is missing. The name is the server's, decoded,
   * with its delimiter (`INBOX`, `Projets/2026`). The octets reach the server as they are; it turns bare LF into CRLF.
   */
  load(user: DovecotUser, mailbox: string, messages: Iterable<AppendedMessage>): Promise<void>;
  stop(): Promise<void>;
}

export interface DovecotOptions {
  /** More lines for the end of dovecot.conf: they win. */
  readonly config?: string;
  /** The hierarchy delimiter; `/` by default. */
  readonly separator?: string;
  /** The prefix of the personal namespace, such as `INBOX.`; none by default. */
  readonly prefix?: string;
}

const program = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/usr/bin/dovecot"].find((path) => existsSync(path));
const advice = "To run them: sudo apt-get install dovecot-imapd dovecot-pop3d";
let answer: boolean | undefined;

/** Whether the tests against Dovecot can run here; says aloud, once per test file, when they can't. */
export function dovecotAvailable(): boolean {
  answer ??= look();
  return answer;
}

function look(): boolean {
  if (program === undefined) {
    console.warn(`SKIPPED: the tests against a real mail server need Dovecot. ${advice}`);
    return false;
  }
  const version = execFileSync(program, ["--version"], { encoding: "utf8" }).trim();
  if (!version.startsWith("2.3.")) {
    console.warn(`SKIPPED: the tests against a real mail server need Dovecot 2.3, this is ${version}.`);
    return false;
  }
  return true;
}

/** Starts a server; the caller stops it. Ports are found afresh if another process takes one in between. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(options);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function start(options: DovecotOptions): Promise<Dovecot> {
  if (program === undefined) throw new Error(`Dovecot is not installed. ${advice}`);
  const base = mkdtempSync(join(tmpdir(), "mailferry-dovecot-"));
  const [imapPort, imapsPort, pop3Port, pop3sPort] = await freePorts(4);
  if (!imapPort || !imapsPort || !pop3Port || !pop3sPort) throw new Error("no free ports");
  const certificate = await makeCertificate("localhost", "127.0.0.1");
  const owner = mailOwner();
  // The same for every user: Dovecot looks at a file of users only once a second.
  const password = `secret-${randomBytes(9).toString("hex")}`;
  await chmod(base, 0o755);
  await mkdir(join(base, "home"), { mode: 0o755 });
  await chown(join(base, "home"), owner.uid, owner.gid);
  await writeFile(join(base, "cert.pem"), certificate.cert);
  await writeFile(join(base, "key.pem"), certificate.key, { mode: 0o600 });
  const ports = { imapPort, imapsPort, pop3Port, pop3sPort };
  await writeFile(join(base, "dovecot.conf"), configuration(base, ports, owner, password, options));

  // Its input is the leash: when it ends, also because this process was killed, so does the server.
  const child = spawn("/bin/sh", ["-c", leash, "sh", program, base], { stdio: ["pipe", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const stop = async () => {
    const gone = child.exitCode === null ? new Promise((resolve) => child.once("exit", resolve)) : undefined;
    child.stdin.destroy();
    await gone;
  };
  try {
    for (const port of [imapPort, imapsPort, pop3Port, pop3sPort]) await accepts(child, port);
  } catch (error) {
    await stop();
    throw new Error(complaint, { cause: error });
  }

  let users = 0;
  return {
    host: "127.0.0.1",
    ...ports,
    certificate,
    owner,
    async addUser(name) {
      users += 1;
      const user = name ?? `user${users}`;
      const home = join(base, "home", user);
      await mkdir(home, { mode: 0o700 });
      chownSync(home, owner.uid, owner.gid);
      return { user, password, home, maildir: join(home, "Maildir") };
    },
    load: (user, mailbox, messages) => appendMessages({ port: imapPort, ...user }, mailbox, messages),
    stop,
  };
}

const leash = `
exec 3<&0
"$1" -F -c "$2/dovecot.conf" 3<&- & server=$!
(cat <&3; kill $server) >/dev/null 2>&1 &
wait $server || cat "$2/log" >&2
rm -rf "$2" || { sleep 1; rm -rf "$2"; }`;

/** Who owns the mail: Dovecot refuses root. */
function mailOwner(): { uid: number; gid: number } {
  const me = userInfo();
  if (me.uid !== 0) return { uid: me.uid, gid: me.gid };
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => /^(mail|nobody):/.test(line));
  const [, , uid = "65534", gid = "65534"] = entry?.split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

interface Ports {
  readonly imapPort: number;
  readonly imapsPort: number;
  readonly pop3Port: number;
  readonly pop3sPort: number;
}

function configuration(
  base: string,
  ports: Ports,
  owner: { uid: number; gid: number },
  password: string,
  options: DovecotOptions,
): string {
  const me = userInfo();
  const login = (protocol: string, plain: number, implicit: number) => `
service ${protocol}-login {
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener ${protocol} {
    port = ${plain}
  }
  inet_listener ${protocol}s {
    port = ${implicit}
    ssl = yes
  }
}`;
  return `
base_dir = ${base}/run
state_dir = ${base}/state
log_path = ${base}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <${base}/cert.pem
ssl_key = <${base}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
${me.uid === 0 ? "" : `default_internal_user = ${me.username}\ndefault_internal_group = ${execFileSync("id", ["-gn"], { encoding: "utf8" }).trim()}\ndefault_login_user = ${me.username}`}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${base}/home/%u
}
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 50
namespace inbox {
  inbox = yes
  separator = ${options.separator ?? "/"}
  prefix = ${options.prefix ?? ""}
}
${login("imap", ports.imapPort, ports.imapsPort)}
${login("pop3", ports.pop3Port, ports.pop3sPort)}
${options.config ?? ""}
`;
}

/** Resolves when something answers on the port; rejects once the server has ended. */
async function accepts(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error("Dovecot ended at once");
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => setTimeout(resolve, 20, false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
}

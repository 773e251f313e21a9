// Other programs' readers of the same mail: git and Python for archives, Python for servers.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether python3 and git are there; says aloud what is left out without them. */
export function readersAvailable(): boolean {
  const missing = ["python3", "git"].filter((program) => spawnSync(program, ["--version"]).status !== 0);
  if (missing.length > 0) console.warn(`SKIPPED: independent readers need ${missing.join(" and ")}`);
  return missing.length === 0;
}

/** The messages of an mbox as `git mailsplit --mboxrd` splits and unquotes them, without From_ and empty line. */
export function readWithGit(mbox: string): Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), "mailferry-git-"));
  try {
    execFileSync("git", ["mailsplit", "--mboxrd", "--keep-cr", "-d6", `-o${folder}`, mbox], { stdio: "pipe" });
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name)))
      .map((octets) => octets.subarray(octets.indexOf("\n") + 1, -1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The messages of an mbox as Python's `mailbox.mbox` finds them, then unquoted as mboxrd asks. */
export function readMboxWithPython(mbox: string): Buffer[] {
  return python(
    `
import mailbox, re
box = mailbox.mbox(args[0], create=False)
for key in range(len(box)):
    emit(re.sub(rb"(?m)^>(>*From )", rb"\\1", box.get_bytes(key)))
`,
    mbox,
  );
}

/** The messages of a Maildir folder as Python's `mailbox.Maildir` finds them: unique name and flag letters, then octets. */
export function readMaildirWithPython(maildir: string): { unique: string; letters: string; bytes: Buffer }[] {
  const parts = python(
    `
import mailbox
box = mailbox.Maildir(args[0], create=False)
for key in sorted(box.keys()):
    emit(key.encode()); emit(box.get_message(key).get_flags().encode()); emit(box.get_bytes(key))
`,
    maildir,
  );
  const messages = [];
  for (let n = 0; n + 2 < parts.length; n += 3) {
    const [unique, letters, bytes] = parts.slice(n, n + 3);
    messages.push({ unique: String(unique), letters: String(letters), bytes: bytes ?? Buffer.alloc(0) });
  }
  return messages;
}

/** Every message of a mailbox as Python's imaplib gets it. The name as it is on the wire. */
export function readWithImaplib(port: number, user: string, password: string, mailbox: string): Buffer[] {
  return python(
    `
import imaplib
imaplib._MAXLINE = 10**9
box = imaplib.IMAP4("127.0.0.1", int(args[0]))
box.login(args[1], args[2])
status, count = box.select('"' + args[3] + '"', readonly=True)
if int(count[0]) > 0:
    status, rows = box.uid("FETCH", "1:*", "(BODY.PEEK[])")
    for row in rows:
        if isinstance(row, tuple): emit(row[1])
        elif b'BODY[] ""' in row: emit(b"")
`,
    String(port),
    user,
    password,
    mailbox,
  );
}

/** Every message as Python's poplib gets it. */
export function readWithPoplib(port: number, user: string, password: string): Buffer[] {
  return python(
    `
import poplib
poplib._MAXLINE = 10**9
box = poplib.POP3("127.0.0.1", int(args[0]))
box.user(args[1]); box.pass_(args[2])
for number in range(1, box.stat()[0] + 1):
    lines = box.retr(number)[1]
    emit(b"".join(line + b"\\r\\n" for line in lines))
`,
    String(port),
    user,
    password,
  );
}

/** Runs a script that emits octet strings. */
function python(script: string, ...args: string[]): Buffer[] {
  const prelude = `
import sys
args = sys.argv[1:]
def emit(octets): sys.stdout.buffer.write(len(octets).to_bytes(8, "big") + octets)
`;
  const octets = execFileSync("python3", ["-c", prelude + script, ...args], { maxBuffer: 1 << 28 });
  const parts: Buffer[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = Number(octets.readBigUInt64BE(at));
    parts.push(octets.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return parts;
}

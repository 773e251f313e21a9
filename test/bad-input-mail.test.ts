// What a server can't deliver, a server that stalls or cuts, and what is wrong in a job file.

import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImapScript, type ImapServer, startImapServer } from "../src/demo/imap-server.ts";
import { addMailbox, addMessage, findMailbox, type MailStore } from "../src/demo/mail-store.ts";
import { createDemoStore } from "../src/demo/messages.ts";
import { type Pop3Script, type Pop3Server, startPop3Server } from "../src/demo/pop3-server.ts";
import { type Job, runJobs } from "../src/index.ts";
import { multiset, readBack } from "./support/archives.ts";
import { digestsServed } from "./support/crossing.ts";
import { lastLine } from "./support/desk.ts";
import { hostile, onlyJob, steersTerminals, unwrapped } from "./support/hostile.ts";
import { openJobs, password } from "./support/job-file.ts";
import { accountOn, jobTo, routes, temporaryFolder } from "./support/jobs.ts";

let store: MailStore;
let imap: ImapServer;
let pop3: Pop3Server;

beforeEach(async () => {
  store = createDemoStore("ada", password);
  imap = await startImapServer({ store });
  pop3 = await startPop3Server({ store });
});
afterEach(() => Promise.all([imap.close(), pop3.close()]));

const portOf = (protocol: "imap" | "pop3") => (protocol === "imap" ? imap : pop3).port;

/** From here on the servers do as these scripts say, and nothing else. */
function misbehave({ onImap = {}, onPop3 = {} }: { onImap?: ImapScript; onPop3?: Pop3Script }): void {
  imap.script = onImap;
  Object.assign(pop3.script, { onCommand: undefined, cutAfterOctets: undefined, stallAfterOctets: undefined }, onPop3);
}

function inbox() {
  const found = findMailbox(store, ["INBOX"]);
  if (found === undefined) throw new Error("there is an INBOX");
  return found;
}

describe.each(routes)("messages that the server can't deliver ($protocol to $format)", ({ protocol, format }) => {
  test("are listed by key on screen and in JSON, and all others are archived", async () => {
    const sick = inbox().messages.filter((_, index) => index === 2 || index === 6);
    const keys = sick.map(({ uid, uidl }) => (protocol === "imap" ? `${uid}` : uidl));
    misbehave({
      onImap: {
        onFetch: ({ body, uid, mailbox }) =>
          body && mailbox.path[0] === "INBOX" && keys.includes(`${uid}`) ? "no" : undefined,
      },
      onPop3: {
        onCommand: (command) => (/^RETR [37]$/.test(command) ? { reply: `-ERR can't ${hostile}\r\n` } : undefined),
      },
    });
    const { cwd, mailferry } = openJobs({ job: { protocol, format, port: portOf(protocol) } });
    const screen = await mailferry("run", "-v");
    const document = await mailferry("run", "--json");
    for (const { code, stdout, stderr } of [screen, document]) {
      expect(code, stdout).toBe(3);
      expect(stdout + stderr).not.toMatch(steersTerminals);
    }
    for (const key of keys) expect(unwrapped(screen.stdout)).toMatch(new RegExp(`INBOX: .*\\b${key}\\b`));
    expect(screen.stdout).toContain("MF-M401");
    expect(lastLine(screen.stdout)).toMatch(/^INCOMPLETE: 2 messages are missing, the other (60|32) are safe\./);
    const { mailboxes, failures, verdict } = onlyJob(document.stdout);
    expect(verdict).toBe("incomplete");
    expect(failures.map(({ code, mailbox, key }) => [code, mailbox, key]).sort()).toEqual(
      keys.map((key) => ["M401", ["INBOX"], key]).sort(),
    );
    expect(mailboxes[0]).toMatchObject({ path: ["INBOX"], onServer: 34, inArchive: 32, missing: 2 });

    misbehave({});
    await completes(join(cwd, "job"), protocol, format);
  });
});

test("mailboxes that can't be opened are named, and all others are archived", async () => {
  addMessage(addMailbox(store, [`Re${hostile}d`]), "Subject: behind a hostile name\r\n\r\nbody\r\n");
  const lines = (tag: string) => ({ reply: `${tag} NO [NOPERM] none of ${hostile} yours\r\n` });
  misbehave({
    onImap: {
      onCommand: ({ name, line, tag }) => (name === "EXAMINE" && /Sent|Re&/.test(line) ? lines(tag) : undefined),
    },
  });
  const { cwd, mailferry } = openJobs({ job: { protocol: "imap", port: imap.port } });
  const screen = await mailferry("run", "-v");
  const document = await mailferry("run", "--json");
  for (const { code, stdout, stderr } of [screen, document]) {
    expect(code, stdout).toBe(3);
    expect(stdout + stderr).not.toMatch(steersTerminals);
  }
  expect(unwrapped(screen.stdout)).toMatch(/"[^"]*none of .* yours"/);
  expect(screen.stdout).toMatch(/^ +Which +Sent$/m);
  expect(screen.stdout).toContain("MF-S602");
  expect(lastLine(screen.stdout)).toMatch(/^INCOMPLETE: 2 mailboxes could not be read, 50 messages are safe\./);
  const { failures } = onlyJob(document.stdout);
  expect(failures).toHaveLength(2);
  expect(failures).toContainEqual(expect.objectContaining({ code: "S602", mailbox: ["Sent"] }));
  const archived = multiset(await readBack(join(cwd, "job")));
  expect(archived).toEqual(digestsServed(store, "imap").filter((line) => !/^(Sent|Re)/.test(line)));
});

describe.each(routes)("a server that falls silent in mid-message ($protocol to $format)", ({ protocol, format }) => {
  test("is waited for no longer than the timeout says, and the next run goes on", async () => {
    misbehave({
      onImap: { onFetch: ({ body, uid }) => (body && uid === 20 ? { stallAfter: 10 } : undefined) },
      onPop3: { stallAfterOctets: 30_000 },
    });
    const { cwd, mailferry } = openJobs(
      { job: { protocol, format, port: portOf(protocol) } },
      { timeout: "300ms", retry: { attempts: 2, maxWait: "1ms" } },
    );
    const begin = performance.now();
    const { code, stdout } = await mailferry("run", "--json");
    expect(performance.now() - begin).toBeLessThan(8_000);
    const { exit, error, failures, messages } = onlyJob(stdout);
    expect([code, exit.name, error], stdout).toEqual([3, "incomplete", undefined]);
    // It is found among the others, which come all the same.
    expect(failures.map((failure) => failure.code)).toEqual(["M401"]);
    expect(failures[0]?.reason).toMatch(
      /the connection broke whenever it was asked for: .* did not answer within 0.3 s/,
    );
    expect(messages.copied).toBeGreaterThan(30);
    await onlyWholeMessages(join(cwd, "job"), protocol);

    misbehave({});
    await completes(join(cwd, "job"), protocol, format);
  });
});

describe.each(routes)(
  "a server that always cuts in the same message ($protocol to $format)",
  ({ protocol, format }) => {
    test.each(["fin", "rst"] as const)(
      "costs no other message while the server is there, and nothing short is kept (%s)",
      async (cutHow) => {
        const archive = join(temporaryFolder(), "archive");
        const length = inbox().messages[19]?.bytes.length ?? 0;
        misbehave({
          onImap: { cutHow, onFetch: ({ body, uid }) => (body && uid === 20 ? { cutAfter: length - 1 } : undefined) },
          onPop3: {
            cutHow,
            onCommand(command) {
              if (command === "RETR 20") return { reply: "+OK\r\nSubject: half\r\n\r\nof it\r\n" };
              if (command === "RETR 21") pop3.script.cutAfterOctets = 1;
              if (command === "CAPA") pop3.script.cutAfterOctets = undefined;
              return undefined;
            },
          },
        });
        const connections = () => imap.connections() + pop3.connections();
        const before = connections();
        const report = await runJobs([job(archive, protocol, format)], { concurrency: 4 });
        const [only] = report.jobs;
        if (protocol === "imap") {
          expect(report.exit).toEqual({ code: 3, name: "incomplete" });
          expect(only?.failures.map((failure) => failure.code)).toEqual(["M401"]);
          expect(only?.messages.copied).toBeGreaterThan(30);
        } else {
          // From then on this one does not even greet.
          expect(report.exit).toEqual({ code: 5, name: "temporary" });
          expect(only?.messages.copied).toBeGreaterThan(0);
        }
        // One for each message before it at worst, then the attempts, and those of the other mailboxes.
        expect(connections() - before).toBeLessThanOrEqual(19 + 3 + 4);
        await onlyWholeMessages(archive, protocol);

        misbehave({});
        await completes(archive, protocol, format);
      },
    );
  },
);

function job(archive: string, protocol: "imap" | "pop3", format: "mbox" | "maildir"): Job {
  return jobTo(archive, format, accountOn({ protocol, port: portOf(protocol), user: "ada", password }));
}

/** A run that brings all that is missing, and nothing twice. */
async function completes(archive: string, protocol: "imap" | "pop3", format: "mbox" | "maildir"): Promise<void> {
  const { verdict } = await runJobs([job(archive, protocol, format)], { concurrency: 4 });
  expect(verdict).toBe("safe");
  expect(multiset(await readBack(archive))).toEqual(digestsServed(store, protocol));
}

/** What is in the archive is on the server to the octet, and not more often. */
async function onlyWholeMessages(archive: string, protocol: "imap" | "pop3"): Promise<void> {
  const served = digestsServed(store, protocol);
  for (const line of multiset(await readBack(archive))) {
    const at = served.indexOf(line);
    expect(at, line).not.toBe(-1);
    served.splice(at, 1);
  }
}

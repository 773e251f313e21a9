// What a move between real servers has to show, whatever the target is: every message of the corpus in a nested tree, then
// a second pass, then changes on both sides.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Account, JobReport } from "../src/index.ts";
import type { AppendedMessage } from "./support/append.ts";
import { corpusMessages } from "./support/corpus.ts";
import { type Dovecot, type DovecotUser, startDovecot } from "./support/dovecot.ts";
import { type Held, inventory, type Login, logIn } from "./support/inventory.ts";
import { accountOn, temporaryFolder } from "./support/jobs.ts";
import { letter, moveTo, runMove } from "./support/moves.ts";
import { tortureMessages } from "./support/torture.ts";

export interface TargetServer {
  readonly port: number;
  addUser(): Promise<{ readonly user: string; readonly password: string }>;
  stop(): Promise<void>;
}

export interface MoveExpectations {
  readonly start: () => Promise<TargetServer>;
  /** Whether the server may refuse or alter messages of the corpus. */
  readonly isStrict?: boolean;
  /** Another number of connections than usual. */
  readonly connections?: number;
}

/** Nested, with UTF-8 in its names. */
export const tree = ["INBOX", "Projets/Été 2026", "Projets/Été 2026/Devis & plans", "Éphémère", "Empty"];
const flagSets = [["\\Seen"], [], ["\\Flagged", "\\Seen", "proj"], ["\\Answered", "$Forwarded"], ["\\Draft"]];

/** Every message with flags and a date of its own, spread over the tree; a few are there twice. */
export function mailOf(mailbox: string): AppendedMessage[] {
  const corpus = corpusMessages();
  const all = (corpus.length > 0 ? corpus : tortureMessages()).map(({ bytes }) => bytes);
  const place = tree.indexOf(mailbox);
  const share = mailbox === "Empty" ? [] : place === 0 ? all : all.slice(place * 40, place * 40 + 60);
  return [...share, ...share.slice(0, 3)].map((bytes, index) => ({
    bytes,
    flags: flagSets[(index + place) % flagSets.length] ?? [],
    internalDate: new Date(Date.UTC(1999 + (index % 26), index % 12, 1 + (index % 28), index % 24, 7, index % 60)),
  }));
}

export function describeMove(title: string, { start, isStrict = false, connections = 4 }: MoveExpectations): void {
  describe(title, () => {
    let source: Dovecot;
    let ada: DovecotUser;
    let server: TargetServer;
    let login: Login;
    let from: Account;
    let to: Account;
    let first: JobReport;
    const state = { directory: "" };

    beforeAll(async () => {
      [source, server] = await Promise.all([startDovecot(), start()]);
      ada = await source.addUser();
      for (const mailbox of tree) await source.load(ada, mailbox, mailOf(mailbox));
      login = { port: server.port, ...(await server.addUser()) };
      from = accountOn({ protocol: "imap", port: source.imapPort, ...ada });
      to = accountOn({ protocol: "imap", ...login }, { connections, timeoutMs: 60_000 });
      // Folders of a test go when it ends; this one is needed by all of them.
      state.directory = mkdtempSync(join(tmpdir(), "mailferry-test-"));
      first = await runMove(moveTo(to, from), state.directory);
    }, 300_000);
    afterAll(async () => {
      await Promise.all([source.stop(), server.stop()]);
      rmSync(state.directory, { recursive: true, force: true });
    });

    const here = () => inventory({ port: source.imapPort, ...ada });
    const there = () => inventory(login);
    const path = (name: string) => name.split("/");
    const failuresIn = (report: JobReport, name: string) =>
      report.failures.filter(({ mailbox }) => JSON.stringify(mailbox) === JSON.stringify(path(name)));

    it("brings every message to the octet, or names it", async () => {
      const [sources, targets] = [await here(), await there()];
      expect(first.error).toBeUndefined();
      let listed = 0;
      for (const name of tree) {
        const failures = failuresIn(first, name);
        const failed = new Set(failures.map(({ key }) => key));
        const altered = failures.filter(({ code }) => code === "M404").length;
        const messages = sources.get(name) ?? [];
        const expected = messages.filter(({ uid }) => !failed.has(`${uid}`));
        const digests = (targets.get(name) ?? []).map(({ sha256 }) => sha256);
        for (const { sha256 } of expected) {
          const at = digests.indexOf(sha256);
          expect(at, `${name}: a message is missing and not named`).toBeGreaterThanOrEqual(0);
          digests.splice(at, 1);
        }
        expect(digests.length, `${name}: messages that are not the source's`).toBe(altered);
        expect(expected.length + failures.length).toBe(messages.length);
        listed += failures.length;
      }
      if (!isStrict) expect(listed).toBe(0);
      expect(first.verdict).toBe(listed === 0 ? "safe" : "incomplete");
      for (const failure of first.failures)
        expect(failure).toMatchObject({ code: expect.stringMatching(/^M40[234]$/) });
      const codes = first.failures.map(
        ({ code, reason }) => `${code} ${reason.replace(/\d+ octets instead of \d+/, "more or fewer octets")}`,
      );
      if (listed > 0) console.log(`${title}: ${listed} named:\n${[...new Set(codes)].join("\n")}`);
    });

    it("keeps flags, keywords and INTERNALDATE", async () => {
      const [sources, targets] = [await here(), await there()];
      const unkept = (first.notices ?? []).map(({ reason }) => reason).join(" ");
      const lines = (messages: readonly Held[], left: ReadonlySet<string | undefined>) =>
        messages
          .filter(({ uid }) => !left.has(`${uid}`))
          .map(({ sha256, seconds, flags }) =>
            [sha256, seconds, ...flags.filter((flag) => !unkept.includes(flag))].join(" "),
          );
      for (const name of tree) {
        const failures = failuresIn(first, name);
        const expected = lines(sources.get(name) ?? [], new Set(failures.map(({ key }) => key)));
        const found = new Set(lines(targets.get(name) ?? [], new Set()));
        expect(
          expected.filter((line) => !found.has(line)),
          name,
        ).toEqual([]);
      }
    });

    it("sends nothing in a second pass, and says the same", async () => {
      const before = await there();
      const second = await runMove(moveTo(to, from), state.directory);
      expect(second).toMatchObject({ octets: 0, messages: { copied: 0 }, verdict: first.verdict });
      expect(second.failures).toEqual(first.failures);
      expect(await there()).toEqual(before);
    });

    it("then brings 3 new messages and the flag changes, and leaves the target's own alone", async () => {
      const client = await logIn(login);
      const own = await logIn({ port: source.imapPort, ...ada });
      try {
        const name = `${client.namespace?.prefix ?? ""}Éphémère`;
        await client.mailboxOpen(name);
        const at = async (seq: string) => (await client.fetchOne(seq, { uid: true, flags: true })) || undefined;
        for (const seq of ["1", "2", "3", "4"]) await client.messageFlagsAdd(seq, ["\\Flagged"]);
        await client.append(name, letter("own"), [], new Date("2020-01-01T00:00:00Z"));
        await own.mailboxOpen("Éphémère");
        for (const seq of ["1", "5", "6", "7", "8"]) await own.messageFlagsAdd(seq, ["\\Answered"]);
        await source.load(
          ada,
          "Éphémère",
          ["x", "y", "z"].map((words) => ({ bytes: letter(words) })),
        );

        const before = (await there()).get("Éphémère")?.length ?? 0;
        const third = await runMove(moveTo(to, from), state.directory);
        expect(third.messages.copied).toBe(3);
        expect((await there()).get("Éphémère")?.length).toBe(before + 3);
        await client.noop();
        expect([...((await at("2"))?.flags ?? [])]).toContain("\\Flagged");
        expect([...((await at("2"))?.flags ?? [])]).not.toContain("\\Answered");
        const answered = await client.search({ answered: true });
        const wanted = await own.search({ answered: true });
        if (!isStrict) expect(answered).toEqual(wanted);
      } finally {
        await Promise.all([client.logout(), own.logout()]);
      }
    });

    it("recognises everything without its book", async () => {
      const before = await there();
      const report = await runMove(moveTo(to, from), temporaryFolder());
      expect(report.messages.copied).toBe(0);
      const counts = (all: Map<string, Held[]>) => [...all].map(([name, messages]) => [name, messages.length]);
      expect(counts(await there())).toEqual(counts(before));
    });
  });
}

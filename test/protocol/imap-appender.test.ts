// The append-only connection, against servers that keep to the protocol and servers that don't.

import { afterEach, describe, expect, it, vi } from "vitest";
import type { ImapServerOptions } from "../../src/demo/imap-server.ts";
import { ImapAppender, type OutgoingMessage } from "../../src/protocol/imap-appender.ts";
import { openImapSession } from "../../src/protocol/imap-session.ts";
import { makeCertificate } from "../support/certificates.ts";
import { failureOf, imapAccount } from "../support/imap.ts";
import { imapStage, login } from "../support/imap-stage.ts";
import { fastTarget } from "../support/moves.ts";

const { serve } = imapStage();
const open: ImapAppender[] = [];
afterEach(() => {
  for (const { session } of open.splice(0)) session.close();
});

async function appenderOn(options: Partial<ImapServerOptions> = {}, changes = {}, signal?: AbortSignal) {
  const stage = await serve({ capabilities: fastTarget, ...options });
  const account = imapAccount(stage.server.port, login, { timeoutMs: 400, ...changes });
  const appender = new ImapAppender(await openImapSession(account, signal), account.timeoutMs);
  open.push(appender);
  return { ...stage, appender };
}

function message(text: string, changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const octets = Buffer.from(text);
  return {
    size: octets.length,
    flags: [],
    internalDate: undefined,
    async *chunks() {
      yield octets;
    },
    ...changes,
  };
}

async function sendAll(appender: ImapAppender, groups: readonly (readonly string[])[]) {
  const answers = [];
  for (const group of groups) {
    const { answer } = await appender.send(
      "INBOX",
      group.map((text) => message(text)),
    );
    answers.push(answer);
  }
  return Promise.all(answers);
}

describe("an append-only connection", () => {
  it("sends several commands of several messages without waiting, and tells the UIDs of each", async () => {
    const { appender, inbox, server } = await appenderOn();
    expect(await sendAll(appender, [["a", "b"], ["c"], ["d", "e", "f"]])).toEqual([
      { uids: [1, 2] },
      { uids: [3] },
      { uids: [4, 5, 6] },
    ]);
    expect(inbox.messages.map(({ bytes }) => `${bytes}`).join("")).toBe("abcdef");
    expect(server.log.filter((line) => / APPEND /.test(line))).toHaveLength(3);
  });

  it("carries flags and dates, and a body in pieces to the octet", async () => {
    const { appender, inbox } = await appenderOn();
    const internalDate = new Date("2003-04-05T06:07:08Z");
    const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(50_000, n));
    const size = 40 * 50_000;
    const body = message("", {
      size,
      flags: ["\\Seen", "proj"],
      internalDate,
      chunks: async function* () {
        yield* pieces;
      },
    });
    const { answer } = await appender.send("INBOX", [body]);
    expect(await answer).toEqual({ uids: [1] });
    expect(inbox.messages[0]).toMatchObject({ flags: ["\\Seen", "proj"], internalDate });
    expect(inbox.messages[0]?.bytes.equals(Buffer.concat(pieces))).toBe(true);
  });

  it("works over TLS", async () => {
    const tls = await makeCertificate("localhost", "127.0.0.1");
    const { appender, inbox } = await appenderOn(
      { tls: { mode: "implicit", ...tls } },
      { tls: "implicit", tlsCa: tls.cert, host: "localhost" },
    );
    await sendAll(appender, [["a".repeat(700_000)], ["b"]]);
    expect(inbox.messages.map(({ bytes }) => bytes.length)).toEqual([700_000, 1]);
  });

  it("goes on after a refusal, and gives its words", async () => {
    const { appender, inbox } = await appenderOn({
      script: { onAppend: ({ bytes }) => (`${bytes}` === "b" ? { no: "[TOOBIG] not this" } : undefined) },
    });
    const refusal = { status: "NO", code: "TOOBIG", words: "not this" };
    expect(await sendAll(appender, [["a"], ["b"], ["c"]])).toEqual([{ uids: [1] }, { refusal }, { uids: [2] }]);
    expect(inbox.messages).toHaveLength(2);
    expect(appender.usable).toBe(true);
  });

  it("stops what is on its way when it is aborted", async () => {
    const stop = new AbortController();
    const onAppend = () => {
      stop.abort(new Error("enough"));
      return undefined;
    };
    const { appender } = await appenderOn({ script: { onAppend } }, {}, stop.signal);
    await expect(sendAll(appender, [["a"], ["b"]])).rejects.toThrow("enough");
  });

  it("does not let more wait than a server takes in about a second", async () => {
    const { appender, server } = await appenderOn({ script: { onAppend: () => new Promise(() => {}) } });
    const big = "x".repeat(300_000);
    const sent: number[] = [];
    const sending = (async () => {
      for (let n = 0; n < 10; n++) {
        const { answer } = await appender.send("INBOX", [message(big)]);
        answer.catch(() => undefined);
        sent.push(n);
      }
    })();
    expect((await failureOf(sending)).code).toBe("N302");
    expect(sent).toEqual([0]);
    expect(server.messageOctetsReceived()).toBeLessThan(700_000);
  });

  const faults: readonly { how: string; reply: string; code: string; words: RegExp }[] = [
    { how: "answers what was not asked", reply: "A9 OK done\r\n", code: "N307", words: /answer to nothing: A9/ },
    { how: "answers twice", reply: "A1 OK done\r\nA1 OK done\r\n", code: "N307", words: /answer to nothing: A1/ },
    { how: "sends a literal", reply: "* 1 FETCH (BODY[] {4}\r\n", code: "N307", words: /literal/ },
    { how: "sends no answer at all", reply: "hello\r\n", code: "N307", words: /no answer: hello/ },
    { how: "sends a line without end", reply: "* ".padEnd(70_000, "x"), code: "N307", words: /65536 octets/ },
    { how: "chatters for ever", reply: "* OK still here\r\n".repeat(10_001), code: "N307", words: /without end/ },
    { how: "says good-bye", reply: "* BYE [UNAVAILABLE] closing\r\n", code: "N302", words: /"closing"/ },
    { how: "has too many", reply: "* BYE Too many connections\r\n", code: "N304", words: /Too many/ },
  ];
  it.each(faults)("that $how is lost, and the outcome in doubt", async ({ reply, code, words }) => {
    const { appender } = await appenderOn({
      script: { onCommand: ({ name }) => (name === "APPEND" ? { reply, next: "stall" } : undefined) },
    });
    const error = await failureOf(sendAll(appender, [["a"], ["b"]]));
    expect(error).toMatchObject({ code, scope: "session" });
    expect(error.message).toMatch(words);
    expect(appender.usable).toBe(false);
    expect((await failureOf(sendAll(appender, [["c"]]))).message).toBe(error.message);
  });

  it("is lost when the server falls silent, after the account's timeout", async () => {
    const { appender } = await appenderOn({
      script: { onCommand: ({ name }) => (name === "APPEND" ? "stall" : undefined) },
    });
    expect(await failureOf(sendAll(appender, [["a"], ["b"]]))).toMatchObject({
      code: "N302",
      message: expect.stringMatching(/did not answer within 0.4 s/),
      retry: "now",
    });
  });

  it("is lost when the server takes the octets and stores them, but is cut before its answer", async () => {
    const { appender, inbox } = await appenderOn({ script: { onAppend: () => "lost-answer" } });
    expect(await failureOf(sendAll(appender, [["a"], ["b"]]))).toMatchObject({ code: "N302", scope: "session" });
    expect(inbox.messages.length).toBeGreaterThan(0);
  });

  it("may wait unused for longer than the timeout", async () => {
    const { appender, inbox } = await appenderOn();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await sendAll(appender, [["a"]]);
      vi.advanceTimersByTime(60_000);
      await sendAll(appender, [["b"]]);
      expect(inbox.messages).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("takes a body that ends early for no message", async () => {
    const { appender, inbox } = await appenderOn();
    const { answer } = await appender.send("INBOX", [message("whole")]);
    await answer;
    await expect(appender.send("INBOX", [message("short", { size: 9 })])).rejects.toThrow(/9 octets had 5/);
    expect(appender.usable).toBe(false);
    expect(inbox.messages).toHaveLength(1);
  });
});

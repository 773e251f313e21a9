// STLS and the words before it.

import { hostile } from "../support/hostile.ts";
import type { Answer } from "../support/overhearing-server.ts";
import type { ChannelCase, GoodChannel } from "./channel-case.ts";

type Change = Pick<ChannelCase, "name" | "expected" | "words"> & {
  readonly greeting?: string;
  readonly offers?: ChannelCase["server"]["offers"];
  /** To each command before the handshake, by its verb. */
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly timeoutMs?: number;
};

export function pop3UpgradeCases({ upgraded }: GoodChannel): ChannelCase[] {
  const changes: Change[] = [
    { name: "STLS is not offered", offers: { clear: ["USER", "UIDL", "SASL PLAIN"] }, expected: "N306", words: /STLS/ },
    { name: "nothing is offered", offers: { clear: [] }, expected: "N306" },
    { name: "CAPA is not known", answers: { CAPA: "-ERR unknown\r\n" }, expected: "N306" },
    { name: "STLS is garbled", offers: { clear: ["XTLS", "STLSX"] }, expected: "N306" },
    { name: "STLS is refused", answers: { STLS: "-ERR not today\r\n" }, expected: "N306", words: /not today/ },
    { name: "STLS is refused as if it were a log-in", answers: { STLS: "-ERR [AUTH] no\r\n" }, expected: "N306" },
    { name: "STLS is refused in words for terminals", answers: { STLS: `-ERR ${hostile}\r\n` }, expected: "N306" },
    { name: "STLS is answered with nonsense", answers: { STLS: "what?\r\n" }, expected: "N307" },
    { name: "STLS ends the connection", answers: { STLS: { reply: "", next: "close" } }, expected: "N302" },
    { name: "STLS is not answered", answers: { STLS: "" }, timeoutMs: 200, expected: "N302" },
    {
      name: "the handshake never comes",
      answers: { STLS: { reply: "+OK go\r\n", next: "deafness" } },
      timeoutMs: 200,
      expected: "N302",
    },
    { name: "a greeting for terminals", greeting: `+OK ${hostile}\r\n`, expected: "granted" },
    {
      name: "a greeting with a timestamp, which is for channels without TLS",
      greeting: "+OK <1.2@x>\r\n",
      expected: "granted",
    },
    { name: "a greeting that is none", greeting: "* PREAUTH welcome\r\n", expected: "N307" },
    { name: "a greeting that refuses", greeting: `-ERR [AUTH] ${hostile}\r\n`, expected: "N302" },
    {
      name: "other ways to log in before the handshake than after it",
      offers: { clear: ["STLS", "USER", "SASL PLAIN"], inside: ["SASL XOAUTH2"] },
      expected: "A203",
      words: /XOAUTH2/,
    },
    {
      name: "no log-in before the handshake, one after it",
      offers: { clear: ["STLS", "SASL"], inside: ["USER", "SASL PLAIN"] },
      expected: "granted",
    },
    {
      name: "octets after the answer to CAPA",
      answers: { CAPA: "+OK\r\nSTLS\r\n.\r\n+OK go\r\n" },
      expected: "N307",
    },
  ];
  for (const more of ["+OK\r\n", "+OK granted\r\n+OK granted\r\n", "-ERR\r\n", "\r\n", "+", "\0", "x".repeat(20_000)]) {
    const what = JSON.stringify(more.slice(0, 20));
    changes.push(
      {
        name: `${what} in the same read as the answer to STLS`,
        answers: { STLS: { reply: `+OK go\r\n${more}`, next: "handshake" } },
        expected: "N307",
      },
      {
        name: `${what} in place of the handshake`,
        answers: { STLS: { reply: "+OK go\r\n", late: more, next: "deafness" } },
        timeoutMs: 200,
        // It may come with the OK all the same. TLS waits for the rest of what may be the beginning of a record.
        expected: more.length < 5 ? ["N302", "N303", "N307"] : ["N303", "N307"],
      },
    );
  }
  return changes.map(({ name, expected, words, greeting, offers, answers, timeoutMs }) => ({
    name,
    protocol: "pop3",
    server: {
      ...upgraded.server,
      greeting,
      offers,
      answer: (line, isEncrypted) => (isEncrypted ? undefined : answers?.[line.split(" ")[0] ?? ""]),
    },
    account: { ...upgraded.account, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    expected,
    ...(words === undefined ? {} : { words }),
  }));
}

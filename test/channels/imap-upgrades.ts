// STARTTLS and the words before it, as the EAST study of 2021 has them (nostarttls.secvuln.info), and some more.

import { hostile } from "../support/hostile.ts";
import type { Answer } from "../support/overhearing-server.ts";
import type { ChannelCase, GoodChannel } from "./channel-case.ts";

type Change = Pick<ChannelCase, "name" | "expected" | "words"> & {
  readonly greeting?: string;
  readonly offers?: ChannelCase["server"]["offers"];
  /** To STARTTLS. */
  readonly answer?: (tag: string) => Answer;
  readonly timeoutMs?: number;
};

/** `decoyPort`: where a referral leads. */
export function imapUpgradeCases({ upgraded }: GoodChannel, decoyPort: number): ChannelCase[] {
  const referral = `[REFERRAL imap://ada@127.0.0.1:${decoyPort}/]`;
  const withPlain = ["IMAP4rev1", "AUTH=PLAIN", "SASL-IR"];
  const changes: Change[] = [
    {
      name: "STARTTLS is not offered",
      offers: { clear: ["IMAP4rev1", "AUTH=PLAIN"] },
      expected: "N306",
      words: /STARTTLS/,
    },
    { name: "nothing is offered", offers: { clear: [] }, expected: "N306" },
    {
      name: "STARTTLS is stripped from the greeting and the list",
      greeting: "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n",
      offers: { clear: withPlain },
      expected: "N306",
    },
    { name: "STARTTLS is garbled", offers: { clear: ["IMAP4rev1", "XTARTTLS"] }, expected: "N306" },
    { name: "STARTTLS is refused", answer: (tag) => `${tag} NO not today\r\n`, expected: "N306", words: /not today/ },
    { name: "STARTTLS is bad", answer: (tag) => `${tag} BAD what?\r\n`, expected: "N306" },
    {
      name: "STARTTLS is refused as if it were a log-in",
      answer: (tag) => `${tag} NO [AUTHENTICATIONFAILED] no\r\n`,
      expected: "N306",
    },
    {
      name: "STARTTLS is refused with a referral",
      answer: (tag) => `${tag} NO ${referral} there\r\n`,
      expected: "N306",
    },
    {
      name: "STARTTLS is refused in words for terminals",
      answer: (tag) => `${tag} NO [ALERT] ${hostile}\r\n`,
      expected: "N306",
    },
    { name: "STARTTLS is answered without a tag", answer: () => "BAD log in first\r\n", expected: "N306" },
    { name: "STARTTLS ends the connection", answer: () => ({ reply: "", next: "close" }), expected: "N302" },
    {
      name: "STARTTLS is answered with BYE",
      answer: () => ({ reply: `* BYE ${referral} go\r\n`, next: "close" }),
      expected: "N302",
    },
    { name: "STARTTLS is not answered", answer: () => "", timeoutMs: 200, expected: "N302" },
    {
      name: "the handshake never comes",
      answer: (tag) => ({ reply: `${tag} OK go\r\n`, next: "deafness" }),
      timeoutMs: 200,
      expected: "N302",
    },
    { name: "a greeting of PREAUTH", greeting: "* PREAUTH welcome, ada\r\n", expected: "N306", words: /PREAUTH/ },
    {
      name: "a greeting of PREAUTH that offers STARTTLS",
      greeting: "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n",
      expected: "N306",
    },
    {
      name: "a greeting of PREAUTH that offers none",
      greeting: "* PREAUTH [CAPABILITY IMAP4rev1 AUTH=PLAIN] welcome\r\n",
      offers: { clear: ["IMAP4rev1"] },
      expected: "N306",
    },
    {
      name: "a greeting with an ALERT and a referral",
      greeting: `* OK [ALERT] ${referral} ${hostile}\r\n`,
      expected: "granted",
    },
    { name: "a greeting of BYE with a referral", greeting: `* BYE ${referral} ${hostile}\r\n`, expected: "N302" },
    {
      name: "other ways to log in before the handshake than after it",
      offers: {
        clear: ["IMAP4rev1", "STARTTLS", "AUTH=PLAIN"],
        inside: ["IMAP4rev1", "LOGINDISABLED", "AUTH=XOAUTH2"],
      },
      expected: "A203",
      words: /XOAUTH2/,
    },
    {
      name: "no log-in before the handshake, one after it",
      offers: { clear: ["IMAP4rev1", "STARTTLS", "LOGINDISABLED", "AUTH=GSSAPI"], inside: withPlain },
      expected: "granted",
    },
    {
      name: "capabilities with the OK of STARTTLS, and others after the handshake",
      answer: (tag) => ({ reply: `${tag} OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] go\r\n`, next: "handshake" }),
      offers: { inside: ["IMAP4rev1", "LOGINDISABLED"] },
      expected: "A203",
    },
  ];
  const injected = [
    "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
    "* OK [ALERT] hello\r\n",
    "* BYE\r\n",
    "* PREAUTH in\r\n",
    "A1 OK\r\n2 OK granted\r\n3 OK granted\r\n4 OK granted\r\n",
    "+ \r\n",
    "\r\n",
    "*",
    "\0",
    " ".repeat(20_000),
  ];
  changes.push(
    ...injected.flatMap((more): Change[] => {
      const what = JSON.stringify(more.slice(0, 20));
      const inOneRead = (tag: string): Answer => ({ reply: `${tag} OK go\r\n${more}`, next: "handshake" });
      const inTheNext = (tag: string): Answer => ({ reply: `${tag} OK go\r\n`, late: more, next: "deafness" });
      return [
        { name: `${what} in the same read as the OK of STARTTLS`, answer: inOneRead, expected: "N307" },
        {
          name: `${what} in place of the handshake`,
          answer: inTheNext,
          timeoutMs: 200, // It may come with the OK all the same. TLS waits for the rest of what may be the beginning of a record.
          expected: more.length < 5 ? ["N302", "N303", "N307"] : ["N303", "N307"],
        },
      ];
    }),
  );
  return changes.map(({ name, expected, words, greeting, offers, answer, timeoutMs }) => ({
    name,
    protocol: "imap",
    server: {
      ...upgraded.server,
      greeting,
      offers,
      answer: (line, isEncrypted) => {
        const [tag = "", verb] = line.split(" ");
        return verb === "STARTTLS" && !isEncrypted ? answer?.(tag) : undefined;
      },
    },
    account: { ...upgraded.account, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    expected,
    ...(words === undefined ? {} : { words }),
  }));
}

// The ways to log in that a server offers, over a good channel: which is taken, and that none is where none is for passwords.

import type { Account } from "../../src/account.ts";
import type { ChannelCase, GoodChannel, Protocol } from "./channel-case.ts";

interface Ways {
  readonly offers: readonly string[];
  readonly auth?: Account["auth"];
  readonly user?: string;
  readonly greeting?: string;
  readonly expected: ChannelCase["expected"];
  readonly words?: RegExp;
}

const imap: readonly Ways[] = [
  { offers: ["AUTH=PLAIN", "SASL-IR"], expected: "granted" },
  { offers: ["AUTH=PLAIN"], expected: "granted" },
  { offers: ["AUTH=LOGIN"], expected: "granted" },
  { offers: ["AUTH=XOAUTH2", "AUTH=PLAIN", "LOGINDISABLED"], expected: "granted" },
  { offers: [], expected: "granted" },
  { offers: ["AUTH=PLAIN"], auth: "login", expected: "granted" },
  { offers: ["AUTH=PLAIN"], auth: "plain", expected: "granted" },
  { offers: ["AUTH=CRAM-MD5"], auth: "login", expected: "granted" },
  { offers: ["AUTH=PLAIN"], user: "DOMAIN\\ada", expected: "granted" },
  { offers: ["LOGINDISABLED"], expected: "A203", words: /LOGINDISABLED/ },
  { offers: ["LOGINDISABLED"], auth: "login", expected: "A203" },
  { offers: ["LOGINDISABLED", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER"], expected: "A203", words: /XOAUTH2 OAUTHBEARER/ },
  { offers: ["LOGINDISABLED", "AUTH=PLAIN"], auth: "login", expected: "A203", words: /"PLAIN"/ },
  { offers: ["LOGINDISABLED", "AUTH=PLAIN"], user: "DOMAIN\\ada", expected: "A203" },
  { offers: ["AUTH=XOAUTH2"], expected: "A203", words: /XOAUTH2/ },
  { offers: ["AUTH=CRAM-MD5", "AUTH=DIGEST-MD5"], expected: "A203", words: /CRAM-MD5 DIGEST-MD5/ },
  { offers: ["AUTH=GSSAPI"], auth: "plain", expected: "A203" },
  { offers: [], auth: "plain", expected: "A203", words: /AUTHENTICATE PLAIN/ },
];

const pop3: readonly Ways[] = [
  { offers: ["USER", "SASL PLAIN"], expected: "granted" },
  { offers: ["USER"], expected: "granted" },
  { offers: ["UIDL"], expected: "granted" },
  { offers: ["USER", "SASL XOAUTH2"], expected: "granted" },
  { offers: ["SASL PLAIN"], auth: "plain", expected: "granted" },
  { offers: ["SASL XOAUTH2"], auth: "login", expected: "granted" },
  { offers: ["USER"], auth: "apop", greeting: "+OK <1896.697170952@dbc.mtview.ca.us>\r\n", expected: "granted" },
  { offers: ["SASL XOAUTH2 GSSAPI"], expected: "A203", words: /XOAUTH2 GSSAPI/ },
  { offers: ["SASL"], expected: "A203" },
  { offers: ["USER"], auth: "apop", expected: "A201", words: /APOP/ },
];

export function wayCases(protocol: Protocol, { implicit, upgraded }: GoodChannel): ChannelCase[] {
  const clear = { server: { tls: "none" }, account: { tls: "none" } } as const;
  const channels = [
    ["implicit TLS", implicit],
    ["an upgrade", upgraded],
    ["no TLS", clear],
  ] as const;
  return channels.flatMap(([channel, { server, account }]) =>
    (protocol === "imap" ? imap : pop3).map(({ offers, auth, user, greeting, expected, words }): ChannelCase => {
      const list = protocol === "imap" ? ["IMAP4rev1", ...offers] : offers;
      const of = [
        offers.join(" ") || "nothing",
        ...(auth === undefined ? [] : [`auth ${auth}`]),
        ...(user ? [user] : []),
      ];
      return {
        name: `${of.join(", ")} over ${channel}`,
        protocol,
        server: { ...server, greeting, offers: server.tls === "none" ? { clear: list } : { inside: list } },
        account: { ...account, ...(auth && { auth }), ...(user && { user }) },
        expected,
        ...(words === undefined ? {} : { words }),
      };
    }),
  );
}

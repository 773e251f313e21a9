// What is taken of a provider's XML, and that what is hostile in it costs only itself.

import { describe, expect, test } from "vitest";
import { parseClientConfig } from "../../src/detect/client-config.ts";
import { detectServers } from "../../src/detect/detect.ts";
import { longestDocument } from "../../src/detect/get-document.ts";
import { addressOf } from "../support/addresses.ts";
import { type ConfigServer, clientConfig, openWorld, type Page } from "../support/detection-world.ts";
import { hostile, steersTerminals } from "../support/steering.ts";

const ada = addressOf("ada@example.org");
const parse = (...servers: readonly ConfigServer[]) => parseClientConfig(clientConfig(...servers), ada);

/** With all that real ones have around and inside the servers. */
const whole = `\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by hand -->
<clientConfig version="1.1">
  <emailProvider id="example.org">
    <domain>example.org</domain><domain>example.net</domain>
    <displayName>M&uuml;ller &amp; S&#246;hne</displayName>
    <incomingServer type="imap">
      <!-- the best -->
      <hostname> imap.<!-- here -->example.org </hostname>
      <port>993</port>
      <socketType>SSL</socketType>
      <username><![CDATA[%EMAILLOCALPART%]]></username>
      <authentication>OAuth2</authentication>
      <authentication>password-cleartext</authentication>
    </incomingServer>
    <incomingServer type="pop3">
      <hostname>pop.example.org</hostname>
      <port>995</port>
      <socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username>
      <pop3><leaveMessagesOnServer>true</leaveMessagesOnServer><port>1</port></pop3>
    </incomingServer>
    <outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>
    <documentation url="https://example.org/help"><descr lang="fr">Réglages &lt;IMAP&gt;</descr></documentation>
  </emailProvider>
  <webMail><loginPage url="https://example.org/"/><incomingServer type="imap"><hostname>no.example.org</hostname></incomingServer></webMail>
</clientConfig>`;

describe("a document of a provider", () => {
  test("is read with all that stands around its servers", () => {
    expect(parseClientConfig(whole.replace("&uuml;", "ü"), ada)).toEqual([
      { protocol: "imap", host: "imap.example.org", port: 993, tls: "implicit", users: ["ada", "ada@example.org"] },
      { protocol: "pop3", host: "pop.example.org", port: 995, tls: "implicit", users: ["ada@example.org", "ada"] },
    ]);
    expect(parseClientConfig(whole, ada)).toEqual([]);
  });

  test("gives its servers, IMAP before POP3, those without a password last", () => {
    const users = ["ada@example.org", "ada"];
    expect(
      parse(
        { type: "pop3", host: "POP.example.org", port: 995 },
        { host: "oauth.example.org", auth: ["OAuth2"] },
        { host: "imap.example.org.", port: 143, socket: "STARTTLS", auth: [] },
        { host: "imap.example.org", auth: ["OAuth2", "password-cleartext"] },
        { type: "exchange", host: "exchange.example.org", port: 443 },
        { host: "clear.example.org", port: 143, socket: "plain" },
        { host: "imap.example.org" },
      ),
    ).toEqual([
      { protocol: "imap", host: "imap.example.org", port: 143, tls: "starttls", users },
      { protocol: "imap", host: "imap.example.org", port: 993, tls: "implicit", users },
      { protocol: "pop3", host: "pop.example.org", port: 995, tls: "implicit", users },
      { protocol: "imap", host: "oauth.example.org", port: 993, tls: "implicit", users, takesNoPassword: true },
    ]);
  });

  test.each([
    ["%EMAILADDRESS%", ["ada@example.org", "ada"]],
    ["%EMAILLOCALPART%", ["ada", "ada@example.org"]],
    ["%EMAILLOCALPART%.%EMAILDOMAIN%", ["ada.example.org", "ada@example.org", "ada"]],
    ["", ["ada@example.org", "ada"]],
    ["%EMAILADDRESS%%EMAILADDRESS%", ["ada@example.org%EMAILADDRESS%", "ada@example.org", "ada"]],
  ])("a user name of %j is tried as %j", (user, users) => {
    expect(parse({ host: "imap.example.org", user })[0]?.users).toEqual(users);
  });

  test("replaces nothing in an address that looks like a placeholder or a pattern", () => {
    const odd = addressOf("$&%EMAILDOMAIN%$1@example.org");
    const [server] = parseClientConfig(clientConfig({ host: "imap.example.org", user: "%EMAILLOCALPART%" }), odd);
    expect(server?.users).toContain("$&%EMAILDOMAIN%$1@example.org");
  });

  test.each([
    "",
    "../../etc/passwd",
    "imap.example.org/../x",
    "imap.example.org:993",
    "ada@imap.example.org",
    "127.0.0.1",
    "::1",
    "localhost",
    "imap example.org",
    "imap.&#7;example.org",
    "imap.&#xa;example.org",
    "imap.exämple.org",
    "-imap.example.org",
    "imap..example.org",
    "%EMAILADDRESS%",
    "%EMAILLOCALPART%.example.org",
    `${"a".repeat(64)}.example.org`,
    hostile.replaceAll("\0", ""),
  ])("takes no host called %j", (host) => {
    const servers = parse({ host }, { host: "imap.example.org" });
    expect(servers.every((server) => server.host === "imap.example.org")).toBe(true);
    expect(JSON.stringify(servers)).not.toMatch(steersTerminals);
  });

  test.each(["0", "65536", "-1", "993.5", "1e3", "", "0x3e1", "９９３"])("takes no port %j", (port) => {
    expect(parse({ host: "imap.example.org", port })).toEqual([]);
  });

  test.each(["a&#9;b", "a&#x85;b", "a&#x202e;b", "a\x7fb", "a".repeat(400)])("takes no user name like %j", (user) => {
    expect(parse({ host: "imap.example.org", user })).toEqual([]);
  });

  test("gives no more servers than anybody has", () => {
    expect(parse(...Array.from({ length: 100 }, (_, index) => ({ host: `imap${index}.example.org` })))).toHaveLength(8);
  });
});

const good = clientConfig({ host: "imap.example.org" });
const within = (text: string) => good.replace("<clientConfig", `${text}<clientConfig`);
const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("");

const hostileDocuments: Record<string, string> = {
  "a billion laughs": within(`<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>`).replace("imap.example.org", "&l9;"),
  "an entity that reads a file": within('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>').replace("993", "&f;"),
  "an entity for the host": within('<!DOCTYPE x [<!ENTITY h "imap.evil.example">]>').replace("imap.example.org", "&h;"),
  "a document type elsewhere": within('<!DOCTYPE clientConfig SYSTEM "https://evil.example/x.dtd">'),
  "an entity that nobody has declared": good.replace("imap.example.org", "&h;"),
  "deep nesting": good.replace("<domain>x</domain>", `${"<a>".repeat(10_000)}${"</a>".repeat(10_000)}`),
  "more elements than anybody needs": good.replace("<domain>x</domain>", "<a/>".repeat(10_000)),
  "a page for people": "<!doctype html><html><head><title>Not found</title></head><body><p>Oops</body></html>",
  "no XML at all": "hello",
  nothing: "",
  "the wrong root": good.replaceAll("clientConfig", "config"),
  "half a document": good.slice(0, good.indexOf("<hostname>") + 20),
  "tags that don't match": good.replace("</hostname>", "</port>"),
  "an outgoing server only": good.replaceAll("incomingServer", "outgoingServer"),
};

describe("a hostile document", () => {
  test.each(Object.keys(hostileDocuments))("%s gives no server", (name) => {
    expect(parseClientConfig(good, ada)).toHaveLength(1);
    expect(parseClientConfig(hostileDocuments[name] ?? "", ada)).toEqual([]);
  });

  test("costs only itself, whatever it is and however long", async () => {
    const nested = "<a>".repeat(350_000);
    const pages: Page[] = [
      hostileDocuments["a billion laughs"],
      hostileDocuments["a page for people"],
      nested,
      good.replace("<domain>", `<!--${"x".repeat(longestDocument)}--><domain>`),
      { status: 500, body: good },
      { status: 302 },
    ];
    await using stage = await openWorld();
    let page: Page;
    await stage.site("autoconfig.example.org", () => page);
    await stage.site("autoconfig.thunderbird.net", () => clientConfig({ host: "imap.example.org" }));
    page = good;
    expect((await detectServers(ada, { world: stage.world }))?.origin).toBe("autoconfig");
    for (page of pages) {
      const found = await detectServers(ada, { world: stage.world });
      expect([found?.origin, found?.servers[0]?.host], JSON.stringify(page).slice(0, 200)).toEqual([
        "ispdb",
        "imap.example.org",
      ]);
    }
    await stage.quiet();
  });

  test("one that never ends is left after as many octets as a document may have", async () => {
    await using stage = await openWorld();
    const page = { headers: { "Transfer-Encoding": "chunked" }, body: "x".repeat(8 * longestDocument) };
    await stage.site("autoconfig.example.org", () => page);
    expect(await detectServers(ada, { world: stage.world })).toBeUndefined();
    await stage.quiet();
  });
});

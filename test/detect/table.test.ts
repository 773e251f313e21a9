import { isIP } from "node:net";
import { describe, expect, test } from "vitest";
import { isHostName } from "../../src/detect/host-name.ts";
import {
  lookUpTable,
  providerOfDomain,
  providerOfHost,
  providerOfMx,
  providers,
  tableDates,
} from "../../src/detect/table.ts";
import type { Words } from "../../src/detect/words.ts";
import { addressOf } from "../support/addresses.ts";

const twice = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);

describe("the table of providers", () => {
  test("has some thirty providers, each with an id of its own, and no domain or MX pattern twice", () => {
    expect(new Set(providers.map(({ name }) => name)).size).toBeGreaterThanOrEqual(30);
    expect(twice(providers.map(({ id }) => id))).toEqual([]);
    expect(twice(providers.flatMap(({ domains }) => domains))).toEqual([]);
    expect(twice(providers.flatMap(({ mx }) => mx))).toEqual([]);
    expect(providers.filter(({ domains, mx }) => domains.length + mx.length === 0)).toEqual([]);
  });

  test.each(providers)("is in shape: $id", (provider) => {
    const { id, domains, mx, servers, hosts = [], logIn, password, switchOn, appPassword, limits, note } = provider;
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect([...domains, ...mx, ...hosts].filter((name) => !isHostName(name) || !name.includes("."))).toEqual([]);
    expect(servers.length).toBeGreaterThan(0);
    // IMAP before POP3.
    expect(servers.map(({ protocol }) => protocol)).toEqual(servers.map(({ protocol }) => protocol).sort());
    for (const { host, port, tls, protocol } of servers) {
      if (tls === "none") expect(host).toBe("127.0.0.1");
      else expect([isIP(host), isHostName(host), port]).toEqual([0, true, protocol === "imap" ? 993 : 995]);
    }
    expect(logIn.length).toBe(new Set(logIn).size);
    expect(logIn.length).toBeGreaterThan(0);
    const guides = [switchOn, appPassword].filter((guide) => guide !== undefined);
    for (const { url, words } of guides) {
      expect(url ?? words).toBeDefined();
      if (url !== undefined) expect(new URL(url).protocol).toBe("https:");
    }
    // Who must make a password hears where.
    if (password === "app" || password === "separate") expect(appPassword).toBeDefined();
    // Who can't log in hears why.
    if (password === "none") expect(note).toBeDefined();
    for (const limit of Object.values(limits ?? {})) expect(limit).toBeGreaterThan(0);
    const said = [note, ...guides.map(({ words }) => words)].filter((one) => one !== undefined);
    for (const words of said) expectBothLanguages(words);
    expect(provider.source).toMatch(/^(FIELD\.md|https?:\/\/|public settings)/);
    expect(new Date(provider.date).toISOString().slice(0, 10)).toBe(provider.date);
  });

  test("knows its oldest and its newest entry", () => {
    const { oldest, newest } = tableDates();
    expect([oldest, newest].every((day) => /^\d{4}-\d\d-\d\d$/.test(day))).toBe(true);
    expect(oldest <= newest).toBe(true);
  });

  test("gives the servers and the user names for an address", () => {
    expect(lookUpTable(addressOf("Ada.Lovelace@WANADOO.fr"))).toMatchObject({
      origin: "table",
      where: expect.stringMatching(/^Orange \(\d{4}-\d\d-\d\d\)$/),
      foreignHosts: [],
      provider: { id: "orange" },
      servers: [
        { protocol: "imap", host: "imap.orange.fr", port: 993, tls: "implicit", users: ["Ada.Lovelace@wanadoo.fr"] },
        { protocol: "pop3", host: "pop.orange.fr", port: 995, tls: "implicit", users: ["Ada.Lovelace@wanadoo.fr"] },
      ],
    });
    expect(lookUpTable(addressOf("ada@free.fr"))?.servers[0]?.users).toEqual(["ada"]);
    expect(lookUpTable(addressOf("ada@laposte.net"))?.servers[0]?.users).toEqual(["ada", "ada@laposte.net"]);
    expect(lookUpTable(addressOf("ada@example.org"))).toBeUndefined();
    expect(lookUpTable(addressOf("ada@not-gmail.com"))).toBeUndefined();
  });

  test.each([
    ["aspmx.l.google.com", "gmail"],
    ["ALT1.ASPMX.L.GOOGLE.COM.", "gmail"],
    ["example-org.mail.protection.outlook.com", "microsoft-365"],
    ["example-org.p-v1.mx.microsoft", "microsoft-365"],
    ["eur.olc.protection.outlook.com", "outlook-com"],
    ["mx1.mail.ovh.net", "ovh"],
    ["mx00.ionos.fr", "ionos-fr"],
    ["spool.mail.gandi.net", "gandi"],
    ["mta-gw.infomaniak.ch", "infomaniak"],
    ["in1-smtp.messagingengine.com", "fastmail"],
    ["mx2.zoho.eu", "zoho-eu-pro"],
    ["redirect.ovh.net", undefined],
    ["notgoogle.com", undefined],
    ["google.com.example.org", undefined],
  ])("says who takes the mail at %s: %s", (host, id) => {
    expect(providerOfMx(host)?.id).toBe(id);
  });

  test("says whose a server is, by its present and its older names", () => {
    expect(providerOfHost("IMAP.orange.fr")?.id).toBe("orange");
    expect(providerOfHost("imap-mail.outlook.com")?.id).toBe("outlook-com");
    expect(providerOfHost("imap.example.org")).toBeUndefined();
    expect(providerOfHost("127.0.0.1")).toBeUndefined();
    expect(providerOfDomain("Live.FR")?.password).toBe("none");
  });
});

function expectBothLanguages(words: Words): void {
  for (const text of [words.in("en"), words.in("fr")]) {
    expect(text.length).toBeGreaterThan(8);
    expect(text).not.toMatch(/[{}\n]/);
  }
}

// What leaves the machine: the domain, encrypted wherever it is more than a DNS question. Never the address, nor what
// stands before its @.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { detectServers } from "../../src/detect/detect.ts";
import { parseServer } from "../../src/detect/named-server.ts";
import { serverOfPerson } from "../../src/detect/person.ts";
import { proveServer } from "../../src/detect/prove.ts";
import { addressOf } from "../support/addresses.ts";
import { makeCertificate, makeExpiredCertificate } from "../support/certificates.ts";
import { clientConfig, type DetectionWorld, openWorld, type Page } from "../support/detection-world.ts";
import { mx, srv } from "../support/dns-server.ts";

const local = "Ada.Lovelace+1815";
const ada = addressOf(`${local}@example.org`);
const ispdb = "autoconfig.thunderbird.net";

let stage: DetectionWorld;

beforeEach(async () => {
  stage = await openWorld();
});

afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

const detect = () => detectServers(ada, { world: stage.world });

/** All forms in which a local part or an address travels. */
function traces(): string[] {
  const texts = [local, ada.address, local.toLowerCase(), ada.address.toLowerCase()];
  // Base64 of the middle of a longer text begins at any of three places.
  const base64 = texts.flatMap((text) =>
    [0, 1, 2].map((skip) => Buffer.from(text.slice(skip)).toString("base64").slice(0, -4)),
  );
  const hex = texts.map((text) => Buffer.from(text).toString("hex"));
  const percent = texts.flatMap((text) => [encodeURIComponent(text), encodeURI(text), text.replace("+", "%2b")]);
  return [...texts, ...base64, ...hex, ...percent];
}

test("in no octet that leaves for DNS, HTTPS or mail servers is the local part or the address, however written", async () => {
  const nothing = () => undefined;
  await Promise.all([
    stage.site("autoconfig.example.org", () => ({ status: 302, headers: { Location: "https://www.example.org/a" } })),
    stage.site("www.example.org", nothing),
    stage.site("example.org", () => "<clientConfig/>"),
    stage.site(ispdb, nothing),
    stage.mail("imap.example.org", 143, { protocol: "imap", tls: "upgrade" }),
    stage.mail("pop.example.org", 995, { protocol: "pop3", tls: "implicit" }),
  ]);
  stage.dns.records.set("MX example.org", mx("example.org", "mx.hoster.example"));
  const found = await detect();
  expect(found?.servers.map(({ host, users }) => [host, users[0]])).toEqual([
    ["imap.example.org", ada.address],
    ["pop.example.org", ada.address],
  ]);
  for (const server of found?.servers ?? []) await proveServer(server, { world: stage.world });
  const named = parseServer("pop.example.org");
  if ("problem" in named) throw new Error(named.problem);
  await serverOfPerson(named, { address: ada, world: stage.world });
  await stage.quiet();
  const heard = stage.heard();
  // What is heard is what is looked for: names of hosts, in DNS, in TLS and inside it.
  expect(heard).toContain("autoconfig\x07example\x03org");
  expect(heard).toContain("GET\n/v1.1/example.org\nHost\nautoconfig.thunderbird.net");
  expect(heard).toContain("a1 STARTTLS");
  expect(stage.asked).toContain("GET https://www.example.org/a");
  expect(traces().filter((trace) => heard.includes(trace))).toEqual([]);
  expect(heard).not.toMatch(/cookie|referer|emailaddress|node|win32|linux|accept-language/i);
});

describe("HTTPS only", () => {
  test("HTTP is never asked, where nothing else is there and where a redirect leads to it", async () => {
    const trapped: string[] = [];
    const trap = createServer((request, response) => {
      trapped.push(request.url ?? "");
      response.end(clientConfig({ host: "imap.example.org" }));
    });
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const { port } = trap.address() as AddressInfo;
    const ways: string[] = [];
    const world = {
      ...stage.world,
      way: (host: string, wanted: number) => {
        ways.push(`${host}:${wanted}`);
        return wanted === 80 ? { host: "127.0.0.1", port } : stage.world.way(host, wanted);
      },
    };
    const to = (where: string) => () => ({ status: 301, headers: { Location: where } });
    await stage.site("autoconfig.example.org", to("http://autoconfig.example.org/mail/config-v1.1.xml"));
    await stage.site("example.org", to(`http://127.0.0.1:${port}/mail/config-v1.1.xml`));
    await stage.site(ispdb, to("//autoconfig.example.org:80/x"));
    expect(await detectServers(ada, { world })).toBeUndefined();
    expect(stage.asked.filter((asked) => asked.startsWith("GET"))).toHaveLength(3);
    expect(trapped).toEqual([]);
    expect(ways.filter((way) => /:443$/.test(way)).length).toBe(3);
    expect(ways.filter((way) => !/:(443|993|143|995|110)$/.test(way))).toEqual([]);
    await new Promise((resolve) => trap.close(resolve));
  });

  test("a redirect is followed to HTTPS at its usual port, twice at most, and nowhere else", async () => {
    const document = clientConfig({ host: "imap.example.org" });
    let location = "";
    const pages = (): Record<string, Page> => ({
      "/mail/config-v1.1.xml": { status: 302, headers: { Location: location } },
      "/other.xml": document,
      "/second.xml": { status: 307, headers: { Location: "/other.xml" } },
      "/third.xml": { status: 308, headers: { Location: "/second.xml" } },
    });
    await stage.site("autoconfig.example.org", (path) => pages()[path]);
    await stage.site("config.example.net", () => document);
    const where = {
      "/other.xml": true,
      "/second.xml": true,
      "https://config.example.net/x.xml": true,
      "/third.xml": false,
      "/mail/config-v1.1.xml": false,
      "https://config.example.net:8443/x.xml": false,
      "https://127.0.0.1/x.xml": false,
      "https://ada:secret@config.example.net/x.xml": false,
      "file:///etc/passwd": false,
      "data:text/xml,<clientConfig/>": false,
      "https://": false,
    };
    for (const [target, isFollowed] of Object.entries(where)) {
      location = target;
      stage.asked.length = 0;
      expect([target, (await detect())?.origin]).toEqual([target, isFollowed ? "autoconfig" : undefined]);
      expect(stage.asked.filter((asked) => asked.startsWith("GET")).length).toBeLessThanOrEqual(3);
    }
  });

  test.each(["another name", "nobody to vouch for it", "a last day that is past"])(
    "a certificate with %s is no answer, and hears no question",
    async (flaw) => {
      const certificate =
        flaw === "another name"
          ? await stage.certificate("example.net")
          : flaw === "nobody to vouch for it"
            ? await makeCertificate("autoconfig.example.org")
            : await makeExpiredCertificate("autoconfig.example.org");
      await stage.site("autoconfig.example.org", () => clientConfig({ host: "imap.example.org" }), certificate);
      expect(await detect()).toBeUndefined();
      expect(stage.asked).toContain("autoconfig.example.org:443");
      expect(stage.asked.filter((asked) => asked.startsWith("GET"))).toEqual([]);
    },
  );
});

test("SRV and MX records with names that are none lead nowhere", async () => {
  const name = "_imaps._tcp.example.org";
  stage.dns.records.set(
    `SRV ${name}`,
    srv(
      name,
      { target: "127.0.0.1", port: 993 },
      { target: "localhost", port: 993 },
      { target: "a\\000b.org", port: 1 },
    ),
  );
  stage.dns.records.set("MX example.org", mx("example.org", ".", "127.0.0.1"));
  expect(await detect()).toBeUndefined();
  expect(stage.asked.filter((asked) => asked.startsWith("GET"))).toEqual([]);
});

// Which answer wins, who is asked, and that all of it happens at once.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DetectionNews, detectServers } from "../../src/detect/detect.ts";
import { addressOf } from "../support/addresses.ts";
import { clientConfig, type DetectionWorld, openWorld } from "../support/detection-world.ts";
import { mx, srv } from "../support/dns-server.ts";

const ada = addressOf("ada.lovelace@example.org");
const questions = [
  "MX example.org",
  "SRV _imap._tcp.example.org",
  "SRV _imaps._tcp.example.org",
  "SRV _pop3._tcp.example.org",
  "SRV _pop3s._tcp.example.org",
  "GET https://autoconfig.example.org/mail/config-v1.1.xml",
  "GET https://example.org/.well-known/autoconfig/mail/config-v1.1.xml",
  "GET https://autoconfig.thunderbird.net/v1.1/example.org",
];

let stage: DetectionWorld;

beforeEach(async () => {
  stage = await openWorld();
});

afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

const detect = (address = ada, news: DetectionNews[] = []) =>
  detectServers(address, { world: stage.world, report: (one) => news.push(one) });

/** Every origin answers, each with a host of its own name. */
async function answerEverywhere(mxHost: string): Promise<void> {
  const config = (host: string) => () => clientConfig({ host });
  await Promise.all([
    stage.site("autoconfig.example.org", config("own.example.org")),
    stage.site("example.org", config("well-known.example.org")),
    stage.site("autoconfig.thunderbird.net", config("ispdb.example.org")),
    stage.mail("imap.example.org", 993, { protocol: "imap", tls: "implicit" }),
  ]);
  stage.dns.records.set(
    "SRV _imaps._tcp.example.org",
    srv("_imaps._tcp.example.org", { target: "srv.example.org", port: 993 }),
  );
  stage.dns.records.set("MX example.org", mx("example.org", mxHost));
}

describe("which answer wins", () => {
  test("the table, of which nobody hears", async () => {
    expect((await detect(addressOf("ada@orange.fr")))?.origin).toBe("table");
    expect(stage.asked).toEqual([]);
    expect(stage.pendingTimers).toBe(0);
  });

  test("each after those that are better known: MX to the table, autoconfig, ISPDB, SRV, other MX, guesses", async () => {
    await answerEverywhere("aspmx.l.google.com");
    const winner = async () => {
      const found = await detect();
      await stage.quiet();
      return [found?.origin, found?.servers[0]?.host, found?.where];
    };
    expect(await winner()).toEqual(["mx", "imap.gmail.com", "MX aspmx.l.google.com"]);
    stage.dns.records.set("MX example.org", mx("example.org", "mx1.mail.ovh.net"));
    const [own, wellKnown, ispdb] = questions.slice(5).map((question) => question.replace("GET ", ""));
    expect(await winner()).toEqual(["autoconfig", "own.example.org", own]);
    stage.dns.records.delete("A autoconfig.example.org");
    expect(await winner()).toEqual(["autoconfig", "well-known.example.org", wellKnown]);
    stage.dns.records.delete("A example.org");
    expect(await winner()).toEqual(["ispdb", "ispdb.example.org", ispdb]);
    stage.dns.records.delete("A autoconfig.thunderbird.net");
    expect(await winner()).toEqual(["srv", "srv.example.org", "SRV _imaps._tcp.example.org"]);
    stage.dns.records.delete("SRV _imaps._tcp.example.org");
    expect(await winner()).toEqual(["mx", "ssl0.ovh.net", "MX mx1.mail.ovh.net"]);
    stage.dns.records.delete("MX example.org");
    expect(await winner()).toEqual(["guess", "imap.example.org", "imap.example.org:993"]);
    stage.dns.records.delete("A imap.example.org");
    expect(await winner()).toEqual([undefined, undefined, undefined]);
    expect(stage.pendingTimers).toBe(0);
  });

  test("the best, not the fastest", async () => {
    await answerEverywhere("mx1.mail.ovh.net");
    // The provider's own answer comes when everybody else's has been here.
    const own = questions[5] ?? "";
    const others = new Set(questions.filter((question) => question !== own));
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    stage.before = async (question) => {
      others.delete(question);
      if (others.size === 0) open();
      if (question === own) await opened;
    };
    expect((await detect())?.servers[0]?.host).toBe("own.example.org");
    expect(others.size).toBe(0);
  });
});

test("everything is asked at once, and for nothing but the domain", async () => {
  await Promise.all(
    ["autoconfig.example.org", "example.org", "autoconfig.thunderbird.net"].map((host) =>
      stage.site(host, () => undefined),
    ),
  );
  // Nobody answers before everybody has been asked.
  const missing = new Set(questions);
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  stage.before = async (question) => {
    missing.delete(question);
    if (missing.size === 0) open();
    if (questions.includes(question)) await opened;
  };
  const news: DetectionNews[] = [];
  expect(await detect(ada, news)).toBeUndefined();
  expect(missing.size).toBe(0);
  const told = (kind: DetectionNews["news"]) => news.filter((one) => one.news === kind).map(({ origin }) => origin);
  const all = ["autoconfig", "autoconfig", "guess", "ispdb", "mx", "srv"];
  expect([told("asked").sort(), told("nothing").sort(), told("gave-up")]).toEqual([all, all, []]);
  expect(stage.asked.filter((asked) => asked.startsWith("GET"))).toHaveLength(3);
});

test("what takes mail for the domain is looked up in the ISPDB, and its hosts are for a person to accept", async () => {
  stage.dns.records.set("MX example.org", mx("example.org", "in.mail.hoster.example", "backup.example.net"));
  await stage.site("autoconfig.thunderbird.net", (path) =>
    path === "/v1.1/hoster.example" ? clientConfig({ host: "imap.hoster.example" }) : undefined,
  );
  expect(await detect()).toMatchObject({
    origin: "mx",
    where: "https://autoconfig.thunderbird.net/v1.1/hoster.example",
    servers: [{ protocol: "imap", host: "imap.hoster.example" }],
    foreignHosts: ["imap.hoster.example"],
  });
  expect(stage.asked.filter((asked) => asked.startsWith("GET")).sort()).toEqual([
    "GET https://autoconfig.thunderbird.net/v1.1/example.org",
    "GET https://autoconfig.thunderbird.net/v1.1/hoster.example",
    "GET https://autoconfig.thunderbird.net/v1.1/mail.hoster.example",
  ]);
});

test("what takes mail within the domain itself says nothing new", async () => {
  stage.dns.records.set("MX example.org", mx("example.org", "mx.in.example.org"));
  await stage.site("autoconfig.thunderbird.net", () => undefined);
  expect(await detect()).toBeUndefined();
  expect(stage.asked.filter((asked) => asked.startsWith("GET"))).toHaveLength(1);
});

test.each([
  ["autoconfig", "imap.elsewhere.example", ["imap.elsewhere.example"]],
  ["autoconfig", "imap.example.org", []],
  ["autoconfig", "ssl0.ovh.net", []],
  ["ispdb", "imap.elsewhere.example", []],
  ["srv", "imap.elsewhere.example", ["imap.elsewhere.example"]],
  ["srv", "imap.notexample.org", ["imap.notexample.org"]],
])("%s that names %s has a person accept %j", async (origin, host, foreign) => {
  if (origin === "srv") {
    const name = "_imaps._tcp.example.org";
    stage.dns.records.set(`SRV ${name}`, srv(name, { target: host, port: 993 }));
  } else {
    const site = origin === "ispdb" ? "autoconfig.thunderbird.net" : "autoconfig.example.org";
    await stage.site(site, () => clientConfig({ host }));
  }
  expect(await detect()).toMatchObject({ origin, foreignHosts: foreign });
});

test("SRV records: TLS from the first octet before STARTTLS, priority before weight, and a dot for what is not offered", async () => {
  const set = (service: string, ...targets: Parameters<typeof srv>[1][]) =>
    stage.dns.records.set(`SRV ${service}._tcp.example.org`, srv(`${service}._tcp.example.org`, ...targets));
  set("_imap", { target: "imap.example.org", port: 143 });
  set(
    "_imaps",
    { target: "second.example.org", port: 993, priority: 10, weight: 60 },
    { target: "third.example.org", port: 993, priority: 20, weight: 100 },
    { target: "First.example.org", port: 9993, priority: 10, weight: 70 },
  );
  set("_pop3s", { target: ".", port: 0 });
  set("_pop3", { target: "pop.example.org", port: 110 });
  const users = ["ada.lovelace@example.org", "ada.lovelace"];
  expect((await detect())?.servers).toEqual([
    { protocol: "imap", host: "first.example.org", port: 9993, tls: "implicit", users },
    { protocol: "imap", host: "second.example.org", port: 993, tls: "implicit", users },
    { protocol: "imap", host: "imap.example.org", port: 143, tls: "starttls", users },
    { protocol: "pop3", host: "pop.example.org", port: 110, tls: "starttls", users },
  ]);
});

test("a domain in another script is asked for as DNS has it", async () => {
  await stage.site("autoconfig.xn--bcher-kva.example", () => clientConfig({ host: "imap.%EMAILDOMAIN%" }));
  expect((await detect(addressOf("ada@bücher.example")))?.servers[0]).toMatchObject({
    host: "imap.xn--bcher-kva.example",
    users: ["ada@xn--bcher-kva.example", "ada"],
  });
});

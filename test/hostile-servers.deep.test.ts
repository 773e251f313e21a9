// Every hostile answer at every stage, over IMAP in both ways of reading, POP3 and an IMAP target: each run of the built
// program ends, in less than 256 MB, with an error or with all other messages in the archive.

import { setTimeout as pause } from "node:timers/promises";
import { constants, deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { at, floods, inMessage, large, lessLarge, letter, literals, stages } from "./support/hostile-cases.ts";
import { expectAnEnd, expectTheOthers, highest, runHostile } from "./support/hostile-runs.ts";
import { giveRows, type Say, startHostileImap, startHostilePop3, uidsIn } from "./support/hostile-servers.ts";
import { swept } from "./support/sweep-counts.ts";

afterAll(() => console.log(`hostile servers: ${highest} MB at most`));

const few = [1, 2, 3].map(letter);
/** From 200 messages on they are read over a connection that does nothing else. */
const many = Array.from({ length: 210 }, (_, index) => letter(index + 1));

/** At each stage; all of them come in place of messages. */
const usual = [...literals.filter(({ what }) => /4294967295|5\+/.test(what)), ...floods];

describe.each(stages)("an IMAP source at %s", (stage, line) => {
  test.each([...usual, ...(stage === "LIST" || stage === "UID FETCH" ? [large] : [])])(
    "sends $what",
    async (payload) => {
      const capabilities = stage === "STATUS" ? "IMAP4rev1 CONDSTORE" : "IMAP4rev1";
      const attack = at(stage, payload, line);
      await using server = await startHostileImap(attack, { messages: few, capabilities });
      const what = `${payload.what} at ${stage}`;
      expectAnEnd(await runHostile({ from: { protocol: "imap", port: server.port }, attempts: 2 }, what), what);
      expect(attack.times, what).toBeGreaterThan(0);
      swept("hostile cases", 1);
    },
  );
});

describe.each([
  ["one after the other", few],
  ["over a connection of its own", many],
])("an IMAP source whose messages are read %s", (_, messages) => {
  test.each([...literals, ...floods, large, lessLarge])("sends $what in one of them", async (payload) => {
    await using server = await startHostileImap(inMessage(payload, messages), { messages });
    const ended = await runHostile({ from: { protocol: "imap", port: server.port } }, payload.what);
    expectTheOthers(ended, messages.length, payload.what);
    swept("hostile cases", 1);
  });

  test("sends a part that never ends", async () => {
    const part = Buffer.alloc(1024 * 1024, "part ");
    await using server = await startHostileImap(
      async ({ name, line, tag }, say) => {
        const [, from] = /BODY\.PEEK\[\]<(\d+)\./.exec(line) ?? [];
        if (name !== "UID FETCH" || from === undefined || !line.startsWith(`${tag} UID FETCH 2 `)) return false;
        await say(`* 2 FETCH (UID 2 BODY[]<${from}> {${part.length}}\r\n`);
        await say(part);
        await say(`)\r\n${tag} OK done\r\n`);
        return true;
      },
      { messages: messages.map((octets, index) => (index === 1 ? Buffer.alloc(5_000_000, "x") : octets)) },
    );
    const ended = await runHostile({ from: { protocol: "imap", port: server.port } }, "parts");
    expectTheOthers(ended, messages.length, "parts");
    swept("hostile cases", 1);
  });
});

describe("an IMAP source that claims", () => {
  test.each(["4294967295", "99999999999999999999", "-1", "10000001"])("%s messages", async (exists) => {
    await using server = await startHostileImap(
      async ({ name }, say) => {
        if (name === "EXAMINE") await say(`* ${exists} EXISTS\r\n`);
        return false;
      },
      { messages: few },
    );
    expectAnEnd(await runHostile({ from: { protocol: "imap", port: server.port } }, exists), exists);
    swept("hostile cases", 1);
  });

  test("a hundred thousand messages, and lists more", async () => {
    await using server = await startHostileImap(
      async ({ name, line, tag }, say) => {
        if (name === "EXAMINE") {
          await say(`* 100000 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 2]\r\n${tag} OK done\r\n`);
          return true;
        }
        if (name !== "UID FETCH" || !line.includes("RFC822.SIZE")) return false;
        for (let uid = 1; ; ) {
          let rows = "";
          for (let row = 0; row < 500; row++, uid++) {
            rows += `* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE "01-Jan-2026 08:00:00 +0000" RFC822.SIZE 10)\r\n`;
          }
          await say(rows);
        }
      },
      { messages: few },
    );
    expectAnEnd(await runHostile({ from: { protocol: "imap", port: server.port } }, "rows"), "rows");
    swept("hostile cases", 1);
  });
});

describe("COMPRESS=DEFLATE, on a link that is slow until it is asked for", () => {
  const packed = (text: string) => {
    const octets = Buffer.from(text.repeat(Math.ceil((4 * 1024 * 1024) / text.length)));
    return deflateRawSync(octets, { finishFlush: constants.Z_SYNC_FLUSH });
  };
  const bombs: readonly [string, readonly string[]][] = [
    ["a line without end", ["x"]],
    ["answers without end", ["* OK go on\r\n"]],
    ["rows without end", [`* 1 FETCH (UID 1 FLAGS () BODY[] {1048576}\r\n${"\0".repeat(1048576)})\r\n`]],
    ["a literal of 1 GB", ["* 1 FETCH (UID 1 FLAGS () BODY[] {1073741824}\r\n", "\0"]],
  ];

  test.each(bombs)("begins with %s", async (what, texts) => {
    const [first = "", ...more] = texts;
    const messages = Array.from({ length: 450 }, (_, n) => Buffer.concat([letter(n), Buffer.alloc(25_000, "slow ")]));
    let exploded = 0;
    const explode = async (say: Say) => {
      exploded++;
      if (more.length > 0) await say(deflateRawSync(first, { finishFlush: constants.Z_SYNC_FLUSH }));
      const bomb = packed(more[0] ?? first);
      for (;;) await say(bomb);
    };
    await using server = await startHostileImap(
      async ({ name, line, tag }, say) => {
        if (name === "COMPRESS") {
          await say(`${tag} OK begin\r\n`);
          await explode(say);
        }
        if (name !== "UID FETCH" || !line.includes("BODY.PEEK[]")) return false;
        const uids = uidsIn(line.split(" ")[3] ?? "", messages.length);
        for (let next = 0; next < uids.length; next += 20) {
          const set = uids.slice(next, next + 20).join(",");
          await giveRows(line.replace(/ FETCH \S+/i, ` FETCH ${set}`), messages, say);
          if (exploded === 0) await pause(200);
        }
        await say(`${tag} OK done\r\n`);
        return true;
      },
      { messages, capabilities: "IMAP4rev1 COMPRESS=DEFLATE" },
    );
    const ended = await runHostile({ from: { protocol: "imap", port: server.port } }, what);
    expect(exploded, what).toBeGreaterThan(0);
    expectAnEnd(ended, what);
    swept("hostile cases", 1);
  });
});

describe("a POP3 source", () => {
  const line = Buffer.from(`${"x".repeat(500)}\r\n`.repeat(128));
  const payloads: readonly [string, (say: Say) => Promise<void>][] = [
    [
      "a line without end",
      async (say) => {
        for (;;) await say(Buffer.alloc(65_536, "x"));
      },
    ],
    [
      "lines without end",
      async (say) => {
        await say("+OK go on\r\n");
        for (;;) await say(line);
      },
    ],
    [
      "listed messages without end",
      async (say) => {
        await say("+OK go on\r\n");
        for (let number = 1; ; ) {
          let text = "";
          for (let n = 0; n < 1000; n++, number++) text += `${number} ${number}\r\n`;
          await say(text);
        }
      },
    ],
    [
      "one message again and again",
      async (say) => {
        await say("+OK go on\r\n");
        for (;;) await say("1 1\r\n".repeat(10_000));
      },
    ],
    [
      "dots without end",
      async (say) => {
        await say("+OK go on\r\n");
        for (;;) await say("..\r\n".repeat(10_000));
      },
    ],
    [
      "NULs without end",
      async (say) => {
        for (;;) await say(Buffer.alloc(65_536));
      },
    ],
  ];
  const commands = ["greeting", "CAPA", "PASS", "STAT", "LIST", "UIDL", "RETR", "QUIT"];

  const cases = commands.flatMap((name) =>
    payloads.slice(0, name === "RETR" ? payloads.length : 4).map(([what, send]) => ({ name, what, send })),
  );
  test.each(cases)("answers $name with $what", async ({ name, what, send }) => {
    await using server = await startHostilePop3(async (command, say) => {
      if (command.name !== name || (name === "RETR" && command.line !== "RETR 2")) return false;
      await send(say);
      return true;
    }, few);
    const ended = await runHostile({ from: { protocol: "pop3", port: server.port } }, `${what} to ${name}`);
    if (name === "RETR" && /without end|again/.test(what) && !/^a line|^NULs/.test(what))
      expectTheOthers(ended, few.length, what);
    else expectAnEnd(ended, `${what} to ${name}`);
    swept("hostile cases", 1);
  });

  test.each(["999999999", "99999999999999999999", "-1", "{5+}", "300000"])(
    "claims %s messages, and lists the longest ids",
    async (count) => {
      await using server = await startHostilePop3(async ({ name }, say) => {
        if (name === "STAT") {
          await say(`+OK ${count} 1\r\n`);
          return true;
        }
        if (name !== "LIST" && name !== "UIDL") return false;
        await say("+OK\r\n");
        const id = name === "LIST" ? "" : "i".repeat(60);
        for (let number = 1; ; ) {
          let text = "";
          for (let n = 0; n < 1000; n++, number++) text += `${number} ${id}${number}\r\n`;
          await say(text);
          if (name === "LIST" && number > 300_000) break;
        }
        await say(".\r\n");
        return true;
      }, few);
      expectAnEnd(await runHostile({ from: { protocol: "pop3", port: server.port } }, count), count);
      swept("hostile cases", 1);
    },
  );
});

const target = [
  ["LOGIN", "* OK [ALERT] wait"],
  ["LIST", '* LIST () "/" box'],
  ["SELECT", "* FLAGS (a)"],
  ["APPEND", "* OK wait"],
] as const;

describe.each([
  ["without literals unasked", "IMAP4rev1 NAMESPACE UIDPLUS", target],
  ["with LITERAL+", "IMAP4rev1 NAMESPACE UIDPLUS LITERAL+ MULTIAPPEND", target.slice(2)],
])("an IMAP target %s", (_, capabilities, places) => {
  const cases = places.flatMap(([stage, line]) =>
    usual.map((payload) => ({ stage, line, payload, what: payload.what })),
  );

  test.each(cases)("sends $what at $stage", async ({ stage, line, payload, what }) => {
    await using source = await startHostileImap(async () => false, { messages: few });
    const attack = at(stage, payload, line);
    await using server = await startHostileImap(attack, { capabilities });
    const ends = { from: { protocol: "imap", port: source.port }, to: server.port, attempts: 2 } as const;
    expectAnEnd(await runHostile(ends, `${what} at ${stage}`), `${what} at ${stage}`);
    expect(attack.times, what).toBeGreaterThan(0);
    swept("hostile cases", 1);
  });
});

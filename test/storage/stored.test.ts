// Reading back from many mailboxes, and from Maildirs in which files come and go.

import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openMboxWriter } from "../../src/sinks/mbox.ts";
import { StoredMailboxes } from "../../src/storage/stored.ts";
import type { StoredMail } from "../../src/storage/stored-mail.ts";
import { openStoredMaildir } from "../../src/storage/stored-maildir.ts";
import { openStoredMbox } from "../../src/storage/stored-mbox.ts";
import { message, openHandles, text } from "../sink-contract.ts";
import { collect } from "../support/chunks.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mailferry-stored-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await expect.poll(() => openHandles(directory) ?? []).toEqual([]);
  rmSync(directory, { recursive: true });
});

describe("many mailboxes", () => {
  const paths = Array.from({ length: 30 }, (_, n) => ({ path: [`Mailbox ${n}`] }));
  const fileOf = ({ path }: { readonly path: readonly string[] }) => join(directory, path.join("/"));

  async function fill() {
    const places = [];
    for (const mailbox of paths) {
      await using writer = await openMboxWriter(fileOf(mailbox));
      for (const key of ["1", "2"]) await writer.append(message(key, text(`${mailbox.path[0]} ${key}`)));
      const { stored } = await writer.commit();
      places.push({ mailbox, places: stored.map(({ place }) => place) });
    }
    return places;
  }

  test("are read in any order, with a few files open at a time", async () => {
    const all = await fill();
    await using stored = new StoredMailboxes((mailbox) => openStoredMbox(fileOf(mailbox)));
    for (const nth of [0, 1]) {
      for (const { mailbox, places } of all) {
        const octets = await collect(stored.read(mailbox, places[nth] ?? {}));
        expect(String(octets)).toBe(String(text(`${mailbox.path[0]} ${nth + 1}`)));
        expect(openHandles(directory)?.length ?? 0).toBeLessThanOrEqual(8);
      }
    }
  });

  test("can be read all at once: none is closed while it is read", async () => {
    const all = await fill();
    await using stored = new StoredMailboxes((mailbox) => openStoredMbox(fileOf(mailbox)));
    const bodies = await Promise.all(
      all.flatMap(({ mailbox, places }) => places.map((place) => collect(stored.read(mailbox, place)))),
    );
    expect(bodies.map(String)).toEqual(
      paths.flatMap(({ path }) => ["1", "2"].map((n) => String(text(`${path} ${n}`)))),
    );
    expect(openHandles(directory)?.length ?? 0).toBeLessThanOrEqual(8);
  });

  test("stay open while a message is being read, however many others are read meanwhile", async () => {
    const large = Buffer.from("a line of text\r\n".repeat(100_000));
    const others = await fill();
    await using writer = await openMboxWriter(join(directory, "large"));
    await writer.append(message("1", large));
    const [there] = (await writer.commit()).stored;
    await using stored = new StoredMailboxes((mailbox) => openStoredMbox(fileOf(mailbox)));
    const chunks: Uint8Array[] = [];
    for await (const chunk of stored.read({ path: ["large"] }, there?.place ?? {})) {
      chunks.push(Buffer.from(chunk));
      for (const { mailbox, places } of chunks.length > 1 ? [] : others) {
        await collect(stored.read(mailbox, places[0] ?? {}));
      }
    }
    expect(chunks.length).toBeGreaterThan(1);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
  });

  test("that is missing is looked for again at the next message", async () => {
    await using stored = new StoredMailboxes((mailbox) => openStoredMbox(fileOf(mailbox)));
    const [mailbox = { path: [] }] = paths;
    const place = { offset: 0, length: 10 };
    await expect(collect(stored.read(mailbox, place))).rejects.toMatchObject({ code: "V901" });
    const [there] = await fill();
    const octets = await collect(stored.read(mailbox, there?.places[0] ?? {}));
    expect(String(octets)).toBe(String(text("Mailbox 0 1")));
  });
});

describe("a Maildir", () => {
  beforeEach(() => {
    for (const name of ["cur", "new"]) mkdirSync(join(directory, name));
  });

  function put(unique: string, folder = "cur"): void {
    writeFileSync(join(directory, folder, `${unique}:2,`), unique);
  }

  async function read(mail: StoredMail, file: string): Promise<string> {
    return String(await collect(mail.read({ file, verbatim: true })));
  }

  const lost = { code: "V901", scope: "message", retry: "later" };

  test("is listed again for a message that came after it was listed", async () => {
    await using mail = openStoredMaildir(directory);
    for (const n of [1, 2, 3, 4, 5]) {
      await expect(read(mail, `m${n}`)).rejects.toMatchObject(lost);
      put(`m${n}`, n % 2 ? "cur" : "new");
      expect(await read(mail, `m${n}`)).toBe(`m${n}`);
    }
  });

  test("that nobody changes is not listed again for each message that is missing", async () => {
    let nowMs = 0;
    vi.spyOn(performance, "now").mockImplementation(() => nowMs);
    await using mail = openStoredMaildir(directory);
    put("one");
    expect(await read(mail, "one")).toBe("one");
    nowMs += 3000;
    await expect(read(mail, "two")).rejects.toMatchObject(lost);

    // A file comes and the folder does not tell: it would be found by a listing, and there is none.
    const { atime, mtime } = statSync(join(directory, "cur"));
    // To the microsecond, so that both times are the same to the nanosecond.
    utimesSync(join(directory, "cur"), atime, mtime);
    await expect(read(mail, "two")).rejects.toMatchObject(lost);
    nowMs += 3000;
    await expect(read(mail, "two")).rejects.toMatchObject(lost);
    put("two");
    utimesSync(join(directory, "cur"), atime, mtime);
    await expect(read(mail, "two")).rejects.toMatchObject(lost);

    put("three");
    expect(await read(mail, "two")).toBe("two");
    expect(await read(mail, "three")).toBe("three");
  });

  test("is listed again as long as two changes may bear the same time", async () => {
    let nowMs = 0;
    vi.spyOn(performance, "now").mockImplementation(() => nowMs);
    const same = new Date(1e12);
    utimesSync(join(directory, "cur"), same, same);
    await using mail = openStoredMaildir(directory);
    for (const n of [1, 2, 3]) {
      await expect(read(mail, `m${n}`)).rejects.toMatchObject(lost);
      put(`m${n}`);
      utimesSync(join(directory, "cur"), same, same);
      expect(await read(mail, `m${n}`)).toBe(`m${n}`);
      nowMs += 500;
    }
  });

  test("that was removed as a whole holds no message any more", async () => {
    put("one");
    await using mail = openStoredMaildir(directory);
    expect(await read(mail, "one")).toBe("one");
    rmSync(join(directory, "cur"), { recursive: true });
    rmSync(join(directory, "new"), { recursive: true });
    await expect(read(mail, "one")).rejects.toMatchObject(lost);
  });

  test("with a name that is no text says that the message is missing, and does not look for ever", async () => {
    const name = Buffer.concat([Buffer.from(`${directory}/cur/one:2,`), Buffer.from([0xff])]);
    writeFileSync(name, "one");
    await using mail = openStoredMaildir(directory);
    await expect(read(mail, "one")).rejects.toMatchObject(lost);
  });
});

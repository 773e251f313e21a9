// The engine's sentences in French: none is forgotten, and nobody's words are touched.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { fillingOf, parseForms } from "../../src/language/sentences/form.ts";
import { parts, whole } from "../../src/language/sentences/tables.ts";
import { translate, translateKnown } from "../../src/language/sentences.ts";
import { type EngineSentence, SentenceFinder } from "../support/engine-sentences.ts";

/** Functions whose result is data, though the engine has them: names and values as they are shown. */
const data = /^(quote|showValue|name|showEntry|ledgerName|shorten|textOf|messageOf|disambiguate|typeOf)$/;

/** Where messages, remedies and reasons are written down. */
const properties = /^(remedy|reason|why|fault|message|what|how|warning|problem|error|doubt|obstacle)$/;
const calls = new Map([
  ["regex", 1],
  ["refine", 1],
  ["min", 1],
  ["max", 1],
  ["spoil", 2],
]);

/** What is found and needs no French, each with the reason. */
const needless: readonly (readonly [reason: string, place: RegExp, form: RegExp])[] = [
  [
    "words for programs: the command line has its own for them",
    /jobs\/(mapping|special-use-homes|target)|schedule\/standing/,
    /^[a-z-]+$/,
  ],
  [
    "a part of sentences that are found whole",
    /jobs\/(private-file|secrets)|packs\/pack-folder|protocol\/pop3-survey/,
    /^[a-z{]/,
  ],
  ["never shown: the caller has its own", /storage\/marker-guess/, /^there is none$/],
  ["listed below, with what can fill it", /jobs\/(hooks|compare\b)/, /^before: |toISOString/],
  ["listed below, with what can fill it", /cli\/job-file/, /^there is no job file: neither/],
  ["nothing fills the gap where the error has no code, and then it is not made", /cli\/errors/, /^too many .* \(\)$/],
  ["what can fill it: test/language/command-sentences.test.ts", /cli\/schedule-plan/, /\{refused\}$/],
  [
    "listed below, with what can fill it",
    /./,
    /\{(fault|survey\.doubt|what|named\.join\(", "\)|other\.toUpperCase\(\)|command|`\$where.*)\}/,
  ],
];

/** What the source can't tell without running it. */
function listedByHand(): string[] {
  const read = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  const diskWords = [
    ...read("storage/disk-error.ts").matchAll(/"[A-Z]+",\s+"D50\d",\s+"(.*?)",\s+("?)(\w.*?)\2,?\s*\]/g),
  ];
  expect(diskWords.length).toBeGreaterThan(14);
  const stopped = ["was not found", "was stopped", "was ended by SIGKILL", "may not be run (EACCES)"].concat([
    "failed with exit code 3",
    "could not be started (EIO)",
    "did not end within 5 s",
  ]);
  const doubts = [
    "3 messages in STAT, 4 in LIST",
    "3 messages in STAT, 4 in LIST, 5 in UIDL",
    "message 7 in UIDL, but not in LIST",
  ];
  const lies = ["mail lies here that its ledger does not know", "copies lie here of what the archive has"].concat(
    "something lies here that is no whole message",
  );
  const bad = ['it answered "x" to STAT', "it claims 9 messages", 'it sent "x" in LIST', 'it sent "x" in UIDL'];
  return [
    // Rows of a table of which a map is made.
    ...diskWords.map(([, words]) => `/mnt/nas, octet 12: ${words} (EXXX)`),
    "there is no job file: neither ./jobs.yaml nor /home/ada/.config/mailferry/jobs.yaml",
    // Handed to a function, or put into a list.
    "2 of its messages are not in its folder any more; verify --repair brings them again",
    "/vault/a.zip is not as it was written; a message that is not named here is intact",
    "the newest report in /mail is not what mailferry wrote (at )",
    "2015-01-31T00:00:00.000Z instead of 2016-01-31T00:00:00.000Z",
    "/mnt/nas: the disk is full (ENOSPC); 1.5 GB are free on it",
    "/mnt/nas: the disk is full (ENOSPC); it takes no more files (its inodes are used up)",
    // A function that is handed on, and whoever calls it.
    ...stopped.flatMap((words) => [
      `before: "mount" ${words}; the job was not run`,
      `after: "mount" ${words}`,
      `onFailure: "mount" ${words}; it said "no: ; such"`,
    ]),
    ...doubts.map((doubt) => `mailbox "INBOX" may have more than what came: ${doubt}`),
    ...bad.map((fault) => `a.example:995 does not follow the POP3 protocol: ${fault}`),
    ...["STAT", "LIST", "UIDL"].map((command) => `a.example:995 refused ${command}: "no"`),
    ...["speaks POP3, not IMAP", "speaks IMAP, not POP3"].map(
      (speaks) => `a.example:993 ${speaks}: it began with "+OK: hello"; no password was sent`,
    ),
    // Lists, cut where they get long.
    ...lies.flatMap((words) => [`${words}: octets 1 to 5`, `${words}: octets 1 to 5, new/x and 3 more`]),
    "/vault: a.zip is empty",
    "older than the newest 7 days and year; a newer pack has its week, month and year",
    "/vault: a.zip is empty, b.zip is not a file",
    "/vault: a.zip is empty, b.zip is not a file, c.zip has 5 octets now and had 7 when it was written (and 2 more)",
  ];
}

describe("the engine's sentences", () => {
  let found: EngineSentence[];
  beforeAll(() => {
    found = new SentenceFinder(data).find(properties, calls);
  });

  test("are found in its source", () => {
    expect(new Set(found.map(({ sample }) => sample)).size).toBeGreaterThan(400);
    const forms = found.map(({ form }) => form);
    expect(forms).toContain("the daily limit of {formatSize(limit)} for {account} is used up");
    expect(forms).toContain("must not be empty");
    expect(forms).toContain("the environment variable {quote(ref.env)} is not set; no log-in was tried");
  });

  test("all have a French form", () => {
    const english = found.filter(({ form, place, sample }) => {
      if (needless.some(([, where, which]) => where.test(place) && which.test(form))) return false;
      return translateKnown(sample, "fr") === undefined;
    });
    expect([...new Set(english.map(({ place, form }) => `${place}  ${form}`))]).toEqual([]);
    expect(listedByHand().filter((sentence) => translateKnown(sentence, "fr") === undefined)).toEqual([]);
  });

  test("that need no French are still there", () => {
    const idle = needless.filter(
      ([, where, which]) => !found.some(({ form, place }) => where.test(place) && which.test(form)),
    );
    expect(idle).toEqual([]);
  });

  test("stay as they are in English", () => {
    for (const { sample } of found) expect(translate(sample, "en")).toBe(sample);
  });
});

const say = (sentence: string) => translate(sentence, "fr").replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("a translated sentence", () => {
  test("keeps a server's words, names and paths as they are", () => {
    expect(
      say('imap.example.org refused the log-in for ada@example.org: "[AUTH] it is not there; no log-in was tried"'),
    ).toBe('imap.example.org a refusé la connexion de ada@example.org : "[AUTH] it is not there; no log-in was tried"');
    expect(say("/mnt/it's full!/a: b: the disk is full (ENOSPC); 1.5 GB are free on it")).toBe(
      "/mnt/it's full!/a: b : le disque est plein (ENOSPC) ; 1,5 Go y sont libres",
    );
    expect(say('"mbxo" is not one of mbox, maildir')).toBe('"mbxo" n’est pas l’une de ces valeurs : mbox, maildir');
    expect(say('"l\'été" is not a name')).toBe('"l\'été" n’est pas un nom');
  });

  test("has its sentences within in French, too", () => {
    expect(say('the password file "p" can\'t be read (ENOENT); no log-in was tried')).toBe(
      'le fichier de mot de passe "p" est illisible (ENOENT) ; aucune connexion n’a été tentée',
    );
    expect(say("this run could not be recorded: /a/b: permission denied (EACCES)")).toBe(
      "cette exécution n’a pas pu être notée : /a/b : accès refusé (EACCES)",
    );
    expect(
      say("the connection to a.example:993 was lost: the server closed it; 12,044 messages are still to come"),
    ).toBe("la connexion à a.example:993 a été perdue : le serveur l’a fermée ; 12 044 messages sont encore à venir");
  });

  test("is set as French is: no-break spaces before high punctuation, in what mailferry says alone", () => {
    expect(translate('a:1 closed the connection: "no : way !"', "fr")).toBe(
      'a:1 a fermé la connexion\u00a0: "no : way !"',
    );
  });

  test("counts days and months in French", () => {
    expect(say("older than the newest pack, 7 days and 12 months; a newer pack has its week and year")).toBe(
      "au-delà des plus récents : paquet, 7 jours et 12 mois ; un paquet plus récent a déjà : semaine et année",
    );
  });

  test("stays English where nobody knows it", () => {
    for (const sentence of ["", "Mercury is in retrograde.", "x".repeat(100_000)]) {
      expect(translate(sentence, "fr")).toBe(sentence);
    }
  });

  test("has every gap of its English one filled, and its forms name tables that are there", () => {
    const forms = whole.flatMap((table) => parseForms(table, parts));
    expect(forms.length).toBeGreaterThan(600);
    for (const { literals, gaps, french } of forms) {
      const text = literals.map((literal, index) => literal + (index < gaps.length ? `<${index}>` : "")).join("");
      expect(fillingOf({ literals, gaps, french, weight: 0 }, text)).toHaveLength(gaps.length);
      for (const { name } of gaps) expect(french).toContain(`{${name}}`);
      expect(french).not.toMatch(/\{\w+:/);
    }
    const named = whole.concat(Object.values(parts)).flatMap((table) => [
      ...Object.keys(table)
        .join()
        .matchAll(/\{\w+:(\w+)\}/g),
    ]);
    for (const [, table = ""] of named)
      expect([...Object.keys(parts), "any", "size", "count", "periods"]).toContain(table);
  });

  test("comes at once, whatever a server says; a matcher that goes back would not end in time", () => {
    const seeds = [
      "; no log-in was tried",
      ": it broke off after 1 octets: ",
      " is not one of ",
      "{x}{y:any}",
      "$&$1 : ",
      ": a is empty, ",
    ];
    for (const seed of seeds)
      for (const size of [100, 8_000, 1_000_000]) say(seed.repeat(Math.ceil(size / seed.length)));
    for (const seed of seeds)
      expect(say(`a:1 closed the connection: ${seed}`)).toBe(`a:1 a fermé la connexion : ${seed}`);
  });
});

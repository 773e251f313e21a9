import { createReadStream } from "node:fs";
import { join } from "node:path";
import { MailferryError } from "../errors.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { convertStream, lfToCrlf } from "../formats/octets.ts";
import { printable } from "../formats/printable.ts";
import { codeOf, diskError, listDirectory } from "../storage/durable.ts";
import type { StoredMail } from "./stored.ts";

/** Reads messages back from a Maildir by the places that the Maildir sink gave, whatever a mail reader made of their flags since. */
export function openStoredMaildir(directory: string): StoredMail {
  let paths: Promise<Map<string, string>> | undefined;
  return {
    async *read({ file, verbatim }) {
      paths ??= readPaths(directory);
      const path = (await paths).get(String(file));
      if (path === undefined) throw lost(`${join(directory, "cur", String(file))} is missing`);
      const stream = readFile(path);
      yield* verbatim === true ? stream : convertStream(stream, lfToCrlf());
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function readPaths(directory: string): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const folder of ["cur", "new"]) {
    for (const name of await listDirectory(join(directory, folder))) {
      paths.set(parseUniqueName(name).unique, join(directory, folder, name));
    }
  }
  return paths;
}

async function* readFile(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw lost(`${path} is missing`);
    throw diskError(error, path);
  }
}

function lost(what: string): MailferryError {
  return new MailferryError("V901", printable(what), { scope: "message", retry: "never" });
}

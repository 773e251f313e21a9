import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, MailferryError } from "../errors.ts";
import { parseUniqueName } from "../formats/maildir.ts";
import { convertStream, lfToCrlf } from "../formats/octets.ts";
import { printable } from "../formats/printable.ts";
import { diskError } from "../storage/disk-error.ts";
import { listDirectory } from "../storage/durable.ts";
import type { StoredMail } from "./stored.ts";

/** Reads messages back from a Maildir by the places that the Maildir sink gave, whatever a mail reader made of their flags since. */
export function openStoredMaildir(directory: string): StoredMail {
  let paths: Promise<Map<string, string>> | undefined;

  async function openFile(file: string): Promise<{ handle: FileHandle; path: string }> {
    paths ??= readPaths(directory);
    for (;;) {
      const listing: Promise<Map<string, string>> = paths;
      const path = (await listing).get(file);
      if (path === undefined) throw lost(`${join(directory, "cur", file)} is missing`);
      try {
        return { handle: await open(path), path };
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw diskError(error, path);
        // Listed, but gone: a mail reader has given it other flags since, which is another name.
        if (paths === listing) paths = readPaths(directory);
      }
    }
  }

  return {
    async *read({ file, verbatim }) {
      const { handle, path } = await openFile(String(file));
      const stream = readFile(handle, path);
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

async function* readFile(handle: FileHandle, path: string): AsyncIterable<Uint8Array> {
  try {
    yield* handle.createReadStream() as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw diskError(error, path);
  }
}

function lost(what: string): MailferryError {
  return new MailferryError("V901", printable(what), { scope: "message", retry: "never" });
}

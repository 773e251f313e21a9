// The certificate authorities that a job file names, read when it is loaded, so that a wrong path is a mistake of the file.

import { readFile } from "node:fs/promises";
import { type CheckedText, toMistake } from "./check.ts";
import { JobFileError, type Mistake, type Path, quote } from "./mistakes.ts";
import { resolvePath } from "./places.ts";

/** A `tlsCa` and its place in the file. */
export interface NamedCertificate {
  readonly path: Path;
  readonly tlsCa: string;
}

/** The PEM texts, in that order. Rejects with a JobFileError that has all that is wrong with them. */
export async function readCertificates(
  { yaml }: CheckedText,
  named: readonly NamedCertificate[],
  file: string,
  baseDir: string,
): Promise<readonly string[]> {
  const mistakes: Mistake[] = [];
  const texts: string[] = [];
  for (const { path, tlsCa } of named) {
    const wrong = (message: string) => mistakes.push(toMistake({ path, message, ...yaml.locate(path, "value") }, yaml));
    try {
      const pem = await readFile(resolvePath(baseDir, tlsCa), "utf8");
      if (!pem.includes("-----BEGIN CERTIFICATE-----")) wrong(`${quote(tlsCa)} has no certificate in PEM form`);
      texts.push(pem);
    } catch (error) {
      wrong(
        `${quote(tlsCa)} can't be read (${error instanceof Error && "code" in error ? error.code : "unknown reason"})`,
      );
    }
  }
  if (mistakes.length > 0) throw new JobFileError(file, mistakes);
  return texts;
}

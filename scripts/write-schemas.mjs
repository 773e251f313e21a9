// Writes schemas/*.schema.json, of what --json and --events print, from the types in src/cli/documents.ts.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** By the name of the type; texts with their line end. */
export function schemas() {
  const generator = createGenerator({
    path: at("src/cli/documents.ts"),
    tsconfig: at("tsconfig.build.json"),
    // `npm run typecheck` does that.
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: false,
  });
  return ["CommandDocument", "EventLine"].map((type) => `${JSON.stringify(generator.createSchema(type), null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [document, events] = schemas();
  await mkdir(at("schemas"), { recursive: true });
  await writeFile(at("schemas/json.schema.json"), document);
  await writeFile(at("schemas/events.schema.json"), events);
}

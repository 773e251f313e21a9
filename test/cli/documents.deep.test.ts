// The schemas in the repository are those of the types: to make them takes the type checker some seconds.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const file = (name: string) => new URL(`../../${name}`, import.meta.url);

test("the schemas are made from the types as they are now (npm run schemas)", async () => {
  const { schemas } = (await import(file("scripts/write-schemas.mjs").href)) as { schemas(): string[] };
  const [documents, events] = schemas();
  expect(readFileSync(file("schemas/json.schema.json"), "utf8")).toBe(documents);
  expect(readFileSync(file("schemas/events.schema.json"), "utf8")).toBe(events);
});

// Writes mailferry.schema.json, the job file's schema for editors, from the build.

import { writeFile } from "node:fs/promises";
import { jobFileJsonSchema } from "../dist/jobs/schema.js";

const schema = `${JSON.stringify(jobFileJsonSchema(), null, 2)}\n`;
await writeFile(new URL("../mailferry.schema.json", import.meta.url), schema);

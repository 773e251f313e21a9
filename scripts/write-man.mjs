// Writes man/mailferry.1 and man/fr/mailferry.1 from the definitions of the commands and their texts, from the build.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { manPage } from "../dist/cli/man/page.js";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

await mkdir(at("man/fr"), { recursive: true });
await writeFile(at("man/mailferry.1"), manPage("en"));
await writeFile(at("man/fr/mailferry.1"), manPage("fr"));

// Packs an archive and kills itself, with SIGKILL, at a chosen step; prints the number of steps if it lives to the end.
//   node pack-child.mjs '{"at": 7, "everywhere": false, "archive": "…", "to": "…", "as": "zip"}'

import { crashAt } from "./crash-at.mjs";

const { at, everywhere, archive, to, as } = JSON.parse(process.argv[2]);
const { writePack } = await import("../../dist/packs/write-pack.js");

const disk = crashAt({
  at,
  everywhere,
  die() {
    process.kill(process.pid, "SIGKILL");
    // Another thread may take the signal: nothing more may happen on this one.
    for (;;);
  },
});
await writePack({ archive, to, as, signal: new AbortController().signal });
process.stdout.write(String(disk.steps));
process.exit(0);

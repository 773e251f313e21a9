// Many jobs in one run: a thousand a night must not knock at a server all at once.

import { connect, createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type ImapServer, startImapServer } from "../../src/demo/imap-server.ts";
import { createMailStore } from "../../src/demo/mail-store.ts";
import { runJobs } from "../../src/index.ts";
import { accountOn, jobTo, temporaryFolder } from "../support/jobs.ts";
import { deliver } from "../support/moves.ts";

const closing: (ImapServer | Server)[] = [];
afterEach(() => {
  for (const server of closing.splice(0)) server.close();
});

it("no more jobs of one host are under way than its accounts may have connections", async () => {
  const store = createMailStore("ada", "secret");
  deliver(store, ["INBOX"], "a");
  const server = await startImapServer({ store });
  let open = 0;
  let most = 0;
  let all = 0;
  const door = createServer((client) => {
    all += 1;
    open += 1;
    most = Math.max(most, open);
    const upstream = connect(server.port, server.host);
    client.pipe(upstream).pipe(client);
    client.once("close", () => {
      open -= 1;
      upstream.destroy();
    });
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  closing.push(server, door);
  const address = door.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const account = accountOn({ ...store, protocol: "imap", port }, { connections: 3 });
  const archives = temporaryFolder();
  const jobs = Array.from({ length: 30 }, (_, n) => jobTo(`${archives}/${n}`, "mbox", account, { name: `job ${n}` }));
  const { verdict } = await runJobs(jobs, { concurrency: 8 });
  expect(verdict).toBe("safe");
  expect(all).toBe(30);
  // One that is being closed may still be there when the next is opened.
  expect(most).toBeLessThanOrEqual(6);
});

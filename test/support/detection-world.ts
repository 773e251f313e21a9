// A world on loopback for detection: a real DNS server, real HTTPS and mail servers under an authority of its own, and a
// clock that stands until a test lets time pass. All that comes in anywhere is kept.

import { promises as dns } from "node:dns";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect, createServer, type LookupFunction, type Server, type Socket } from "node:net";
import type { World } from "../../src/detect/world.ts";
import { makeCertificate, makeSignedCertificate, type TestCertificate } from "./certificates.ts";
import { a, type DnsStage, startDns } from "./dns-server.ts";
import { type OverhearingOptions, startOverhearing } from "./overhearing-server.ts";

/** What a web site says at a path: an XML document, a whole answer, or nothing ever. */
export type Page =
  | string
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | "silence"
  | undefined;

export interface DetectionWorld extends AsyncDisposable {
  readonly world: World;
  readonly dns: DnsStage;
  /** What was asked of DNS and web sites, and which ports were connected to, in the order in which it arrived. */
  readonly asked: string[];
  /** Makes the host resolve, with a web site on its port 443. */
  site(host: string, page: (path: string) => Page, certificate?: TestCertificate): Promise<void>;
  /** Makes the host resolve, with a mail server on the port. Its certificate is for the host unless another is given. */
  mail(host: string, port: number, options: OverhearingOptions): Promise<void>;
  /** Makes the host resolve, with somebody on the port who accepts, and then says nothing or hangs up. */
  dead(host: string, port: number, how: "silence" | "drop"): Promise<void>;
  /** Signed by the authority that this world trusts. */
  certificate(...names: readonly string[]): Promise<TestCertificate>;
  /** Called before each answer of DNS and of web sites. */
  before: (question: string) => Promise<void>;
  /** Resolves when so many timers are set. */
  timers(count: number): Promise<void>;
  pass(ms: number): void;
  readonly pendingTimers: number;
  /** Questions to DNS that are still waited for. */
  readonly pendingNames: number;
  /** Resolves when no connection is open. */
  quiet(): Promise<void>;
  /** All octets that came in anywhere, on the wire and inside TLS, one character each. */
  heard(): string;
}

/** Made once for all worlds of a test file: keys take their time. */
const authority = makeCertificate("A Test Authority");
const signed = new Map<string, Promise<TestCertificate>>();

async function certificateFor(...hosts: readonly string[]): Promise<TestCertificate> {
  const key = hosts.join(" ");
  const made = signed.get(key) ?? authority.then((by) => makeSignedCertificate(by, ...hosts));
  signed.set(key, made);
  return made;
}

export async function openWorld(): Promise<DetectionWorld> {
  const { cert: tlsCa } = await authority;
  const names = await startDns();
  const ports = new Map<string, number>();
  const closers: (() => PromiseLike<unknown>)[] = [];
  const heard: (() => string)[] = [names.heard];
  const sockets = new Set<Socket>();
  const alarms = new Map<object, { readonly at: number; readonly ring: () => void }>();
  const waiting = new Set<() => void>();
  let now = 0;
  let pendingNames = 0;
  const changed = () => {
    for (const look of waiting) look();
  };
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });

  const resolver = () => {
    const real = new dns.Resolver({ timeout: 60_000, tries: 1 });
    real.setServers([`127.0.0.1:${names.port}`]);
    return real;
  };
  const counted = async <T>(question: Promise<T>): Promise<T> => {
    pendingNames += 1;
    try {
      return await question;
    } finally {
      pendingNames -= 1;
      changed();
    }
  };
  const addresses = resolver();
  closers.push(async () => addresses.cancel());
  const lookup: LookupFunction = (host, options, callback) => {
    addresses.resolve4(host).then(
      ([address = ""]) => {
        if (options.all === true) callback(null, [{ address, family: 4 }]);
        else callback(null, address, 4);
      },
      (error: NodeJS.ErrnoException) => callback(Object.assign(error, { code: "ENOTFOUND" }), "", 4),
    );
  };
  names.before = async (question) => {
    stage.asked.push(question);
    await stage.before(question);
  };

  /** Everybody who connects to a host's port passes here. */
  const front = async (host: string, port: number, serve: (client: Socket) => void) => {
    names.records.set(`A ${host}`, a(host));
    let octets = "";
    heard.push(() => octets);
    const server = createServer((client) => {
      stage.asked.push(`${host}:${port}`);
      sockets.add(client);
      client.on("error", () => client.destroy());
      client.once("close", () => {
        sockets.delete(client);
        changed();
      });
      client.on("data", (chunk) => {
        octets += chunk.toString("latin1");
      });
      serve(client);
    });
    ports.set(`${host}:${port}`, await listen(server));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
  };
  const relay = (innerPort: number) => (client: Socket) => {
    const inner = connect(innerPort, "127.0.0.1");
    inner.on("error", () => client.destroy());
    inner.once("close", () => client.destroySoon());
    client.once("close", () => inner.destroy());
    client.pipe(inner).pipe(client);
  };

  const stage: DetectionWorld = {
    world: {
      resolver: () => {
        const real = resolver();
        return {
          resolveSrv: (name) => counted(real.resolveSrv(name)),
          resolveMx: (name) => counted(real.resolveMx(name)),
          cancel: () => real.cancel(),
        };
      },
      // Nobody listens at port 1.
      way: (host, port) => ({ host, port: ports.get(`${host}:${port}`) ?? 1, lookup }),
      after(ms, ring) {
        const alarm = {};
        alarms.set(alarm, { at: now + ms, ring });
        changed();
        return () => alarms.delete(alarm);
      },
      tlsCa,
    },
    dns: names,
    asked: [],
    before: async () => {},
    certificate: certificateFor,
    async site(host, page, certificate) {
      let inside = "";
      heard.push(() => inside);
      const { key, cert } = certificate ?? (await stage.certificate(host));
      const server = createHttps({ key, cert }, async (request, response) => {
        const { method, url = "", rawHeaders } = request;
        inside += [method, url, ...rawHeaders].join("\n");
        const question = `${method} https://${host}${url}`;
        stage.asked.push(question);
        await stage.before(question);
        answer(request, response, page(url));
      });
      server.on("tlsClientError", () => {});
      await front(host, 443, relay(await listen(server)));
      closers.push(() => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      });
    },
    async mail(host, port, options) {
      const server = await startOverhearing({ certificate: await stage.certificate(host), ...options });
      heard.push(server.inside);
      closers.push(() => server[Symbol.asyncDispose]());
      await front(host, port, relay(server.port));
    },
    dead: (host, port, how) => front(host, port, (client) => (how === "drop" ? client.destroy() : undefined)),
    timers: (count) => until(() => alarms.size >= count),
    pass(ms) {
      now += ms;
      for (const [alarm, { at, ring }] of alarms) {
        if (at > now) continue;
        alarms.delete(alarm);
        ring();
      }
    },
    get pendingTimers() {
      return alarms.size;
    },
    get pendingNames() {
      return pendingNames;
    },
    quiet: () => until(() => sockets.size === 0 && pendingNames === 0),
    heard: () => heard.map((octets) => octets()).join("\n"),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(closers.map((close) => close()));
      await names[Symbol.asyncDispose]();
    },
  };
  return stage;
}

function answer(request: IncomingMessage, response: ServerResponse, page: Page): void {
  request.resume();
  if (page === "silence") return;
  const {
    status = 200,
    headers = {},
    body = "",
  } = page === undefined ? { status: 404 } : typeof page === "string" ? { body: page } : page;
  response.writeHead(status, { "Content-Type": "text/xml", ...headers });
  response.end(body);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A clientConfig with these servers, as providers write it. */
export function clientConfig(...servers: readonly ConfigServer[]): string {
  const written = servers.map(
    ({ type = "imap", host, port = 993, socket = "SSL", user = "%EMAILADDRESS%", auth = ["password-cleartext"] }) =>
      `<incomingServer type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType>` +
      `<username>${user}</username>${auth.map((way) => `<authentication>${way}</authentication>`).join("")}</incomingServer>`,
  );
  return `<?xml version="1.0"?>\n<clientConfig version="1.1"><emailProvider id="x"><domain>x</domain>${written.join("")}</emailProvider></clientConfig>`;
}

export interface ConfigServer {
  readonly type?: string;
  readonly host: string;
  readonly port?: number | string;
  readonly socket?: string;
  readonly user?: string;
  readonly auth?: readonly string[];
}

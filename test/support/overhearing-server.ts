// A mail server of a few lines, honest or not, that keeps every octet it gets: as it is on the wire, and as it is inside TLS.

import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type SecureVersion, TLSSocket } from "node:tls";

/** What a line is answered with, and what the server does then. `reply` is sent as it is, in one piece. */
export type Answer =
  | string
  | {
      readonly reply: string;
      readonly next?: "handshake" | "close" | "deafness" | undefined;
      readonly late?: string | undefined;
    };

export interface OverhearingOptions {
  readonly protocol: "imap" | "pop3";
  /** TLS from the first octet, after STARTTLS or STLS, or not at all. */
  readonly tls: "implicit" | "upgrade" | "none";
  readonly certificate?: { readonly key: string; readonly cert: string } | undefined;
  readonly newestTls?: SecureVersion | undefined;
  /** With its line end. */
  readonly greeting?: string | undefined;
  /** IMAP: the list of CAPABILITY. POP3: the lines of CAPA. Before and after the handshake. */
  readonly offers?: { readonly clear?: readonly string[]; readonly inside?: readonly string[] } | undefined;
  /** Asked for each line first. The tag of IMAP stands before the command in both. Undefined: as usual. */
  readonly answer?: ((line: string, isEncrypted: boolean) => Answer | undefined) | undefined;
}

export interface OverhearingServer extends AsyncDisposable {
  readonly port: number;
  /** All octets of all connections as they came, TLS records and all, one character each. */
  wire(): string;
  /** What was inside TLS, alike. */
  inside(): string;
  connections(): number;
}

export async function startOverhearing(options: OverhearingOptions): Promise<OverhearingServer> {
  let wire = "";
  let inside = "";
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  };
  const inner = createServer((socket) => {
    keep(socket);
    converse(socket, options, (octets) => {
      inside += octets.toString("latin1");
    });
  });
  const innerPort = await listen(inner);
  let connections = 0;
  const outer = createServer((client) => {
    connections += 1;
    const server = connect(innerPort, "127.0.0.1");
    keep(client);
    keep(server);
    client.on("data", (octets) => {
      wire += octets.toString("latin1");
    });
    client.pipe(server).pipe(client);
    client.once("close", () => server.destroy());
    server.once("close", () => client.destroySoon());
  });
  return {
    port: await listen(outer),
    wire: () => wire,
    inside: () => inside,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([outer, inner].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function converse(raw: Socket, options: OverhearingOptions, hear: (octets: Buffer) => void): void {
  const { protocol, tls, certificate, newestTls, answer } = options;
  const say = protocol === "imap" ? imapAnswers(options) : pop3Answers(options);
  let stream: Socket = raw;
  let rest = "";

  const secure = () => {
    if (certificate === undefined) throw new Error("there is no certificate");
    raw.removeAllListeners("data");
    const old = { minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
    stream = new TLSSocket(raw, {
      isServer: true,
      ...certificate,
      ...(newestTls === undefined ? {} : { ...old, maxVersion: newestTls }),
    });
    // The alert goes out first.
    stream.on("error", () => raw.destroySoon());
    rest = "";
    stream.on("data", (octets: Buffer) => {
      hear(octets);
      onData(octets);
    });
  };
  const onData = (octets: Buffer) => {
    rest += octets.toString("latin1");
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end).replace(/\r$/, "");
      rest = rest.slice(end + 1);
      const isEncrypted = stream !== raw;
      const said = answer?.(line, isEncrypted) ?? say(line, isEncrypted);
      const { reply, next, late } = typeof said === "string" ? { reply: said } : said;
      if (reply !== "") stream.write(reply, "latin1");
      if (late !== undefined) setImmediate(() => raw.write(late, "latin1"));
      if (next === "handshake") return secure();
      if (next === "deafness") return void raw.removeAllListeners("data").resume();
      if (next === "close") return void stream.end();
    }
  };
  if (tls === "implicit") secure();
  else raw.on("data", onData);
  stream.write(options.greeting ?? (protocol === "imap" ? "* OK ready\r\n" : "+OK ready\r\n"), "latin1");
}

type Conversation = (line: string, isEncrypted: boolean) => Answer;

function imapAnswers({ tls, offers }: OverhearingOptions): Conversation {
  const inside = offers?.inside ?? ["IMAP4rev1", "AUTH=PLAIN", "SASL-IR"];
  const clear = offers?.clear ?? (tls === "upgrade" ? ["IMAP4rev1", "STARTTLS", "LOGINDISABLED"] : inside);
  /** Of the AUTHENTICATE that waits, and what the server still asks. */
  let waiting: { readonly tag: string; readonly prompts: string[] } | undefined;
  return (line, isEncrypted) => {
    if (waiting !== undefined) {
      const prompt = waiting.prompts.shift();
      const { tag } = waiting;
      if (prompt !== undefined) return `+ ${prompt}\r\n`;
      waiting = undefined;
      return `${tag} OK granted\r\n`;
    }
    const [tag = "*", verb = "", mechanism = "", initial] = line.split(" ");
    const ok = `${tag} OK done\r\n`;
    switch (verb.toUpperCase()) {
      case "CAPABILITY":
        return `* CAPABILITY ${(isEncrypted ? inside : clear).join(" ")}\r\n${ok}`;
      case "STARTTLS":
        return { reply: ok, next: "handshake" };
      case "AUTHENTICATE":
        if (initial !== undefined) return ok;
        waiting = { tag, prompts: mechanism === "LOGIN" ? [encode("Password:")] : [] };
        return `+ ${mechanism === "LOGIN" ? encode("Username:") : ""}\r\n`;
      case "LOGOUT":
        return { reply: `* BYE\r\n${ok}`, next: "close" };
      default:
        return ok;
    }
  };
}

function pop3Answers({ tls, offers }: OverhearingOptions): Conversation {
  const inside = offers?.inside ?? ["USER", "UIDL", "SASL PLAIN"];
  const clear = offers?.clear ?? (tls === "upgrade" ? ["STLS", "UIDL"] : inside);
  return (line, isEncrypted) => {
    const [verb = "", argument] = line.split(" ");
    switch (verb.toUpperCase()) {
      case "CAPA":
        return `+OK\r\n${(isEncrypted ? inside : clear).map((each) => `${each}\r\n`).join("")}.\r\n`;
      case "STLS":
        return { reply: "+OK go\r\n", next: "handshake" };
      case "AUTH":
        return argument === undefined ? "-ERR\r\n" : "+ \r\n";
      case "STAT":
        return "+OK 0 0\r\n";
      case "LIST":
      case "UIDL":
        return "+OK\r\n.\r\n";
      case "QUIT":
        return { reply: "+OK\r\n", next: "close" };
      default:
        return "+OK\r\n";
    }
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

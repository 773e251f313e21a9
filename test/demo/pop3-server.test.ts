import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { addMessage, createMailStore, findMailbox, type MailStore } from "../../src/demo/mail-store.ts";
import { dotStuffed, type Pop3Server, type Pop3ServerOptions, startPop3Server } from "../../src/demo/pop3-server.ts";
import { makeCertificate } from "../support/certificates.ts";

const servers: Pop3Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: Partial<Pop3ServerOptions> = {}, ...messages: readonly string[]): Promise<Pop3Server> {
  const store: MailStore = createMailStore("ada", "pass word");
  const inbox = findMailbox(store, ["INBOX"]) ?? expect.fail("no INBOX");
  for (const message of messages) addMessage(inbox, Buffer.from(message, "latin1"));
  const server = await startPop3Server({ store, ...options });
  servers.push(server);
  return server;
}

/** All the server says to these commands, sent in one go, up to the end of the connection. */
async function talk(server: Pop3Server, ...commands: readonly string[]): Promise<string> {
  return await heard(connect(server.port, server.host), commands);
}

async function heard(socket: Socket, commands: readonly string[]): Promise<string> {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  for (const command of commands) socket.write(`${command}\r\n`);
  await once(socket, "close");
  return text;
}

const logIn = ["USER ada", "PASS pass word"];

describe("the demo's POP3 server", () => {
  test("answers as RFC 1939 and RFC 2449 have it", async () => {
    const server = await serve({}, "A\r\n", "B\r\n\r\n.b\r\n");
    const uidls = ["STAT", "LIST", "LIST 2", "UIDL 1", "RETR 2", "RETR 3", "DELE 1", "QUIT"];
    expect(await talk(server, "CAPA", ...logIn, ...uidls)).toBe(
      [
        "+OK POP3 ready",
        "+OK capabilities",
        ...["USER", "UIDL", "PIPELINING", "SASL PLAIN", "."],
        "+OK and the password?",
        "+OK logged in",
        "+OK 2 12",
        ...["+OK 2 messages", "1 3", "2 9", "."],
        "+OK 2 9",
        `+OK 1 ${/^\+OK 1 (\S+)$/m.exec(await talk(server, ...logIn, "UIDL 1", "QUIT"))?.[1]}`,
        ...["+OK 9 octets", "B", "", "..b", "."],
        "-ERR no such message",
        "-ERR this server deletes nothing",
        "+OK bye",
        "",
      ].join("\r\n"),
    );
  });

  test("refuses a wrong password and keeps right and wrong ones out of its log", async () => {
    const server = await serve();
    expect(await talk(server, "USER ada", "PASS wrong", "STAT", "QUIT")).toContain(
      "-ERR [AUTH] Authentication failed\r\n-ERR log in first\r\n",
    );
    const response = Buffer.from("\0ada\0pass word").toString("base64");
    expect(await talk(server, "AUTH PLAIN", response, "QUIT")).toContain("+OK logged in");
    expect(await talk(server, `AUTH PLAIN ${response}`, "QUIT")).toContain("+OK logged in");
    expect(server.log).toEqual([
      ...["USER ada", "PASS ***", "STAT", "QUIT"],
      ...["AUTH PLAIN", "***", "QUIT"],
      ...["AUTH PLAIN ***", "QUIT"],
    ]);
    expect(server.connections()).toBe(3);
  });

  test("adds the CRLF that a message lacks, and stuffs dots at line starts only", () => {
    const stuffed = (text: string): string => dotStuffed(Buffer.from(text, "latin1")).toString("latin1");
    expect(stuffed("")).toBe(".\r\n");
    expect(stuffed("a")).toBe("a\r\n.\r\n");
    expect(stuffed(".\r\n")).toBe("..\r\n.\r\n");
    expect(stuffed(".\r\n.")).toBe("..\r\n..\r\n.\r\n");
    expect(stuffed("a\r")).toBe("a\r\r\n.\r\n");
    expect(stuffed("a\n.b\r.c\xff\0.\r\n..d\r\n")).toBe("a\n.b\r.c\xff\0.\r\n...d\r\n.\r\n");
  });

  test("without pipelining throws away what comes too early", async () => {
    const server = await serve({ capabilities: { pipelining: false } });
    const socket = connect(server.port, server.host);
    await once(socket, "readable");
    const said = heard(socket, []);
    socket.write("CAPA\r\nSTAT\r\nSTAT\r\n");
    while (!server.log.includes("CAPA")) await new Promise((resolve) => setImmediate(resolve));
    socket.end("QUIT\r\n");
    expect(await said).not.toContain("-ERR");
    expect(server.log).toEqual(["CAPA", "QUIT"]);
  });

  test("cuts where it is told to, once if it is told so", async () => {
    const server = await serve({ script: { cutAfterOctets: 7, cutOnce: true, split: 3 } });
    expect(await talk(server, "QUIT")).toBe("+OK POP");
    expect(await talk(server, "QUIT")).toBe("+OK POP3 ready\r\n+OK bye\r\n");
  });

  test("counts the octets of messages that it sends", async () => {
    const server = await serve({}, "A\r\n", ".\r\n");
    await talk(server, ...logIn, "LIST", "RETR 1", "RETR 2", "QUIT");
    expect(server.messageOctetsSent()).toBe("A\r\n.\r\n".length + "..\r\n.\r\n".length);
  });

  test("falls silent where it is told to, and takes another script on the way", async () => {
    const server = await serve({ script: { stallAfterOctets: 5 } }, "A\r\n");
    const stalled = connect(server.port, server.host);
    expect(String((await once(stalled, "data"))[0])).toBe("+OK P");
    stalled.end("QUIT\r\n");
    await once(stalled, "close");
    expect(server.octetsSent()).toBe(5);
    server.script = { greeting: "+OK hi\r\n", listedOctets: () => 7 };
    expect(await talk(server, ...logIn, "LIST 1", "QUIT")).toMatch(/^\+OK hi\r\n.*\+OK 1 7\r\n\+OK bye\r\n$/s);
  });

  test("ends a connection that sends an endless line, and forgets closed ones", async () => {
    const server = await serve();
    const socket = connect(server.port, server.host);
    await once(socket, "readable");
    expect(server.openConnections()).toBe(1);
    expect(await heard(socket, ["x".repeat(300_000)])).toBe("+OK POP3 ready\r\n-ERR the line is too long\r\n");
    await expect.poll(() => server.openConnections()).toBe(0);
    expect(server.connections()).toBe(1);
  });

  test("goes over to TLS after STLS, however soon the handshake comes, and forgets what came ahead of it", async () => {
    const { key, cert } = await makeCertificate();
    const server = await serve({ tls: { mode: "starttls", key, cert } });
    const plain = connect(server.port, server.host);
    await once(plain, "data");
    plain.write("STLS\r\nUSER injected\r\n");
    expect(String((await once(plain, "data"))[0])).toBe("+OK begin TLS\r\n");
    const socket = connectTls({ socket: plain, host: server.host, ca: cert });
    expect(await heard(socket, [...logIn, "QUIT"])).toBe("+OK and the password?\r\n+OK logged in\r\n+OK bye\r\n");
    expect(server.log).toEqual(["STLS", "USER ada", "PASS ***", "QUIT"]);
  });

  test("speaks TLS from the start if it is told to", async () => {
    const { key, cert } = await makeCertificate();
    const server = await serve({ tls: { mode: "implicit", key, cert } });
    const socket = connectTls({ port: server.port, host: server.host, ca: cert });
    expect(await heard(socket, ["STLS", "QUIT"])).toBe("+OK POP3 ready\r\n-ERR unknown\r\n+OK bye\r\n");
  });
});

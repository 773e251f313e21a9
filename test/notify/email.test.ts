// Mail to a real SMTP server: encrypted and not, taken and refused, and never longer than a moment where nobody answers.

import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { SmtpServer } from "../../src/jobs/job.ts";
import { sendEmail } from "../../src/notify/email.ts";
import { composeLetter } from "../../src/notify/letter.ts";
import { makeCertificate } from "../support/certificates.ts";
import { jobReport, mailboxReport } from "../support/job-report.ts";
import { readMail, type SmtpStage, startSmtp } from "../support/smtp.ts";
import { at, shortLimits } from "../support/telling.ts";

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function stage(options?: Parameters<typeof startSmtp>[0]): Promise<SmtpStage> {
  const smtp = await startSmtp(options);
  open.push(smtp);
  return smtp;
}

const letter = composeLetter(
  {
    items: [{ event: "failure", job: "nightly", trouble: "failed", report: jobReport({ verdict: "failed" }) }],
    others: 0,
    nextReminder: at("2026-11-23T02:41"),
  },
  { language: "en", host: "nas", at: at("2026-11-22T02:41"), timeZone: "UTC" },
);

const send = (smtp: Partial<SmtpServer> & { readonly port: number }, to = ["it@example.org"], what = letter) =>
  sendEmail({ from: "nas@example.org", to, smtp: { host: "127.0.0.1", tls: "none", ...smtp } }, what, shortLimits);

const login = (password: string) => {
  const asked: string[] = [];
  const secret = async () => {
    asked.push("asked");
    return password;
  };
  return { asked, login: { user: "ada", secret } };
};

test.each(["implicit", "starttls"] as const)(
  "over TLS (%s) the password is given to a server that is known",
  async (tls) => {
    const { cert, key } = await makeCertificate();
    const smtp = await stage({ secure: tls === "implicit", key, cert, authOptional: false });
    await send({ port: smtp.port, tls, tlsCa: cert, ...login("right") });
    expect([smtp.mails.length, smtp.logins, smtp.connections()]).toEqual([1, ["ada right"], 1]);
  },
);

test.each(["implicit", "starttls"] as const)(
  "over TLS (%s) a server that is not known is never asked to log in",
  async (tls) => {
    const { cert, key } = await makeCertificate();
    const smtp = await stage({ secure: tls === "implicit", key, cert });
    const { asked, login: ada } = login("right");
    await expect(send({ port: smtp.port, tls, login: ada })).rejects.toThrow(
      "its certificate is not trusted (self-signed)",
    );
    expect([smtp.mails, smtp.logins, asked]).toEqual([[], [], []]);
  },
);

test("where STARTTLS is required and not offered, nothing is sent and no password asked for", async () => {
  const smtp = await stage();
  const { asked, login: ada } = login("right");
  await expect(send({ port: smtp.port, tls: "starttls", login: ada })).rejects.toThrow("does not encrypt (STARTTLS)");
  expect([smtp.mails, smtp.logins, asked]).toEqual([[], [], []]);
});

test("a log-in that is refused is tried once, and what the server says of the password is not shown", async () => {
  const smtp = await stage({ authOptional: false });
  const refused = send({ port: smtp.port, ...login("cAn4ry-wrong") });
  await expect(refused).rejects.toThrow(/^the log-in was refused: "535 .*\*\*\*"$/);
  await expect(refused).rejects.not.toThrow("cAn4ry");
  expect(smtp.logins).toEqual(["ada cAn4ry-wrong"]);
});

test("a server without log-in gets neither password nor mail", async () => {
  const smtp = await stage({ disabledCommands: ["AUTH", "STARTTLS"] });
  const { asked, login: ada } = login("right");
  await expect(send({ port: smtp.port, login: ada })).rejects.toThrow("the server offers no log-in");
  expect([smtp.mails, asked]).toEqual([[], []]);
});

test("it is a message from a program, with a date, an id, and both halves", async () => {
  const smtp = await stage();
  await send({ port: smtp.port }, ["it@example.org", "ada@example.org"]);
  expect(smtp.mails[0]).toMatchObject({ from: "nas@example.org", to: ["it@example.org", "ada@example.org"] });
  const { headers, text, html } = readMail(smtp.mails[0]?.raw ?? "");
  expect(headers.get("date")).toBe("Sun, 22 Nov 2026 02:41:00 +0000");
  expect(headers.get("message-id")).toMatch(/^<[^<>@\s]+@example\.org>$/);
  expect(headers.get("auto-submitted")).toBe("auto-generated");
  expect(headers.get("from")).toBe("mailferry <nas@example.org>");
  expect(headers.get("to")).toBe("it@example.org, ada@example.org");
  expect(headers.get("content-type")).toContain("multipart/alternative");
  expect(text).toContain("nightly: FAILED");
  expect(text).toContain("the next about 23 Nov\r\n2026, 02:41");
  expect(html).toContain('<html lang="en">');
});

test("a recipient that is refused does not keep the mail from the others, and is named", async () => {
  const smtp = await stage({
    onRcptTo: ({ address }, _, done) => done(address.startsWith("gone") ? new Error("no such user") : null),
  });
  await expect(send({ port: smtp.port }, ["it@example.org", "gone@example.org"])).resolves.toBe(
    "the server refused it for gone@example.org",
  );
  await expect(send({ port: smtp.port }, ["gone@example.org"])).rejects.toThrow("did not take the mail");
  expect(smtp.mails.map(({ to }) => to)).toEqual([["it@example.org"]]);
});

test("what the server refuses for now is tried a second time, with the same Message-ID, and what it refuses for good is not", async () => {
  let refusals = 0;
  const seen: string[] = [];
  const smtp = await stage({
    onMailFrom(_, __, done) {
      refusals++;
      done(refusals === 1 ? Object.assign(new Error("\u001b[31mgreylisted"), { responseCode: 451 }) : null);
    },
    onData(stream, _, done) {
      stream.setEncoding("utf8").on("data", (text: string) => seen.push(text));
      stream.on("end", () => done(Object.assign(new Error("spam"), { responseCode: 554 })));
    },
  });
  await expect(send({ port: smtp.port })).rejects.toThrow('the server did not take the mail: "554 spam"');
  expect([smtp.connections(), seen.length > 0]).toEqual([2, true]);
});

/** Speaks no further than it is told to. */
async function listen(
  greet: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly count: () => number }> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    count++;
    sockets.add(socket.on("error", () => undefined));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  return { port: (server.address() as AddressInfo).port, count: () => count };
}

test("a server that says nothing is given up, after a second try", async () => {
  const server = await listen(() => undefined);
  await expect(send({ port: server.port })).rejects.toThrow("no answer");
  expect(server.count()).toBe(2);
});

test("a server that hangs up is told as such", async () => {
  const server = await listen((socket) => socket.destroy());
  await expect(send({ port: server.port })).rejects.toThrow("the connection was cut");
  expect(server.count()).toBe(2);
});

test("a server that goes silent when it has the mail may have taken it: there is no second try", async () => {
  const server = await listen((socket) => {
    socket.write("220 hello\r\n");
    socket.on("data", (data) => {
      const line = data.toString();
      if (line.startsWith("DATA")) socket.write("354 go on\r\n");
      else if (/^(EHLO|MAIL|RCPT)/.test(line)) socket.write("250 ok\r\n");
    });
  });
  await expect(send({ port: server.port })).rejects.toThrow("no answer");
  expect(server.count()).toBe(1);
});

test("a server that never ends its greeting is given up", async () => {
  const server = await listen((socket) => {
    const line = "220-x\r\n".repeat(1_000);
    const more = (error?: Error | null) => {
      if (!error) socket.write(line, more);
    };
    more();
  });
  await expect(send({ port: server.port })).rejects.toThrow();
});

test("nobody at the port is told as such", async () => {
  const smtp = await startSmtp();
  await smtp[Symbol.asyncDispose]();
  await expect(send({ port: smtp.port })).rejects.toThrow("the connection was refused");
});

test("hostile names and words stay words: no header, no tag, no escape sequence", async () => {
  const smtp = await stage();
  const evil = 'x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>"\u001b]0;x\u0007\u202e';
  const report = jobReport({
    name: evil,
    verdict: "incomplete",
    from: evil,
    to: `/${evil}`,
    mailboxes: [mailboxReport([evil, evil], { onServer: 3, missing: 1 })],
    failures: [{ code: "M401", mailbox: [evil, evil], key: evil, reason: evil }],
    error: { code: evil, message: evil, remedy: evil },
  });
  const items = [
    { event: "failure", job: evil, trouble: "incomplete", report, since: at("2026-11-22T02:41") } as const,
  ];
  for (const language of ["en", "fr"] as const) {
    const setting = { language, host: evil, at: at("2026-11-22T02:41"), timeZone: "UTC" };
    await send({ port: smtp.port }, ["it@example.org"], composeLetter({ items, others: 0 }, setting));
  }
  expect(smtp.mails.map(({ to }) => to)).toEqual([["it@example.org"], ["it@example.org"]]);
  for (const { raw } of smtp.mails) {
    const { headers, text, html } = readMail(raw);
    expect([...headers.keys()].sort()).toEqual(
      [
        "auto-submitted",
        "content-language",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
      ].sort(),
    );
    expect(headers.get("subject")).toContain("x\\x0d\\x0aBcc");
    expect(raw).not.toMatch(/^Bcc/m);
    for (const part of [headers.get("subject"), text, html])
      expect(part).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e]/);
    expect(html).not.toContain("<script");
    expect(html).toContain("&#60;script&#62;");
    expect(html).not.toMatch(/https?:|src=|@import|url\(/);
  }
});

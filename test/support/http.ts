// An HTTP server on loopback that keeps what it is asked, and answers as a test wants.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface HttpStage extends AsyncDisposable {
  readonly url: string;
  readonly requests: Request[];
  /** What it does with each request; 200 and nothing else unless a test sets it. */
  answer: (request: Request, response: ServerResponse) => void;
}

export async function startHttp(): Promise<HttpStage> {
  const requests: Request[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    try {
      for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    } catch {
      // Whoever asked is gone, and was never heard.
      return;
    }
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body };
    requests.push(request);
    stage.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stage: HttpStage = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (_, response) => response.end(),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stage;
}

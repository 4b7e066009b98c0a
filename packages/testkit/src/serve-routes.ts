import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { addressReader, RequestHandler, type RequestHandlerDeps, type Route } from "@croft/http";
import { MatrixError } from "@croft/protocol";
import { silentLogger, systemClock } from "@croft/runtime";

export type ServedReply = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** undefined where the reply is no JSON. */
  readonly json: unknown;
};

/** Routes behind a real socket on a free loopback port. */
export type ServedRoutes = AsyncDisposable & {
  readonly url: string;
  readonly handler: RequestHandler;
  /** Sends a request; an object body goes as JSON, `token` as the access token. */
  send(
    method: string,
    path: string,
    options?: { readonly token?: string; readonly body?: object | string | Uint8Array; readonly headers?: object },
  ): Promise<ServedReply>;
};

/** Serves `routes`; without an `authenticate` of the test's own, every access token is unknown. */
export async function serveRoutes(
  routes: readonly Route[],
  deps: Partial<Omit<RequestHandlerDeps, "routes">> = {},
): Promise<ServedRoutes> {
  const handler = new RequestHandler({
    authenticate: () => Promise.reject(new MatrixError("M_UNKNOWN_TOKEN", "Unknown access token")),
    clock: systemClock,
    logger: silentLogger,
    addressOf: addressReader([]),
    ...deps,
    routes,
  });
  const server = createServer(handler.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    handler,
    async send(method, path, { token, body, headers = {} } = {}) {
      const isText = typeof body === "string" || body instanceof Uint8Array;
      const reply = await fetch(url + path, {
        method,
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
        ...(body === undefined ? {} : { body: isText ? Buffer.from(body) : JSON.stringify(body) }),
      });
      const bytes = Buffer.from(await reply.arrayBuffer());
      const text = bytes.toString();
      const isJson = reply.headers.get("content-type")?.startsWith("application/json") && text !== "";
      return { status: reply.status, headers: reply.headers, bytes, text, json: isJson ? JSON.parse(text) : undefined };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

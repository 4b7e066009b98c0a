import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { MatrixError } from "@croft/protocol";
import { InteractiveAuthRequired, RawReply } from "./reply.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#web-browser-clients */
const CORS = [
  "access-control-allow-origin",
  "*",
  "access-control-allow-methods",
  "GET, HEAD, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers",
  "X-Requested-With, Content-Type, Authorization, Date",
] as const;

/** A receiver of a streamed reply that takes nothing for this long is gone. */
const STALLED_MS = 120_000;

/** Sends what a handler returned. A stream's failure cuts the connection: its status is already out. */
export async function sendReply(response: ServerResponse, requestId: string, reply: unknown): Promise<void> {
  if (!(reply instanceof RawReply)) return sendJson(response, requestId, 200, JSON.stringify(reply ?? {}));
  const headers = head(requestId);
  for (const [name, value] of Object.entries(reply.headers)) headers.push(name, value);
  if (reply.body instanceof Readable) {
    response.writeHead(reply.status, headers);
    response.setTimeout(STALLED_MS);
    if (response.req.method === "HEAD") {
      reply.body.destroy();
      response.end();
    } else await pipeline(reply.body, response);
    return;
  }
  if (reply.body === undefined) {
    if (reply.status !== 204 && reply.status !== 304) headers.push("content-length", "0");
    end(response.writeHead(reply.status, headers));
    return;
  }
  headers.push("content-length", String(Buffer.byteLength(reply.body)));
  end(response.writeHead(reply.status, headers), reply.body);
}

/** Sends a refusal. `retry_after_ms` is repeated, in whole seconds, where proxies look for it. */
export function sendError(
  response: ServerResponse,
  requestId: string,
  error: MatrixError | InteractiveAuthRequired,
  extraHeaders: readonly string[] = [],
): void {
  if (error instanceof InteractiveAuthRequired) {
    sendJson(response, requestId, 401, JSON.stringify(error.body), extraHeaders);
    return;
  }
  const wait = error.fields["retry_after_ms"];
  const retry = typeof wait === "number" ? ["retry-after", String(Math.ceil(wait / 1000))] : [];
  sendJson(response, requestId, error.status, JSON.stringify(error), [...extraHeaders, ...retry]);
}

/** Answers a browser that asks whether it may. */
export function sendPreflight(response: ServerResponse, requestId: string): void {
  end(response.writeHead(204, [...head(requestId), "access-control-max-age", "86400"]));
}

function sendJson(
  response: ServerResponse,
  requestId: string,
  status: number,
  text: string,
  extraHeaders: readonly string[] = [],
): void {
  const headers = head(requestId);
  headers.push("content-type", "application/json", "content-length", String(Buffer.byteLength(text)), ...extraHeaders);
  end(response.writeHead(status, headers), text);
}

/**
 * Node closes a line that does not stay open with the end of its reply, and what still comes then resets it before the
 * caller has read the reply. So all of it is sent, and its end waits until the request has come or was given up.
 */
function end(response: ServerResponse, body?: string | Uint8Array): void {
  const { req: request } = response;
  if (response.shouldKeepAlive || request.complete || request.destroyed) {
    response.end(body);
    return;
  }
  if (body === undefined) response.flushHeaders();
  else response.write(body);
  request.once("end", () => response.end());
}

const head = (requestId: string): string[] => [...CORS, "x-request-id", requestId];

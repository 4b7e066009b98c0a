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
    response.writeHead(reply.status, headers).end();
    return;
  }
  headers.push("content-length", String(Buffer.byteLength(reply.body)));
  response.writeHead(reply.status, headers).end(reply.body);
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
  response.writeHead(204, [...head(requestId), "access-control-max-age", "86400"]).end();
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
  response.writeHead(status, headers).end(text);
}

const head = (requestId: string): string[] => [...CORS, "x-request-id", requestId];

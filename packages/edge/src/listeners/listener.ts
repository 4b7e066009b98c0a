import { chmod, unlink } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIPv6, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "@croft/runtime";

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Where to listen: `port` 0 takes a free one; a socket's file is readable by its owner only. */
export type ListenAt = { readonly host: string; readonly port: number } | { readonly socketPath: string };

export type ListenerDeps = {
  readonly handle: RequestListener;
  readonly clock: Clock;
  /** What a request that is not even HTTP is answered with. */
  readonly malformed?: { readonly contentType: string; readonly body: string };
};

/** Connections left open between requests outlive the idle time of the proxies in front. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 20_000;
/** Filters and tokens in a query make long request lines. */
const MAX_HEADER_BYTES = 32 * 1024;

/** Owns one listening socket and its connections. */
export class Listener {
  readonly #clock: Clock;
  readonly #server: Server;
  #socketPath: string | undefined;

  constructor({ handle, clock, malformed }: ListenerDeps) {
    this.#clock = clock;
    this.#server = createServer(
      {
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: HEADERS_MS,
        // The time a body takes is limited by whoever reads it: an upload may be slow, a form may not.
        requestTimeout: 0,
        maxHeaderSize: MAX_HEADER_BYTES,
      },
      handle,
    );
    // An expectation nobody knows may be ignored; Node's own 417 would be no Matrix error.
    this.#server.on("checkExpectation", handle);
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(error, socket, malformed));
  }

  /** Resolves to the address in use; rejects with Node's error where it cannot be had. */
  async start(at: ListenAt): Promise<{ readonly host: string; readonly port: number } | undefined> {
    if ("socketPath" in at) {
      this.#socketPath = at.socketPath;
      await unlink(at.socketPath).catch(() => {});
      await this.#listen({ path: at.socketPath });
      await chmod(at.socketPath, 0o600);
      return undefined;
    }
    await this.#listen(at);
    const address = this.#server.address();
    return { host: at.host, port: typeof address === "object" && address ? address.port : at.port };
  }

  #listen(options: { path: string } | { host: string; port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ ...options, backlog: 1024 }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Accepts no more connections; ends idle ones at once and the others with their answer, at the latest after `ms`. */
  async stop(ms: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const cancel = this.#clock.after(ms, () => this.#server.closeAllConnections());
    await closed;
    cancel();
    if (this.#socketPath !== undefined) await unlink(this.#socketPath).catch(() => {});
  }
}

function refuse(error: NodeJS.ErrnoException, socket: Duplex, malformed: ListenerDeps["malformed"]): void {
  const gone = error.code === "ECONNRESET" || !socket.writable || !(socket instanceof Socket);
  if (gone || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : statusOf(error);
  const { contentType = "text/plain", body = status } = malformed ?? {};
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: ${contentType}\r\ncontent-length: ${length}\r\n\r\n${body}`,
  );
}

const statusOf = ({ code }: NodeJS.ErrnoException): string =>
  code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";

/** `host:port` as it stands in a URL. */
export const hostPort = ({ host, port }: { host: string; port: number }): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;

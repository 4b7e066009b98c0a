import type { IncomingMessage, ServerResponse } from "node:http";
import type { Endpoint } from "@croft/api";
import { MatrixError } from "@croft/protocol";
import type { Clock, Logger } from "@croft/runtime";
import { type Authenticate, accessToken } from "./access-token.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { InteractiveAuthRequired } from "./reply.ts";
import { type AddressOf, limitedAddress } from "./request/address.ts";
import { parseJsonBody } from "./request/json-body.ts";
import { LargeBodies, SMALL_BODY_BYTES } from "./request/large-bodies.ts";
import { PipelinedRequests } from "./request/pipelined-requests.ts";
import { parseQuery, type RawQuery } from "./request/query.ts";
import { CallerLeft, discardRest, readBody } from "./request/read-body.ts";
import { RequestArgs } from "./request-args.ts";
import type { Route } from "./route.ts";
import { type Found, Router } from "./router.ts";
import { compileSchemas, type SchemaCheck } from "./schema-check.ts";
import { sendError, sendPreflight, sendReply } from "./send-reply.ts";

/** Larger than any single request a client makes: a key upload or a to-device batch for a room of thousands. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** From whoever did not say who they are: a login is small, and anybody can send a great many at once. */
const MAX_ANONYMOUS_BODY_BYTES = SMALL_BODY_BYTES;
const BODY_TIMEOUT_MS = 30_000;
/** A streamed body may take as long as it likes, but not stand still this long. */
const STALLED_UPLOAD_MS = 60_000;

/** What was answered, for metrics. */
export type Answered = {
  readonly method: string;
  /** Absent where no endpoint was found. */
  readonly operationId: string | undefined;
  readonly status: number;
  readonly seconds: number;
};

export type RequestHandlerDeps = {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly addressOf: AddressOf;
  /** Absent: no limits. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** Whether `?access_token=` is taken too, which the spec has deprecated. */
  readonly accessTokenInQuery?: boolean;
  /** Turns an error of a lower part into a refusal that may leave the process, if it is one. */
  readonly refusalFor?: (error: unknown) => MatrixError | undefined;
  readonly onAnswered?: (answered: Answered) => void;
};

type Bound = { readonly route: Route; readonly check: SchemaCheck };

/**
 * Everything between a socket's request and an endpoint's handler. Each reply carries CORS headers and a request id;
 * each error leaves from here, in one place.
 */
export class RequestHandler {
  readonly #deps: RequestHandlerDeps;
  readonly #router = new Router<Bound>();
  readonly #inFlight = new Set<RequestArgs>();
  readonly #largeBodies = new LargeBodies();
  readonly #pipelined = new PipelinedRequests();
  readonly #idPrefix: string;
  #requests = 0;
  #drained: (() => void) | undefined;
  #draining = false;

  /** Compiles every schema; throws if two routes claim the same path. */
  constructor(deps: RequestHandlerDeps) {
    this.#deps = deps;
    this.#idPrefix = Math.trunc(deps.clock.now()).toString(36);
    for (const route of deps.routes) {
      const { endpoint } = route;
      const bound = { route, check: compileSchemas(endpoint) };
      for (const path of [endpoint.path, ...(endpoint.alsoAt ?? [])]) this.#router.add(endpoint.method, path, bound);
    }
  }

  /** How many requests wait for their answer. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** A listener for `http.Server`. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    // Whoever looked at the request before us took its time, and the caller left: there will be no other "close".
    if (response.destroyed) return;
    if (!this.#pipelined.mayFollow(request, response)) return;
    const args = new RequestArgs({
      request,
      response,
      requestId: `${this.#idPrefix}-${(this.#requests++).toString(36)}`,
      startedAt: this.#deps.clock.monotonic(),
      address: this.#deps.addressOf(request),
    });
    this.#inFlight.add(args);
    response.on("close", () => this.#closed(args));
    // Node's parser takes what follows for another protocol, although none was agreed on.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    if (this.#draining) {
      response.shouldKeepAlive = false;
      args.abort();
    }
    void this.#answer(args);
  };

  /** Ends what waits (its signal aborts), cuts what is still being sent, and resolves when the rest was answered. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#inFlight.size === 0) return;
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    for (const args of this.#inFlight) {
      if (!args.response.headersSent) args.response.shouldKeepAlive = false;
      args.abort();
      // Nothing has been done for a request that has not wholly come: whoever sends it will send it again.
      const mayBeCut = args.response.headersSent || !args.endpoint?.streamsBody;
      if (!args.request.complete && mayBeCut) args.request.destroy();
    }
    await drained;
  }

  #closed(args: RequestArgs): void {
    this.#inFlight.delete(args);
    args.abort();
    const { clock, logger, onAnswered } = this.#deps;
    const seconds = (clock.monotonic() - args.startedAt) / 1000;
    const { method = "", socket } = args.request;
    const { statusCode: status } = args.response;
    const operationId = args.endpoint?.operationId;
    onAnswered?.({ method, operationId, status, seconds });
    logger.debug(
      { requestId: args.requestId, method, operationId, status, seconds, hungUp: socket.destroyed },
      "answered",
    );
    if (this.#inFlight.size === 0) this.#drained?.();
  }

  async #answer(args: RequestArgs): Promise<void> {
    const { request, response, requestId } = args;
    try {
      if (request.method === "OPTIONS") sendPreflight(response, requestId);
      else await this.#dispatch(args);
    } catch (error) {
      this.#refuse(args, error);
    }
    discardRest(this.#deps, request);
  }

  async #dispatch(args: RequestArgs): Promise<void> {
    const { request, response, requestId } = args;
    const { rawPath } = args;
    const mark = rawPath.indexOf("?");
    const path = mark < 0 ? rawPath : rawPath.slice(0, mark);
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
    const found = find(this.#router, method, path);
    if (!found) throw new MatrixError("M_UNRECOGNIZED", "There is no such endpoint");
    if ("allow" in found) {
      const error = new MatrixError("M_UNRECOGNIZED", `This endpoint has no ${request.method}`, { status: 405 });
      return sendError(response, requestId, error, ["allow", found.allow.join(", ")]);
    }
    const { route, check } = found.target;
    args.endpoint = route.endpoint;
    const query = parseQuery(mark < 0 ? "" : rawPath.slice(mark + 1));
    await this.#admit(args, route.endpoint, query);
    args.params = check.params(found.params);
    args.query = check.query(query);
    await this.#readBody(args, route.endpoint, check);
    await sendReply(response, requestId, await route.handler(args.checked));
  }

  /** Who calls, and whether they may call so often. */
  async #admit(args: RequestArgs, endpoint: Endpoint, query: RawQuery): Promise<void> {
    const { authenticate, rateLimiter, accessTokenInQuery = true } = this.#deps;
    const token = accessToken(args.request, query, { auth: endpoint.auth, inQuery: accessTokenInQuery });
    if (token !== undefined) {
      const { address, userAgent } = args;
      const allowedWhenLocked = endpoint.allowedWhenLocked ?? false;
      args.requester = await authenticate(token, { address, userAgent, allowedWhenLocked });
    }
    if (endpoint.rateLimited === false) return;
    rateLimiter?.take(endpoint.rateLimited, args.requester?.userId ?? limitedAddress(args.address));
  }

  async #readBody(args: RequestArgs, endpoint: Endpoint, check: SchemaCheck): Promise<void> {
    const { request, response, requester } = args;
    if (!endpoint.body && !endpoint.streamsBody) return;
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      throw new MatrixError("M_UNKNOWN", `Content-Encoding ${encoding} is not supported`, { status: 415 });
    }
    if (endpoint.streamsBody) {
      request.setTimeout(STALLED_UPLOAD_MS);
      return;
    }
    const maxBytes = requester ? (endpoint.maxBodyBytes ?? MAX_BODY_BYTES) : MAX_ANONYMOUS_BODY_BYTES;
    // A body whose length is not said may be the largest.
    const length = Math.min(args.contentLength ?? maxBytes, maxBytes);
    if (length > SMALL_BODY_BYTES && requester) {
      if (response.destroyed) throw new CallerLeft();
      response.once("close", this.#largeBodies.take(requester.userId, length));
    }
    const bytes = await readBody(this.#deps, request, { maxBytes, timeoutMs: BODY_TIMEOUT_MS });
    // Many clients send no body with a POST that needs nothing said; a PUT without its content is a mistake.
    if (bytes.length === 0 && request.method !== "PUT") {
      args.body = check.body({}, 0);
      return;
    }
    const { text, body } = parseJsonBody(bytes);
    args.bodyText = text;
    args.body = check.body(body, bytes.length);
  }

  #refuse(args: RequestArgs, error: unknown): void {
    const { response, requestId, request } = args;
    if (error instanceof CallerLeft || response.destroyed) return;
    if (response.headersSent) {
      this.#deps.logger.warn({ requestId, err: error }, "a reply broke off");
      request.socket.destroy();
      return;
    }
    sendError(response, requestId, this.#refusal(args, error));
  }

  #refusal({ requestId, endpoint }: RequestArgs, error: unknown): MatrixError | InteractiveAuthRequired {
    if (error instanceof MatrixError || error instanceof InteractiveAuthRequired) return error;
    const { logger, refusalFor } = this.#deps;
    const fields = { requestId, operationId: endpoint?.operationId, err: error };
    const refusal = refusalFor?.(error);
    if (refusal) logger.warn(fields, "request refused");
    else logger.error(fields, "request failed");
    return refusal ?? new MatrixError("M_UNKNOWN", "Internal server error");
  }
}

const OLDER_VERSION = /^\/_matrix\/client\/(?:r0|unstable)\//;

/** `r0` and `unstable` paths mean `v3` unless they are declared themselves. */
function find(router: Router<Bound>, method: string, path: string): Found<Bound> {
  const found = router.find(method, path);
  if ((found && "target" in found) || !OLDER_VERSION.test(path)) return found;
  return router.find(method, path.replace(OLDER_VERSION, "/_matrix/client/v3/")) ?? found;
}

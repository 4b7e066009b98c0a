import type { AuthOf, BodyOf, Endpoint, EndpointAuth, ParamsOf, QueryOf, ReplyOf } from "@croft/api";
import type { DeviceId, UserId } from "@croft/protocol";
import type { TSchema } from "typebox";
import type { RawReply } from "./reply.ts";

/** Who calls, as the access token says. Handlers never look for it in the body. */
export type Requester = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  /** Which token was presented, so that logging out ends this one and no other. An internal number, not the secret. */
  readonly tokenId: number;
};

/** What a handler gets besides what its schemas checked. */
export type RequestContext = {
  /** The caller's address, as the listener or a trusted proxy gives it. */
  readonly address: string;
  readonly userAgent: string | undefined;
  /** Path and query exactly as sent. */
  readonly rawPath: string;
  /** The path as declared, for what is scoped to an endpoint (transaction ids). */
  readonly path: string;
  /** The JSON body's text as sent, where there is one: numbers keep their spelling in it. */
  readonly bodyText: string;
  readonly contentType: string | undefined;
  readonly contentLength: number | undefined;
  /** The body of endpoints that stream it; bounded by nobody but the handler. */
  readonly stream: AsyncIterable<Uint8Array>;
  /** Aborts when the caller went away or the server drains. */
  readonly signal: AbortSignal;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
};

type RequesterOf<Auth extends EndpointAuth> = {
  accessToken: Requester;
  optionalAccessToken: Requester | undefined;
  none: undefined;
}[Auth];

export type HandlerArgs<E> = RequestContext & {
  readonly requester: RequesterOf<AuthOf<E>>;
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
};

/** An endpoint bound to what happens. */
export type Route = {
  readonly endpoint: Endpoint;
  readonly handler: (args: HandlerArgs<Endpoint>) => Promise<unknown>;
};

/** Binds a handler to its endpoint; its arguments' and its reply's types follow from the declaration. */
export function route<E extends Endpoint<EndpointAuth, TSchema, TSchema, TSchema, TSchema>>(
  endpoint: E,
  handler: (args: HandlerArgs<E>) => Promise<ReplyOf<E> | RawReply>,
): Route {
  return { endpoint, handler: handler as Route["handler"] } as Route;
}

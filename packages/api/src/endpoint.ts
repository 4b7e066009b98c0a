import type { Static, TSchema } from "typebox";

/** Who may call: the kinds of proof a request brings. */
export type EndpointAuth = "accessToken" | "optionalAccessToken" | "none";

/** Which allowance a call is taken from; `http` and the configuration give each its rate. */
export type RateLimitBucket =
  | "message"
  | "login"
  | "registration"
  | "join"
  | "invite"
  | "roomCreation"
  | "media"
  | "general";

/**
 * An endpoint as data: client, server, tests and documents are made from the same constant, which is named for the
 * spec's `operationId`. `path` has the spec's form with `:name` for parameters.
 */
export type Endpoint<
  Auth extends EndpointAuth = EndpointAuth,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
> = {
  readonly operationId: string;
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  /** Older or unstable spellings of the path that clients still send. */
  readonly alsoAt?: readonly string[];
  readonly auth: Auth;
  /** `false` where the spec declares no 429 and the server sets no limit. */
  readonly rateLimited: RateLimitBucket | false;
  /** A locked user may still call it (logout). */
  readonly allowedWhenLocked?: boolean;
  readonly params?: Params;
  /** Numbers and booleans in it are read from their text; repeated parameters become arrays where the schema says so. */
  readonly query?: Query;
  /** Absent: the request has no body, or one that is ignored. */
  readonly body?: Body;
  /** The body is bytes handed to the handler as a stream, of any content type. */
  readonly streamsBody?: true;
  /** Largest JSON body in bytes, where it is not the server's usual limit. */
  readonly maxBodyBytes?: number;
  /** Absent: the reply is not JSON. */
  readonly reply?: Reply;
};

/** Keeps the exact types of what is declared. */
export function endpoint<
  const Auth extends EndpointAuth,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
>(declaration: Endpoint<Auth, Params, Query, Body, Reply>): Endpoint<Auth, Params, Query, Body, Reply> {
  return declaration;
}

/** An undeclared part is left as the bare `TSchema`: it has no type of its own. */
type StaticOr<Schema, Fallback> = Schema extends TSchema
  ? TSchema extends Schema
    ? Fallback
    : Static<Schema>
  : Fallback;

export type AuthOf<E> = E extends Endpoint<infer A, TSchema, TSchema, TSchema, TSchema> ? A : never;
export type ParamsOf<E> =
  E extends Endpoint<EndpointAuth, infer P, TSchema, TSchema, TSchema> ? StaticOr<P, Record<string, never>> : never;
export type QueryOf<E> =
  E extends Endpoint<EndpointAuth, TSchema, infer Q, TSchema, TSchema> ? StaticOr<Q, Record<string, never>> : never;
export type BodyOf<E> =
  E extends Endpoint<EndpointAuth, TSchema, TSchema, infer B, TSchema> ? StaticOr<B, unknown> : never;
export type ReplyOf<E> =
  E extends Endpoint<EndpointAuth, TSchema, TSchema, TSchema, infer R> ? StaticOr<R, unknown> : never;

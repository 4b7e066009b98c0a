import type { IncomingMessage } from "node:http";
import type { EndpointAuth } from "@croft/api";
import { MatrixError } from "@croft/protocol";
import type { RawQuery } from "./request/query.ts";
import type { Requester } from "./route.ts";

/** Beside the token: what the owner of accounts wants to know about its use. */
export type AuthenticateInfo = {
  readonly address: string;
  readonly userAgent: string | undefined;
  /** The endpoint is open to a locked user too. */
  readonly allowedWhenLocked: boolean;
};

/** Whose token it is; throws M_UNKNOWN_TOKEN, M_USER_LOCKED and their like. */
export type Authenticate = (token: string, info: AuthenticateInfo) => Promise<Requester>;

/**
 * The access token a request brings, if the endpoint wants one: from the header or, where that is allowed, from the
 * query. https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens
 */
export function accessToken(
  request: IncomingMessage,
  query: RawQuery,
  { auth, inQuery }: { auth: EndpointAuth; inQuery: boolean },
): string | undefined {
  if (auth === "none") return undefined;
  const header = request.headers.authorization;
  const token = header?.slice(0, 7).toLowerCase() === "bearer " ? header.slice(7).trim() : undefined;
  const found = token || (inQuery ? query.get("access_token")?.[0] : undefined);
  if (found) return found;
  if (auth === "optionalAccessToken") return undefined;
  throw new MatrixError("M_MISSING_TOKEN", "Missing access token");
}

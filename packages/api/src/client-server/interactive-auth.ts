import { type Static, Type } from "typebox";

/**
 * What a client submits to prove itself, beside the request it makes; further fields depend on the type.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export type AuthData = { readonly type?: string; readonly session?: string; readonly [field: string]: unknown };
export const AuthData = Type.Unsafe<AuthData>(
  Type.Object({ type: Type.Optional(Type.String()), session: Type.Optional(Type.String()) }),
);

/** https://spec.matrix.org/v1.19/client-server-api/#identifier-types */
export const UserIdentifier = Type.Object({
  type: Type.String(),
  user: Type.Optional(Type.String()),
});
export type UserIdentifier = Static<typeof UserIdentifier>;

/** Device ids are opaque; the limit is this server's. */
export const DeviceIdSchema = Type.String({ minLength: 1, maxLength: 512 });

/** Others are shown it beside the device's keys. */
export const DeviceDisplayNameSchema = Type.String({ maxLength: 255 });

/** What a client gets that has just logged in. */
export const loginReply = {
  user_id: Type.String(),
  access_token: Type.String(),
  refresh_token: Type.Optional(Type.String()),
  expires_in_ms: Type.Optional(Type.Integer()),
  device_id: Type.String(),
  home_server: Type.Optional(Type.String()),
};

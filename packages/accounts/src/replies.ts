import type { ServerName, UserId } from "@croft/protocol";
import type { DeviceRecord } from "@croft/storage";
import type { Registered } from "./registration/register.ts";
import type { IssuedTokens } from "./sessions/issue-tokens.ts";
import type { ClientDevice, StartedSession } from "./sessions/start-session.ts";

/** The spelling of the wire, and back. */

export const clientDeviceOf = (body: {
  readonly device_id?: string;
  readonly initial_device_display_name?: string;
  readonly refresh_token?: boolean;
}): ClientDevice => ({
  deviceId: body.device_id,
  displayName: body.initial_device_display_name,
  refresh: body.refresh_token ?? false,
});

export const refreshReply = ({ accessToken, refreshToken, expiresInMs }: IssuedTokens) => ({
  access_token: accessToken,
  ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  ...(expiresInMs !== undefined && { expires_in_ms: expiresInMs }),
});

export const sessionReply = (
  { serverName }: { readonly serverName: ServerName },
  userId: UserId,
  session: StartedSession,
) => ({
  user_id: userId,
  home_server: serverName,
  device_id: session.deviceId,
  ...refreshReply(session),
});

export const registeredReply = (server: { readonly serverName: ServerName }, { userId, session }: Registered) =>
  session ? sessionReply(server, userId, session) : { user_id: userId, home_server: server.serverName };

export const deviceReply = ({ deviceId, displayName, lastSeen }: DeviceRecord) => ({
  device_id: deviceId,
  ...(displayName !== undefined && { display_name: displayName }),
  ...(lastSeen && { last_seen_ip: lastSeen.ip, last_seen_ts: lastSeen.ts }),
});

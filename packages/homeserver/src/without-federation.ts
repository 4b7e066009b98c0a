import type { RemoteMedia } from "@croft/media";
import { MatrixError, notFound } from "@croft/protocol";
import type { AliasServers, RemoteServers } from "@croft/rooms";

/** What rooms asks of other servers, where none can be reached. */
export const noRemoteServers: RemoteServers = {
  join: () => Promise.reject(notFound("This server does not know the room")),
  invite: () => Promise.reject(new MatrixError("M_UNSUPPORTED", "This server does not reach users of other servers")),
  leave: () => Promise.reject(notFound("This server does not know the room")),
};

export const noAliasServers: AliasServers = { resolve: async () => undefined };

export const noRemoteMedia: RemoteMedia = { get: async () => undefined };

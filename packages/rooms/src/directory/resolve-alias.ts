import { type RoomAlias, type ServerName, serverNameOf } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { AliasServers, ResolvedAlias } from "../ports.ts";

export type ResolveAliasDeps = {
  readonly storage: Pick<Storage<"roomAliases">, "read">;
  readonly serverName: ServerName;
  readonly aliasServers: AliasServers;
};

/** The room an alias stands for, asked of the alias' own server where that is another. */
export async function resolveAlias(
  { storage, serverName, aliasServers }: ResolveAliasDeps,
  alias: RoomAlias,
): Promise<ResolvedAlias | undefined> {
  if (serverNameOf(alias) !== serverName) return aliasServers.resolve(alias);
  const record = await storage.read.roomAliases.get(alias);
  return record === undefined ? undefined : { roomId: record.roomId, servers: [serverName] };
}

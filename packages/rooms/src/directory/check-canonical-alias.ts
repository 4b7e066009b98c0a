import { invalidParam, isRoomAlias, type JsonObject, MatrixError, type RoomId } from "@croft/protocol";
import { type ResolveAliasDeps, resolveAlias } from "./resolve-alias.ts";

export type CanonicalAliasDeps = ResolveAliasDeps;

/**
 * Whether the aliases that an `m.room.canonical_alias` names anew are aliases (`M_INVALID_PARAM`) of this room
 * (`M_BAD_ALIAS`). Those it named before are not looked at again.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidstateeventtypestatekey
 */
export async function checkCanonicalAlias(
  deps: CanonicalAliasDeps,
  { roomId, content, present }: { roomId: RoomId; content: JsonObject; present: JsonObject | undefined },
): Promise<void> {
  const before = new Set(aliasesIn(present ?? {}));
  for (const alias of aliasesIn(content)) {
    if (before.has(alias)) continue;
    if (typeof alias !== "string" || !isRoomAlias(alias)) throw invalidParam("An alias in the content is not valid");
    if ((await resolveAlias(deps, alias))?.roomId !== roomId) {
      throw new MatrixError("M_BAD_ALIAS", `The alias '${alias}' does not point to this room.`);
    }
  }
}

function aliasesIn({ alias, alt_aliases: alternatives }: JsonObject): unknown[] {
  const main = alias === undefined || alias === null || alias === "" ? [] : [alias];
  if (alternatives === undefined || alternatives === null) return main;
  return [...main, ...(Array.isArray(alternatives) ? alternatives : [alternatives])];
}

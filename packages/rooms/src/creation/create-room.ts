import {
  DEFAULT_ROOM_VERSION,
  invalidParam,
  isRoomAlias,
  isUserId,
  MatrixError,
  type RoomAlias,
  type RoomId,
  roomVersion,
} from "@croft/protocol";
import { opaqueId, type Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import type { EventGraph } from "../event-graph/event-graph.ts";
import type { OpenRoom } from "../event-graph/open-room.ts";
import { type AddMemberDeps, addMember } from "../membership/add-member.ts";
import { planRoom, type RoomPlan, type RoomWishes } from "./room-plan.ts";

export type CreateRoomDeps = AddMemberDeps & {
  readonly graph: EventGraph;
  readonly storage: Pick<Storage<"roomAliases">, "read">;
  readonly random: Random;
};

export type CreateRoomArgs = RoomWishes & {
  /** Localpart of an alias on this server. */
  readonly aliasName?: string | undefined;
  readonly version?: string | undefined;
};

/** More than this is no invitation but a mailing. */
const MAX_INVITES = 100;
/** Bytes of randomness in the id of a room before version 12. */
const ROOM_ID_BYTES = 18;

/** Makes a room with all its first events, its alias and its invites in one transaction: all of it, or nothing. */
export async function createRoom(deps: CreateRoomDeps, wishes: CreateRoomArgs): Promise<RoomId> {
  const { creator, invite = [] } = wishes;
  const version = roomVersion(wishes.version ?? DEFAULT_ROOM_VERSION);
  if (version === undefined) {
    throw new MatrixError("M_UNSUPPORTED_ROOM_VERSION", `Room version ${wishes.version} is not supported`);
  }
  const invited = [...new Set(invite)].filter((userId) => userId !== creator);
  if (invited.length > MAX_INVITES) throw invalidParam(`At most ${MAX_INVITES} users can be invited at once`);
  if (!invited.every(isUserId)) throw invalidParam("An invited user's id is not valid");
  const alias = await freeAlias(deps, wishes.aliasName);
  const plan = planRoom({ ...wishes, invite: invited }, version, alias);
  const newRoomId = (): RoomId => `!${opaqueId(deps.random, ROOM_ID_BYTES)}:${deps.serverName}`;

  return deps.graph.create({ version, sender: creator, content: plan.create, newRoomId }, async (room) => {
    // A taken alias or an overtaken write: the next attempt says which.
    if (room.attempt > 0) await freeAlias(deps, wishes.aliasName);
    await addFirstEvents(deps, room, { plan, wishes, invited });
    const { roomId } = room;
    room.write((tx) => {
      if (alias !== undefined) tx.roomAliases.create({ alias, roomId, creator });
      if (wishes.visibility === "public") tx.roomDirectory.setPublished(roomId, true);
    });
    return roomId;
  });
}

async function addFirstEvents(
  deps: CreateRoomDeps,
  room: OpenRoom,
  { plan, wishes, invited }: { plan: RoomPlan; wishes: RoomWishes; invited: RoomWishes["invite"] },
): Promise<void> {
  const { creator: sender, isDirect } = wishes;
  try {
    await addMember(deps, room, { sender, userId: sender, membership: "join" });
    await room.add({ type: "m.room.power_levels", stateKey: "", sender, content: plan.powerLevels });
    for (const { type, stateKey, content } of plan.state) await room.add({ type, stateKey, sender, content });
  } catch (error) {
    if (!(error instanceof MatrixError) || error.errcode !== "M_FORBIDDEN") throw error;
    throw new MatrixError("M_INVALID_ROOM_STATE", error.message);
  }
  const content = isDirect ? { is_direct: true } : undefined;
  for (const userId of invited ?? []) await addMember(deps, room, { sender, userId, membership: "invite", content });
}

async function freeAlias(
  { storage, serverName }: CreateRoomDeps,
  aliasName: string | undefined,
): Promise<RoomAlias | undefined> {
  if (aliasName === undefined) return undefined;
  const alias = `#${aliasName}:${serverName}`;
  if (/[\s:#]/.test(aliasName) || !isRoomAlias(alias)) throw invalidParam("room_alias_name is not valid");
  if ((await storage.read.roomAliases.get(alias)) !== undefined) {
    throw new MatrixError("M_ROOM_IN_USE", `The alias ${alias} is taken`, { status: 400 });
  }
  return alias;
}

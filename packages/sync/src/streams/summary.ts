import { type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import { eventContent } from "@croft/rooms";
import type { StateDelta, StateGroup, Storage } from "@croft/storage";
import { memberOf } from "./state.ts";

export type Summary = {
  readonly heroes: readonly UserId[];
  readonly text: string;
};

export type SummaryDeps = { readonly storage: Storage<"memberships" | "roomState" | "events"> };

const NAME = stateMapKey("m.room.name", "");
const CANONICAL_ALIAS = stateMapKey("m.room.canonical_alias", "");

/** A room without a name is named after so many of its members. */
const MAX_HEROES = 5;

export const NO_SUMMARY: Summary = { heroes: [], text: "{}" };

/** Whether a change of the state may change the summary. */
export const changesSummary = ({ key }: StateDelta): boolean =>
  key === NAME || key === CANONICAL_ALIAS || memberOf(key) !== undefined;

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync_response-200_roomsummary */
export async function roomSummary(
  deps: SummaryDeps,
  {
    roomId,
    userId,
    group,
    counts,
  }: {
    readonly roomId: RoomId;
    readonly userId: UserId;
    readonly group: StateGroup;
    readonly counts: { readonly joined: number; readonly invited: number };
  },
): Promise<Summary> {
  const heroes = (await isNamed(deps, group)) ? undefined : await heroesOf(deps, roomId, userId);
  const names = heroes === undefined ? "" : `"m.heroes":${JSON.stringify(heroes)},`;
  return {
    heroes: heroes ?? [],
    text: `{${names}"m.invited_member_count":${counts.invited},"m.joined_member_count":${counts.joined}}`,
  };
}

async function isNamed({ storage: { read } }: SummaryDeps, group: StateGroup): Promise<boolean> {
  const ids = await Promise.all([read.roomState.get(group, NAME), read.roomState.get(group, CANONICAL_ALIAS)]);
  const events = await read.events.byIds(ids.filter((id) => id !== undefined));
  return events.some((event) => {
    const name = eventContent(event)[event.type === "m.room.name" ? "name" : "alias"];
    return typeof name === "string" && name !== "";
  });
}

/** The first who are joined or invited; where there is nobody else, the first who were. */
async function heroesOf({ storage }: SummaryDeps, roomId: RoomId, except: UserId): Promise<UserId[]> {
  const { memberships } = storage.read;
  const present = await memberships.first({ roomId, memberships: ["join", "invite"], except, limit: MAX_HEROES });
  if (present.length > 0) return present;
  return memberships.first({ roomId, memberships: ["leave", "ban"], except, limit: MAX_HEROES });
}

import { type RoomId, stateMapKey, type UserId } from "@croft/protocol";
import { eventContent, type StateAtEvents } from "@croft/rooms";
import type { StateDelta, StateGroup, Storage, StoredEvent } from "@croft/storage";
import { memberOf } from "./state.ts";

export type Summary = {
  readonly heroes: readonly UserId[];
  readonly text: string;
};

export type SummaryDeps = { readonly storage: Storage<"memberships">; readonly stateAt: StateAtEvents };

export const NAME = stateMapKey("m.room.name", "");
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

async function isNamed({ stateAt }: SummaryDeps, group: StateGroup): Promise<boolean> {
  if (isSet((await stateAt.value(NAME, [group])).get(group), "name")) return true;
  return isSet((await stateAt.value(CANONICAL_ALIAS, [group])).get(group), "alias");
}

function isSet(event: StoredEvent | undefined, field: "name" | "alias"): boolean {
  const value = event && eventContent(event)[field];
  return typeof value === "string" && value !== "";
}

/** The first who are joined or invited; where there is nobody else, the first who were. */
async function heroesOf({ storage }: SummaryDeps, roomId: RoomId, except: UserId): Promise<UserId[]> {
  const { memberships } = storage.read;
  const present = await memberships.first({ roomId, memberships: ["join", "invite"], except, limit: MAX_HEROES });
  if (present.length > 0) return present;
  return memberships.first({ roomId, memberships: ["leave", "ban"], except, limit: MAX_HEROES });
}

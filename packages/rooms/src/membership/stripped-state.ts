import type { JsonObject, Pdu } from "@croft/protocol";
import type { OpenRoom } from "../event-graph/open-room.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#stripped-state */
const STRIPPED_TYPES = [
  "m.room.create",
  "m.room.name",
  "m.room.avatar",
  "m.room.topic",
  "m.room.join_rules",
  "m.room.canonical_alias",
  "m.room.encryption",
];

/** What a user who is not in the room yet may know of it: the state above, who invites them, and the member event itself. */
export async function strippedState(
  room: OpenRoom,
  member: Pick<Pdu, "type" | "sender" | "content"> & { readonly stateKey: string },
): Promise<JsonObject[]> {
  const state = await Promise.all([
    ...STRIPPED_TYPES.map((type) => room.state(type, "")),
    member.sender === member.stateKey ? undefined : room.state("m.room.member", member.sender),
  ]);
  const stripped = state.flatMap((event) => (event === undefined ? [] : [strip(event)]));
  const { type, sender, content, stateKey } = member;
  return [...stripped, { content, sender, state_key: stateKey, type }];
}

const strip = ({ content, sender, state_key = "", type }: Pdu): JsonObject => ({ content, sender, state_key, type });

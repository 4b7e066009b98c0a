import { type EventId, type RoomId, stateMapKey } from "@croft/protocol";
import type { Random } from "@croft/runtime";
import type { Storage } from "../storage.ts";
import type { StateGroup } from "../stores/room-state.ts";

/** Which keys change: any member's; ever new ones; or what a busy room sees (profiles, coming and going, widgets). */
export type Mix = "members" | "distinct" | "mixed";

export type Milestone = { readonly group: StateGroup; readonly expected: ReadonlyMap<string, EventId> };

const CHANGES_PER_WRITE = 2_000;

/**
 * Gives a room `members` members and then `changes` changes of its state, one after another, each an event of its own.
 * Answers the groups after every `every` changes with what each must hold.
 */
export async function fillRoom(
  { storage, random }: { storage: Storage<"events" | "roomState">; random: Random },
  args: { roomId: RoomId; members: number; changes: number; every: number; mix: Mix },
): Promise<Milestone[]> {
  const { roomId, members, changes, every, mix } = args;
  const now = new Map<string, EventId>();
  const milestones: Milestone[] = [];
  const pick = (below: number) => Buffer.from(random.bytes(4)).readUInt32LE() % below;
  const memberKey = (n: number) => stateMapKey("m.room.member", `@member-${n}:synthetic.example.org`);
  const changedKey = (n: number): string => {
    const kind = mix === "mixed" ? pick(10) : mix === "members" ? 0 : 9;
    if (kind < 6) return memberKey(pick(members));
    if (kind < 8) return stateMapKey("m.room.topic", "");
    if (kind < 9) return stateMapKey("im.vector.modular.widgets", `widget-${pick(50)}`);
    return memberKey(members + n);
  };

  let group: StateGroup = 0;
  let depth = 0;
  for (let done = -members; done < changes; ) {
    await storage.write(async (tx) => {
      const end = Math.min(done + CHANGES_PER_WRITE, done < 0 ? 0 : changes);
      for (; done < end; done++) {
        const key = done < 0 ? memberKey(done + members) : changedKey(done);
        // Ids as long as real ones.
        const eventId: EventId = `$${Buffer.from(random.bytes(32)).toString("base64url")}`;
        const removed = mix === "mixed" && done >= 0 && now.has(key) && pick(20) === 0;
        const change = { key, eventId: removed ? undefined : eventId };
        const before = group;
        group = await tx.roomState.derive(before, [change]);
        const position = tx.nextPosition();
        tx.roomState.changed(roomId, position, [{ ...change, previous: now.get(key) }]);
        tx.events.append({
          eventId,
          roomId,
          type: "m.room.member",
          sender: "@member-0:synthetic.example.org",
          stateKey: "",
          originServerTs: 0,
          depth: ++depth,
          position,
          json: "{}",
          contentStart: 0,
          contentEnd: 0,
          status: "accepted",
          stateBefore: before,
          stateAfter: group,
          sentBy: undefined,
          notifies: false,
          highlights: false,
        });
        if (removed) now.delete(key);
        else now.set(key, eventId);
        if (done >= 0 && done % every === 0) milestones.push({ group, expected: new Map(now) });
      }
    });
  }
  return milestones;
}

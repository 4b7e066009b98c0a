import { silentLogger, systemClock } from "@croft/runtime";
import { type EngineChoice, openStorage } from "@croft/storage";
import { expect } from "vitest";
import type { Room } from "./ledger.ts";

/** Local events follow one another: from its only forward extremity a room goes back to its creation in one line. */
export async function expectLines(engine: EngineChoice, rooms: readonly Room[]): Promise<void> {
  await using storage = await openStorage({ engine, clock: systemClock, logger: silentLogger });
  for (const { roomId } of rooms) {
    const head = await storage.read.rooms.head(roomId as `!${string}`);
    let line = head?.forwardExtremities.map(({ eventId }) => eventId) ?? [];
    for (let depth = head?.forwardExtremities[0]?.depth ?? 0; depth > 0; depth--) {
      expect(line, `events of ${roomId} at depth ${depth}`).toHaveLength(1);
      line = await storage.read.events.prevEvents(line[0]!);
    }
    expect(line).toEqual([]);
  }
}

import type { UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { RoomMemberships } from "../ports.ts";

export type FinishDeparturesDeps = {
  readonly storage: Storage<"accounts" | "profiles">;
  readonly memberships: Pick<RoomMemberships, "leaveAllRooms">;
};

/** Goes on with deactivations that a crash has interrupted. */
export async function finishDepartures(deps: FinishDeparturesDeps): Promise<void> {
  for (const userId of await deps.storage.read.accounts.departing()) await finishDeparture(deps, userId);
}

/** The profile goes last: until then the rooms know whom they lose. */
export async function finishDeparture({ storage, memberships }: FinishDeparturesDeps, userId: UserId): Promise<void> {
  await memberships.leaveAllRooms(userId);
  await storage.write(async (tx) => {
    tx.profiles.delete(userId);
    tx.accounts.departed(userId);
  });
}

import { MatrixError, type ServerName } from "@croft/protocol";
import type { Clock, Random } from "@croft/runtime";
import type { Storage } from "@croft/storage";
import { startSession } from "../sessions/start-session.ts";
import type { Registered } from "./register.ts";
import type { RegistrationSettings } from "./settings.ts";
import { newUserId } from "./user-id.ts";

export type RegisterGuestDeps = {
  readonly storage: Storage<"accounts" | "devices" | "sessions">;
  readonly clock: Clock;
  readonly random: Random;
  readonly serverName: ServerName;
  readonly registration: RegistrationSettings;
};

const LOCALPART_BYTES = 8;

/** Makes a guest; all it may say is what its device is called. https://spec.matrix.org/v1.19/client-server-api/#guest-access */
export async function registerGuest(
  deps: RegisterGuestDeps,
  { displayName }: { displayName: string | undefined },
): Promise<Registered> {
  const { storage, clock, random, serverName, registration } = deps;
  if (!registration.guests) throw new MatrixError("M_GUEST_ACCESS_FORBIDDEN", "Guest access is disabled");
  const userId = newUserId(serverName, `guest-${Buffer.from(random.bytes(LOCALPART_BYTES)).toString("hex")}`);
  const session = await storage.write(async (tx) => {
    tx.accounts.create({ userId, passwordHash: undefined, isAdmin: false, isGuest: true, createdTs: clock.now() });
    return startSession(tx, deps, { userId, device: { deviceId: undefined, displayName, refresh: false } });
  });
  return { userId, session };
}

import { type Account, createRoom, inParallel, type MatrixLoad, register } from "./matrix-client.ts";

export type Prepared = {
  readonly senders: readonly Account[];
  /** Sixteen rooms that every sender is in. */
  readonly roomIds: readonly string[];
  /** An account with many rooms. */
  readonly traveller: Account;
  readonly travellerRooms: number;
  readonly largeRoom: string;
  /** Accounts that are not yet in the large room. */
  readonly newcomers: readonly Account[];
};

const MEMBERS = 1000;

export async function prepare(load: MatrixLoad, sharedSecret: string | undefined): Promise<Prepared> {
  const run = Date.now().toString(36);
  const accounts: Account[] = [];
  await inParallel(MEMBERS + 10, 16, async (index) => {
    accounts[index] = await register(load, `bench${run}x${index}`, sharedSecret);
  });
  const senders = accounts.slice(0, 64);
  const [traveller] = accounts.slice(64);
  const [owner] = senders;
  if (!traveller || !owner) throw new Error("no accounts");
  const open = { preset: "public_chat" };
  const roomIds: string[] = [];
  await inParallel(16, 4, async (index) => {
    const roomId = await createRoom(load, owner, { ...open, name: `room ${index}` });
    roomIds[index] = roomId;
    for (const sender of senders.slice(1)) await join(load, sender, roomId);
  });
  const travellerRooms = 1000;
  await inParallel(travellerRooms, 16, async (index) => {
    const roomId = await createRoom(load, traveller, { name: `travelled ${index}`, topic: "a room among many" });
    for (let message = 0; message < 3; message++) {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${message}`;
      await load.request("PUT", path, {
        token: traveller.token,
        body: { msgtype: "m.text", body: `message ${message}` },
      });
    }
  });
  const largeRoom = await createRoom(load, owner, { ...open, name: "everybody" });
  await inParallel(MEMBERS - 1, 16, async (index) => join(load, accounts[index + 1] ?? owner, largeRoom));
  return { senders, roomIds, traveller, travellerRooms, largeRoom, newcomers: accounts.slice(MEMBERS) };
}

export async function join(load: MatrixLoad, { token }: Account, roomId: string): Promise<void> {
  await load.request("POST", `/_matrix/client/v3/join/${encodeURIComponent(roomId)}`, { token, body: {} });
}

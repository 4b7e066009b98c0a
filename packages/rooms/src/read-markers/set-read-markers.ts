import type { EventId, RoomId, UserId } from "@croft/protocol";
import { type SendReceiptDeps, sendReceipt } from "../receipts/send-receipt.ts";
import { type SetFullyReadDeps, setFullyRead } from "./set-fully-read.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidread_markers */
export async function setReadMarkers(
  deps: SendReceiptDeps & SetFullyReadDeps,
  {
    userId,
    roomId,
    markers,
  }: {
    readonly userId: UserId;
    readonly roomId: RoomId;
    readonly markers: {
      readonly "m.fully_read"?: EventId;
      readonly "m.read"?: EventId;
      readonly "m.read.private"?: EventId;
    };
  },
): Promise<void> {
  const fullyRead = markers["m.fully_read"];
  if (fullyRead !== undefined) await setFullyRead(deps, { userId, roomId, eventId: fullyRead });
  for (const type of ["m.read", "m.read.private"] as const) {
    const eventId = markers[type];
    if (eventId !== undefined) await sendReceipt(deps, { userId, roomId, eventId, type });
  }
}

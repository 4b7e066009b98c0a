import { type DeviceListChanges, deviceListChanges } from "@croft/e2ee";
import { formatStreamToken } from "@croft/rooms";
import { accountDataText, changedAccountData } from "../streams/account-data.ts";
import { keyCounts } from "../streams/key-counts.ts";
import { changedRooms } from "../streams/memberships.ts";
import { toDeviceMessages } from "../streams/to-device.ts";
import { typingChanges } from "../streams/typing.ts";
import { eventListText } from "./event-texts.ts";
import type { SyncQuestion } from "./question.ts";
import { roomsText } from "./rooms.ts";
import type { AssembleDeps } from "./sync-deps.ts";

export type SyncReply = {
  /** JSON text. */
  readonly text: string;
  /** Nothing happened: worth waiting for something. */
  readonly isEmpty: boolean;
  /** How far this answers: in the stream, and in the serials of typing. */
  readonly position: number;
  readonly typing: number;
};

/** Everything that changed for a user since their token, from all streams. */
export async function assembleSync(deps: AssembleDeps, question: SyncQuestion): Promise<SyncReply> {
  const { userId, deviceId, since, filter } = question;
  const after = since?.position ?? 0;
  const typing = deps.typing.serial;
  const typingRooms = typingChanges(deps.typing, since?.typing);
  const changes = await changedRooms(deps, { userId, after, includeLeave: filter.includeLeave });
  const { upTo } = changes;
  const window = { after, upTo };
  const accountData = await changedAccountData(deps, { userId, filter, window, isFirst: since === undefined });
  const [toDevice, deviceLists, keys, rooms] = await Promise.all([
    toDeviceMessages(deps, { userId, deviceId, window: { after: since?.toDevice ?? after, upTo } }),
    since === undefined ? NO_DEVICE_LISTS : deviceListChanges(deps, { userId, since: after, now: upTo }),
    keyCounts(deps, question),
    roomsText(deps, { question, changes, accountData, typingRooms }),
  ]);

  const nextBatch = formatStreamToken({ position: upTo, typing, toDevice: toDevice.leftOverAfter });
  const parts: string[] = [];
  if (accountData.global.length > 0) parts.push(eventListText("account_data", accountData.global.map(accountDataText)));
  if (toDevice.texts.length > 0) parts.push(eventListText("to_device", toDevice.texts));
  if (deviceLists.changed.length + deviceLists.left.length > 0) {
    parts.push(`"device_lists":${JSON.stringify(deviceLists)}`);
  }
  if (rooms !== "") parts.push(`"rooms":{${rooms}}`);
  const isEmpty = parts.length === 0 && keys.claimedAt <= after;
  parts.push(keys.text, `"next_batch":${JSON.stringify(nextBatch)}`);
  return { text: `{${parts.join(",")}}`, isEmpty, position: upTo, typing };
}

const NO_DEVICE_LISTS: DeviceListChanges = { changed: [], left: [] };

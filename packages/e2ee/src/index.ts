export { claimLocalKeys } from "./device-keys/claim-keys.ts";
export { forgetClaimedKeys } from "./device-keys/forget-claimed-keys.ts";
export { localKeys } from "./device-keys/query-keys.ts";
export {
  type DeviceListChanges,
  type DeviceListChangesDeps,
  deviceListChanges,
} from "./device-lists/device-list-changes.ts";
export { keptKeys } from "./device-lists/kept-keys.ts";
export { discardedToDevice, unreachableKeys } from "./no-federation.ts";
export type { Failures, KeysByDevice, KeysByUser, RemoteKeys, RemoteKeysFound, RemoteToDevice } from "./ports.ts";
export { type E2eeDeps, e2eeRoutes } from "./routes.ts";
export { acknowledgeToDevice } from "./to-device/acknowledge-to-device.ts";
export { forgetTransactions } from "./to-device/forget-transactions.ts";

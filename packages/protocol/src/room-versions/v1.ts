import type { RoomVersion } from "./room-version.ts";

/** https://spec.matrix.org/v1.19/rooms/v1/ */
export const v1: RoomVersion = {
  id: "1",
  eventFormat: "v1",
  stateResolution: "v1",
  strictCanonicalJson: false,
  enforceKeyValidity: false,
  specialAliases: true,
  redactionAuthRule: true,
  limitNotificationsPowerLevels: false,
  knock: false,
  restrictedJoin: false,
  knockRestrictedJoin: false,
  integerPowerLevels: false,
  implicitCreator: false,
  updatedRedaction: false,
  redactionKeepsJoinRuleAllow: false,
  redactionKeepsJoinAuthorised: false,
  privilegedCreators: false,
  roomIdIsCreateHash: false,
  // 2^63 − 1 has no double of its own; it rounds to 2^63.
  maxDepth: 2 ** 63,
};

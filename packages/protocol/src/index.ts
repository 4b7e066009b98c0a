export * from "./auth-rules/auth-event-types.ts";
export type * from "./auth-rules/auth-question.ts";
export * from "./auth-rules/can-redact.ts";
export * from "./auth-rules/check-auth.ts";
export * from "./auth-rules/check-auth-events-selection.ts";
export {
  canSendMessage,
  canSendState,
  isCreator,
  type PowerAction,
  type PowerLevels,
  powerLevelsOf,
} from "./auth-rules/power-levels.ts";
export type { AuthVerdict } from "./auth-rules/verdict.ts";
export * from "./errors.ts";
export type * from "./events/pdu.ts";
export type * from "./identifiers/types.ts";
export type * from "./json.ts";
export type { RoomVersion } from "./room-versions/room-version.ts";
export * from "./room-versions/room-versions.ts";
export type * from "./signing/crypto.ts";

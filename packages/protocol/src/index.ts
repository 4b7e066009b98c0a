export * from "./auth-rules/auth-event-types.ts";
export type * from "./auth-rules/auth-question.ts";
export * from "./auth-rules/can-redact.ts";
export * from "./auth-rules/check-auth.ts";
export * from "./auth-rules/check-auth-events-selection.ts";
export { joinRuleOf, membershipOf } from "./auth-rules/fields.ts";
export {
  canSendMessage,
  canSendState,
  isCreator,
  type PowerAction,
  type PowerLevels,
  powerLevelsOf,
} from "./auth-rules/power-levels.ts";
export { signedByKey } from "./auth-rules/signed-by-key.ts";
export type { AuthVerdict } from "./auth-rules/verdict.ts";
export * from "./canonical-json/base64.ts";
export * from "./canonical-json/canonical-json.ts";
export * from "./canonical-json/raw-number.ts";
export * from "./canonical-json/read-json.ts";
export * from "./errors.ts";
export * from "./events/check-pdu.ts";
export * from "./events/depth.ts";
export * from "./events/edges.ts";
export * from "./events/event-id.ts";
export * from "./events/event-size.ts";
export * from "./events/hashes.ts";
export type * from "./events/pdu.ts";
export * from "./identifiers/identifiers.ts";
export * from "./identifiers/matrix-uri.ts";
export * from "./identifiers/server-name.ts";
export type * from "./identifiers/types.ts";
export { exceedsUtf8, utf8Length } from "./identifiers/utf8-length.ts";
export * from "./json.ts";
export * from "./limits.ts";
export * from "./push-rules/default-push-rules.ts";
export * from "./push-rules/evaluate.ts";
export { compileGlob, type Glob, matchesWhole } from "./push-rules/glob.ts";
export * from "./push-rules/push-event.ts";
export * from "./push-rules/ruleset.ts";
export * from "./redaction/redact.ts";
export type { RoomVersion } from "./room-versions/room-version.ts";
export * from "./room-versions/room-versions.ts";
export type * from "./signing/crypto.ts";
export * from "./signing/required-signers.ts";
export * from "./signing/sign-event.ts";
export * from "./signing/sign-json.ts";
export * from "./state-resolution/resolve-state.ts";
export * from "./state-resolution/state-map.ts";

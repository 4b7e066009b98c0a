import type { RoomVersion } from "../room-versions/room-version.ts";
import { type RuleName, ruleNumber } from "./rule-numbers.ts";

/**
 * What the auth rules say of an event. `rule` is the number of the refusing rule on the page of the event's room
 * version ("5.3.2"); what a refusal means (drop, reject, soft-fail) is for whoever asked.
 */
export type AuthVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly rule: string; readonly reason: string };

export const ALLOWED: AuthVerdict = { allowed: true };

export const refuse = (version: RoomVersion, rule: RuleName, reason: string): AuthVerdict => ({
  allowed: false,
  rule: ruleNumber(version, rule),
  reason,
});

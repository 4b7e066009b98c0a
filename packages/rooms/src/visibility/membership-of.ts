import type { StoredEvent } from "@croft/storage";
import { eventContent } from "../client-event/event-content.ts";

/** What a member event sets; whoever has none counts as having left. */
export function membershipOf(event: StoredEvent | undefined): string {
  const membership = event === undefined ? undefined : eventContent(event)["membership"];
  return typeof membership === "string" ? membership : "leave";
}

/** The setting a visibility event makes; absent or not understood means `shared`. */
export function historyVisibilityOf(
  event: StoredEvent | undefined,
): "world_readable" | "shared" | "invited" | "joined" {
  const value = event === undefined ? undefined : eventContent(event)["history_visibility"];
  return value === "world_readable" || value === "invited" || value === "joined" ? value : "shared";
}

export {
  type ClientEventForm,
  clientEventText,
  strippedStateText,
  type Unsigned,
} from "./client-event/client-event-text.ts";
export {
  type ClientEventTextsArgs,
  type ClientEventTextsDeps,
  clientEventTexts,
} from "./client-event/client-event-texts.ts";
export { contentText, eventContent } from "./client-event/event-content.ts";
export {
  type CompiledEventFilter,
  type CompiledRoomEventFilter,
  compileEventFilter,
  compileRoomEventFilter,
} from "./history/event-filter.ts";
export {
  formatStreamToken,
  formatTopologicalToken,
  type PaginationToken,
  parsePaginationToken,
  parseStreamToken,
  type StreamToken,
  type TopologicalToken,
} from "./history/pagination-token.ts";
export { sendersMembers } from "./history/senders-members.ts";
export { tokenBefore } from "./history/topological-bounds.ts";
export { type RoomReadsDeps, roomReadsRoutes } from "./reads-routes.ts";
export { receiptEvents } from "./receipts/receipt-events.ts";
export { MAIN_TIMELINE } from "./receipts/receipt-thread.ts";
export { receiptsChanged } from "./receipts/receipts-changed.ts";
export { TypingUsers, typingEvent } from "./typing/typing-users.ts";
export { ignoredUsers, isIgnored, readIgnoredUsers } from "./visibility/ignored-users.ts";
export { lastStayEnd } from "./visibility/last-stay-end.ts";
export { historyVisibilityOf, membershipOf } from "./visibility/membership-of.ts";
export { type RoomAccess, type RoomAccessDeps, roomAccess } from "./visibility/room-access.ts";
export { StateAtEvents } from "./visibility/state-at-events.ts";
export { type Reader, visibleEvents } from "./visibility/visible-events.ts";

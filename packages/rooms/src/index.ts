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
  stateEventTexts,
} from "./client-event/client-event-texts.ts";
export { contentText, eventContent } from "./client-event/event-content.ts";
export { type CreateRoomsDeps, createRooms, type Rooms, startRooms } from "./create-rooms.ts";
export { type CreateRoomArgs, type CreateRoomDeps, createRoom } from "./creation/create-room.ts";
export type { RoomWishes } from "./creation/room-plan.ts";
export { createEventGraph, type EventGraph, type EventGraphDeps, type Received } from "./event-graph/event-graph.ts";
export type { AddedEvent, OpenRoom } from "./event-graph/open-room.ts";
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
export { type AddMemberDeps, addMember } from "./membership/add-member.ts";
export { type JoinRoomDeps, joinRoom } from "./membership/join-room.ts";
export { leaveAllRooms } from "./membership/leave-all-rooms.ts";
export { type LeaveRoomDeps, leaveRoom } from "./membership/leave-room.ts";
export { storedProfiles } from "./membership/stored-profiles.ts";
export * from "./ports.ts";
export { type RoomReadsDeps, roomReadsRoutes } from "./reads-routes.ts";
export { receiptEvents } from "./receipts/receipt-events.ts";
export { MAIN_TIMELINE } from "./receipts/receipt-thread.ts";
export { receiptsChanged } from "./receipts/receipts-changed.ts";
export { type RoomsDeps, roomsRoutes } from "./routes.ts";
export { contentOfText, type EventContent } from "./sending/event-content.ts";
export { forgetSentTransactions } from "./sending/forget-sent-transactions.ts";
export { type SendEventDeps, sendEvent } from "./sending/send-event.ts";
export { SentTransactions, type Transaction } from "./sending/sent-transactions.ts";
export { TypingUsers, typingEvent } from "./typing/typing-users.ts";
export { ignoredUsers, isIgnored, readIgnoredUsers } from "./visibility/ignored-users.ts";
export { lastStayEnd } from "./visibility/last-stay-end.ts";
export { historyVisibilityOf, membershipOf } from "./visibility/membership-of.ts";
export { type RoomAccess, type RoomAccessDeps, roomAccess } from "./visibility/room-access.ts";
export { StateAtEvents } from "./visibility/state-at-events.ts";
export { type Reader, visibleEvents } from "./visibility/visible-events.ts";

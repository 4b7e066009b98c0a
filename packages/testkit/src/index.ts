export { type CallArgs, type Called, call, ok } from "./call.ts";
export { type CroftOptions, type CroftProcess, freePort, startCroft } from "./croft-process.ts";
export { openTestStorage, type TestStorage } from "./open-test-storage.ts";
export { type ServedReply, type ServedRoutes, serveRoutes } from "./serve-routes.ts";
export { type AppendedEvent, StoredRoom } from "./stored-room.ts";
export { type LongPoll, type SyncedEvent, type SyncedRoom, type SyncReply, SyncScene } from "./sync-scene.ts";
export { type TestRooms, testRooms } from "./test-rooms.ts";
export { until } from "./until.ts";

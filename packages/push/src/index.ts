export { createNotificationJudge, type NotificationJudgeDeps } from "./judging/notification-judge.ts";
export { OwnRules } from "./judging/own-rules.ts";
export { pushRulesContent } from "./push-rules/push-rules-content.ts";
export { PUSH_RULES_TYPE } from "./push-rules/stored-rules.ts";
export { type PushDeps, pushRoutes } from "./routes.ts";
export { type RoomUnread, type Unread, unreadCounts } from "./unread/unread-counts.ts";

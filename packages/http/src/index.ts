export { InteractiveAuthRequired, jsonText, RawReply } from "./reply.ts";
export { type HandlerArgs, type RequestContext, type Requester, type Route, route } from "./route.ts";

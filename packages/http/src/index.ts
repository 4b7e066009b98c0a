export type { Authenticate, AuthenticateInfo } from "./access-token.ts";
export { defaultRates, type Rate, RateLimiter, type Rates } from "./rate-limiter.ts";
export { InteractiveAuthRequired, jsonText, RawReply } from "./reply.ts";
export { type AddressOf, addressReader, limitedAddress } from "./request/address.ts";
export { type Answered, RequestHandler, type RequestHandlerDeps } from "./request-handler.ts";
export { type HandlerArgs, type RequestContext, type Requester, type Route, route } from "./route.ts";
export { compileSchema } from "./schema-check.ts";

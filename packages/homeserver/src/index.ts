export { createHomeserver, type Homeserver, type HomeserverDeps } from "./compose.ts";
export { isClaimedBy, OtherServersData } from "./server-identity.ts";
export type { HomeserverSettings } from "./settings.ts";

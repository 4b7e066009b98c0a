export { createMedia, type Media, type MediaDeps, startMedia } from "./create-media.ts";
export type { Mxc, Patience, RemoteMedia } from "./ports.ts";
export { mediaRoutes } from "./routes.ts";

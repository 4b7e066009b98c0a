export { hostPort, type ListenAt, Listener, type ListenerDeps, type RequestListener } from "./listeners/listener.ts";
export { type StaticFilesDeps, staticFiles } from "./static-files/static-files.ts";

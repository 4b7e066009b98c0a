export { type ServedRoutes, serveRoutes } from "./serve-routes.ts";

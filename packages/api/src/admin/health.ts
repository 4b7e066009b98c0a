import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

/** The process answers. */
export const getLiveness = endpoint({
  operationId: "getLiveness",
  method: "GET",
  path: "/livez",
  auth: "none",
  rateLimited: false,
  reply: Type.Object({ alive: Type.Literal(true) }),
});

/** 200 where every part can do its work; else 503, and which cannot. */
export const getReadiness = endpoint({
  operationId: "getReadiness",
  method: "GET",
  path: "/readyz",
  auth: "none",
  rateLimited: false,
  reply: Type.Object({ ready: Type.Boolean(), parts: Type.Record(Type.String(), Type.String()) }),
});

/** Prometheus' text format. */
export const getMetrics = endpoint({
  operationId: "getMetrics",
  method: "GET",
  path: "/metrics",
  auth: "none",
  rateLimited: false,
});

/** What the start page shows of the server. */
export const getServerInformation = endpoint({
  operationId: "getServerInformation",
  method: "GET",
  path: "/_croft/client/v1/server",
  auth: "none",
  rateLimited: "general",
  reply: Type.Object({
    server_name: Type.String(),
    base_url: Type.String(),
    version: Type.String(),
    registration: Type.Enum(["closed", "token", "open"]),
  }),
});

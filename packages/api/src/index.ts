export * from "./endpoint.ts";
export * from "./schemas.ts";

import { expect, test } from "vitest";
import { fieldPaths, keepFields } from "./event-fields.ts";

const kept = (event: object, ...fields: string[]) => JSON.parse(keepFields(JSON.stringify(event), fieldPaths(fields)));

test("paths lead into objects, and nothing beside them is kept", () => {
  const event = { type: "t", content: { body: "b", format: "f" }, sender: "s" };
  expect(kept(event, "type", "content.body")).toEqual({ type: "t", content: { body: "b" } });
});

test("an escaped dot is part of a name", () => {
  const event = { content: { "m.relates_to": { rel_type: "r" }, "a\\b": 1 } };
  expect(kept(event, "content.m\\.relates_to.rel_type", "content.a\\\\b")).toEqual({
    content: { "m.relates_to": { rel_type: "r" }, "a\\b": 1 },
  });
});

test("a path that leads nowhere keeps nothing, one into another that is kept whole changes nothing", () => {
  const event = { content: { body: "b", list: [1] } };
  expect(kept(event, "content.absent", "content.body.length", "absent")).toEqual({});
  expect(kept(event, "content", "content.body")).toEqual(event);
  expect(kept(event, "content.body", "content")).toEqual(event);
});

test("names of every object's own are data like any other", () => {
  expect(kept({ content: { a: 1 } }, "content.constructor", "content.toString")).toEqual({});
});

import { defineFilter, getFilter } from "@croft/api";
import { expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";

onBothEngines((here) => {
  const filter = {
    event_fields: ["content.body"],
    room: { timeline: { limit: 5 }, state: { lazy_load_members: true } },
  };

  test("a filter comes back as it was defined, under an id that starts with no brace", async () => {
    const [alice] = await here.people("alice");
    const { userId } = alice;
    const { filter_id: filterId } = await alice.ok(defineFilter, { params: { userId }, body: filter });
    expect(filterId).not.toMatch(/^\{/);
    expect(await alice.ok(getFilter, { params: { userId, filterId } })).toEqual(filter);
  });

  test("a filter is its user's alone", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const { userId } = alice;
    const { filter_id: filterId } = await alice.ok(defineFilter, { params: { userId }, body: filter });
    expect(await bob.call(defineFilter, { params: { userId }, body: filter })).toMatchObject(
      refusal(403, "M_FORBIDDEN"),
    );
    expect(await bob.call(getFilter, { params: { userId, filterId } })).toMatchObject({ status: 403 });
  });

  test("an id under which nothing was defined is not found", async () => {
    const [alice] = await here.people("alice");
    for (const filterId of ["4711", "none"]) {
      const reply = await alice.call(getFilter, { params: { userId: alice.userId, filterId } });
      expect(reply).toMatchObject(refusal(404, "M_NOT_FOUND"));
    }
  });

  test("what cannot be a filter is refused", async () => {
    const [alice] = await here.people("alice");
    const params = { userId: alice.userId };
    for (const body of [{ room: { timeline: { limit: "many" } } }, { event_fields: "content" }, { room: [] }]) {
      const reply = await alice.call(defineFilter, { params, body: body as never });
      expect(reply).toMatchObject(refusal(400, "M_BAD_JSON"));
    }
  });
});

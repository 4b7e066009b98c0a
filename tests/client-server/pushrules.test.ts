import {
  deletePushRule,
  getAccountData,
  getPushRule,
  getPushRuleActions,
  getPushRules,
  getPushRulesGlobal,
  isPushRuleEnabled,
  setPushRule,
  setPushRuleActions,
  setPushRuleEnabled,
} from "@croft/api";
import { expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { joined, roomOf, say, syncOf } from "./talk.ts";

const tea = { kind: "content", ruleId: "tea" } as const;
const notFound = refusal(404, "M_NOT_FOUND");

onBothEngines((here) => {
  test("everyone has the specification's rules, which are account data too", async () => {
    const [alice] = await here.people("alice");
    const { global } = await alice.ok(getPushRules);
    expect(global.override[0]).toMatchObject({ rule_id: ".m.rule.master", default: true, enabled: false, actions: [] });
    expect(global.underride.map(({ rule_id }) => rule_id)).toContain(".m.rule.message");
    for (const kind of ["override", "content", "room", "sender", "underride"] as const) {
      for (const rule of global[kind]) {
        expect(rule).toMatchObject({ actions: expect.any(Array), default: true, enabled: expect.any(Boolean) });
      }
    }
    expect(await alice.ok(getPushRulesGlobal)).toEqual(global);
    const params = { userId: alice.userId, type: "m.push_rules" };
    expect(await alice.ok(getAccountData, { params })).toEqual({ global });
  });

  test("a rule of one's own comes first, and can be ordered, switched off, changed and deleted", async () => {
    const [alice] = await here.people("alice");
    const params = tea;
    const rules = async () => (await alice.ok(getPushRules)).global.content.map(({ rule_id }) => rule_id);
    await alice.ok(setPushRule, { params, body: { pattern: "tea", actions: ["notify"] } });
    expect(await alice.ok(getPushRule, { params })).toEqual({
      rule_id: "tea",
      default: false,
      enabled: true,
      pattern: "tea",
      actions: ["notify"],
    });
    const coffee = { ...tea, ruleId: "coffee" };
    const body = { pattern: "coffee", actions: [] };
    await alice.ok(setPushRule, { params: coffee, query: { after: "tea" }, body });
    expect((await rules()).slice(0, 2)).toEqual(["tea", "coffee"]);
    await alice.ok(setPushRuleEnabled, { params, body: { enabled: false } });
    expect(await alice.ok(isPushRuleEnabled, { params })).toEqual({ enabled: false });
    const actions = ["notify", { set_tweak: "sound", value: "default" }];
    await alice.ok(setPushRuleActions, { params, body: { actions } as never });
    expect(await alice.ok(getPushRuleActions, { params })).toEqual({ actions });
    await alice.ok(deletePushRule, { params });
    expect(await alice.call(getPushRule, { params })).toMatchObject(notFound);
  });

  test("a change comes with the next sync and counts for what is said after", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    const { next_batch: since } = await syncOf(bob);
    const actions = ["notify", { set_tweak: "highlight" }];
    await bob.ok(setPushRule, { params: tea, body: { pattern: "tea", actions } as never });
    const { account_data } = await syncOf(bob, { since });
    expect(account_data?.events).toMatchObject([{ type: "m.push_rules" }]);
    await say(alice, roomId, "there is tea");
    expect(joined(await syncOf(bob), roomId).unread_notifications).toEqual({
      notification_count: 1,
      highlight_count: 1,
    });
  });

  test("who is in a room they muted is not notified there", async () => {
    const [alice, bob] = await here.people("alice", "bob");
    const roomId = await roomOf(alice, [bob]);
    const conditions = [{ kind: "event_match", key: "room_id", pattern: roomId }];
    const params = { kind: "override", ruleId: roomId } as const;
    await bob.ok(setPushRule, { params, body: { conditions, actions: [] } });
    await say(alice, roomId, "psst");
    expect(joined(await syncOf(bob), roomId).unread_notifications).toMatchObject({ notification_count: 0 });
  });

  test("the specification's rules can be switched off and changed, but not deleted or made", async () => {
    const [alice] = await here.people("alice");
    const params = { kind: "underride", ruleId: ".m.rule.message" } as const;
    await alice.ok(setPushRuleEnabled, { params, body: { enabled: false } });
    await alice.ok(setPushRuleActions, { params, body: { actions: [] } });
    expect(await alice.ok(getPushRule, { params })).toMatchObject({ enabled: false, actions: [], default: true });
    expect(await alice.call(deletePushRule, { params })).toMatchObject(refusal(400, "M_INVALID_PARAM"));
    const own = { ...params, ruleId: ".m.rule.mine" };
    expect(await alice.call(setPushRule, { params: own, body: { actions: [] } })).toMatchObject(
      refusal(400, "M_INVALID_PARAM"),
    );
  });

  test("a rule that is not there cannot be asked for or changed", async () => {
    const [alice] = await here.people("alice");
    const params = { ...tea, ruleId: "nobodys" };
    expect(await alice.call(isPushRuleEnabled, { params })).toMatchObject(notFound);
    expect(await alice.call(getPushRuleActions, { params })).toMatchObject(notFound);
    expect(await alice.call(setPushRuleEnabled, { params, body: { enabled: true } })).toMatchObject(notFound);
    expect(await alice.call(setPushRuleActions, { params, body: { actions: [] } })).toMatchObject(notFound);
    expect(await alice.call(deletePushRule, { params })).toMatchObject(notFound);
  });
});

import * as api from "@croft/api";
import { defaultPushRules, type JsonObject, MatrixError, type PushRuleKind, type UserId } from "@croft/protocol";
import { type CallArgs, call, serveRoutes } from "@croft/testkit";
import { expect, test } from "vitest";
import { pushRulesContent } from "./push-rules/push-rules-content.ts";
import { pushRoutes } from "./routes.ts";
import { testPush } from "./test-push.ts";

const alice: UserId = "@alice:here";
const bob: UserId = "@bob:here";

async function servedPush() {
  const push = await testPush();
  const served = await serveRoutes(pushRoutes(push), {
    authenticate: async (token) => {
      if (token !== alice && token !== bob) throw new MatrixError("M_UNKNOWN_TOKEN", "Unknown access token");
      return { userId: token, deviceId: "DEVICE", isAdmin: false, isGuest: false, tokenId: 1 };
    },
  });
  const ask = async <E extends api.Endpoint>(endpoint: E, args: CallArgs<E> = {}) => {
    const { status, body } = await call(served.url, endpoint, { token: alice, ...args });
    return { status, body };
  };
  type Query = api.QueryOf<typeof api.setPushRule>;
  return {
    ...push,
    served,
    ask,
    put: (kind: PushRuleKind, ruleId: string, body: object = { actions: [] }, query: Query = {}) =>
      ask(api.setPushRule, { params: { kind, ruleId }, query, body: body as { actions: [] } }),
    async ids(kind: PushRuleKind) {
      const { body } = await ask(api.getPushRulesGlobal);
      return body[kind].map(({ rule_id }) => rule_id);
    },
    async kept() {
      const data = await push.storage.read.accountData.get({ userId: alice, roomId: undefined, type: "m.push_rules" });
      return data?.content;
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await push[Symbol.asyncDispose]();
    },
  };
}

const done = { status: 200, body: {} };
const refused = (status: number, errcode: string) => ({ status, body: { errcode } });

test("who has changed nothing has the default rules, in all of their forms", async () => {
  await using push = await servedPush();
  const rules = JSON.parse(JSON.stringify(defaultPushRules(alice)));
  expect(await push.ask(api.getPushRules)).toEqual({ status: 200, body: { global: rules } });
  expect(await push.ask(api.getPushRulesGlobal)).toEqual({ status: 200, body: rules });
  expect(JSON.parse(pushRulesContent(alice, undefined))).toEqual({ global: rules });
  const params = { kind: "underride", ruleId: ".m.rule.message" } as const;
  const message = rules.underride.find(({ rule_id }: JsonObject) => rule_id === ".m.rule.message");
  expect(await push.ask(api.getPushRule, { params })).toEqual({ status: 200, body: message });
});

test("a rule is read as it was set, enabled, and by its owner alone", async () => {
  await using push = await servedPush();
  const actions = ["notify", { set_tweak: "sound", value: "bing" }];
  expect(await push.put("content", "Größe 1#?", { pattern: "cake*lie", actions, userId: bob })).toEqual(done);
  const params = { kind: "content", ruleId: "Größe 1#?" } as const;
  const rule = { rule_id: "Größe 1#?", default: false, enabled: true, pattern: "cake*lie", actions };
  expect(await push.ask(api.getPushRule, { params })).toEqual({ status: 200, body: rule });
  expect(await push.ask(api.getPushRule, { params, token: bob })).toMatchObject(refused(404, "M_NOT_FOUND"));
  expect(JSON.parse(pushRulesContent(alice, await push.kept())).global.content).toEqual([rule]);
});

test("a new rule is the most important of its kind, after the master rule", async () => {
  await using push = await servedPush();
  await push.put("override", "first", { actions: [], conditions: [] });
  await push.put("override", "second", { actions: [] });
  const ids = await push.ids("override");
  expect(ids.slice(0, 4)).toEqual([".m.rule.master", "second", "first", ".m.rule.suppress_notices"]);
});

test("a rule stands right before or after the one it is put next to, and stays there when changed", async () => {
  await using push = await servedPush();
  for (const id of ["c", "b", "a"]) await push.put("sender", id);
  await push.put("sender", "x", undefined, { after: "a" });
  await push.put("sender", "y", undefined, { before: "c" });
  expect(await push.ids("sender")).toEqual(["a", "x", "b", "y", "c"]);
  await push.put("sender", "b", { actions: ["notify"] });
  expect(await push.ids("sender")).toEqual(["a", "x", "b", "y", "c"]);
  await push.put("sender", "b", undefined, { before: "a", after: "c" });
  expect(await push.ids("sender")).toEqual(["b", "a", "x", "y", "c"]);
});

test("a rule can stand neither next to one that is not there nor next to a default one", async () => {
  await using push = await servedPush();
  for (const query of [{ before: "none" }, { after: "none" }, { before: ".m.rule.master" }, { after: "self" }]) {
    expect(await push.put("override", "self", undefined, query)).toMatchObject(refused(400, "M_UNKNOWN"));
  }
  expect(await push.kept()).toBeUndefined();
});

test.each([".mine", "a/b", "a\\b"])("%s is no id for a rule of one's own", async (ruleId) => {
  await using push = await servedPush();
  expect(await push.put("override", ruleId)).toMatchObject(refused(400, "M_INVALID_PARAM"));
});

test.each([
  ["override", {}, "M_MISSING_PARAM"],
  ["content", { actions: [] }, "M_MISSING_PARAM"],
  ["content", { actions: [], pattern: 1 }, "M_BAD_JSON"],
  ["override", { actions: "notify" }, "M_BAD_JSON"],
  ["override", { actions: ["shout"] }, "M_INVALID_PARAM"],
  ["override", { actions: [{ value: 1 }] }, "M_INVALID_PARAM"],
  ["override", { actions: [], conditions: [{}] }, "M_BAD_JSON"],
  ["device", { actions: [] }, "M_INVALID_PARAM"],
] as const)("a rule of kind %s is refused that is %j", async (kind, body, errcode) => {
  await using push = await servedPush();
  expect(await push.put(kind as "override", "x", body)).toMatchObject(refused(400, errcode));
});

test("a default rule is neither replaced nor deleted, but can be disabled and given other actions", async () => {
  await using push = await servedPush();
  const params = { kind: "underride", ruleId: ".m.rule.message" } as const;
  expect(await push.put(params.kind, params.ruleId)).toMatchObject(refused(400, "M_INVALID_PARAM"));
  expect(await push.ask(api.deletePushRule, { params })).toMatchObject(refused(400, "M_INVALID_PARAM"));
  expect(await push.ask(api.setPushRuleEnabled, { params, body: { enabled: false } })).toEqual(done);
  expect(await push.ask(api.setPushRuleActions, { params, body: { actions: [] } })).toEqual(done);
  const rule = { rule_id: params.ruleId, default: true, enabled: false, actions: [] };
  expect(await push.ask(api.getPushRule, { params })).toMatchObject({ status: 200, body: rule });
  expect(await push.ask(api.isPushRuleEnabled, { params })).toEqual({ status: 200, body: { enabled: false } });
  expect(await push.ask(api.getPushRuleActions, { params })).toEqual({ status: 200, body: { actions: [] } });
});

test("a default rule set back to what it was follows the server's default again", async () => {
  await using push = await servedPush();
  const params = { kind: "underride", ruleId: ".m.rule.message" } as const;
  await push.ask(api.setPushRuleEnabled, { params, body: { enabled: false } });
  await push.ask(api.setPushRuleActions, { params, body: { actions: [] } });
  expect(JSON.parse((await push.kept()) ?? "").changed).toEqual({ [params.ruleId]: { enabled: false, actions: [] } });
  await push.ask(api.setPushRuleEnabled, { params, body: { enabled: true } });
  await push.ask(api.setPushRuleActions, { params, body: { actions: ["notify"] } });
  expect(JSON.parse((await push.kept()) ?? "")).toEqual({ own: {}, changed: {} });
});

test("one's own rule can be disabled, stays so when it is changed, and is gone when deleted", async () => {
  await using push = await servedPush();
  const params = { kind: "room", ruleId: "!room:here" } as const;
  await push.put(params.kind, params.ruleId);
  await push.ask(api.setPushRuleEnabled, { params, body: { enabled: false } });
  await push.put(params.kind, params.ruleId, { actions: ["notify"] });
  await push.ask(api.setPushRuleActions, { params, body: { actions: ["dont_notify"] } });
  const rule = { rule_id: params.ruleId, default: false, enabled: false, actions: ["dont_notify"] };
  expect(await push.ask(api.getPushRule, { params })).toEqual({ status: 200, body: rule });
  expect(await push.ask(api.deletePushRule, { params })).toEqual(done);
  expect(await push.ask(api.deletePushRule, { params })).toMatchObject(refused(404, "M_NOT_FOUND"));
});

test("a rule that is not there is not found, whatever is asked of it", async () => {
  await using push = await servedPush();
  const params = { kind: "content", ruleId: ".m.rule.message" } as const;
  const missing = refused(404, "M_NOT_FOUND");
  expect(await push.ask(api.getPushRule, { params })).toMatchObject(missing);
  expect(await push.ask(api.deletePushRule, { params })).toMatchObject(missing);
  expect(await push.ask(api.isPushRuleEnabled, { params })).toMatchObject(missing);
  expect(await push.ask(api.setPushRuleEnabled, { params, body: { enabled: true } })).toMatchObject(missing);
  expect(await push.ask(api.getPushRuleActions, { params })).toMatchObject(missing);
  expect(await push.ask(api.setPushRuleActions, { params, body: { actions: [] } })).toMatchObject(missing);
  expect(await push.kept()).toBeUndefined();
});

test("rules that are changed at once are all kept", async () => {
  await using push = await servedPush();
  const ids = Array.from({ length: 20 }, (_, i) => `rule ${String(i).padStart(2, "0")}`);
  expect(await Promise.all(ids.map((id) => push.put("sender", id)))).toEqual(ids.map(() => done));
  expect((await push.ids("sender")).sort()).toEqual(ids);
});

test("rules have a limit in bytes, and a refused one leaves the others as they are", async () => {
  await using push = await servedPush();
  const pattern = "x".repeat(60_000);
  for (const id of ["a", "b", "c", "d"]) {
    expect(await push.put("content", id, { pattern, actions: [] })).toEqual(done);
  }
  expect(await push.put("content", "e", { pattern, actions: [] })).toMatchObject(refused(413, "M_TOO_LARGE"));
  expect(await push.ids("content")).toEqual(["d", "c", "b", "a"]);
});

import type { Endpoint } from "@croft/api";
import { badJson, invalidParam, missingParam } from "@croft/protocol";
import type { Static, TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import type { RawQuery } from "./request/query.ts";

/** An endpoint's schemas, compiled once. Each check returns what it was given, or throws naming the field. */
export type SchemaCheck = {
  params(params: { readonly [name: string]: string }): unknown;
  query(query: RawQuery): unknown;
  /** `bytes`: how many the body was sent as. */
  body(body: unknown, bytes: number): unknown;
};

/** To name the field at fault the whole body is gone through, a good deal slower than to find that there is one. */
const MAX_SEARCHED_BYTES = 64 * 1024;

export function compileSchemas({ params, query, body }: Pick<Endpoint, "params" | "query" | "body">): SchemaCheck {
  const paramsCheck = params && Compile(params);
  const queryCheck = query && Compile(query);
  const bodyCheck = body && Compile(body);
  const kinds = query ? queryKinds(query) : new Map<string, QueryKind>();
  return {
    params(value) {
      if (paramsCheck && !paramsCheck.Check(value))
        throw invalidParam(describe(paramsCheck, value, "in the path").text);
      return value;
    },
    query(raw) {
      const value = readQuery(raw, kinds);
      if (queryCheck && !queryCheck.Check(value)) {
        const { text, missing } = describe(queryCheck, value, "in the query");
        throw missing ? missingParam(text) : invalidParam(text);
      }
      return value;
    },
    body(value, bytes) {
      if (bodyCheck && !bodyCheck.Check(value)) {
        if (bytes > MAX_SEARCHED_BYTES) throw badJson("The request body is not as the endpoint declares it");
        const { text, missing } = describe(bodyCheck, value, "in the body");
        throw missing ? missingParam(text) : badJson(text);
      }
      return value;
    },
  };
}

/** A check of what comes in as text inside a parameter. Throws `M_INVALID_PARAM` naming the field; `where` says in what. */
export function compileSchema<Schema extends TSchema>(
  schema: Schema,
  where: string,
): (value: unknown) => asserts value is Static<Schema> {
  const check = Compile(schema);
  return (value) => {
    if (!check.Check(value)) throw invalidParam(describe(check, value, where).text);
  };
}

/** Names the first field at fault; `missing` if it is one that had to be there. */
function describe(validator: Validator, value: unknown, where: string): { text: string; missing: boolean } {
  const error = validator.Errors(value)[0];
  const at = (error?.instancePath ?? "").split("/").filter((part) => part !== "");
  if (error?.keyword === "required") {
    const absent = error.params.requiredProperties[0] ?? "";
    return { text: `${[...at, absent].join(".")} is missing ${where}`, missing: at.length === 0 };
  }
  const field = at.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")).join(".") || "what was sent";
  const allowed = error?.keyword === "enum" ? `: ${error.params.allowedValues.join(", ")}` : "";
  return {
    text: `${field} ${where} ${error?.message ?? "is not as the endpoint declares it"}${allowed}`,
    missing: false,
  };
}

type QueryKind = { readonly list: boolean; readonly scalar: "number" | "boolean" | "string" };

/** The parts of JSON Schema that tell how a query parameter's text is meant. */
type SchemaShape = {
  readonly type?: string;
  readonly items?: SchemaShape;
  readonly anyOf?: readonly SchemaShape[];
  readonly properties?: { readonly [name: string]: SchemaShape };
};

function queryKinds(schema: TSchema): Map<string, QueryKind> {
  const { properties = {} } = schema as SchemaShape;
  return new Map(Object.entries(properties).map(([name, shape]) => [name, queryKind(shape)]));
}

function queryKind(shape: SchemaShape): QueryKind {
  if (shape.type === "array") return { list: true, scalar: queryKind(shape.items ?? {}).scalar };
  const types = shape.anyOf ? shape.anyOf.map((choice) => choice.type) : [shape.type];
  if (types.includes("integer") || types.includes("number")) return { list: false, scalar: "number" };
  return { list: false, scalar: types.includes("boolean") ? "boolean" : "string" };
}

/** Undeclared parameters are dropped: nothing may depend on them. A declared one given twice counts as first given. */
function readQuery(raw: RawQuery, kinds: ReadonlyMap<string, QueryKind>): { [name: string]: unknown } {
  const query: { [name: string]: unknown } = {};
  if (raw.size === 0) return query;
  for (const [name, { list, scalar }] of kinds) {
    const texts = raw.get(name);
    if (texts === undefined) continue;
    query[name] = list ? texts.map((text) => readScalar(text, scalar)) : readScalar(texts[0] ?? "", scalar);
  }
  return query;
}

/** Text that is not of its kind stays text, for the schema to refuse. */
function readScalar(text: string, scalar: QueryKind["scalar"]): unknown {
  if (scalar === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (scalar === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

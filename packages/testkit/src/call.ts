import type { BodyOf, Endpoint, EndpointAuth, ParamsOf, QueryOf, ReplyOf } from "@croft/api";
import type { TSchema } from "typebox";

/** What a test sends: the parts that the endpoint declares, and a token where it asks for one. */
export type CallArgs<E> = {
  readonly params?: ParamsOf<E>;
  readonly query?: QueryOf<E>;
  readonly body?: BodyOf<E> | undefined;
  readonly token?: string | undefined;
  readonly headers?: { readonly [name: string]: string };
};

/** What came back, whatever its status. */
export type Called<Reply> = { readonly status: number; readonly headers: Headers; readonly body: Reply };

/** Calls an endpoint over HTTP as it is declared, and answers whatever the server says. */
export async function call<E extends Endpoint<EndpointAuth, TSchema, TSchema, TSchema, TSchema>>(
  baseUrl: string,
  endpoint: E,
  { params, query, body, token, headers = {} }: CallArgs<E>,
): Promise<Called<ReplyOf<E> & { readonly errcode?: string; readonly error?: string }>> {
  const filled = endpoint.path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String((params as { [name: string]: unknown } | undefined)?.[name] ?? "")),
  );
  const url = new URL(filled, baseUrl);
  for (const [name, value] of Object.entries((query ?? {}) as { [name: string]: unknown })) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) url.searchParams.append(name, String(one));
  }
  const response = await fetch(url, {
    method: endpoint.method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Like `call`, for what must succeed: the reply's body, or a thrown error that quotes the refusal. */
export async function ok<E extends Endpoint<EndpointAuth, TSchema, TSchema, TSchema, TSchema>>(
  baseUrl: string,
  endpoint: E,
  args: CallArgs<E>,
): Promise<ReplyOf<E>> {
  const { status, body } = await call(baseUrl, endpoint, args);
  if (status !== 200) throw new Error(`${endpoint.operationId} answered ${status} ${JSON.stringify(body)}`);
  return body;
}

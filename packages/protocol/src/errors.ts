/**
 * The spec's error codes with the HTTP status each is answered with unless a caller says otherwise.
 * https://spec.matrix.org/v1.19/client-server-api/#standard-error-response
 */
const STATUS = {
  M_FORBIDDEN: 403,
  M_UNKNOWN_TOKEN: 401,
  M_MISSING_TOKEN: 401,
  M_UNAUTHORIZED: 401,
  M_USER_LOCKED: 401,
  M_USER_SUSPENDED: 403,
  M_USER_DEACTIVATED: 403,
  M_USER_LIMIT_EXCEEDED: 403,
  M_BAD_JSON: 400,
  M_NOT_JSON: 400,
  M_NOT_FOUND: 404,
  M_UNRECOGNIZED: 404,
  M_LIMIT_EXCEEDED: 429,
  M_UNKNOWN: 500,
  M_USER_IN_USE: 400,
  M_INVALID_USERNAME: 400,
  M_EXCLUSIVE: 400,
  M_ROOM_IN_USE: 409,
  M_INVALID_ROOM_STATE: 400,
  M_THREEPID_IN_USE: 400,
  M_THREEPID_NOT_FOUND: 400,
  M_THREEPID_AUTH_FAILED: 400,
  M_THREEPID_DENIED: 403,
  M_SERVER_NOT_TRUSTED: 400,
  M_UNSUPPORTED_ROOM_VERSION: 400,
  M_INCOMPATIBLE_ROOM_VERSION: 400,
  M_BAD_STATE: 403,
  M_GUEST_ACCESS_FORBIDDEN: 403,
  M_CAPTCHA_NEEDED: 400,
  M_CAPTCHA_INVALID: 400,
  M_MISSING_PARAM: 400,
  M_INVALID_PARAM: 400,
  M_TOO_LARGE: 413,
  M_RESOURCE_LIMIT_EXCEEDED: 400,
  M_CANNOT_LEAVE_SERVER_NOTICE_ROOM: 403,
  M_WEAK_PASSWORD: 400,
  M_UNSUPPORTED: 400,
  M_BAD_ALIAS: 400,
  M_DUPLICATE_ANNOTATION: 400,
  M_NOT_YET_UPLOADED: 504,
  M_CANNOT_OVERWRITE_MEDIA: 409,
  M_UNKNOWN_POS: 400,
  M_WRONG_ROOM_KEYS_VERSION: 403,
  M_INVALID_SIGNATURE: 400,
  M_URL_NOT_SET: 400,
  M_BAD_STATUS: 400,
  M_CONNECTION_FAILED: 400,
  M_CONNECTION_TIMEOUT: 400,
  M_UNABLE_TO_AUTHORISE_JOIN: 400,
  M_UNABLE_TO_GRANT_JOIN: 400,
  M_INVITE_BLOCKED: 403,
  M_UNKNOWN_DEVICE: 400,
  M_TOKEN_INCORRECT: 400,
  M_KEY_TOO_LARGE: 400,
  M_PROFILE_TOO_LARGE: 400,
  M_CONCURRENT_WRITE: 409,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** Fields that stand beside `errcode` and `error`, and a status other than the code's usual one. */
export type ErrorDetails = {
  readonly status?: number;
  readonly retry_after_ms?: number;
  readonly soft_logout?: boolean;
  readonly room_version?: string;
  readonly current_version?: string;
  readonly [field: string]: unknown;
};

/** A refusal that leaves the process with its text. Anything else thrown is our bug and leaves as `M_UNKNOWN`. */
export class MatrixError extends Error {
  readonly errcode: ErrorCode;
  readonly status: number;
  readonly fields: { readonly [field: string]: unknown };

  constructor(errcode: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    const { status, ...fields } = details;
    this.errcode = errcode;
    this.status = status ?? STATUS[errcode];
    this.fields = fields;
  }

  /** The body of the reply. */
  toJSON(): { errcode: ErrorCode; error: string; [field: string]: unknown } {
    return { ...this.fields, errcode: this.errcode, error: this.message };
  }
}

export const forbidden = (message: string): MatrixError => new MatrixError("M_FORBIDDEN", message);
export const notFound = (message: string): MatrixError => new MatrixError("M_NOT_FOUND", message);
export const badJson = (message: string): MatrixError => new MatrixError("M_BAD_JSON", message);
export const invalidParam = (message: string): MatrixError => new MatrixError("M_INVALID_PARAM", message);
export const missingParam = (message: string): MatrixError => new MatrixError("M_MISSING_PARAM", message);

/** Canonical JSON of a whole event, signatures included. https://spec.matrix.org/v1.19/client-server-api/#size-limits */
export const MAX_EVENT_BYTES = 65_536;
/** User, room and event ids, aliases, with sigil and domain. https://spec.matrix.org/v1.19/appendices/#common-identifier-format */
export const MAX_IDENTIFIER_BYTES = 255;
/** https://spec.matrix.org/v1.19/client-server-api/#size-limits */
export const MAX_STATE_KEY_BYTES = 255;
/** https://spec.matrix.org/v1.19/client-server-api/#size-limits */
export const MAX_EVENT_TYPE_BYTES = 255;
/** https://spec.matrix.org/v1.19/appendices/#server-name */
export const MAX_DNS_NAME_LENGTH = 255;
/** What a server should not exceed in its own name, so that ids have room for a localpart. https://spec.matrix.org/v1.19/appendices/#server-name */
export const RECOMMENDED_SERVER_NAME_LENGTH = 230;

/** https://spec.matrix.org/v1.19/server-server-api/#transactions */
export const MAX_TRANSACTION_PDUS = 50;
/** https://spec.matrix.org/v1.19/server-server-api/#transactions */
export const MAX_TRANSACTION_EDUS = 100;
/** https://spec.matrix.org/v1.19/rooms/v12/#event-format */
export const MAX_PREV_EVENTS = 20;
/** https://spec.matrix.org/v1.19/rooms/v12/#event-format */
export const MAX_AUTH_EVENTS = 10;

/** All of a user's profile as canonical JSON. https://spec.matrix.org/v1.19/client-server-api/#profiles */
export const MAX_PROFILE_BYTES = 65_536;
/** https://spec.matrix.org/v1.19/client-server-api/#profiles */
export const MAX_PROFILE_KEY_BYTES = 255;
/** https://spec.matrix.org/v1.19/client-server-api/#send-to-device-messaging */
export const MAX_TO_DEVICE_PER_SYNC = 100;
/** https://spec.matrix.org/v1.19/client-server-api/#room-tagging */
export const MAX_TAG_BYTES = 255;
/** `order` of a space's child. https://spec.matrix.org/v1.19/client-server-api/#mspacechild */
export const MAX_SPACE_CHILD_ORDER_LENGTH = 50;
/** Relations followed upwards in search of a thread's root. https://spec.matrix.org/v1.19/client-server-api/#marking-notifications-as-read */
export const MAX_THREAD_HOPS = 3;
/** Opaque ids such as device ids and session ids. https://spec.matrix.org/v1.19/appendices/#opaque-identifiers */
export const MAX_OPAQUE_ID_LENGTH = 255;
/** https://spec.matrix.org/v1.19/appendices/#common-namespaced-identifier-grammar */
export const MAX_NAMESPACED_ID_LENGTH = 255;

/**
 * Nesting of arrays and objects. The spec names none; no widespread server can read an event nested deeper than this, so
 * no room is split by refusing it, and 1000 frames are far from the end of any stack.
 */
export const MAX_JSON_DEPTH = 1000;

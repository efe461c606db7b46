/**
 * Version of what browser and server say to each other. The server speaks N and N−1, so that a deployment in
 * mid-exam is invisible to pages already open [ROOM-06]; anything else is refused `protocol-unsupported`.
 */
export const PROTOCOL_VERSION = 2

export const OLDEST_PROTOCOL_VERSION = Math.max(1, PROTOCOL_VERSION - 1)

/**
 * Bytes of one message, by socket or by HTTP. A save of five hundred texts of the greatest length fits, or of half as many
 * with an accent on every letter [ATT-04].
 */
export const MESSAGE_LIMIT = 1_048_576

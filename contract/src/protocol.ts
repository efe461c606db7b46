/**
 * Version of what browser and server say to each other. The server speaks N and N−1, so that a deployment in
 * mid-exam is invisible to pages already open [ROOM-06]; anything else is refused `protocol-unsupported`.
 */
export const PROTOCOL_VERSION = 2

export const OLDEST_PROTOCOL_VERSION = Math.max(1, PROTOCOL_VERSION - 1)

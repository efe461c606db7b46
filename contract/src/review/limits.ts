/** No schema here: browsers carry this file, the server alone validates. */

/** Longest text a reviewer or a candidate may write, in characters. */
export const REVIEW_TEXT_LIMIT = 5_000
/** Most moments of the recording one verdict may cite. */
export const MOMENTS_LIMIT = 50

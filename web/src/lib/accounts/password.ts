/** The least a password may have; the server refuses less too. */
export const LEAST_LETTERS = 8
const MOST_LETTERS = 128

/** What keeps a new password from being sent; null when nothing does. */
export function chooseError(password: string, again: string): 'short' | 'long' | 'different' | null {
  if (password.length < LEAST_LETTERS) return 'short'
  if (password.length > MOST_LETTERS) return 'long'
  return password === again ? null : 'different'
}

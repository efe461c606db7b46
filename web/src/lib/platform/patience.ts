/**
 * What work gives, or a rejection when it takes longer than so many milliseconds; when `over` resolves first, one too.
 */
export async function within<Value>(
  milliseconds: number,
  work: Promise<Value>,
  over?: Promise<unknown>,
): Promise<Value> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('it took too long')), milliseconds)
  void over?.then(() => late.reject(new Error('it is over')))
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

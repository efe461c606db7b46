/** Says one line about what is being done, for the person who waits. */
export type Progress = (line: string) => void

/**
 * Something that the machine or its owner must change. `message` says what happened, `remedy` what to do about
 * it; both are shown, without a stack trace.
 */
export class SetUpFailure extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SetUpFailure'
    this.remedy = remedy
  }
}

/** The words to print for anything thrown: a set-up failure with its remedy, the rest with its stack. */
export function wordsOf(error: unknown): string {
  if (error instanceof SetUpFailure) return `✗ ${error.message}\n  What to do: ${error.remedy}`
  if (error instanceof Error) return `✗ ${error.stack ?? error.message}`
  return `✗ ${String(error)}`
}

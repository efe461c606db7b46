import type { ErrorCode } from '@vigie/contract/errors'

/** A refusal with a stable code on its way to whoever asked. Nothing was changed when it is thrown. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: ErrorCode
  readonly detail: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, detail?: Readonly<Record<string, unknown>>) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

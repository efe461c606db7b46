import type { z } from 'zod'
import type { Action } from './accounts/actions.ts'

/** One event a browser may send over the socket: who may (by action), what goes in, what the acknowledgement carries. */
export interface EventContract<Input extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly action: Action
  readonly input: Input
  readonly answer: Answer
}

export type EventTable = Readonly<Record<string, EventContract>>

export const event = <Input extends z.ZodType, Answer extends z.ZodType>(
  action: Action,
  input: Input,
  answer: Answer,
): EventContract<Input, Answer> => ({ action, input, answer })

import {
  END_OBJECTIONS,
  HOLD_REASONS,
  REACTIVATE_REASONS,
  REFUSE_REASONS,
  TECHNICAL_REASONS,
  TERMINATE_REASONS,
  WARN_REASONS,
} from '@vigie/exam-engine/supervision/reasons'
import type { CaseView } from '@vigie/contract/supervision/view'
import { m } from '#lib/paraglide/messages.js'
import type { AskedAction, ReasonedAction } from './askedAction.ts'
import type { Console } from './console.svelte.ts'
import { reasonOptions, type ReasonCode } from './reasonWords.ts'

/** A coded reason and what the proctor adds in their own words. */
interface Given<Code> {
  readonly reason: Code
  readonly note?: string
}

type Named = (inputs: { name: string }) => string

/** An action that asks for a coded reason before it is done [SUP-06]. */
export interface Reasoned {
  readonly title: Named
  readonly text: () => string
  readonly confirm: () => string
  readonly done: Named
  /** It cannot be taken back here: the button says so by its colour. */
  readonly final: boolean
  readonly options: () => { value: string; label: string }[]
  /** Sends it; `reason` is one of the options. `key`: for what would be done again when it is sent again [SUP-06.6]. */
  readonly send: (supervision: Console, one: CaseView, given: Given<string>, key: string) => Promise<unknown>
}

interface Words {
  readonly title: Named
  readonly text: () => string
  readonly confirm: () => string
  readonly done: Named
  readonly final?: boolean
}

function reasoned<Code extends ReasonCode>(
  codes: readonly Code[],
  words: Words,
  send: (supervision: Console, one: CaseView, given: Given<Code>, key: string) => Promise<unknown>,
): Reasoned {
  return {
    final: false,
    ...words,
    options: () => reasonOptions(codes),
    send: async (supervision, one, given, key) => {
      const reason = codes.find((code) => code === given.reason)
      if (reason) await send(supervision, one, { ...given, reason }, key)
    },
  }
}

export const REASONED = {
  warn: reasoned(
    WARN_REASONS,
    {
      title: m.supervision_warn_title,
      text: m.supervision_warn_text,
      confirm: m.supervision_warn_confirm,
      done: m.supervision_warned,
    },
    (supervision, one, given, key) => supervision.act(one, 'supervision:warn', { ...given, key }),
  ),
  hold: reasoned(
    HOLD_REASONS,
    {
      title: m.supervision_hold_title,
      text: m.supervision_hold_text,
      confirm: m.supervision_hold_confirm,
      done: m.supervision_concern_hold_asked,
    },
    (supervision, one, given) => supervision.act(one, 'supervision:hold', given),
  ),
  objectToEnd: reasoned(
    END_OBJECTIONS,
    {
      title: m.supervision_end_object_title,
      text: m.supervision_end_object_text,
      confirm: m.supervision_end_object_confirm,
      done: m.supervision_end_objected,
    },
    (supervision, one, given) => supervision.act(one, 'supervision:object-to-end', given),
  ),
  refuse: reasoned(
    REFUSE_REASONS,
    {
      title: m.supervision_refuse_title,
      text: m.supervision_refuse_text,
      confirm: m.supervision_refuse_confirm,
      done: m.supervision_refused,
      final: true,
    },
    (supervision, one, given) => supervision.act(one, 'supervision:refuse', given),
  ),
  terminate: reasoned(
    TERMINATE_REASONS,
    {
      title: m.supervision_terminate_title,
      text: m.supervision_terminate_text,
      confirm: m.supervision_terminate_confirm,
      done: m.supervision_terminated,
      final: true,
    },
    (supervision, one, given) => supervision.act(one, 'supervision:terminate', given),
  ),
  closeAsTechnical: reasoned(
    TECHNICAL_REASONS,
    {
      title: m.supervision_technical_title,
      text: m.supervision_technical_text,
      confirm: m.supervision_technical_confirm,
      done: m.supervision_technical_done,
      final: true,
    },
    (supervision, one, given) => supervision.act(one, 'supervision:close-as-technical', given),
  ),
  reactivate: reasoned(
    REACTIVATE_REASONS,
    {
      title: m.supervision_reactivate_title,
      text: m.supervision_reactivate_text,
      confirm: m.supervision_reactivate_confirm,
      done: m.supervision_reactivated,
    },
    (supervision, one, given) => supervision.act(one, 'supervision:reactivate', given),
  ),
} as const satisfies Record<ReasonedAction, Reasoned>

export const isReasoned = (action: AskedAction): action is ReasonedAction => Object.hasOwn(REASONED, action)

import type { AttemptView } from '@vigie/contract/attempt/view'
import type { RequestView } from '@vigie/contract/supervision/requests'
import { GUIDE_STOPS, type Guide } from '@vigie/exam-engine/supervision/guidance'
import { CALL_KINDS, type CallKind, type RequestKind } from '@vigie/exam-engine/supervision/requests'

const isOpen = (request: RequestView): boolean => request.settledAt === null

/** What the candidate has called for and the proctor has not answered. */
export const openCalls = (view: AttemptView | null): (RequestView & { kind: CallKind })[] =>
  (view?.requests ?? []).filter(
    (request): request is RequestView & { kind: CallKind } =>
      request.by === 'candidate' &&
      isOpen(request) &&
      (CALL_KINDS as readonly string[]).includes(request.kind),
  )

/** What the proctor asks of the candidate now, of one kind. */
export const asked = (view: AttemptView | null, kind: RequestKind): RequestView | null =>
  view?.requests.find((request) => request.by === 'proctor' && isOpen(request) && request.kind === kind) ??
  null

/** What the page has to lead the candidate through, the first asked first. */
export const openGuide = (view: AttemptView | null): (RequestView & { kind: Guide }) | null =>
  (view?.requests ?? []).find(
    (request): request is RequestView & { kind: Guide } =>
      request.by === 'proctor' && isOpen(request) && request.kind in GUIDE_STOPS,
  ) ?? null

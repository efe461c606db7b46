import type { OwnReview } from '@vigie/contract/review/verdict'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { granted, saveOneAnswer, startSitting } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import type { TestServer } from '../testing/server.ts'

/** A sealed attempt of a candidate of the demonstration, with their pages. */
export async function sealed(server: TestServer, email: string) {
  const { candidate, console } = await startSitting(server, email)
  const attempt = attemptId.parse(candidate.attempt)
  await saveOneAnswer(server, candidate)
  granted(await candidate.ask('attempt:request-end', { lastNumber: 1 }))
  await console.case((one) => one.view.attempt === attempt && one.view.sitting?.endRequest != null)
  granted(await console.ask('supervision:agree-to-end', { attempt }))
  await candidate.view((view) => view.status === 'sealed')
  return { candidate, console, attempt }
}

/** What the candidate reads of the review of their attempt. */
export const ownReview = async (server: TestServer, cookie: string, attempt: string): Promise<OwnReview> => {
  const { body } = await request(server, 'GET', '/api/review/own', { cookie })
  return (body['reviews'] as OwnReview[]).find((one) => one.attempt === attempt)!
}

/** What a reviewer reads of it. */
export const caseFile = async (server: TestServer, cookie: string, attempt: string) =>
  (await request(server, 'GET', `/api/review/attempts/${attempt}?purpose=review`, { cookie })).body

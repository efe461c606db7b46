import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { CHECKLIST_ITEMS } from '@vigie/exam-engine/supervision/checklist'
import { attemptId, equipmentReportId, questionId } from '@vigie/exam-engine/attempt/ids'
import type { Ack } from '@vigie/contract/errors'
import { candidatePage, consolePage, request, type Reached } from './people.ts'

export type Candidate = Awaited<ReturnType<typeof candidatePage>>
export type Console = Awaited<ReturnType<typeof consolePage>>

/** The answer of an acknowledgement, or an error that shows its code. */
export function granted<Answer>(ack: Ack<Answer>): Answer {
  if (!ack.ok) throw new Error(`refused: ${ack.error.code} ${JSON.stringify(ack.error.detail ?? {})}`)
  return ack.value
}

/** Through information, equipment, name and photos to the queue; `takeFace` takes photo 2 instead of passing it. */
export async function reachQueue(
  server: Reached,
  candidate: Candidate,
  takeFace: () => Promise<unknown> = async () =>
    granted(await candidate.ask('attempt:skip-photo', { photo: 'face' })),
  name: { readonly exact: boolean } = { exact: true },
): Promise<void> {
  granted(await candidate.ask('attempt:acknowledge-information', { version: '1' }))
  const report = await request(server, 'POST', '/api/checks/reports', {
    credential: candidate.credential,
    body: { measurements: soundMachine },
  })
  granted(
    await candidate.ask('attempt:record-equipment', { report: equipmentReportId.parse(report.body['id']) }),
  )
  granted(await candidate.ask('attempt:confirm-name', name))
  granted(await candidate.ask('attempt:skip-photo', { photo: 'document' }))
  await takeFace()
  granted(
    await candidate.ask('attempt:join', {
      roomConfirmed: true,
      sharing: ['camera', 'microphone', 'screen'],
      recordingAnnounced: true,
    }),
  )
  await candidate.status('waiting')
}

/** The proctor takes whoever waits, ticks everything and enters the exam password. */
export async function letIn(console: Console, wanted: string): Promise<void> {
  const attempt = attemptId.parse(wanted)
  granted(await console.ask('supervision:take', { attempt }))
  for (const item of CHECKLIST_ITEMS)
    granted(await console.ask('supervision:tick', { attempt, item, mark: 'ok' }))
  const ticked = await console.case(
    (one) => one.view.attempt === attempt && one.checklist?.version === CHECKLIST_ITEMS.length,
  )
  granted(await console.ask('supervision:unlock', { attempt, checklistVersion: ticked.checklist!.version }))
}

/** The same for a candidate's scripted page, which hears of it. */
export async function unlock(console: Console, candidate: Candidate): Promise<void> {
  await letIn(console, candidate.attempt)
  await candidate.status('unlocked')
}

/** A candidate at work and the proctor who let them in. */
export async function startSitting(
  server: Reached,
  candidateEmail = 'camille@demo.test',
  proctorEmail = 'surveillant@demo.test',
): Promise<{ candidate: Candidate; console: Console }> {
  const candidate = await candidatePage(server, candidateEmail)
  const console = await consolePage(server, proctorEmail)
  await reachQueue(server, candidate)
  await unlock(console, candidate)
  granted(await candidate.ask('attempt:start', {}))
  await candidate.status('running')
  return { candidate, console }
}

/** The candidate's first save: one choice of the first question that has one right. */
export async function saveOneAnswer(server: Reached, candidate: Candidate): Promise<void> {
  const { attempt, credential, lease } = candidate
  const paper = await request(server, 'GET', `/api/attempts/${attempt}/paper`, { credential })
  const parts = paper.body['parts'] as {
    questions: { id: string; type: string; choices: { id: string }[] }[]
  }[]
  const question = parts.flatMap((part) => part.questions).find((one) => one.type === 'single')!
  const answers = { [questionId.parse(question.id)]: [question.choices[0]!.id] }
  granted(await candidate.ask('attempt:save', { lease, number: 1, answers }))
}

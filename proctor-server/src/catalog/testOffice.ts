import { DAY, HOUR } from '@vigie/kernel/instant'
import { lettersTo } from '../testing/letters.ts'
import { request } from '../testing/people.ts'
import type { TestServer } from '../testing/server.ts'

/** A registrar at work on the demonstration's certification, without a page. */
export async function openOffice(server: TestServer) {
  const cookie = await server.signIn('gestion@demo.test')
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await request(server, method, path, { cookie, ...(body === undefined ? {} : { body }) })
    return { ...answer, code: answer.body['code'] as string | undefined }
  }
  const { certification_id, paper_id } = await server.db
    .selectFrom('exam_session')
    .select(['certification_id', 'paper_id'])
    .executeTakeFirstOrThrow()
  // Ten in the morning in Paris of a winter's day to come, so that files can name it.
  const nextYear = new Date(server.now()).getUTCFullYear() + 1
  const morning = Date.UTC(nextYear, 0, 15, 9)
  const draft = {
    certification: certification_id,
    paper: paper_id,
    name: 'Session d’hiver',
    opensAt: morning - HOUR,
    closesAt: morning + 8 * HOUR,
    places: 20,
  }
  return {
    cookie,
    call,
    draft,
    day: `15/01/${nextYear}`,
    morning,
    later: morning + DAY,
    async createSession(more: Partial<typeof draft> = {}): Promise<string> {
      const made = await call('POST', '/api/catalog/sessions', { ...draft, ...more })
      if (made.status !== 200) throw new Error(`session refused: ${JSON.stringify(made.body)}`)
      return made.body['session'] as string
    },
    /** The letters to one address that would have left, newest first, once there are as many. */
    async letters(to: string, count: number): Promise<{ subject: string; body: string }[]> {
      for (;;) {
        const rows = await lettersTo(server.db, to)
        if (rows.length >= count) return rows
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

export type Office = Awaited<ReturnType<typeof openOffice>>

export const asFile = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')

/** The link to choose a password in a letter. */
export const tokenIn = (letter: { body: string }): string => {
  const token = /\/mot-de-passe\/([A-Za-z0-9_-]+)/.exec(letter.body)?.[1]
  if (!token) throw new Error(`no link in: ${letter.body}`)
  return token
}

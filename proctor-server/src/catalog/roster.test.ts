import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { asFile, openOffice, tokenIn, type Office } from './testOffice.ts'

describe('rosters', () => {
  let server: TestServer
  let office: Office
  beforeAll(async () => {
    server = await startTestServer()
    office = await openOffice(server)
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const check = (session: string, file: string | Uint8Array) =>
    office.call('POST', `/api/catalog/sessions/${session}/roster/check`, { file: asFile(file) })
  const write = async (session: string, file: string | Uint8Array) => {
    const { body } = await check(session, file)
    return office.call('POST', `/api/catalog/sessions/${session}/roster`, {
      file: asFile(file),
      digest: body['digest'],
    })
  }
  const outcomes = (body: Record<string, unknown>) =>
    (body['lines'] as { line: number; outcome: string; faults: { code: string }[] }[]).map(
      ({ line, outcome, faults }) => [line, outcome, faults.map(({ code }) => code).join(' ')],
    )
  const rosterOf = async (session: string) =>
    (await office.call('GET', `/api/catalog/sessions/${session}/roster`)).body['candidates'] as {
      attempt: string
      name: string
      email: string
      status: string
      appointmentAt: number
      account: string
      accommodation: { multiplier: number; reader: boolean }
    }[]
  const candidatesOf = async (session: string) => (await rosterOf(session)).map((one) => one.email)

  it('[ADM-02] says line by line what a file would do, and writes nothing', async () => {
    const session = await office.createSession({ places: 3 })
    const { status, body } = await check(
      session,
      [
        'Nom;Adresse mail;Rendez-vous;Aménagement',
        `Zoé Durand;zoe.un@example.org;${office.day} 10:00;tiers-temps + lecteur`,
        `Camille Martin;camille@demo.test;${office.day} 11:00;`,
        `"Deux\nLignes";zoe.un@example.org;${office.day} 11:00;`,
        `Sacha;surveillant-sans-arobase;${office.day} 07:00;`,
        '',
        `Quatre;quatre@example.org;${office.day} 12:00;inconnu`,
        `Cinq;cinq@example.org;${office.day} 12:00;`,
        `Six;six@example.org;${office.day} 12:00;`,
      ].join('\r\n'),
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({ encoding: 'utf-8', delimiter: ';', good: 3, already: 0, faulty: 4 })
    expect(outcomes(body)).toEqual([
      [2, 'new-account', ''],
      [3, 'known-account', ''],
      [4, 'fault', 'email-twice'],
      [6, 'fault', 'email-malformed appointment-outside'],
      [8, 'fault', 'accommodation-unknown'],
      [9, 'new-account', ''],
      [10, 'fault', 'place-exceeded'],
    ])
    expect(await candidatesOf(session)).toEqual([])
    const people = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'zoe.un@example.org')
      .execute()
    expect(people).toEqual([])
  })

  it('[ADM-02] one bad line keeps all of them out', async () => {
    const session = await office.createSession()
    const file = `nom,mail,rdv\nA,a.deux@example.org,${office.day} 10:00\nB,b.deux,${office.day} 10:00\n`
    expect(await write(session, file)).toMatchObject({ status: 422, code: 'roster-faulty' })
    expect(await candidatesOf(session)).toEqual([])
    const { body } = await check(session, file)
    const other = { file: asFile(`${file}\n`), digest: body['digest'] }
    expect(await office.call('POST', `/api/catalog/sessions/${session}/roster`, other)).toMatchObject({
      status: 409,
      code: 'file-changed',
    })
  })

  it.each([
    ['UTF-8 with its mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf8'), 'utf-8'],
    ['Windows-1252 from Excel', (text: string) => Buffer.from(text, 'latin1'), 'windows-1252'],
    ['UTF-16 from Excel', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
  ] as const)('[ADM-02] reads %s', async (_name, encode, encoding) => {
    const session = await office.createSession()
    const file = encode(
      `Nom;Adresse mail;Rendez-vous;Aménagement\nÉlodie Côté;elodie.${encoding}@example.org;${office.day} 10:00;\n`,
    )
    const { body } = await check(session, file)
    expect(body).toMatchObject({ encoding, good: 1, faulty: 0, lines: [{ name: 'Élodie Côté' }] })
  })

  it('[ADM-02] a file that is no text, or that is broken, is refused with its reason', async () => {
    const session = await office.createSession()
    expect(await check(session, Uint8Array.of(80, 75, 3, 4, 0, 0))).toMatchObject({ code: 'file-unreadable' })
    expect(await check(session, 'Nom;Mail\n"jamais fermé;x\n')).toMatchObject({ code: 'file-unreadable' })
    const { body } = await check(session, 'Prénom;Téléphone\nA;B\n')
    expect((body['fileFaults'] as { code: string }[]).map((fault) => fault.code)).toEqual([
      'column-missing',
      'column-missing',
      'column-missing',
    ])
  })

  it('[ADM-02] a candidate follows the mailed link, chooses a password and finds the appointment', async () => {
    const session = await office.createSession()
    const file = `Nom;Adresse mail;Rendez-vous;Aménagement\nZoé Durand;ZOE.trois@example.org;${office.day} 10:00;tiers-temps\n`
    expect(await write(session, file)).toMatchObject({ status: 200, body: { added: 1, already: 0 } })
    expect(await rosterOf(session)).toMatchObject([
      {
        name: 'Zoé Durand',
        nameExact: null,
        account: 'invited',
        appointmentAt: office.morning,
        accommodation: { multiplier: 1.33 },
      },
    ])
    const [letter] = await office.letters('zoe.trois@example.org', 1)
    const token = tokenIn(letter!)

    const choose = (newPassword: string) =>
      request(server, 'POST', '/api/auth/reset-password', {
        body: { token, newPassword },
        headers: { origin: server.origin },
      })
    expect((await choose('court')).status).toBe(400)
    expect((await choose('un mot de passe choisi')).status).toBe(200)
    // Once only.
    expect((await choose('un autre mot de passe')).status).toBe(400)

    const signedIn = await fetch(`${server.origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.origin },
      body: JSON.stringify({ email: 'zoe.trois@example.org', password: 'un mot de passe choisi' }),
    })
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const { body } = await request(server, 'GET', '/api/attempts', { cookie })
    // [ATT-10] A third more than half an hour.
    expect(body['attempts']).toMatchObject([
      {
        session: { name: 'Session d’hiver' },
        window: { appointmentAt: office.morning },
        durationSeconds: 2_394,
      },
    ])
    expect((await rosterOf(session))[0]?.account).toBe('active')

    // The same file again changes nothing; the same person at another hour is a fault.
    expect(await write(session, file)).toMatchObject({ body: { added: 0, already: 1 } })
    const { body: again } = await check(session, file.replace('10:00', '11:00'))
    expect(outcomes(again)).toEqual([[2, 'fault', 'on-roster-otherwise']])
  })

  it('[ADM-02] who is on two rosters comes in by the letter they open first, whichever it is', async () => {
    const file = `Nom;Adresse mail;Rendez-vous\nSept Sept;sept.sept@example.org;${office.day} 10:00\n`
    for (const session of [await office.createSession(), await office.createSession()])
      await write(session, file)
    const [newest, older] = (await office.letters('sept.sept@example.org', 2)).map(tokenIn)
    const choose = (token: string | undefined) =>
      request(server, 'POST', '/api/auth/reset-password', {
        body: { token, newPassword: 'un mot de passe choisi' },
        headers: { origin: server.origin },
      })
    expect((await choose(older)).status).toBe(200)
    // Once only: what was mailed beside it opens nothing any more.
    expect((await choose(newest)).status).toBe(400)
  })

  it('a forgotten password is mailed a link, and nobody learns who has an account', async () => {
    const ask = (email: string) =>
      request(server, 'POST', '/api/auth/request-password-reset', {
        body: { email },
        headers: { origin: server.origin },
      })
    const known = await ask('hugo@demo.test')
    const stranger = await ask('personne@example.org')
    expect(known).toEqual(stranger)
    const [letter] = await office.letters('hugo@demo.test', 1)
    expect(letter?.subject).toContain('mot de passe')
    expect(tokenIn(letter!)).toMatch(/^\w{20,}$/)
  })

  it('[ADM-01] an appointment moves, a seat is taken back, and the candidate is written to each time', async () => {
    const session = await office.createSession({ places: 1 })
    const file = `Nom;Adresse mail;Rendez-vous\nQuatre;quatre.quatre@example.org;${office.day} 10:00\n`
    await write(session, file)
    const [seat] = await rosterOf(session)
    const path = `/api/catalog/sessions/${session}/roster/${seat!.attempt}`
    const accommodation = {
      multiplier: 1.5,
      extraSeconds: 60,
      breakSeconds: 0,
      reader: true,
      secondPerson: false,
      largerText: false,
    }
    expect(await office.call('PUT', path, { appointmentAt: office.later, accommodation })).toMatchObject({
      code: 'appointments-outside',
    })
    expect(
      (await office.call('PUT', path, { appointmentAt: office.morning + 3_600_000, accommodation })).status,
    ).toBe(200)
    expect(await rosterOf(session)).toMatchObject([
      { appointmentAt: office.morning + 3_600_000, accommodation: { multiplier: 1.5, reader: true } },
    ])
    expect((await office.call('POST', `${path}/invite`)).status).toBe(200)
    expect((await office.call('DELETE', path)).status).toBe(200)
    expect(await rosterOf(session)).toMatchObject([{ status: 'cancelled' }])
    expect(await office.call('DELETE', path)).toMatchObject({ status: 409, code: 'candidate-not-removable' })
    const letters = await office.letters('quatre.quatre@example.org', 4)
    expect(letters.map((letter) => letter.subject.split(' : ')[0]).sort()).toEqual([
      'Nouveau rendez-vous',
      'Rendez-vous annulé',
      'Votre examen',
      'Votre examen',
    ])
    // Its place is free again, and the same person may come back.
    expect(await write(session, file)).toMatchObject({ body: { added: 1 } })
  })

  it('[ADM-01] a seat of another session is not touched by a wrong address', async () => {
    const session = await office.createSession()
    const other = await office.createSession()
    await write(session, `Nom;Mail;Rdv\nCinq;cinq.cinq@example.org;${office.day} 10:00\n`)
    const [seat] = await rosterOf(session)
    expect(
      await office.call('DELETE', `/api/catalog/sessions/${other}/roster/${seat!.attempt}`),
    ).toMatchObject({
      status: 404,
    })
    expect(await candidatesOf(session)).toEqual(['cinq.cinq@example.org'])
  })
})

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { BrowserContext } from '@playwright/test'
import { exportPath } from '@vigie/contract/review/playback'
import type { CaseFile } from '@vigie/contract/review/api'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { SECOND } from '@vigie/kernel/instant'
import { unzip } from '../../proctor-server/src/review/testZip.ts'
import { granted, letIn } from '../../proctor-server/src/testing/examDay.ts'
import { consolePage } from '../../proctor-server/src/testing/people.ts'
import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { arrivals } from '../people/arrived.ts'
import { answerHere, reachQueue, saved, startExam } from '../people/candidate.ts'
import { decodePictures, decodeSound, secondsOf } from '../people/decoded.ts'
import { drawClock, readClocks } from '../people/drawnClock.ts'
import { openEntered } from '../people/enteredPage.ts'
import { browserProfile } from '../people/profile.ts'
import { playedRuns, signedIn } from '../people/reviewer.ts'
import { keepTracks } from '../people/tracks.ts'
import { root } from '../stack/paths.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { query } from '../stack/query.ts'
import type { Stack } from '../stack/stack.ts'
import { cameraTakes, endExam, loseCamera, renditions, resume, waiting } from './recordingWalk.ts'
import {
  answerFacts,
  APPEAL,
  compareFaces,
  concludeInvalid,
  confirmInvalid,
  findCase,
  goToMark,
  keepLonger,
  playInStep,
  proposeInvalid,
  readCustody,
  readDecision,
  readOwnData,
  seeLastMinute,
  steerByKeys,
  takeNote,
} from './reviewWalk.ts'
import { expect, test } from './stack.fixture.ts'

/**
 * A recording whose line, page, browser and camera go, as the server and whoever verifies it find it. While its line is
 * cut, another exam is sat, reviewed and answered.
 */

const TRACKS = ['camera', 'screen'] as const
/** What each track is recorded at, whatever the line [EVD-02]. */
const PICTURES_PER_SECOND = { camera: 12, screen: 5 } as const
const PATIENT = { timeout: 60_000 }

const SUSPICION = 'Une seconde voix est à entendre'
const FACTS = 'Une seconde voix répond aux questions.'

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!

/** A stretch in which a track could not be recorded, as this test made it. */
interface Hole {
  readonly track: 'camera' | 'both'
  readonly from: number
  readonly to: number
  readonly cause: string
}

test('[EVD-01] [EVD-01.2] [EVD-02] [EVD-03] [REV-06] two minutes and more without a line, page and browser killed in them, a camera pulled out: all arrives, verifies and decodes, and every gap is known; meanwhile [REV-01…05] [RET-02] [RET-05] another exam is reviewed', async ({
  stack,
  launchBrowser,
  launchCandidate,
}) => {
  test.setTimeout(600_000)
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 1,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const member = members[0]!
  const { attempt } = member
  const proctor = await consolePage(arrivals(stack), 'surveillant@demo.test')
  const morgan = await signedIn(stack.origin, account(stack, 'relecture@demo.test'))
  await using profile = await browserProfile(stack.origin, {
    kind: 'sitter',
    sitter: { label: 'C1', colour: '#1d4ed8' },
  })
  let context: BrowserContext = await profile.open()
  await keepTracks(context)
  let page = context.pages()[0] ?? (await context.newPage())
  const holes: Hole[] = []
  /** What is killed, and taken up again on the same profile. */
  const killed = async (kill: () => Promise<unknown>, cause: string, line: boolean): Promise<void> => {
    const from = Date.now()
    await kill()
    if (line) {
      context = await profile.open()
      await keepTracks(context)
    }
    page = await context.newPage()
    await page.goto(`/passages/${attempt}`, { waitUntil: 'commit' })
    holes.push({ track: 'both', from, to: await resume(page), cause })
  }

  let recordedFrom = 0
  await test.step('camera and screen are recorded and arrive', async () => {
    await openEntered(page, member, 'profile-load')
    recordedFrom = await resume(page)
    await expect
      .poll(
        async () => (await renditions(stack, attempt)).filter(({ segments }) => segments > 1).length,
        PATIENT,
      )
      .toBe(2)
  })

  const cutAt = Date.now()
  await test.step('the line is cut; the page is killed and comes back without it, and records on', async () => {
    await context.setOffline(true)
    await expect.poll(() => waiting(page, attempt), PATIENT).toBeGreaterThanOrEqual(6)
    await killed(() => page.close({ runBeforeUnload: false }), 'disconnected', false)
  })

  const camille = await launchCandidate()
  await drawClock(camille.context)
  await keepTracks(camille.context)
  let other = ''
  let credential = ''
  camille.page.on('request', (request) => {
    credential = request.headers()['authorization'] ?? credential
  })
  await test.step('meanwhile Camille sits her exam, with a clock for a face and on her screen', async () => {
    other = await reachQueue(camille.page, account(stack, 'camille@demo.test'))
    await letIn(proctor, other)
    await startExam(camille.page)
    const ofHers = { attempt: attemptId.parse(other) }
    granted(await proctor.ask('chat:send', { ...ofHers, text: 'Tout va bien ?', key: randomUUID() }))
    await answerHere(camille.page)
    await saved(camille.page).waitFor()
  })

  const reviewer = await launchBrowser({ viewport: { width: 1440, height: 900 }, colourScheme: 'dark' })
  await readClocks(reviewer.context)
  await reviewer.context.addCookies(cookiesOf(morgan.cookie, stack.origin))
  let flagAt = 0
  await test.step('[REV-02] [REV-03] a reviewer watches it while it runs: camera and screen in step, the face beside document and photo', async () => {
    // Enough to be watched at twice the speed: a player that arrives where the exam is now stops there.
    await expect
      .poll(
        async () => (await renditions(stack, other)).filter(({ segments }) => segments > 5).length,
        PATIENT,
      )
      .toBe(2)
    await reviewer.page.goto(`/relecture/${other}`)
    await playInStep(reviewer.page)
    const flag = { attempt: attemptId.parse(other), category: 'speech', severity: 'medium' } as const
    flagAt = granted(await proctor.ask('supervision:flag', { ...flag, text: 'Une seconde voix' })).at
    await compareFaces(reviewer.page)
  })

  await test.step('she loses her camera for a moment, then ends; answers that come after it do not count', async () => {
    const before = await cameraTakes(stack, other)
    await loseCamera(camille.page)
    await resume(camille.page)
    await expect.poll(async () => (await cameraTakes(stack, other)).length, PATIENT).toBe(before.length + 1)
    await expect
      .poll(async () => (await cameraTakes(stack, other)).at(-1)!.segments, PATIENT)
      .toBeGreaterThanOrEqual(1)
    await endExam(camille.page, proctor, other)
    await expect(
      camille.page.getByText('L’enregistrement est entièrement envoyé.', { exact: false }),
    ).toBeVisible(PATIENT)
    const [row] = await query<{ lease: number }>(stack, `select lease from attempt where id = $1`, [other])
    const late = await fetch(`${stack.origin}/api/attempts/${other}/draft`, {
      method: 'PUT',
      headers: { authorization: credential, 'content-type': 'application/json' },
      body: JSON.stringify({ lease: row!.lease, number: 1_000, answers: {} }),
    })
    expect(await late.json()).toMatchObject({ code: 'sealed' })
  })

  await test.step('[REV-01] [REV-02] [RET-02] her case is found, steered by keys, its marks lead where they say, a note is taken, late answers lead to the minute before the end [ATT-06], it is kept longer', async () => {
    const { page: shown } = reviewer
    await findCase(shown, 'Camille Martin', other)
    await shown.getByRole('button', { name: 'Lire', exact: true }).click(PATIENT)
    await steerByKeys(shown)
    const happened = ['Passage', 'Contrôles', 'Messages', 'Notes et signalements', 'Signaux', 'Réponses']
    const lanes = [...happened, 'Lacunes, caméra']
    await goToMark(shown, lanes, /Une seconde voix/, flagAt)
    await takeNote(shown, 'On entend quelqu’un')
    const file = await morgan.get(`/api/review/attempts/${other}?purpose=review`)
    await seeLastMinute(shown, (await file.json()) as CaseFile)
    await expectAccessibleInBothThemes(shown, 'review-case')
    await keepLonger(shown, SUSPICION)
  })

  await test.step('[REV-04] [REV-05] [RET-05] one proposes, a second confirms; the candidate reads it, answers, reads the decision, sees who looked, takes a copy, asks that it be kept', async () => {
    await proposeInvalid(reviewer.page, FACTS)
    const yael = await launchBrowser({ viewport: { width: 1440, height: 900 }, colourScheme: 'dark' })
    const { cookie } = await signedIn(stack.origin, account(stack, 'relecture2@demo.test'))
    await yael.context.addCookies(cookiesOf(cookie, stack.origin))
    await confirmInvalid(yael.page, other)
    await answerFacts(camille.page, other, FACTS)
    await concludeInvalid(yael.page)
    await yael.page.close()
    await readDecision(camille.page, other)
    const copy = unzip(await readOwnData(camille.context, camille.page, 'Morgan, Relecteur'))
    expect([...copy.keys()].filter((name) => name.endsWith('.mp4')).length).toBeGreaterThanOrEqual(3)
    expect([...copy.keys()].filter((name) => name.endsWith('.jpg'))).toHaveLength(2)
    await camille.page.close()
  })

  await test.step('[RET-02] [RET-04] the registrar sees what is held and why, and lifts a hold', async () => {
    const office = await launchBrowser()
    const { cookie } = await signedIn(stack.origin, account(stack, 'gestion@demo.test'))
    await office.context.addCookies(cookiesOf(cookie, stack.origin))
    await readCustody(office.page, [SUSPICION, APPEAL])
    await office.page.close()
    await reviewer.page.close()
  })

  await test.step('after two minutes the whole browser is killed; opened again on its profile, with the line back, it sends everything', async () => {
    await expect.poll(() => Date.now() - cutAt, { timeout: 150_000 }).toBeGreaterThan(120 * SECOND)
    const before = await waiting(page, attempt)
    expect(before).toBeGreaterThan(30)
    await killed(() => profile.kill(), 'disconnected', true)
    await expect
      .poll(
        async () => {
          const found = await renditions(stack, attempt)
          return [
            found.filter(({ segments }) => segments > 0).length,
            found.every(({ awaited }) => awaited <= 2),
          ]
        },
        { timeout: 90_000 },
      )
      .toEqual([6, true])
  })

  await test.step('[EVD-02.1] the camera is pulled out; the next take fits the line that a check has measured since', async () => {
    await page.evaluate(() => localStorage.setItem('vigie.evidence.uplink', '384'))
    const before = await cameraTakes(stack, attempt)
    const from = await loseCamera(page)
    holes.push({ track: 'camera', from, to: await resume(page), cause: 'media-lost' })
    await expect.poll(async () => (await cameraTakes(stack, attempt)).length, PATIENT).toBe(before.length + 1)
    await expect
      .poll(async () => (await cameraTakes(stack, attempt)).at(-1)!.segments, PATIENT)
      .toBeGreaterThanOrEqual(3)
    const cameras = await cameraTakes(stack, attempt)
    // 384 kbit/s less 260 for the live picture: 124, of which the camera has 65 % and the sound 24.
    expect(cameras.at(-1)!.kbps).toBeLessThan(89 * 1.25)
    expect(cameras.at(-1)!.kbps).toBeLessThan(cameras[0]!.kbps)
  })

  await test.step('[EVD-02.2] submitted with segments unsent: progress is shown, leaving is safe, a letter reminds, coming back resumes', async () => {
    const uploads = `**/api/attempts/${attempt}/segments/*/*/*`
    await context.route(uploads, (route) => route.abort())
    await expect.poll(() => waiting(page, attempt), PATIENT).toBeGreaterThanOrEqual(2)
    await endExam(page, proctor, attempt)
    await expect(page.getByRole('progressbar')).toBeVisible(PATIENT)
    await expectAccessibleInBothThemes(page, 'drain')
    await page.close()
    // An hour later, without waiting for it: the row that the queue reads says that it has come.
    const hurried = await query(
      stack,
      `update jobs.job set start_after = now() where name = 'evidence-reminder' and data->>'attempt' = $1 returning id`,
      [attempt],
    )
    expect(hurried).toHaveLength(1)
    page = await context.newPage()
    await expect(async () => {
      await page.goto('/courrier')
      await expect(
        page.getByRole('heading', { name: /Une partie de votre enregistrement attend/ }),
      ).toBeVisible({
        timeout: 2_000,
      })
    }).toPass({ timeout: 60_000 })
    await expectAccessibleInBothThemes(page, 'mailbox')
    await context.unroute(uploads)
    await page.getByRole('link', { name: new RegExp(attempt) }).click()
    await expect(page.getByText('L’enregistrement est entièrement envoyé.', { exact: false })).toBeVisible(
      PATIENT,
    )
    expect(await waiting(page, attempt)).toBe(0)
  })

  await test.step('[EVD-01.1] both tracks cover the attempt but for the gaps that this test made, each with its cause', async () => {
    expect((await renditions(stack, attempt)).every(({ awaited }) => awaited === 0)).toBe(true)
    const file = (await (
      await morgan.get(`/api/review/attempts/${attempt}?purpose=review`)
    ).json()) as CaseFile
    for (const { track, stretches, gaps } of file.tracks) {
      // The words « Enregistrement en cours » were true, and recording went on until the exam had ended.
      expect(stretches[0]!.from, track).toBeLessThan(recordedFrom + SECOND)
      expect(stretches.at(-1)!.to, track).toBeGreaterThan(file.span!.to - 5 * SECOND)
      const inside = gaps.filter(({ from, to }) => from > stretches[0]!.from && to < stretches.at(-1)!.to)
      const own = holes.filter((hole) => hole.track === 'both' || hole.track === track)
      expect(inside, track).toHaveLength(own.length)
      for (const [index, { from, to, cause }] of own.entries()) {
        const gap = inside[index]!
        expect(gap.cause, track).toBe(cause)
        // What was encoded was on the disk within a segment, and recording went on soon after the click.
        expect(gap.from, track).toBeGreaterThan(from - 5 * SECOND)
        expect(gap.to, track).toBeLessThan(to + 5 * SECOND)
      }
    }
  })

  await test.step('[REV-06] every hash verifies, by the command and the published keys alone', async () => {
    await using folder = await temporaryFolder()
    const archive = await morgan.get(exportPath(attempt, 'review'))
    for (const [name, bytes] of unzip(Buffer.from(await archive.arrayBuffer()))) {
      await mkdir(dirname(join(folder.path, 'case', name)), { recursive: true })
      await writeFile(join(folder.path, 'case', name), bytes)
    }
    const keys = join(folder.path, 'keys.json')
    await writeFile(keys, await (await fetch(`${stack.origin}/.well-known/jwks.json`)).text())
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(root, 'proctor-server/src/verify.ts'),
      join(folder.path, 'case'),
      '--keys',
      keys,
    ])
    expect(
      stdout
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('HOLDS')),
    ).toEqual([])
    expect(stdout).toContain('HOLDS: receipt')
  })

  await test.step('as many pictures as the rate of each track says come out of what was covered, and as much sound, within 2 %', async () => {
    const { page: decoder } = await launchBrowser()
    await decoder.goto('/')
    for (const track of TRACKS) {
      let [sound, covered] = [0, 0]
      for (const run of await playedRuns(morgan, attempt, track)) {
        const seconds = secondsOf(run)
        const expected = PICTURES_PER_SECOND[track] * seconds
        const pictures = await decodePictures(decoder, run)
        // A short run holds few pictures, and begins and ends between two of them.
        const allowed = Math.max(0.02 * expected, 2)
        expect(Math.abs(pictures - expected), `${track}: ${pictures} of ${expected}`).toBeLessThan(allowed)
        covered += seconds
        if (track === 'camera') sound += await decodeSound(decoder, run)
      }
      if (track === 'camera')
        expect(Math.abs(sound - covered), `sound: ${sound} s of ${covered}`).toBeLessThan(0.02 * covered)
    }
  })
  proctor.close()
})

const cookiesOf = (cookie: string, origin: string) =>
  cookie.split('; ').map((one) => {
    const at = one.indexOf('=')
    return { name: one.slice(0, at), value: one.slice(at + 1), url: origin }
  })

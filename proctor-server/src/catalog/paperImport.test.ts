import { paperId } from '@vigie/exam-engine/attempt/ids'
import { writeJsonPaper } from '@vigie/exam-engine/catalog/import/json'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { asFile, openOffice, type Office } from './testOffice.ts'
import { PNG } from './testPicture.ts'

describe('papers that are imported', () => {
  let server: TestServer
  let office: Office
  beforeAll(async () => {
    server = await startTestServer()
    office = await openOffice(server)
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const importing = async (format: string, source: string) => {
    const file = asFile(source)
    const report = await office.call('POST', '/api/catalog/papers/import/check', { format, file })
    const made = await office.call('POST', '/api/catalog/papers/import', {
      certification: office.draft.certification,
      format,
      file,
      digest: report.body['digest'],
      title: `Importé ${format}`,
    })
    return { report, made, paper: made.body['paper'] as string }
  }

  it('[ADM-03] each format gives a report first, then a paper', async () => {
    const demonstration = await office.call('GET', `/api/catalog/papers/${office.draft.paper}`)
    const written = writeJsonPaper({
      id: paperId.parse(office.draft.paper),
      ...(demonstration.body['content'] as Omit<Parameters<typeof writeJsonPaper>[0], 'id'>),
    })
    const json = await importing('json', written)
    expect(json.report.body).toMatchObject({ fileFaults: [] })
    expect((await office.call('GET', `/api/catalog/papers/${json.paper}`)).body).toMatchObject({
      faults: [],
      locked: false,
    })
    const csv = await importing(
      'csv',
      'Type;Énoncé;Bonne réponse;Choix A;Choix B\nunique;Capitale ?;B;Lyon;Paris\n',
    )
    expect(csv.report.body['lines']).toMatchObject([{ line: 2, question: 'q01', faults: [] }])
    const gift = await importing('gift', 'La Terre tourne.{T}\n\nRédigez.{}\n')
    expect(gift.report.body['lines']).toMatchObject([
      { line: 1, question: 'q01' },
      { line: 3, question: null, faults: [{ code: 'type-unsupported', detail: 'essay' }] },
    ])
    const read = await office.call('GET', `/api/catalog/papers/${gift.paper}`)
    expect(read.body).toMatchObject({ content: { parts: [{ questions: [{ type: 'true-false' }] }] } })
    expect(await importing('gift', 'Rien ici')).toMatchObject({ made: { code: 'import-empty' } })
  })

  it('[ADM-03] Moodle XML brings its pictures, kept on our origin', async () => {
    const { report, paper } = await importing(
      'moodle-xml',
      `<?xml version="1.0" encoding="UTF-8"?><quiz><question type="truefalse"><name><text>N</text></name>
       <questiontext format="html"><text><![CDATA[<p>Vu : <img src="@@PLUGINFILE@@/a.png" alt="Un point"></p>]]></text>
       <file name="a.png" encoding="base64">${PNG.toString('base64')}</file></questiontext>
       <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>`,
    )
    expect(report.body).toMatchObject({ pictures: 1, lines: [{ question: 'q01', faults: [] }] })
    const sheet = (await office.call('GET', `/api/catalog/papers/${paper}`)).body as {
      content: { parts: { questions: { text: string }[] }[] }
    }
    const text = sheet.content.parts[0]!.questions[0]!.text
    const address = /!\[Un point\]\((\/api\/pictures\/[\w-]+)\)/.exec(text)?.[1]
    // No sign-in: an image of an exam page shows no cookie that could expire [IDN-09].
    const picture = await fetch(`${server.origin}${address}`)
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect(picture.headers.get('cache-control')).toContain('immutable')
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG)
    expect((await fetch(`${server.origin}/api/pictures/${'a'.repeat(43)}`)).status).toBe(404)
  })

  it('[ADM-03] Moodle XML: what was escaped once is read once, and a picture is found by any name', async () => {
    const file = (name: string) =>
      `<file name="${name}" path="/" encoding="base64">${PNG.toString('base64')}</file>`
    const { report, paper } = await importing(
      'moodle-xml',
      `<quiz><question type="multichoice"><name><text>Balises &amp;amp; entités</text></name><single>true</single>
       <questiontext format="html"><text><![CDATA[<p><img src="@@PLUGINFILE@@/l%27image%20%281%29.png?time=1600" alt="Vu"></p>]]></text>
       ${file('l&apos;image (1).png')}</questiontext>
       <answer fraction="100" format="html"><text><![CDATA[&lt;b&gt;gras&lt;/b&gt;]]></text></answer>
       <answer fraction="0" format="html"><text>&lt;p&gt;&amp;lt;i&amp;gt;&lt;/p&gt;</text></answer></question>
       <question type="shortanswer"><questiontext format="html"><text>Comment écrit-on &amp;amp; ?</text></questiontext>
       <answer fraction="100"><text>&amp;amp;</text></answer></question></quiz>`,
    )
    expect(report.body).toMatchObject({ pictures: 1, lines: [{ faults: [] }, { faults: [] }] })
    const sheet = (await office.call('GET', `/api/catalog/papers/${paper}`)).body as {
      content: { parts: { questions: { text: string; key: unknown; choices?: { text: string }[] }[] }[] }
    }
    const [choice, short] = sheet.content.parts[0]!.questions
    expect(choice!.text).toMatch(/^!\[Vu\]\(\/api\/pictures\/[\w-]+\)$/)
    expect(choice!.choices!.map(({ text }) => text)).toEqual(['\\<b>gras\\</b>', '\\<i>'])
    expect(short).toMatchObject({ text: 'Comment écrit-on & ?', key: ['&amp;'] })
  })

  it('[ADM-03.2] each format names the line of what it leaves out', async () => {
    const lines = async (format: string, source: string) =>
      (
        (await importing(format, source)).report.body['lines'] as {
          line: number
          faults: { code: string }[]
        }[]
      ).map(({ line, faults }) => [line, ...faults.map(({ code }) => code)])
    const json = {
      vigie: 'paper',
      version: 1,
      parts: [{ title: 'Une', questions: [{ type: 'x' }, { type: 'y' }] }],
    }
    expect(await lines('json', JSON.stringify(json, null, 1))).toEqual([
      [8, 'type-unknown'],
      [11, 'type-unknown'],
    ])
    const csv = 'Type;Énoncé;Bonne réponse\r\n\r\ntexte;"Sur\r\ndeux lignes";oui\r\nautre;Quoi ?;non\r\n'
    expect(await lines('csv', csv)).toEqual([[3], [5, 'type-unknown']])
    expect(await lines('gift', '// rien\n\nRédigez.{}\n\n\nVrai ?{T}\n')).toEqual([
      [3, 'type-unsupported'],
      [6],
    ])
    const question = (type: string) =>
      `<question type="${type}"><questiontext><text><![CDATA[<question type="x"> ?]]></text></questiontext>
       <answer fraction="100"><text>true</text></answer></question>`
    const xml = `<quiz>\n<!-- <question type="essay"/> -->\n${question('truefalse')}\n${question('essay')}</quiz>`
    expect(await lines('moodle-xml', xml)).toEqual([[3], [5, 'type-unsupported']])
  })

  it.each([
    ['json', '{\n"vigie": "paper",\n"parts": [}', { fileFaults: [{ code: 'json-broken', detail: '3' }] }],
    [
      'csv',
      'Type;Question;Bonne réponse\ntexte;"sans fin;x\n',
      { code: 'file-unreadable', data: { line: 2 } },
    ],
    ['moodle-xml', '<quiz>\n<question>\n</quiz>', { code: 'file-unreadable', data: { line: 3 } }],
  ])('[ADM-03.2] a broken %s file says on which line it breaks', async (format, source, told) => {
    const { body } = await office.call('POST', '/api/catalog/papers/import/check', {
      format,
      file: asFile(source),
    })
    expect(body).toMatchObject(told)
  })

  it('[ADM-03.2] what no paper could hold is left out with its line, and nothing of it is kept', async () => {
    const counted = async () => ({
      papers: (await server.db.selectFrom('paper').select('id').execute()).length,
      pictures: (await server.db.selectFrom('paper_picture').select('id').execute()).length,
    })
    const before = await counted()
    const gift = await importing('gift', `${'x'.repeat(20_001)}{T}\n\nVrai ?{T}\n`)
    expect(gift.report.body['lines']).toMatchObject([
      { line: 1, faults: [{ code: 'text-too-long' }] },
      { line: 3 },
    ])
    expect((await office.call('GET', `/api/catalog/papers/${gift.paper}`)).status).toBe(200)
    expect((await importing('gift', `${'x'.repeat(20_001)}{T}`)).made).toMatchObject({ code: 'import-empty' })
    const many = await importing('gift', 'Vrai ?{T}\n\n'.repeat(2_001))
    expect(many.report.body).toMatchObject({ paper: null, fileFaults: [{ code: 'too-many-questions' }] })
    expect(many.made).toMatchObject({ code: 'import-empty' })
    const seen = (name: string, bytes: Buffer, type = 'truefalse') =>
      `<question type="${type}"><questiontext format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/${name}" alt="Vu">]]></text>
       <file name="${name}" encoding="base64">${bytes.toString('base64')}</file></questiontext>
       <answer fraction="100"><text>true</text></answer></question>`
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    const moodle = await importing(
      'moodle-xml',
      `<quiz>${seen('a.svg', svg)}\n${seen('b.png', PNG, 'essay')}\n${seen('c.png', PNG)}</quiz>`,
    )
    expect(moodle.report.body['lines']).toMatchObject([
      { line: 1, question: null, faults: [{ code: 'picture-unsound' }] },
      { line: 4, question: null, faults: [{ code: 'type-unsupported' }] },
      { line: 7, question: 'q01', faults: [] },
    ])
    expect(moodle.made.status).toBe(200)
    expect(await counted()).toEqual({ papers: before.papers + 2, pictures: before.pictures + 1 })
  })

  it.each([
    ['a document type', '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>'],
    ['a billion laughs in small letters', '<!doctype x [<!entity a "&a;&a;">]><quiz/>'],
    ['broken nesting', '<quiz><question></quiz>'],
    ['depth', `<quiz>${'<a>'.repeat(200)}${'</a>'.repeat(200)}</quiz>`],
  ])('[ADM-03] XML with %s is refused', async (_name, source) => {
    const file = asFile(source)
    expect(
      await office.call('POST', '/api/catalog/papers/import/check', { format: 'moodle-xml', file }),
    ).toMatchObject({
      status: 422,
      code: 'file-unreadable',
    })
  })
})

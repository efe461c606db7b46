import {
  EQUIPMENT_FIGURES,
  EXAM_FIGURES,
  POLICY_FAULTS,
  type Figure,
  type PolicyFault,
} from '@vigie/contract/catalog/policyFigures'
import type { PolicyContent } from '@vigie/contract/catalog/policy'
import { BROWSER_FAMILIES, SYSTEM_FAMILIES } from '@vigie/checks/verdict/measurements'
import { IDENTITY_DOCUMENTS } from '@vigie/exam-engine/catalog/policy'

/** A figure of the policy by its whole path: « exam.durationSeconds », « equipment.camera.minWidth ». */
export type FigurePath = `exam.${keyof typeof EXAM_FIGURES}` | `equipment.${keyof typeof EQUIPMENT_FIGURES}`

const named = (part: string, figures: Readonly<Record<string, Figure>>): [string, Figure][] =>
  Object.entries(figures).map(([name, figure]) => [`${part}.${name}`, figure])

/** Every figure of a policy by its whole path. */
export const FIGURES: Readonly<Record<string, Figure>> = Object.fromEntries([
  ...named('exam', EXAM_FIGURES),
  ...named('equipment', EQUIPMENT_FIGURES),
])

/** What a person edits: figures as they are typed, tables as rows that are ticked or not. */
export interface PolicyDraft {
  figures: Record<string, string>
  exam: Pick<PolicyContent['exam'], 'recorded' | 'checklist' | 'photos' | 'signals'>
  documents: Record<string, boolean>
  items: PolicyContent['equipment']['items']
  systems: Record<string, { admitted: boolean; least: string }>
  browsers: Record<string, { admitted: boolean; least: string }>
  signalVirtual: boolean
  singleOnly: boolean
  wholeScreenOnly: boolean
}

type Tree = Readonly<Record<string, unknown>>
const read = (whole: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Tree | undefined)?.[step], whole)

/** As people write a figure: divided by its unit, with at most three decimals. */
export const written = (value: number, { per }: Figure): string =>
  String(Math.round((value / per) * 1000) / 1000)

/** What was typed, in the stored unit; NaN when it is no number. A comma is a decimal point. */
export function stored(typed: string, { per, whole }: Figure): number {
  const text = typed.trim().replace(',', '.').replace('−', '-')
  const value = text === '' ? Number.NaN : Number(text) * per
  return whole ? Math.round(value) : Math.round(value * 1e6) / 1e6
}

export function draftOf({ exam, equipment }: PolicyContent): PolicyDraft {
  const whole = { exam, equipment }
  const table = (
    families: readonly string[],
    rows: readonly { family: string; least: string }[],
  ): PolicyDraft['systems'] =>
    Object.fromEntries(
      families.map((family) => {
        const row = rows.find((one) => one.family === family)
        return [family, { admitted: row !== undefined, least: row?.least ?? '' }]
      }),
    )
  return {
    figures: Object.fromEntries(
      Object.entries(FIGURES).map(([path, figure]) => [
        path,
        written(Number(read(whole, path.split('.'))), figure),
      ]),
    ),
    exam: {
      recorded: exam.recorded,
      checklist: { ...exam.checklist },
      photos: { ...exam.photos },
      signals: { ...exam.signals },
    },
    documents: Object.fromEntries(
      IDENTITY_DOCUMENTS.map((kind) => [kind, exam.acceptedDocuments.includes(kind)]),
    ),
    items: { ...equipment.items },
    systems: table(
      SYSTEM_FAMILIES,
      equipment.systems.map(({ family, minimumVersion }) => ({ family, least: minimumVersion ?? '' })),
    ),
    browsers: table(
      BROWSER_FAMILIES,
      equipment.browsers.map(({ family, minimumMajor }) => ({ family, least: String(minimumMajor) })),
    ),
    signalVirtual: equipment.camera.signalVirtual,
    singleOnly: equipment.screens.singleOnly,
    wholeScreenOnly: equipment.share.wholeScreenOnly,
  }
}

/** What will be sent; figures that are no numbers are NaN there, and `typos` names them first. */
export function contentOf(draft: PolicyDraft): PolicyContent {
  const parts: Record<string, Record<string, unknown>> = { exam: {}, equipment: {} }
  for (const [path, figure] of Object.entries(FIGURES)) {
    const steps = path.split('.')
    const last = steps.pop() ?? ''
    let place: Record<string, unknown> = parts
    for (const step of steps) place = (place[step] ??= {}) as Record<string, unknown>
    place[last] = stored(draft.figures[path] ?? '', figure)
  }
  const { camera, ...equipment } = parts['equipment'] as unknown as PolicyContent['equipment']
  return {
    exam: {
      ...(parts['exam'] as unknown as PolicyContent['exam']),
      ...draft.exam,
      acceptedDocuments: IDENTITY_DOCUMENTS.filter((kind) => draft.documents[kind]),
    },
    equipment: {
      ...equipment,
      items: draft.items,
      camera: { ...camera, signalVirtual: draft.signalVirtual },
      screens: { singleOnly: draft.singleOnly },
      share: { wholeScreenOnly: draft.wholeScreenOnly },
      systems: SYSTEM_FAMILIES.filter((family) => draft.systems[family]?.admitted).map((family) => ({
        family,
        minimumVersion: draft.systems[family]?.least.trim() || null,
      })),
      browsers: BROWSER_FAMILIES.filter((family) => draft.browsers[family]?.admitted).map((family) => ({
        family,
        minimumMajor: Number(draft.browsers[family]?.least.trim() || '0'),
      })),
    },
  }
}

/** Whether there is no other way to read what was typed. */
export type Objection = { readonly path: string; readonly fault: PolicyFault | 'not-a-number' | 'unreadable' }

/** Figures and versions that are no numbers: the page says so before anything is sent. */
export function typos(draft: PolicyDraft): Objection[] {
  const figures = Object.entries(FIGURES)
    .filter(([path, figure]) => Number.isNaN(stored(draft.figures[path] ?? '', figure)))
    .map(([path]) => ({ path, fault: 'not-a-number' as const }))
  const versions = (['systems', 'browsers'] as const).flatMap((table) =>
    Object.entries(draft[table])
      .filter(([, { admitted, least }]) => admitted && !versionFits(table, least.trim()))
      .map(([family]) => ({ path: `equipment.${table}.${family}`, fault: 'not-a-number' as const })),
  )
  return [...figures, ...versions]
}

const versionFits = (table: 'systems' | 'browsers', least: string): boolean =>
  table === 'systems' ? least === '' || /^\d+(\.\d+)*$/.test(least) : /^\d{1,5}$/.test(least)

/** The server's refusal field by field; what it names otherwise is « unreadable ». */
export function refusals(issues: readonly { path: string; message: string }[]): Objection[] {
  return issues.map(({ path, message }) => ({
    path: path.replace(/^content\./, ''),
    fault: POLICY_FAULTS.find((code) => code === message) ?? 'unreadable',
  }))
}

/** The control of a path, for the summary of errors. */
export const controlOf = (path: string): string => `policy-${path.replaceAll('.', '-')}`

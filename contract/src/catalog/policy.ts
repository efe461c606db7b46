import { CHECKLIST_ITEMS, CHECKLIST_RULES } from '@vigie/exam-engine/supervision/checklist'
import {
  IDENTITY_DOCUMENTS,
  PHOTO_KINDS,
  PHOTO_RULES,
  type ExamPolicy,
} from '@vigie/exam-engine/catalog/policy'
import { SIGNALS } from '@vigie/exam-engine/supervision/signals'
import { z } from 'zod'
import { equipmentPolicySchema } from '../checks/policy.ts'
import { EQUIPMENT_FIGURES, EXAM_FIGURES, type Figure, type PolicyFault } from './policyFigures.ts'

const seconds = z.number().int().min(0)

/** The exam's part of a policy, without its number: bounds and order are the refinement's, below. */
export const examPolicySchema = z.object({
  durationSeconds: seconds,
  entryOpensBeforeSeconds: seconds,
  entryClosesAfterSeconds: seconds,
  ceilings: z.object({
    preparing: seconds,
    waiting: seconds,
    checking: seconds,
    unlocked: seconds,
    held: seconds,
  }),
  sealGraceSeconds: seconds,
  mediaGraceSeconds: seconds,
  endAnswerSeconds: seconds,
  resumeCoverSeconds: seconds,
  holdEffectSeconds: seconds,
  proposalLimitSeconds: seconds,
  proposalFloorSeconds: seconds,
  maximumCaseload: z.number().int().min(1),
  recorded: z.boolean(),
  checklist: z.record(z.enum(CHECKLIST_ITEMS), z.enum(CHECKLIST_RULES)),
  photos: z.record(z.enum(PHOTO_KINDS), z.enum(PHOTO_RULES)),
  acceptedDocuments: z.array(z.enum(IDENTITY_DOCUMENTS)).max(IDENTITY_DOCUMENTS.length),
  signals: z.record(z.enum(SIGNALS), z.boolean()),
}) satisfies z.ZodType<ExamPolicy, ExamPolicy>

const atPath = (whole: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], whole)

/** Lines of the check that the exam itself asks for. */
export const MEDIA_ITEMS = ['camera', 'microphone', 'share'] as const

/** Everything staff set for a certification, as one thing: it is saved, numbered and frozen together. */
export const policyContentSchema = z
  .object({ exam: examPolicySchema, equipment: equipmentPolicySchema })
  .superRefine(({ exam, equipment }, context) => {
    const object = (code: PolicyFault, ...path: (string | number)[]) =>
      context.addIssue({ code: 'custom', path, message: code })
    const bounded = (
      part: 'exam' | 'equipment',
      figures: Readonly<Record<string, Figure>>,
      whole: object,
    ) => {
      for (const [name, { least, most, whole: entire }] of Object.entries(figures)) {
        const path = name.split('.')
        const value = Number(atPath(whole, path))
        if (value < least || value > most) object('out-of-bounds', part, ...path)
        else if (entire && !Number.isInteger(value)) object('not-whole', part, ...path)
      }
    }
    bounded('exam', EXAM_FIGURES, exam)
    bounded('equipment', EQUIPMENT_FIGURES, equipment)
    const { camera, microphone } = equipment
    if (camera.darkBelowLuma < camera.blackBelowLuma)
      object('out-of-order', 'equipment', 'camera', 'darkBelowLuma')
    if (camera.glareAboveLuma <= camera.darkBelowLuma)
      object('out-of-order', 'equipment', 'camera', 'glareAboveLuma')
    if (microphone.minSpeechDbfs < microphone.silentBelowDbfs)
      object('out-of-order', 'equipment', 'microphone', 'minSpeechDbfs')
    if (exam.proposalLimitSeconds < exam.proposalFloorSeconds)
      object('out-of-order', 'exam', 'proposalLimitSeconds')
    // Nobody joins a proctor without these [IDN-07]: a check that passes without them would end at the room's door.
    for (const item of MEDIA_ITEMS)
      if (equipment.items[item] !== 'compulsory') object('exam-needs-it', 'equipment', 'items', item)
    if (!equipment.share.wholeScreenOnly) object('exam-needs-it', 'equipment', 'share', 'wholeScreenOnly')
    for (const table of ['systems', 'browsers'] as const) {
      const families = equipment[table].map(({ family }) => family as string)
      if (families.length === 0) object('none-chosen', 'equipment', table)
      if (new Set(families).size < families.length) object('twice', 'equipment', table)
    }
    if (exam.acceptedDocuments.length === 0 && exam.photos.document !== 'off')
      object('none-chosen', 'exam', 'acceptedDocuments')
    if (new Set(exam.acceptedDocuments).size < exam.acceptedDocuments.length)
      object('twice', 'exam', 'acceptedDocuments')
  })
export type PolicyContent = z.infer<typeof policyContentSchema>

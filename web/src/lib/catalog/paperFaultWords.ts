import type { PaperFault, PaperFaultCode } from '@vigie/exam-engine/catalog/paperFaults'
import { m } from '#lib/paraglide/messages.js'
import type { EditedType } from './paperEditing.ts'

export const TYPE_WORDS: Record<EditedType, () => string> = {
  single: m.catalog_type_single,
  multiple: m.catalog_type_multiple,
  'true-false': m.catalog_type_true_false,
  numeric: m.catalog_type_numeric,
  'short-text': m.catalog_type_short_text,
}

export const FAULT: Record<PaperFaultCode, () => string> = {
  'no-part': m.catalog_fault_no_part,
  'part-empty': m.catalog_fault_part_empty,
  'part-duplicate': m.catalog_fault_part_duplicate,
  'question-duplicate': m.catalog_fault_question_duplicate,
  'text-missing': m.catalog_fault_text_missing,
  'image-without-alternative': m.catalog_fault_image_without_alternative,
  'points-invalid': m.catalog_fault_points_invalid,
  'choices-missing': m.catalog_fault_choices_missing,
  'choice-duplicate': m.catalog_fault_choice_duplicate,
  'key-missing': m.catalog_fault_key_missing,
  'key-unknown': m.catalog_fault_key_unknown,
  'tolerance-invalid': m.catalog_fault_tolerance_invalid,
  'marking-invalid': m.catalog_fault_marking_invalid,
}

/** What is wrong, beside where it is. */
export const faultWord = ({ code }: Pick<PaperFault, 'code'>): string => FAULT[code]()

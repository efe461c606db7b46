import type { RosterReport } from '@vigie/contract/catalog/session'
import type { ImportCode } from '@vigie/exam-engine/catalog/import/reading'
import { m } from '#lib/paraglide/messages.js'
import { FAULT } from './paperFaultWords.ts'

export type Finding = RosterReport['fileFaults'][number]

const COLUMN: Readonly<Record<string, () => string>> = {
  name: m.catalog_finding_column_name,
  email: m.catalog_finding_column_email,
  appointment: m.catalog_finding_column_appointment,
  accommodation: m.catalog_finding_column_accommodation,
  type: m.catalog_finding_column_type,
  text: m.catalog_finding_column_text,
  right: m.catalog_finding_column_right,
}
const columnName = (detail: string): string => COLUMN[detail]?.() ?? detail

/** Types of other programs, as their own pages call them. */
const FOREIGN: Readonly<Record<string, () => string>> = {
  essay: m.catalog_finding_type_essay,
  matching: m.catalog_finding_type_matching,
  match: m.catalog_finding_type_matching,
  cloze: m.catalog_finding_type_cloze,
  description: m.catalog_finding_type_description,
  calculated: m.catalog_finding_type_calculated,
}
const typeName = (detail: string): string => (Object.hasOwn(FOREIGN, detail) ? FOREIGN[detail]!() : detail)

/** Each code of a file of questions in words; a new one does not compile here until it has some. */
const IMPORT_WORDS: Readonly<Record<ImportCode, (detail: string) => string>> = {
  'file-empty': m.catalog_finding_file_empty,
  'json-broken': (detail) => m.catalog_finding_json_broken({ line: detail }),
  'json-not-a-paper': m.catalog_finding_json_not_a_paper,
  'json-version': m.catalog_finding_json_version,
  'json-marking': m.catalog_finding_json_marking,
  'xml-not-moodle': m.catalog_finding_xml_not_moodle,
  'paper-column-missing': (detail) => m.catalog_finding_paper_column_missing({ column: columnName(detail) }),
  'not-a-question': m.catalog_finding_not_a_question,
  'type-unknown': (detail) => m.catalog_finding_type_unknown({ type: detail }),
  'type-unsupported': (detail) => m.catalog_finding_type_unsupported({ type: typeName(detail) }),
  'points-unreadable': m.catalog_finding_points_unreadable,
  'choices-unreadable': m.catalog_finding_choices_unreadable,
  'right-unreadable': m.catalog_finding_right_unreadable,
  'right-without-choice': (detail) => m.catalog_finding_right_without_choice({ letter: detail }),
  'text-too-long': (detail) => m.catalog_finding_text_too_long({ limit: detail }),
  'choices-too-many': (detail) => m.catalog_finding_choices_too_many({ limit: detail }),
  'right-too-long': (detail) => m.catalog_finding_right_too_long({ limit: detail }),
  'right-several': m.catalog_finding_right_several,
  'parts-too-many': (detail) => m.catalog_finding_parts_too_many({ limit: detail }),
  'part-full': (detail) => m.catalog_finding_part_full({ limit: detail }),
  'too-many-questions': (detail) => m.catalog_finding_too_many_questions({ limit: detail }),
  'picture-unsound': m.catalog_finding_picture_unsound,
  'picture-elsewhere': m.catalog_finding_picture_elsewhere,
  'gift-no-answers': m.catalog_finding_gift_no_answers,
  'wildcard-unsupported': m.catalog_finding_wildcard_unsupported,
  'feedback-dropped': m.catalog_finding_feedback_dropped,
  'weights-dropped': m.catalog_finding_weights_dropped,
  'answers-dropped': m.catalog_finding_answers_dropped,
  'units-dropped': m.catalog_finding_units_dropped,
  'html-as-text': m.catalog_finding_html_as_text,
}

/** Each code of a report in words; `detail` is the twin's line, the unknown word, the limit. */
const WORDS: Readonly<Record<string, (detail: string) => string>> = {
  ...IMPORT_WORDS,
  'column-missing': (detail) => m.catalog_finding_column_missing({ column: columnName(detail) }),
  'column-twice': (detail) => m.catalog_finding_column_twice({ column: columnName(detail) }),
  'too-many-lines': (detail) => m.catalog_finding_too_many_lines({ limit: detail }),
  'cells-missing': m.catalog_finding_cells_missing,
  'cells-too-many': m.catalog_finding_cells_too_many,
  'name-missing': m.catalog_finding_name_missing,
  'name-too-long': (detail) => m.catalog_finding_name_too_long({ limit: detail }),
  'email-missing': m.catalog_finding_email_missing,
  'email-malformed': (detail) => m.catalog_finding_email_malformed({ email: detail }),
  'email-twice': (detail) => m.catalog_finding_email_twice({ line: detail }),
  'appointment-missing': m.catalog_finding_appointment_missing,
  'moment-malformed': (detail) => m.catalog_finding_moment_malformed({ text: detail }),
  'moment-nonexistent': (detail) => m.catalog_finding_moment_nonexistent({ text: detail }),
  'appointment-past': m.catalog_finding_appointment_past,
  'appointment-outside': m.catalog_finding_appointment_outside,
  'appointment-too-late': m.catalog_finding_appointment_too_late,
  'accommodation-unknown': (detail) => m.catalog_finding_accommodation_unknown({ word: detail }),
  'accommodation-contradicts': (detail) => m.catalog_finding_accommodation_contradicts({ word: detail }),
  'on-roster-otherwise': m.catalog_finding_on_roster_otherwise,
  'works-on-session': m.catalog_finding_works_on_session,
  'place-exceeded': (detail) => m.catalog_finding_place_exceeded({ places: detail }),
}

/** A finding in words; a code this page does not know yet is shown as it is. */
export function findingInWords({ code, detail }: Finding): string {
  if (Object.hasOwn(FAULT, code)) return FAULT[code as keyof typeof FAULT]()
  return Object.hasOwn(WORDS, code) ? WORDS[code]!(detail ?? '') : [code, detail].filter(Boolean).join(' ')
}

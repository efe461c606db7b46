import { error } from '@sveltejs/kit'
import { equipmentReportId, type EquipmentReportId } from '@vigie/exam-engine/attempt/ids'

export function load({ params }: { params: { report: string } }): { report: EquipmentReportId } {
  if (!equipmentReportId.is(params.report)) error(404)
  return { report: params.report }
}

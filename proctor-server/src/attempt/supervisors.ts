import { sql } from 'kysely'

/**
 * The events by which somebody answers for an attempt: they had it, or they ended it, refused it or brought it back. An
 * index holds these types and no other.
 */
export const SUPERVISING_EVENTS = ['taken', 'handed-over', 'closed', 'refused', 'reactivated'] as const

/**
 * Of such an event the person who cannot review the attempt [REV-01]: its proctor; a lead too who decided without taking
 * it. Null for what nobody decided.
 */
export const SUPERVISOR_OF_EVENT = sql<string | null>`case
  when type in ('taken', 'handed-over')
    then coalesce(data::jsonb #>> '{event,proctorId}', data::jsonb #>> '{event,to}')
  when data::jsonb #>> '{event,by,role}' in ('proctor', 'lead') then data::jsonb #>> '{event,by,id}'
end`

import type { Notice, RequestView } from '@vigie/contract/supervision/requests'
import { sql } from 'kysely'

/**
 * What proctor and candidate said to each other beside the chat, as columns of a query over `attempt`: both sides draw the
 * same. Of requests the open ones, and the last settled one of each side: that is the answer somebody waits for.
 */
export const requestsOf = sql<RequestView[]>`coalesce((
  select jsonb_agg(jsonb_build_object('id', r.id, 'by', r.side, 'kind', r.kind, 'askedAt', r.asked_at,
    'settledAt', r.settled_at, 'outcome', r.outcome) order by r.asked_at, r.id)
  from attempt_request r where r.attempt_id = attempt.id and (r.settled_at is null or r.id in (
    select distinct on (side) id from attempt_request l
    where l.attempt_id = attempt.id and l.settled_at is not null order by side, settled_at desc))), '[]'::jsonb)`.as(
  'requests',
)

export const noticesOf = sql<Notice[]>`coalesce((
  select jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'kind', n.kind, 'code', n.code, 'text', n.text,
    'seenAt', n.seen_at) order by n.at, n.id)
  from remark n where n.attempt_id = attempt.id and n.shown_to_candidate), '[]'::jsonb)`.as('notices')

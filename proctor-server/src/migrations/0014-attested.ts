import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // Texts enter the attempt's chain as SHA-256 of salt and text; rows from before have no salt and no event.
  sql`alter table chat_line add column salt text`,
  sql`alter table remark add column salt text`,
  sql`alter table superseded_save add column salt text`,
  // What a page still had when all was sealed: kept, not counted, unless a reviewer admits it [ATT-06].
  sql`
    create table late_save (
      attempt_id uuid not null references attempt, number integer not null, lease integer not null, at bigint not null,
      answered_count integer not null, salt text not null, answers text not null, primary key (attempt_id, lease, number)
    )`,
  // How far each recorded stream has come, and how far the chain has said so. `grown_at`: since when it has more to say.
  sql`
    create table evidence_stream (
      attempt_id uuid not null references attempt, track text not null, rendition uuid not null,
      promised integer not null default 0, promised_head text not null default repeat('0', 64),
      received integer not null default 0, received_head text not null default repeat('0', 64),
      grown_at bigint, primary key (attempt_id, track, rendition)
    )`,
  sql`create index evidence_stream_grown on evidence_stream (grown_at) where grown_at is not null`,
  sql`alter table segment add column promised_order integer, add column received_order integer`,
]

/** Gives the segments that are there their places and heads, in the order of their numbers: nobody knows another one. */
const enrol = sql`
  do $$
  declare piece record; stream text := ''; place integer; head text;
  begin
    insert into evidence_stream (attempt_id, track, rendition, grown_at)
      select distinct attempt_id, track, rendition, 0 from segment;
    for piece in select * from segment where committed_at is not null order by attempt_id, track, rendition, number loop
      if stream <> piece.attempt_id || piece.track || piece.rendition then
        stream := piece.attempt_id || piece.track || piece.rendition; place := 0; head := repeat('0', 64);
      end if;
      place := place + 1;
      head := encode(sha256(convert_to(head || chr(10) || format(
        '{"bytes":%s,"digest":"%s","from":%s,"number":%s,"order":%s,"previous":%s,"to":%s}', piece.bytes, piece.digest,
        piece.started_at, piece.number, place, coalesce('"' || piece.previous || '"', 'null'), piece.ended_at), 'UTF8')), 'hex');
      update segment set promised_order = place where attempt_id = piece.attempt_id and track = piece.track
        and rendition = piece.rendition and number = piece.number;
      update evidence_stream set promised = place, promised_head = head where attempt_id = piece.attempt_id
        and track = piece.track and rendition = piece.rendition;
    end loop;
    stream := '';
    for piece in select * from segment where received_at is not null order by attempt_id, track, rendition, number loop
      if stream <> piece.attempt_id || piece.track || piece.rendition then
        stream := piece.attempt_id || piece.track || piece.rendition; place := 0; head := repeat('0', 64);
      end if;
      place := place + 1;
      head := encode(sha256(convert_to(head || chr(10) || format(
        '{"digest":"%s","number":%s,"order":%s}', piece.sealed_digest, piece.number, place), 'UTF8')), 'hex');
      update segment set received_order = place where attempt_id = piece.attempt_id and track = piece.track
        and rendition = piece.rendition and number = piece.number;
      update evidence_stream set received = place, received_head = head where attempt_id = piece.attempt_id
        and track = piece.track and rendition = piece.rendition;
    end loop;
  end $$`

/** Exported for the test that compares with what the engine makes of the same rows. */
export const enrolSegments = (db: Kysely<unknown>) => enrol.execute(db)

/** Texts, late answers and the heads of recorded streams enter the attempt's chain [EVD-04]. */
export const attested: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
    await enrolSegments(db)
  },
}

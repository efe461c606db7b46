import type { Migration } from 'kysely/migration'
import { foundations } from './0001-foundations.ts'
import { checks } from './0002-checks.ts'
import { evidence } from './0003-evidence.ts'
import { policies } from './0004-policies.ts'
import { attempt } from './0005-attempt.ts'
import { catalog } from './0006-catalog.ts'
import { supervision } from './0007-supervision.ts'
import { live } from './0008-live.ts'
import { retention } from './0009-retention.ts'
import { review } from './0010-review.ts'
import { superseded } from './0011-superseded.ts'
import { savePath } from './0012-save-path.ts'
import { rehearsal } from './0013-rehearsal.ts'
import { attested } from './0014-attested.ts'
import { clockOffset } from './0015-clock-offset.ts'
import { evidenceBytes } from './0016-evidence-bytes.ts'
import { lines } from './0017-lines.ts'
import { draft } from './0018-draft.ts'
import { supervisors } from './0019-supervisors.ts'

/** In order of their names; a migration that has run anywhere is never edited again. */
export const migrations: Record<string, Migration> = {
  '0001-foundations': foundations,
  '0002-checks': checks,
  '0003-evidence': evidence,
  '0004-policies': policies,
  '0005-attempt': attempt,
  '0006-catalog': catalog,
  '0007-supervision': supervision,
  '0008-live': live,
  '0009-retention': retention,
  '0010-review': review,
  '0011-superseded': superseded,
  '0012-save-path': savePath,
  '0013-rehearsal': rehearsal,
  '0014-attested': attested,
  '0015-clock-offset': clockOffset,
  '0016-evidence-bytes': evidenceBytes,
  '0017-lines': lines,
  '0018-draft': draft,
  '0019-supervisors': supervisors,
}

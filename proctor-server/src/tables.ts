import type { AccountsTables } from './accounts/tables.ts'
import type { AttemptTables } from './attempt/tables.ts'
import type { CatalogTables } from './catalog/tables.ts'
import type { ChecksTables } from './checks/tables.ts'
import type { EvidenceTables } from './evidence/tables.ts'
import type { PlatformTables } from './platform/tables.ts'
import type { ReviewTables } from './review/tables.ts'
import type { LiveTables } from './supervision/live/tables.ts'
import type { SupervisionTables } from './supervision/tables.ts'

/** The database as Kysely knows it; each area names its own tables. */
export interface Tables
  extends
    AccountsTables,
    AttemptTables,
    CatalogTables,
    ChecksTables,
    EvidenceTables,
    LiveTables,
    PlatformTables,
    ReviewTables,
    SupervisionTables {}

import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

// Moments are epoch milliseconds of the server's clock (bigint); better-auth's own tables keep its timestamps.
const statements = `
create table person (
  id uuid primary key, name text not null, email text not null unique, "emailVerified" boolean not null default false,
  image text, "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now(),
  "twoFactorEnabled" boolean not null default false
);
create table sign_in (
  id uuid primary key, "expiresAt" timestamptz not null, token text not null unique,
  "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now(),
  "ipAddress" text, "userAgent" text, "userId" uuid not null references person on delete cascade
);
create index sign_in_person on sign_in ("userId");
create table sign_in_method (
  id uuid primary key, "accountId" text not null, "providerId" text not null,
  "userId" uuid not null references person on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
  "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password text,
  "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now()
);
create index sign_in_method_person on sign_in_method ("userId");
create table sign_in_verification (
  id uuid primary key, identifier text not null, value text not null, "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now()
);
create index sign_in_verification_identifier on sign_in_verification (identifier);
create table two_factor (
  id uuid primary key, secret text not null, "backupCodes" text not null,
  "userId" uuid not null references person on delete cascade, verified boolean not null default true,
  "failedVerificationCount" integer not null default 0, "lockedUntil" timestamptz
);
create index two_factor_person on two_factor ("userId");
create table sign_in_rate (
  id uuid primary key, key text not null unique, count integer not null, "lastRequest" bigint not null
);
create table person_role (
  person_id uuid not null references person on delete cascade, role text not null, primary key (person_id, role)
);

create table audit_log (
  id uuid primary key, at bigint not null, actor text not null, role text, action text not null,
  attempt_id uuid, purpose text, detail jsonb not null default '{}'
);
create index audit_log_attempt on audit_log (attempt_id, at);
create table local_mailbox (
  id uuid primary key, recipient text not null, subject text not null, body text not null,
  sent_at timestamptz not null default now()
);
create table heartbeat (replica text primary key, at bigint not null);

create table certification (
  id uuid primary key, name text not null, holder text not null, helpline jsonb not null, legal_basis text not null,
  alternative text not null
);
create table policy (
  certification_id uuid not null references certification, version integer not null, content jsonb not null,
  created_at bigint not null, created_by uuid references person, primary key (certification_id, version)
);
create table paper (
  id uuid primary key, certification_id uuid not null references certification, title text not null,
  content jsonb not null, locked boolean not null default false
);
create table exam_session (
  id uuid primary key, certification_id uuid not null references certification, paper_id uuid not null references paper,
  name text not null, opens_at bigint not null, closes_at bigint not null
);
create table session_staff (
  session_id uuid not null references exam_session, person_id uuid not null references person, role text not null,
  primary key (session_id, person_id, role)
);
create index session_staff_person on session_staff (person_id);

create table attempt (
  id uuid primary key, session_id uuid not null references exam_session, candidate_id uuid not null references person,
  status text not null, proctor_id uuid references person, state jsonb not null, lease integer not null default 0,
  version integer not null, head text not null, due_at bigint
);
create index attempt_session on attempt (session_id, status);
create index attempt_candidate on attempt (candidate_id);
create index attempt_due on attempt (due_at) where due_at is not null;
create unique index attempt_single on attempt (session_id, candidate_id) where status <> 'voided' and status <> 'cancelled';
create table attempt_event (
  attempt_id uuid not null references attempt, seq integer not null, at bigint not null, type text not null,
  data text not null, hash text not null, primary key (attempt_id, seq)
);
create table attempt_save (
  attempt_id uuid not null references attempt, number integer not null, lease integer not null, at bigint not null,
  salt text not null, answers text not null, primary key (attempt_id, number)
);
create table attempt_text (
  attempt_id uuid not null references attempt, digest text not null, salt text not null, text text not null,
  primary key (attempt_id, digest)
);
create table attempt_credential (
  token_hash text primary key, attempt_id uuid not null references attempt, profile text not null,
  created_at bigint not null
);
create index attempt_credential_attempt on attempt_credential (attempt_id);
create table attempt_score (
  attempt_id uuid primary key references attempt, points double precision not null, maximum double precision not null,
  detail jsonb not null, scored_at bigint not null
);

create table chat_line (
  id uuid primary key, attempt_id uuid not null references attempt, at bigint not null, author text not null,
  author_id uuid, author_name text not null, text text not null, delivered_at bigint, read_at bigint
);
create index chat_line_attempt on chat_line (attempt_id, at);
create table remark (
  id uuid primary key, attempt_id uuid not null references attempt, at bigint not null, kind text not null,
  code text not null, severity text, author_id uuid, shown_to_candidate boolean not null default false,
  text text not null default '', detail jsonb not null default '{}'
);
create index remark_attempt on remark (attempt_id, at);

create table attempt_key (
  attempt_id uuid primary key references attempt, epoch text not null, wrapped bytea not null
);
create table photo (
  id uuid primary key, attempt_id uuid not null references attempt, kind text not null, at bigint not null,
  sha256 text not null, bytes integer not null, stored_as text not null
);
create index photo_attempt on photo (attempt_id);
create table retention (
  attempt_id uuid primary key references attempt, destroy_at bigint not null, destroyed_at bigint, reason text not null
);
create index retention_due on retention (destroy_at) where destroyed_at is null;
`

export const foundations: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements.split(';\n')) {
      if (statement.trim()) await sql.raw(statement).execute(db)
    }
  },
}

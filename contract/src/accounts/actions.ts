/**
 * Everything anybody can ask of the server, by name. Each HTTP route and each socket event carries one of these
 * words; who may do it stands in one table (proctor-server/src/accounts/authorisation.ts), deny by default.
 */
export const ACTIONS = [
  'accounts.me',
  'accounts.people',
  'catalog.read',
  'catalog.write',
  'catalog.session.board',
  'catalog.session.announce',
  'checks.measure',
  'checks.report.file',
  'checks.report.read',
  'attempt.list-own',
  'attempt.enter',
  'attempt.follow',
  'attempt.act',
  'attempt.media',
  'attempt.publish',
  'supervision.follow',
  'supervision.take',
  'supervision.act',
  'supervision.lead',
  'supervision.media',
  'evidence.write',
  'evidence.photo.write',
  'evidence.photo.read',
  'evidence.receipt.read',
  'evidence.receipt.verify',
  'review.list',
  'review.read',
  'review.judge',
  'review.export',
  'review.own',
  'review.reply',
  'platform.mailbox',
] as const

export type Action = (typeof ACTIONS)[number]

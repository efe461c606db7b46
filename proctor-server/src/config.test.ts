import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const secret = 'x'.repeat(32)
const whole = {
  PUBLIC_ORIGIN: 'https://examens.example.org/any/path',
  DATABASE_URL: 'postgresql://vigie@127.0.0.1/vigie',
  DATA_DIR: '/var/lib/vigie',
  LIVEKIT_URL: 'http://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'vigie',
  LIVEKIT_API_SECRET: secret,
  AUTH_SECRET: secret,
  WEB_DIR: '/srv/vigie/web/build',
}

test('what production must give is enough, and the rest is careful by default', () => {
  const config = readConfig(whole)
  expect(config.publicOrigin).toBe('https://examens.example.org')
  expect(config).toMatchObject({ host: '127.0.0.1', trustedProxies: 'loopback', demonstration: false })
})

test.each(Object.keys(whole))('without %s the server refuses to start and names it', (name) => {
  expect(() => readConfig({ ...whole, [name]: undefined })).toThrow(new RegExp(`^  ${name}: `, 'm'))
})

test('a secret that is too short and a number that is none are named together, and no value is repeated', () => {
  let message = ''
  try {
    readConfig({ ...whole, AUTH_SECRET: 'hunter2', PORT: 'many' })
  } catch (error) {
    if (error instanceof ConfigError) message = error.message
  }
  expect(message).toContain('AUTH_SECRET: needs at least 32 characters')
  expect(message).toContain('PORT')
  expect(message).not.toContain('hunter2')
})

test('evidence is files until a bucket is named, and then its address and secrets are asked for', () => {
  expect(readConfig(whole)).toMatchObject({
    storage: { kind: 'files', folder: '/var/lib/vigie/objects' },
    epochKeysDir: '/var/lib/vigie/keys',
  })
  expect(() => readConfig({ ...whole, S3_BUCKET: 'evidence' })).toThrow(/S3_ENDPOINT: needed with S3_BUCKET/)
  const s3 = { S3_BUCKET: 'evidence', S3_ENDPOINT: 'http://objects:7070', S3_ACCESS_KEY_ID: 'vigie' }
  expect(() => readConfig({ ...whole, ...s3 })).toThrow(/S3_SECRET_ACCESS_KEY: needed with S3_BUCKET/)
  expect(readConfig({ ...whole, ...s3, S3_SECRET_ACCESS_KEY: secret }).storage).toMatchObject({
    kind: 's3',
    bucket: 'evidence',
    region: 'us-east-1',
  })
})

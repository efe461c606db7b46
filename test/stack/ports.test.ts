import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { choosePorts } from './ports.ts'

test('a preferred port is taken when it is free, another one when it is not', async () => {
  const squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const taken = (squatter.address() as AddressInfo).port
  const { free } = await choosePorts({ free: { transport: 'tcp' } })

  const chosen = await choosePorts({
    first: { transport: 'tcp', preferred: [taken, free] },
    second: { transport: 'tcp', preferred: [taken] },
  })

  expect(chosen.first).toBe(free)
  expect([taken, free, 0]).not.toContain(chosen.second)
  squatter.close()
})

test('wishes for the same port get different ones, and all are free afterwards', async () => {
  const { port } = await choosePorts({ port: { transport: 'udp' } })
  const wish = { transport: 'udp', preferred: [port] } as const
  const chosen = await choosePorts({ a: wish, b: wish })
  expect(chosen.a).toBe(port)
  expect(chosen.b).not.toBe(port)
  expect(await choosePorts({ a: { ...wish, preferred: [chosen.b] } })).toEqual({ a: chosen.b })
})

import { api } from '@vigie/contract/api'
import { expect, it } from 'vitest'
import { routesOf } from '../../../contractRoutes.ts'
import { routeRequest } from './routeRequest.ts'

it('puts what the path names into the path and the rest into a JSON body', () => {
  const input = { attempt: 'a/b', profile: 'p', unknown: undefined }
  expect(routeRequest('POST /attempts/{attempt}/entry', input)).toEqual({
    method: 'POST',
    path: '/attempts/a%2Fb/entry',
    body: '{"profile":"p"}',
  })
  expect(routeRequest('POST /checks/trial')).toEqual({ method: 'POST', path: '/checks/trial', body: null })
})

it('puts the rest of a GET into the query, and nothing that would need a form of its own', () => {
  expect(
    routeRequest('GET /checks/{report}', { report: 'r', version: 3, name: 'é', none: undefined }),
  ).toEqual({
    method: 'GET',
    path: '/checks/r?version=3&name=%C3%A9',
    body: null,
  })
  expect(() => routeRequest('GET /checks', { filter: {} })).toThrow('filter')
})

it('finds an address for every route of the contract', () => {
  const walk = (routes: ReturnType<typeof routesOf>): string[] =>
    Object.values(routes).flatMap((one) => (typeof one === 'string' ? [one] : walk(one)))
  const routes = walk(routesOf(api))
  expect(routes.length).toBeGreaterThan(60)
  for (const route of routes) expect(route).toMatch(/^(GET|POST|PUT|PATCH|DELETE) \/[\w/{}-]+$/)
  expect(new Set(routes).size).toBe(routes.length)
})

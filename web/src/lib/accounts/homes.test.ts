import { describe, expect, it } from 'vitest'
import { homeOf, homesOf, mayOpen, ownAddress } from './homes.ts'

describe('where a person goes after signing in', () => {
  it('leads each role to its home', () => {
    expect(homeOf(['candidate'])).toBe('/passages')
    expect(homeOf(['proctor'])).toBe('/surveillance')
    expect(homeOf(['lead'])).toBe('/surveillance')
    expect(homeOf(['reviewer'])).toBe('/relecture')
    expect(homeOf(['registrar'])).toBe('/gestion')
    expect(homeOf([])).toBe('/compte')
  })

  it('shows every home of a person with several roles, once', () => {
    expect(homesOf(['candidate', 'proctor', 'lead', 'administrator'])).toEqual([
      '/gestion',
      '/surveillance',
      '/passages',
    ])
    expect(mayOpen(['lead'], ['proctor', 'lead'])).toBe(true)
    expect(mayOpen(['candidate'], ['proctor', 'lead'])).toBe(false)
  })

  it('goes on to our own pages only', () => {
    const origin = 'https://vigie.example'
    expect(ownAddress('/passages/1?a=b', origin)).toBe('/passages/1?a=b')
    for (const foreign of [
      null,
      '',
      '//evil.example/x',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
    ])
      expect(ownAddress(foreign, origin)).toBeNull()
    expect(ownAddress('/connexion?vers=/connexion', origin)).toBeNull()
  })
})

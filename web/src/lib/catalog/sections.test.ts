import { describe, expect, it } from 'vitest'
import { standsIn } from './sections.ts'

describe('the sections of the registrar’s space', () => {
  it('says in which section an address lies', () => {
    expect(standsIn('/gestion', '/gestion')).toBe(true)
    expect(standsIn('/gestion/sessions', '/gestion')).toBe(false)
    expect(standsIn('/gestion/sessions/nouvelle', '/gestion/sessions')).toBe(true)
    expect(standsIn('/gestion/sessions-autres', '/gestion/sessions')).toBe(false)
  })
})

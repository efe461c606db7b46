import { describe, expect, it } from 'vitest'
import { sectionsFor, standsIn } from './sections.ts'

describe('the sections of the registrar’s space', () => {
  it('shows people and roles to administrators only', () => {
    expect(sectionsFor(['registrar'])).not.toContain('/gestion/personnes')
    expect(sectionsFor(['registrar', 'administrator'])).toContain('/gestion/personnes')
  })

  it('says in which section an address lies', () => {
    expect(standsIn('/gestion', '/gestion')).toBe(true)
    expect(standsIn('/gestion/sessions', '/gestion')).toBe(false)
    expect(standsIn('/gestion/sessions/nouvelle', '/gestion/sessions')).toBe(true)
    expect(standsIn('/gestion/sessions-autres', '/gestion/sessions')).toBe(false)
  })
})

/**
 * Small preferences in this browser. Storage may be refused (private window, policy of the machine) or full: reading
 * then gives null, writing does nothing, and nobody needs to ask. Evidence and answers have their own store.
 */
export type Shelf = 'local' | 'tab'

const open = (shelf: Shelf): Storage => (shelf === 'local' ? localStorage : sessionStorage)

export function readStored(key: string, shelf: Shelf = 'local'): string | null {
  try {
    return open(shelf).getItem(key)
  } catch {
    return null
  }
}

export function writeStored(key: string, value: string, shelf: Shelf = 'local'): void {
  try {
    open(shelf).setItem(key, value)
  } catch {
    // Refused or full: the choice holds until the page is closed.
  }
}

export function forgetStored(key: string, shelf: Shelf = 'local'): void {
  try {
    open(shelf).removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

import { forgetStored, readStored, writeStored } from '#lib/platform/storage.ts'

const keyOf = (name: string) => `vigie.supervision.window.${name}`

/** What was being written in a window (note, flag, handover), kept for this tab until it is sent [SUP-05]. */
export class WindowDrafts {
  of(name: string): string {
    return readStored(keyOf(name), 'tab') ?? ''
  }

  keep(name: string, text: string): void {
    if (text.trim() === '') forgetStored(keyOf(name), 'tab')
    else writeStored(keyOf(name), text, 'tab')
  }
}

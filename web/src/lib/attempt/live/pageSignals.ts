import { looksVirtual } from '@vigie/checks/verdict/items/camera'
import type { PageSignal } from '@vigie/exam-engine/supervision/signals'

/** How long the focus must be elsewhere before the window counts as left: the browser's own menus take it for a moment. */
const LEFT_AFTER = 700

type Notice = () => void
type Stop = () => void

function listen(target: EventTarget, names: readonly string[], heard: () => void): Stop {
  for (const name of names) target.addEventListener(name, heard)
  return () => {
    for (const name of names) target.removeEventListener(name, heard)
  }
}

function windowLeft(notice: Notice): Stop {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = listen(window, ['blur'], () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // A page that is hidden says so by its own signal.
      if (!document.hasFocus() && document.visibilityState === 'visible') notice()
    }, LEFT_AFTER)
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}

function secondScreen(notice: Notice): Stop {
  const told: Screen & Partial<EventTarget> & { readonly isExtended?: boolean } = screen
  const look = () => told.isExtended === true && notice()
  look()
  return 'addEventListener' in told ? listen(told as EventTarget, ['change'], look) : () => {}
}

/** How each signal is noticed; a virtual camera by its own name, when it is opened. */
const WATCH: Readonly<Record<Exclude<PageSignal, 'virtual-camera'>, (notice: Notice) => Stop>> = {
  'page-hidden': (notice) =>
    listen(document, ['visibilitychange'], () => document.visibilityState === 'hidden' && notice()),
  'window-left': windowLeft,
  'second-screen': secondScreen,
  copy: (notice) => listen(document, ['copy', 'cut'], notice),
  paste: (notice) => listen(document, ['paste'], notice),
}

/** Notices what the policy asks for and nothing else: for the rest there is not even a listener [SUP-07]. */
export function watchPage(asked: readonly PageSignal[], notice: (signal: PageSignal) => void): Stop {
  const stops = asked.flatMap((signal) =>
    signal === 'virtual-camera' ? [] : [WATCH[signal](() => notice(signal))],
  )
  return () => {
    for (const stop of stops) stop()
  }
}

/** Whether a camera calls itself virtual: a person decides what that means. */
export const isVirtual = (track: MediaStreamTrack | null): boolean =>
  track !== null && looksVirtual(track.label)

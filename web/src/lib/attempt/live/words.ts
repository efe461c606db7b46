import type { Guide, GuideStop } from '@vigie/exam-engine/supervision/guidance'
import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import type { CallKind } from '@vigie/exam-engine/supervision/requests'
import { m } from '#lib/paraglide/messages.js'

export const GUIDE_TITLE: Readonly<Record<Guide, () => string>> = {
  'room-scan': m.live_guided_head_room,
  'open-programs': m.live_guided_head_tasks,
  'screen-edges': m.live_guided_head_edges,
}

/** Each stop in a word, and what to do there. */
export const STOP: Readonly<Record<GuideStop, { readonly name: () => string; readonly text: () => string }>> =
  {
    left: { name: m.live_stop_left, text: m.live_stop_left_text },
    behind: { name: m.live_stop_behind, text: m.live_stop_behind_text },
    right: { name: m.live_stop_right, text: m.live_stop_right_text },
    ceiling: { name: m.live_stop_ceiling, text: m.live_stop_ceiling_text },
    'under-desk': { name: m.live_stop_under_desk, text: m.live_stop_under_desk_text },
    desk: { name: m.live_stop_desk, text: m.live_stop_desk_text },
    ears: { name: m.live_stop_ears, text: m.live_stop_ears_text },
    'mirror-front': { name: m.live_stop_mirror_front, text: m.live_stop_mirror_front_text },
    'mirror-back': { name: m.live_stop_mirror_back, text: m.live_stop_mirror_back_text },
    keyboard: { name: m.live_stop_keyboard, text: m.live_stop_keyboard_text },
    open: { name: m.live_stop_open, text: m.live_stop_open_text },
    scroll: { name: m.live_stop_scroll, text: m.live_stop_scroll_text },
    close: { name: m.live_stop_close, text: m.live_stop_close_text },
  }

export const STEP: Readonly<Record<LiveStep, () => string>> = {
  live: m.live_step_live,
  stills: m.live_step_stills,
  local: m.live_step_local,
}

/** What the candidate presses, and what they read once the proctor has been told. */
export const CALL: Readonly<Record<CallKind, { readonly name: () => string; readonly told: () => string }>> =
  {
    doorbell: { name: m.live_call_doorbell, told: m.live_called_doorbell },
    break: { name: m.live_call_break, told: m.live_called_break },
    unwell: { name: m.live_call_unwell, told: m.live_called_unwell },
    help: { name: m.live_call_help, told: m.live_called_help },
  }

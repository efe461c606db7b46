import type XIcon from '@lucide/svelte/icons/x'

/** A Lucide icon, imported one at a time: `import Camera from '@lucide/svelte/icons/camera'`. */
export type Icon = typeof XIcon

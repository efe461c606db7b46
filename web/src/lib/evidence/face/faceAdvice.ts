import type { FaceBox } from './faceMessages.ts'

export const FACE_ADVICE = ['no-face', 'several-faces', 'small-face', 'large-face', 'off-centre'] as const
export type FaceAdvice = (typeof FACE_ADVICE)[number]

/** Height of the face's box, as a share of the picture's. */
const SMALL = 0.25
const LARGE = 0.7
/** How far the middle of the face may be from the middle of the drawn oval, as shares of the picture's height. */
const ASIDE = { across: 0.16, along: 0.17 }
const OVAL = { x: 0.5, y: 0.48 }

/**
 * What would better the framing of the face photo [IDN-05]: one face, large enough, in the middle. Null when it is well
 * framed. It says where a face is, never whose it is. `aspect`: the picture's width by its height.
 */
export function adviseOnFace(faces: readonly FaceBox[], aspect: number): FaceAdvice | null {
  const [face, other] = faces
  if (!face) return 'no-face'
  if (other) return 'several-faces'
  if (face.height < SMALL) return 'small-face'
  if (face.height > LARGE) return 'large-face'
  const across = Math.abs(face.left + face.width / 2 - OVAL.x) * aspect
  const along = Math.abs(face.top + face.height / 2 - OVAL.y)
  return across > ASIDE.across || along > ASIDE.along ? 'off-centre' : null
}

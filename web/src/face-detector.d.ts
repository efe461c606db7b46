/** Where the parts of the face detector lie on our own origin; made by web/faceDetector.ts. */
declare module 'virtual:face-detector' {
  export const loader: string
  export const engine: string
  export const model: string
}

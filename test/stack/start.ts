import { runVigie } from './run.ts'

/** `npm start` */
await runVigie()

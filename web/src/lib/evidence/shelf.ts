/** Where this browser keeps what is recorded until the server has it: `<attempt>/…`. */
export const EVIDENCE_SHELF = 'evidence'

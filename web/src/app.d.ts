declare global {
  namespace App {
    interface Error {
      /** A code of the contract's list when the failure came from our server; the page turns it into words. */
      code?: string
    }
  }
}

export {}

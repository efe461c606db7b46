import { segmentPath, type CommitMessage } from '@vigie/contract/evidence/segment'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { createApi, sendBytes, type CredentialSource } from '#lib/platform/http.ts'

/** How segments reach the server; throws a `Problem`. Handed to the recorder, which never fetches by itself. */
export interface EvidenceWire {
  commit(commits: readonly CommitMessage[]): Promise<void>
  /** `claimed`: nothing could be committed, the bytes come with their own account of themselves [EVD-03]. */
  send(segment: CommitMessage, bytes: Uint8Array<ArrayBuffer>, claimed: boolean): Promise<void>
}

/** The wire to our own server, speaking as the attempt [IDN-09]. */
export function evidenceWire(attempt: AttemptId, credential: CredentialSource): EvidenceWire {
  const api = createApi(credential)
  return {
    async commit(commits) {
      await api.evidence.commit({ attempt, commits: commits.map((commit) => ({ ...commit })) })
    },
    async send(segment, bytes, claimed) {
      const { lease, from, to } = segment
      await sendBytes({
        path: segmentPath(attempt, segment) + (claimed ? `?lease=${lease}&from=${from}&to=${to}` : ''),
        body: bytes,
        credential: credential(),
      })
    },
  }
}

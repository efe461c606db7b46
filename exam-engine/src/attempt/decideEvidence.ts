import { assertNever } from '@vigie/kernel/assertNever'
import { ok } from '@vigie/kernel/result'
import type { EvidenceCommand } from './commands.ts'
import { happening, type Decision } from './decision.ts'

/** What lies beside the events enters the chain as digests and heads; nothing of the attempt moves [EVD-04]. */
export function decideEvidence(command: EvidenceCommand): Decision {
  const happened = happening(command)
  switch (command.type) {
    case 'keepText': {
      const { kind, textId, digest } = command
      return ok(command.repeated ? [] : [{ type: 'text-kept', ...happened, kind, textId, digest }])
    }
    case 'setAnswersAside': {
      const { cause, from: lease, number, digest, answeredCount } = command
      return ok(
        command.repeated
          ? []
          : [{ type: 'answers-set-aside', ...happened, cause, number, lease, digest, answeredCount }],
      )
    }
    case 'attestStreams': {
      const { streams } = command
      return ok(streams.length === 0 ? [] : [{ type: 'streams-attested', ...happened, streams }])
    }
    default:
      return assertNever(command)
  }
}

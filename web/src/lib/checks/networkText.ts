import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import type { NetworkNeeds } from '@vigie/contract/checks/api'
import { m } from '#lib/paraglide/messages.js'

/** What the exam asks of the line, in kbit/s; null where it is not known whose exam it is. */
export type AskedOfLine = Pick<EquipmentPolicy['bandwidth'], 'minDownKbps' | 'minUpKbps'>

/** The ways this installation offers, each with its address: « TCP 443, examens.example.fr ». */
export function waysOf(needs: NetworkNeeds): { readonly name: string; readonly address: string }[] {
  const at = (protocol: string, port: number | string, host: string) => `${protocol} ${port} → ${host}`
  const { mediaHost } = needs
  const ways = [
    [m.checks_network_web(), at('TCP (HTTPS, WSS)', needs.webPort, needs.host)],
    [m.checks_network_udp(), needs.udpPorts && at('UDP', needs.udpPorts, mediaHost)],
    [m.checks_network_tcp(), needs.tcpPort && at('TCP', needs.tcpPort, mediaHost)],
    [m.checks_network_turn(), needs.turnUdpPort && at('UDP', needs.turnUdpPort, mediaHost)],
    [m.checks_network_turn_tls(), needs.turnTlsPort && at('TCP (TLS)', needs.turnTlsPort, mediaHost)],
  ] as const
  return ways.flatMap(([name, address]) => (address ? [{ name, address }] : []))
}

/** A letter that a candidate hands to their IT department as it is. */
export const networkText = (needs: NetworkNeeds, asked: AskedOfLine | null): string =>
  [
    m.checks_network_letter_begin({ host: needs.host }),
    '',
    ...waysOf(needs).map(({ name, address }) => `- ${name}${m.checks_colon()} ${address}`),
    '',
    m.checks_network_letter_end(),
    ...(asked ? [m.checks_network_letter_line({ down: asked.minDownKbps, up: asked.minUpKbps })] : []),
    m.checks_network_letter_thanks(),
  ].join('\n')

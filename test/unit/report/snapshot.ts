import type { Snapshot } from '../../../lib/model/report.ts'

/** The values of the examples in the source document. */
export const SNAPSHOT: Snapshot = {
  type: 'snapshot',
  hostname: '127.0.0.1',
  agentsn: '33c5b8b4-5a2c-43c5-ab90-96721451b4ec',
  registered: true,
  servers: [],
  version: '1.2.4-x86_64',
  feature: 7,
  uptime: 1234,
  step: 600,
  stats: { task: [1, 2, 3, 4] },
  agents: [{ name: 'BasicAgent', version: '1.2.3', status: 'stoped', uptime: 123 }],
  tasks: [{ id: 'ddc8a9b9-55bd-4ddd-b53d-47095ee19466', errcode: 0, message: 'success' }],
  events: [
    {
      id: 5,
      timestamp: 123456789,
      category: 'agent',
      subject: 'MiniAgent',
      extra: '1.2.1-2.x86_64',
      message: 'resource overflow, CPU(10%)',
    },
  ],
}

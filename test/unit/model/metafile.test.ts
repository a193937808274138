import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { METAFILE_MOST, type Metafile, parseMetafile, renderMetafile } from '../../../lib/model/metafile.ts'
import { parseServerList, renderServerList } from '../../../lib/model/server-list.ts'

const SN = '7a5ae7ab-3878-4ecc-b367-810e5bc21a29'
const EXAMPLE = `# the AgentSN of this host
AgentSN:${SN}
Tags:
ServerList:
`
const servers = (text: string) => parseServerList(text).servers

const READ = [
  { title: 'the example of the source', text: EXAMPLE, is: { agentsn: SN, tags: null, servers: '' } },
  {
    title: 'all three, with blanks, CR LF and an upper-case UUID',
    text: `AgentSN: ${SN.toUpperCase()} \r\nTags:svc=ecs,cmpt=DB\r\n  ServerList:a:1,b,\r\n`,
    is: { agentsn: SN, tags: 'svc=ecs,cmpt=DB', servers: 'a:1,b:8180' },
  },
  { title: 'nothing', text: '', is: { agentsn: null, tags: null, servers: '' } },
  { title: 'comments and blank lines', text: '# a\n\n  # b\n', is: { agentsn: null, tags: null, servers: '' } },
  {
    title: 'no line end',
    text: `AgentSN:${SN}`,
    is: { agentsn: SN, tags: null, servers: '' },
    faults: ['its last line has no end: it was cut off, or written by hand'],
  },
  {
    title: 'torn in the UUID',
    text: 'AgentSN:7a5ae7ab-3878\nServerList:a\n',
    is: { agentsn: null, tags: null, servers: 'a:8180' },
    faults: ["1: the AgentSN '7a5ae7ab-3878' is no UUID"],
  },
  {
    title: 'zeros in place of the text, as after a power cut',
    text: '\0'.repeat(20),
    is: { agentsn: null, tags: null, servers: '' },
    faults: [
      'its last line has no end: it was cut off, or written by hand',
      `1: '${'?'.repeat(20)}' is no line of a MetaFile`,
    ],
  },
  {
    title: 'other lines, and one twice',
    text: `Colour:red\nAgentSN:${SN}\nAgentSN:x\nwhat\n`,
    is: { agentsn: SN, tags: null, servers: '' },
    faults: [
      "1: 'Colour:red' is no line of a MetaFile",
      '3: AgentSN stands there twice, the first one counts',
      "4: 'what' is no line of a MetaFile",
    ],
  },
  {
    title: 'wrong tags and servers',
    text: 'Tags:a=1,b\nServerList:a:1,b:x,c\n',
    is: { agentsn: null, tags: null, servers: 'a:1,c:8180' },
    faults: ["1: the tag 'b' is not KEY=VALUE", "2: server 'b:x' is not HOST:PORT"],
  },
  {
    title: 'too large: the whole lines within 4 KiB',
    text: `AgentSN:${SN}\n#${'x'.repeat(METAFILE_MOST)}\nServerList:a\n`,
    is: { agentsn: SN, tags: null, servers: '' },
    faults: ['it is larger than 4096 bytes: what is beyond is not read'],
  },
] as const

for (const { title, text, is, ...rest } of READ) {
  test(`B5: MetaFile: ${title}`, () => {
    const { metafile, faults } = parseMetafile(text)
    assert.deepEqual({ ...metafile, servers: renderServerList(metafile.servers) }, is)
    const told = faults.map(({ line, reason }) => (line === null ? reason : `${line}: ${reason}`))
    assert.deepEqual(told, 'faults' in rest ? rest.faults : [])
  })
}

test('B5: MetaFile: comments and lines of others stay where they are', () => {
  const before = '# mine\nColour:red\nServerList:x\n\n# end\nTags:a=b\n'
  const text = renderMetafile({ agentsn: SN, tags: 'svc=ecs', servers: servers('a:1,b') }, before)
  assert.equal(text, `# mine\nColour:red\nServerList:a:1,b:8180\n\n# end\nTags:svc=ecs\nAgentSN:${SN}\n`)
  assert.equal(renderMetafile(parseMetafile(text).metafile, text), text)
})

test('B5: MetaFile: a key that stands there twice is written once', () => {
  const text = renderMetafile({ agentsn: SN, tags: null, servers: [] }, 'AgentSN:x\nAgentSN:y\n')
  assert.equal(text, `AgentSN:${SN}\nTags:\nServerList:\n`)
})

test('B5: MetaFile: never more than 4 KiB: comments give way, then the last servers', () => {
  const meta = { agentsn: SN, tags: null, servers: servers('a,b') }
  const long = `#${'x'.repeat(3000)}\n`
  assert.equal(renderMetafile(meta, long + long), `${long}AgentSN:${SN}\nTags:\nServerList:a:8180,b:8180\n`)
  const many = servers(Array.from({ length: 50 }, (_, i) => `${'n'.repeat(60)}.${'m'.repeat(60)}${i}`).join(','))
  const text = renderMetafile({ agentsn: SN, tags: null, servers: many }, '# comment\n')
  assert.ok(text.length <= METAFILE_MOST)
  const kept = parseMetafile(text).metafile.servers
  assert.ok(kept.length > 20)
  assert.deepEqual(kept, many.slice(0, kept.length))
})

test('B5: MetaFile: any text is read without an error, and written once more gives what was read', () => {
  const lines = fc.oneof(
    fc.string(),
    fc.constantFrom(`AgentSN:${SN}`, 'Tags:a=b', 'ServerList:a,[::1]:9', 'Tags:a', '# c', 'AgentSN:', 'ServerList:,,'),
  )
  fc.assert(
    fc.property(fc.array(lines), fc.boolean(), (list, isEnded) => {
      const text = list.join('\n') + (isEnded ? '\n' : '')
      const { metafile } = parseMetafile(text)
      const written = renderMetafile(metafile, text)
      const again: Metafile = parseMetafile(written).metafile
      assert.deepEqual(again, metafile)
      assert.equal(renderMetafile(again, written), written)
      assert.ok(Buffer.byteLength(written) <= METAFILE_MOST)
    }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupsOf } from '../../../lib/agent/root-groups.ts'

/** title, text of /etc/group, groups of root */
const ROWS: readonly (readonly [string, string, readonly number[]])[] = [
  [
    'those that name it, not those of its name',
    'root:x:0:\nadm:x:4:syslog,root\nwheel:x:10:root\nroots:x:11:roots\n',
    [4, 10],
  ],
  ['once each', 'a:x:5:root,root\nb:x:5:root\n', [5]],
  ['lines that are none', '+:::root\n:x:6:root\nc:x:y:root\nd:x:7\ne\n\n', []],
  ['nothing', '', []],
]
for (const [title, text, groups] of ROWS)
  test(`B17: the groups of a user: ${title}`, () => assert.deepEqual(groupsOf(text, 'root'), groups))

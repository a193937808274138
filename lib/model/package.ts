import Type from 'typebox'
import { oneOf, orNull, recordType } from './record-type.ts'

/** How a package is installed (B49). */
export const PACKAGE_KINDS = ['rpm', 'deb', 'tar', 'yum', 'apt'] as const

/** What `install-pkg` and `remove-pkg` have done. */
export const Package = recordType('package', 'a package that was installed, removed, or brought back', {
  name: Type.String({ description: 'the agent it belongs to' }),
  version: orNull(Type.String(), 'the version that is installed now; null: none'),
  previous: orNull(Type.String(), 'the version that was installed before; null: none'),
  how: orNull(oneOf([...PACKAGE_KINDS], 'by which tool'), 'null: nothing was installed'),
  action: oneOf(['install', 'back', 'remove'], 'what was asked for'),
  changed: Type.Boolean({ description: 'it was not so before' }),
})

/** See the schema. */
export type Package = Type.Static<typeof Package>

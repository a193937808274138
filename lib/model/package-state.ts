import Type from 'typebox'
import { PACKAGE_KINDS } from './package.ts'
import { oneOf, orNull, recordType } from './record-type.ts'

/** One version of a package that is installed or can be brought back, and how. */
export const KeptPackage = Type.Object({
  version: Type.String({ description: 'of the agent' }),
  how: oneOf([...PACKAGE_KINDS], 'by which tool'),
  source: Type.String({
    description: 'the package file or directory that is kept, or yum:… or apt:… as it was asked for',
  }),
  package: orNull(Type.String(), 'what the tool calls it; null: it has no tool, or is not installed yet'),
  release: orNull(Type.String(), 'the version as the tool has it; null: as with package'),
})

/** See the schema. */
export type KeptPackage = Type.Static<typeof KeptPackage>

/** BASE/packages/NAME.json, one record: what `install-pkg` knows of the package of one agent. */
export const PackageState = recordType('package-state', 'what install-pkg knows of the package of one agent', {
  name: Type.String({ description: 'the agent it belongs to' }),
  version: orNull(Type.String(), 'the version that is installed whole; null: none'),
  previous: orNull(Type.String(), 'the version that --back brings back; null: none'),
  begun: orNull(Type.String(), 'the version whose installation has begun and not come to its end; null: none'),
  back: Type.Boolean({ description: 'the last that was done is that it went back' }),
  kept: Type.Array(KeptPackage, { description: 'the versions named above' }),
})

/** See the schema. */
export type PackageState = Type.Static<typeof PackageState>

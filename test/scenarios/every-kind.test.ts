import { tell } from '../support/story/index.ts'
import { everyKind } from './edits/every-kind.ts'

tell('every kind of edit', everyKind)

import { tell } from '../support/story/index.ts'
import { values } from './edits/values.ts'

tell('values', values)

import { tell } from '../support/story/index.ts'
import { captured } from './edits/captured.ts'

tell('captured functions', captured)

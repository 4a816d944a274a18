import { tell } from '../support/story/index.ts'
import { startUp } from './edits/start-up.ts'

tell('start-up and re-runs', startUp)

import { tell } from '../support/story/index.ts'
import { habits } from './edits/habits.ts'

tell('habits of server code', habits)

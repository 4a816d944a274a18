import { tell } from '../support/story/index.ts'
import { dynamicCalls } from './edits/dynamic-calls.ts'

tell('giving an object to code that is only known at run time, by', dynamicCalls)

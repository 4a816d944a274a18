export {
  applied,
  fails,
  nothing,
  patch,
  patchOrRerun,
  recovers,
  rerun,
  restart,
  type Changes,
  type Row,
  type Step,
} from './row.ts'
export { createStory, type Story, type StoryFile, type StoryOptions } from './story.ts'
export { HOSTS, type HostName } from './hosts.ts'
export { tell } from './tell.ts'

export {
  HAS_TERMINAL,
  HOT_NODE,
  type Program,
  projectOf,
  type Run,
  startAtTerminal,
  startProgram,
  type TerminalProgram,
} from './command.ts'
export { Debugger } from './debugger.ts'
export { eventually, pause } from './eventually.ts'
export { OutputLog } from './output-log.ts'
export { type Manner, MANNERS } from './manners.ts'
export { Project } from './project.ts'
export { type Reply, request } from './request.ts'
export { ALL_HOSTS, type HostName, HOSTS, type ServerProcess, spawnNode, startServer } from './server-process.ts'
export { type Lane, sendTraffic, type TrafficReport } from './traffic.ts'

import { hash } from 'node:crypto'
import type { ModuleAnalysis } from '../analyze/module.ts'
import { Rewriter } from './rewriter.ts'

/** What the rewriting of one module shares. */
export interface Writer {
  readonly module: ModuleAnalysis
  readonly rewriter: Rewriter
  /** Prefix of every added name. */
  readonly p: string
  /** The variable that holds the namespace of a specifier. */
  importVariable(specifier: string): string
}

export function createWriter(module: ModuleAnalysis): Writer {
  const variables = new Map<string, string>()
  const p = module.prefix
  return {
    module,
    rewriter: new Rewriter(module.code),
    p,
    importVariable(specifier) {
      let variable = variables.get(specifier)
      if (!variable) {
        // Named after the specifier alone, so that a patch calls it what the running module calls it.
        const slug = specifier
          .replace(/\.[cm]?[jt]sx?$/, '')
          .replace(/^.*\//, '')
          .replace(/\W+/g, '_')
        variable = `${p}_i_${slug}_${hash('sha1', specifier).slice(0, 4)}`
        variables.set(specifier, variable)
      }
      return variable
    },
  }
}

/** The implementation to call: its cell notes the call while the process is starting up. */
export function toImplementation(p: string, cell: string): string {
  return `(${p}_w.open ? ${cell}.enter() : ${cell}.impl)`
}

export function isIdentifier(name: string): boolean {
  // Most are plain, and to look Unicode up is slow.
  return /^[a-z_$][\w$]*$/i.test(name) || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
}

/** A property key: quoted only where it has to be, as it shows in `toString()`. */
export function toKey(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name)
}

import { type ModuleRecord, OPAQUE_UNIT, packRecord, PROTOCOL_VERSION, RUNTIME_ID } from '../../protocol/index.ts'
import type { OpaqueAnalysis } from '../analyze/opaque.ts'
import { bodyStart, type HotModule, toLiteral } from './module.ts'
import { Rewriter } from './rewriter.ts'
import { statementsThatBegin } from './units.ts'

/**
 * Lets the runtime know of a module that is left as it is: when it begins and ends, and whom it imports.
 *
 * ```js
 * import * as $hot_n0 from "./config"; import { create as $hot_create } from "virtual:hot-node/runtime";
 * var $hot = $hot_create("{…record…}", { … }); $hot.link("./config", $hot_n0); $hot.begin(); … all the module …
 * $hot.end();
 * ```
 *
 * Of the code itself, only two things are changed: `main()` as a statement to `$hot.hold((main()))`, so that the promise it
 * answers counts as start-up, and `import(…)` to `$hot.note(import(…))`. Lines are kept.
 */
export function instrumentOpaque(
  module: OpaqueAnalysis,
  { id, label, reason }: { readonly id: string; readonly label: string; readonly reason: string },
  runtime: string = RUNTIME_ID,
): HotModule {
  const { code, prefix: p, imports, reads, isAsync } = module
  const rewriter = new Rewriter(code)
  const record: ModuleRecord = {
    protocol: PROTOCOL_VERSION,
    id,
    label,
    prefix: p,
    opaque: reason,
    imports: imports.map(({ specifier, names }) => ({ specifier, variable: '', names })),
    exports: {},
    stars: [],
    units: [
      {
        key: OPAQUE_UNIT,
        kind: 'effect',
        names: [],
        hash: '',
        label: 'all of it',
        isAsync,
        isPure: false,
        code: [0, 0],
        cells: [],
        reads,
        touches: [],
        passes: [],
        calls: [],
        inner: [],
      },
    ],
  }
  for (const { expression } of statementsThatBegin(module.program)) {
    const isVoid = expression.type === 'UnaryExpression' && expression.operator === 'void'
    const { start, end } = isVoid ? expression.argument : expression
    rewriter.open(start, `${p}.hold((`)
    rewriter.close(end, '))')
  }
  for (const [start, end] of module.dynamicImports) {
    rewriter.open(start, `${p}.note(`)
    rewriter.close(end, ')')
  }
  const start = bodyStart(code)
  rewriter.openFirst(
    start,
    [
      start > 0 && code[start - 1] !== '\n' ? '\n' : '',
      ...imports.map(({ tail }, index) => `import * as ${p}_n${index} from ${tail}; `),
      `import { create as ${p}_create } from ${JSON.stringify(runtime)}; `,
      `var ${p} = ${p}_create(${toLiteral(JSON.stringify(packRecord(record)))}, { `,
      `exports: __vite_ssr_exports__, evaluate: () => void 0, load: (s) => import(/* @vite-ignore */ s), values: {} }); `,
      ...imports.map(({ specifier }, index) => `${p}.link(${JSON.stringify(specifier)}, ${p}_n${index}); `),
      `${p}.begin(); `,
    ].join(''),
  )
  rewriter.settle()
  rewriter.append(`\n;${p}.end();\n`)
  // It is loaded anew, and Vite finds them where they stand.
  const bare = { imported: [], requested: [] }
  return { code: rewriter.toString(), record, bare, map: () => rewriter.generateMap(id) }
}

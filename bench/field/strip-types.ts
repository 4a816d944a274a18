import ts from 'typescript'

/** A relative specifier, also one that is given to `accept`. */
const SPECIFIER = /'(\.{1,2}\/[^']+)\.ts'/g

/** The plain JavaScript of a TypeScript module: `./a.ts` is imported as `./a.js`. */
export function stripTypes(source: string): string {
  const { outputText } = ts.transpileModule(source.replaceAll(SPECIFIER, "'$1.js'"), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
    },
  })
  return outputText
}

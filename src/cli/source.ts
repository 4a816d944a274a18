const SOURCE = /\.(?:[cm]?[jt]sx?|json5?|wasm|node|css|html|sql|graphql|gql|ya?ml|toml)$|(?:^|\/)\.env[^/]*$/

/** Whether a file may be one that a server is made of. Logs and databases are not: others write them all the time. */
export function isSource(file: string): boolean {
  return SOURCE.test(file)
}

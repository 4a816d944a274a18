export type {
  CellRecord,
  ClassRecord,
  Effects,
  ImportRecord,
  MemberRecord,
  ModuleId,
  ModuleRecord,
  NameUse,
  NestedEffects,
  PrivateRecord,
  Range,
  UnitKind,
  UnitRecord,
} from './record.ts'
export { type PackedRecord, packRecord, unpackRecord } from './packed.ts'
export type { Failed, Invalidated, ModuleChange, Outcome, Spans, Unloaded, UpdateFailure } from './outcome.ts'
export type { Addresses, ModuleVersion, OpaqueModule, Relinked, SavedScript, Update } from './update.ts'
export { DYNAMIC_CALLEE, NAMESPACE, type ParsedRef, parseRef, type Ref, toImportRef, UNKNOWN_CALLEE } from './ref.ts'
export {
  CHANNEL_KEY,
  FAILED_EVENT,
  INVALIDATED_EVENT,
  LOCAL_CHANNELS,
  NEXT_EVENT,
  OPAQUE_UNIT,
  OUTCOME_EVENT,
  PACKAGE_ENTRY,
  PROTOCOL_VERSION,
  RELOAD_QUERY,
  RECEIVED_EVENT,
  RUNTIME_ID,
  RUNTIME_SOURCE_URL,
  UPDATE_EVENT,
} from './version.ts'
export { toCellVariable, toImplementationName } from './naming.ts'

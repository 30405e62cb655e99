/** Supervision of local model servers: the only file other parts of the product import. */
export { Supervisor } from './supervisor.js';
export type { SupervisorOptions } from './supervisor-options.js';
export type { Environment } from './child/child-environment.js';
export type { LogLine, LogReader } from './child/log-ring.js';
export type { RecoveryResult } from './adoption/recover-engines.js';
export type { SweepResult } from './child/orphan-sweep.js';
export type { Clock } from './clock.js';
export type {
  AttachedEnginePreset,
  EngineDetection,
  EnginePreset,
  EngineProtocol,
  ManagedEnginePreset,
} from './engine-preset.js';
export { shippedEngines } from './engines.js';
export type { EngineOptions } from './engines.js';
export type { ModelForm } from './engine-traits.js';
export { readCustomEngines } from './engines/custom/read-custom-engines.js';
export type { EmbeddedOptions } from './engines/embedded.js';
export type { LeaseRequest } from './instance/waiting-requests.js';
export type {
  ExitView,
  InstanceView,
  InstanceViewState,
  ModelView,
  ModelViewState,
  SuspicionView,
} from './instance-view.js';
export { packageRoot } from './launch/package-root.js';
export { canSleep } from './launch/can-sleep.js';
export type { Lease } from './lease.js';
export type { MemoryUse } from './memory/memory-use.js';
export type { EngineId, GatewayDeathPolicy, LocalModelSpec } from './local-model-spec.js';
export type { EngineReading } from './metrics/engine-reading.js';
export { engineFigures } from './metrics/metrics-source.js';
export type { ModelOutlook, Unavailability, UnavailableCode } from './model-outlook.js';
export { ProcessError } from './process-error.js';
export type { ProcessErrorCode, ProcessErrorDetails } from './process-error.js';

// discovery, demo model
export { discover, type DiscoverOptions } from './discovery/discover.js';
export type {
  Discovery,
  FoundEngine,
  FoundModel,
  FoundModelFile,
  FoundServer,
} from './discovery/discovery.js';
export { readGgufHeader, type GgufHeader } from './discovery/read-gguf-header.js';
export { writeDemoModel } from './demo-model/write-demo-model.js';
export {
  embeddedEngineStatus,
  type EmbeddedEngineStatus,
} from './embedded/embedded-engine-status.js';
export { installEmbeddedEngine, type InstallOptions } from './embedded/install-embedded-engine.js';

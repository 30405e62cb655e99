/** Keeps engines of the Python world from fetching or reporting anything: they load what is on the disk. */
export const offlineEnvironment: Readonly<Record<string, string>> = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
};

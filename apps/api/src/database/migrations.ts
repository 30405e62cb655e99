import type { MigrationInterface } from 'typeorm';
import { AttemptWarnings } from './migrations/attempt-warnings.js';
import { FallbackBudgets } from './migrations/fallback-budgets.js';
import { InitialSchema } from './migrations/initial-schema.js';
import { LocalFirstSettings } from './migrations/local-first-settings.js';
import { MinimumResidency } from './migrations/minimum-residency.js';
import { SupervisionSettings } from './migrations/supervision-settings.js';
import { ModelDownloads } from './migrations/model-downloads.js';
import { TranslationSettings } from './migrations/translation-settings.js';

/** Every change of the schema, oldest first. Written for both SQLite and PostgreSQL; never edited once released. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  InitialSchema,
  TranslationSettings,
  AttemptWarnings,
  LocalFirstSettings,
  SupervisionSettings,
  ModelDownloads,
  MinimumResidency,
  FallbackBudgets,
];

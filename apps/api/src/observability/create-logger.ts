import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import type { LogLevel } from '../config/app-config.js';

const levels: Readonly<Record<LogLevel, NestLogLevel[]>> = {
  error: ['error', 'fatal'],
  warn: ['error', 'fatal', 'warn'],
  info: ['error', 'fatal', 'warn', 'log'],
  debug: ['error', 'fatal', 'warn', 'log', 'debug'],
};

/** Nest's own start-up lines say nothing to users. */
const quiet = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

class GatewayLogger extends ConsoleLogger {
  /** A start that fails is told once, in plain words, by whoever started it. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && quiet.has(context)) return;
    super.log(message, ...rest);
  }
}

/** JSON lines where a program reads them, plain text where a person does. Headers and bodies are never logged. */
export function createLogger(level: LogLevel): ConsoleLogger {
  return new GatewayLogger({
    logLevels: levels[level],
    json: process.stdout.isTTY !== true,
    colors: process.stdout.isTTY === true,
    compact: true,
  });
}

import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import { InferenceMetrics } from '../common/metrics/inference-metrics.js';

/** `GET /metrics` in Prometheus text. Holds no keys and no names from callers, so it needs no sign-in. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: InferenceMetrics) {}

  @Get()
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(): Promise<string> {
    return this.metrics.read();
  }
}

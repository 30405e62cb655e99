import { Controller, Get, Param, Req } from '@nestjs/common';
import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import { Inference } from '../../access/inference.decorator.js';
import { keyOf } from '../../access/principal.js';
import type { ResolvedRoute } from '../../routing/resolved-target.js';
import { RouteCatalog } from '../../routing/route-catalog.service.js';

/** `GET /v1beta/models`: the routes this key may use, as Google lists models. */
@Controller('v1beta/models')
export class GeminiModelsController {
  constructor(private readonly routes: RouteCatalog) {}

  @Get()
  @Inference()
  list(@Req() request: FastifyRequest): unknown {
    return { models: this.routes.list(keyOf(request)).map(geminiModel) };
  }

  @Get('*')
  @Inference()
  one(@Req() request: FastifyRequest, @Param('*') name: string): unknown {
    const route = this.routes.list(keyOf(request)).find((candidate) => candidate.name === name);
    if (route !== undefined) return geminiModel(route);
    throw new GatewayError(
      'model_not_found',
      `The model \`${name.slice(0, 128)}\` does not exist or this key may not use it.`,
    );
  }
}

function geminiModel(route: ResolvedRoute) {
  const capabilities = route.targets[0]?.capabilities('gemini-generate');
  const { contextTokens: input = null, maxOutputTokens: output = null } = capabilities ?? {};
  return {
    name: `models/${route.name}`,
    baseModelId: route.name,
    displayName: route.name,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    ...(input === null ? {} : { inputTokenLimit: input }),
    ...(output === null ? {} : { outputTokenLimit: output }),
  };
}

import { Controller, Get, Param, Req } from '@nestjs/common';
import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import { Inference } from '../access/inference.decorator.js';
import { keyOf } from '../access/principal.js';
import type { ResolvedRoute } from '../routing/resolved-target.js';
import { RouteCatalog } from '../routing/route-catalog.service.js';

/** `GET /v1/models`: the routes this key may use, in the dialect of whoever asks. */
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly routes: RouteCatalog) {}

  @Get()
  @Inference()
  list(@Req() request: FastifyRequest): unknown {
    const routes = this.routes.list(keyOf(request));
    if (!speaksAnthropic(request)) return { object: 'list', data: routes.map(openaiModel) };
    const data = routes.map(anthropicModel);
    return {
      data,
      has_more: false,
      first_id: data.at(0)?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    };
  }

  @Get('*')
  @Inference()
  one(@Req() request: FastifyRequest, @Param('*') name: string): unknown {
    const route = this.routes.list(keyOf(request)).find((candidate) => candidate.name === name);
    if (route === undefined)
      throw new GatewayError(
        'model_not_found',
        `The model \`${name.slice(0, 128)}\` does not exist or this key may not use it.`,
      );
    return speaksAnthropic(request) ? anthropicModel(route) : openaiModel(route);
  }
}

/** Both protocols have this path; Anthropic clients always name a version. */
function speaksAnthropic(request: FastifyRequest): boolean {
  return request.headers['anthropic-version'] !== undefined;
}

function openaiModel(route: ResolvedRoute) {
  return {
    id: route.name,
    object: 'model',
    created: Math.floor(route.createdAtMs / 1000),
    owned_by: 'spillway',
  };
}

function anthropicModel(route: ResolvedRoute) {
  const capabilities = route.targets[0]?.capabilities('anthropic-messages');
  return {
    id: route.name,
    type: 'model',
    display_name: route.name,
    created_at: new Date(route.createdAtMs).toISOString(),
    max_input_tokens: capabilities?.contextTokens ?? null,
    max_tokens: capabilities?.maxOutputTokens ?? null,
  };
}

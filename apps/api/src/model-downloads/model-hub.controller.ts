import { Body, Controller, Get, Put } from '@nestjs/common';
import { ManagementValidationPipe } from '../common/management/management-validation.pipe.js';
import { HubTokens, type HubView } from './hub-token.service.js';
import { UpdateModelHubDto } from './model-download.dto.js';

const body = new ManagementValidationPipe([
  'isEnabled',
  'url',
  'cacheFolder',
  'tokenSource',
  'tokenHint',
  'needsToken',
]);

/** The hub that models are fetched from. Where it is the host says; the token goes in and never comes out. */
@Controller('api/model-hub')
export class ModelHubController {
  constructor(private readonly tokens: HubTokens) {}

  @Get()
  read(): HubView {
    return this.tokens.view();
  }

  @Put()
  store(@Body(body) { token }: UpdateModelHubDto): Promise<HubView> {
    return this.tokens.store(token);
  }
}

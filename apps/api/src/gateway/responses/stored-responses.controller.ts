import { Controller, Delete, Get, Post } from '@nestjs/common';
import { GatewayError } from '#translation';
import { Inference } from '../../access/inference.decorator.js';

/** What OpenAI offers around answers that it keeps. Nothing is kept here, which is said instead of a plain 404. */
@Controller('v1/responses')
export class StoredResponsesController {
  @Post('compact')
  @Inference()
  compact(): never {
    throw new GatewayError(
      'not_found',
      'This gateway does not compact conversations for a client. Let the client do so itself, with `POST /v1/responses`.',
    );
  }

  @Get('*')
  @Inference()
  find(): never {
    throw keepsNone();
  }

  @Delete('*')
  @Inference()
  remove(): never {
    throw keepsNone();
  }

  @Post('*')
  @Inference()
  cancel(): never {
    throw keepsNone();
  }
}

function keepsNone(): GatewayError {
  return new GatewayError(
    'not_found',
    'This gateway keeps no responses: it cannot look up, cancel or delete one by its id. Send the whole conversation as `input`.',
  );
}

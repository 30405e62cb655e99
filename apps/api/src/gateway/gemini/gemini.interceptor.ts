import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { readGeminiAddress } from './gemini-address.js';
import { InferenceInterceptor } from '../inference.interceptor.js';

/** Google counts tokens under the same path as it infers; a count is no request to log. */
@Injectable()
export class GeminiInterceptor implements NestInterceptor {
  constructor(private readonly inference: InferenceInterceptor) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { url } = context.switchToHttp().getRequest<FastifyRequest>();
    if (readGeminiAddress(url).method === 'countTokens') return next.handle();
    return this.inference.intercept(context, next);
  }
}

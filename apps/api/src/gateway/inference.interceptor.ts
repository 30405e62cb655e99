import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { finalize, type Observable } from 'rxjs';
import { RequestJournal } from '../audit/request-journal.service.js';
import { DrainState } from './drain-state.js';
import { inferenceCallOf } from './open-inference-call.js';

/**
 * Logging and cost tracking around every inference request: what the line has noted is accounted for and written
 * to the audit log when the reply has closed, on every path. One interceptor does both, because each further one
 * costs every request.
 */
@Injectable()
export class InferenceInterceptor implements NestInterceptor {
  constructor(
    private readonly journal: RequestJournal,
    private readonly drain: DrainState,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { record, reply } = inferenceCallOf(context, this.journal);
    this.drain.enter(reply);
    return next.handle().pipe(
      finalize(() => {
        this.journal.close(record);
        this.drain.leave(reply);
      }),
    );
  }
}

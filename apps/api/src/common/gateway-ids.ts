import { Injectable } from '@nestjs/common';
import { TimeOrderedIds } from './time-ordered-id.js';

/** The process's one source of row ids. */
@Injectable()
export class GatewayIds extends TimeOrderedIds {}

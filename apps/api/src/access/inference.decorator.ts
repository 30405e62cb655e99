import { SetMetadata } from '@nestjs/common';
import { accessKey, type RouteAccess } from './route-access.js';

/** Marks a route that is called with a virtual key. */
export const Inference = (): MethodDecorator & ClassDecorator =>
  SetMetadata<string, RouteAccess>(accessKey, 'inference');

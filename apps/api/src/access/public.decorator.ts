import { SetMetadata } from '@nestjs/common';
import { accessKey, type RouteAccess } from './route-access.js';

/** Marks one of the few routes that need no credential; a test lists them all. */
export const Public = (): MethodDecorator & ClassDecorator =>
  SetMetadata<string, RouteAccess>(accessKey, 'public');

import { SetMetadata } from '@nestjs/common';
import { accessKey, type RouteAccess } from './route-access.js';

/** Marks a reading route that viewers may not use. */
export const AdminOnly = (): MethodDecorator & ClassDecorator =>
  SetMetadata<string, RouteAccess>(accessKey, 'admin');

/** Who may call a route; a route that says nothing needs a sign-in (viewers may read, administrators may write). */
export type RouteAccess = 'public' | 'inference' | 'admin';

export const accessKey = 'spillway:access';

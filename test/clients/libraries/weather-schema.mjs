import { z } from 'zod';

export const weatherDescription = 'Tells the weather of a city';
export const weatherSchema = z.object({
  city: z.string(),
  unit: z.enum(['celsius', 'fahrenheit']).optional(),
});
export const weatherJsonSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string' } },
  required: ['city'],
};

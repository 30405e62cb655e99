import { expect, it } from 'vitest';
import { fakeGauge } from '../../../test/fake-gauge.js';
import { placeOfAdopted } from './place-of-adopted.js';

const { pools } = fakeGauge({ ram: 100, gpu0: 80, gpu1: 80 });
const options = [{ gpu0: 40 }, { gpu1: 40 }];

it.each([
  ['where it was put, with what is known by now', { gpu1: 30 }, { gpu1: 40 }],
  ['as it was divided, where it would go to one card today', { gpu0: 20, gpu1: 20 }, null],
  ['the first place, where its record does not say', null, { gpu0: 40 }],
  ['the first place, where nothing was reserved', {}, { gpu0: 40 }],
  ['the first place, where its card is gone', { gpu7: 40 }, { gpu0: 40 }],
])('books an adopted engine %s', (_, reserved, expected) => {
  expect(placeOfAdopted(reserved, options, pools)).toEqual(expected ?? reserved);
});

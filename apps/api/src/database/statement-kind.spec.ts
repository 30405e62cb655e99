import { describe, expect, it } from 'vitest';
import { isReadStatement, isRowStatement } from './statement-kind.js';

describe('statement kinds', () => {
  it.each([
    ['SELECT 1', true, true],
    ['  select\n1', true, true],
    ['WITH a AS (SELECT 1) SELECT * FROM a', true, true],
    ['EXPLAIN QUERY PLAN SELECT 1', true, true],
    ['WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a', false, true],
    ['PRAGMA table_info("a")', false, true],
    ['INSERT INTO a VALUES (1)', false, false],
    ['INSERT INTO a VALUES (1) RETURNING id', false, true],
    ['UPDATE a SET b = 1', false, false],
    ['DELETE FROM a', false, false],
    ['BEGIN TRANSACTION', false, false],
    ['CREATE TABLE a (id integer)', false, false],
    ['SAVEPOINT typeorm_1', false, false],
  ])('%s: only reads %s, answers rows %s', (sql, reads, rows) => {
    expect([isReadStatement(sql), isRowStatement(sql)]).toEqual([reads, rows]);
  });
});

import {
  GatewayError,
  type ClientProtocol,
  type EncodedRequest,
  type Protocol,
  type TranslationTarget,
} from '#translation';
import { checkRequest as checkShape } from '../../support/request-shape.js';
import { objectOf, parseObject, type Json } from '../../support/stream-grammar/rule-book.js';
import { translationTarget } from '../../support/translation-target.js';
import { attempt } from '../answers/check-answer.js';
import { addressOf } from '../check-passthrough.js';
import type { Exchange } from '../recordings.js';
import { compareRequests, isTouched } from './compare-requests.js';
import { lostLeaves } from './lost-leaves.js';
import type { SettingName } from './request-reading.js';
import { readRequest } from './read-request.js';
import { unknownPaths } from './unknown-paths.js';

export interface RequestFinding {
  readonly problems: readonly string[];
  readonly isRefused: boolean;
}

/** A recorded request for an upstream of another protocol: valid there, and nothing lost without a word? */
export function checkRequest(
  exchange: Exchange,
  client: ClientProtocol,
  upstream: Protocol,
  isLocal: boolean,
): RequestFinding {
  const body = objectOf(exchange.request.body);
  const target = translationTarget(upstream.id, { isLocal });
  const encoded = attempt(() => translate(exchange, client, upstream, target));
  if (encoded instanceof GatewayError)
    return { problems: checkRefusal(encoded, client, body), isRefused: true };
  const sent = parseObject(encoded.body);
  const wasTaken = exchange.response.status < 300;
  return {
    isRefused: false,
    problems: [
      // what the recorded upstream refused may be out of shape still
      ...(wasTaken ? checkShape(upstream.id, encoded.body).map((rule) => `shape: ${rule}`) : []),
      ...compareRequests(readRequest(client.id, body), readRequest(upstream.id, sent), encoded),
      ...lostLeaves(body, sent, encoded),
      ...unknownPaths(
        body,
        // what we have added was not there before
        encoded.warnings.filter(({ code }) => code !== 'defaulted').map(({ path }) => path),
      ),
    ],
  };
}

function translate(
  exchange: Exchange,
  client: ClientProtocol,
  upstream: Protocol,
  target: TranslationTarget,
): EncodedRequest {
  const text = JSON.stringify(exchange.request.body);
  return upstream.encodeRequest(client.decodeRequest(text, addressOf(exchange)), target);
}

/** A refusal is an answer of ours to the caller: a 400 in its shape that names the place. */
function checkRefusal(error: GatewayError, client: ClientProtocol, request: Json): string[] {
  const { status, body } = client.encodeError(error, 'req_replay');
  const problems = unknownPaths(request, [error.path ?? '']);
  if (status !== 400) problems.push(`refusal: status ${status}`);
  if (error.path === null || error.path === '') problems.push(`refusal: no path, ${error.message}`);
  if (!body.includes('"message":')) problems.push(`refusal: no message in ${body.slice(0, 100)}`);
  return problems;
}

/** To B and, as if B's body had come from a client, back to A: what neither hop warned of is the same. */
export function checkRequestAndBack(
  exchange: Exchange,
  client: Protocol,
  other: Protocol,
): RequestFinding {
  const away = attempt(() => translate(exchange, client, other, translationTarget(other.id)));
  if (away instanceof GatewayError) return { problems: [], isRefused: true };
  const address = { model: 'target-model', stream: exchange.streamed };
  const back = attempt(() =>
    client.encodeRequest(other.decodeRequest(away.body, address), translationTarget(client.id)),
  );
  if (back instanceof GatewayError) {
    const problems =
      back.code === 'unsupported_by_target' ? [] : [`back: refused, ${back.message}`];
    return { problems, isRefused: true };
  }
  const between = readRequest(other.id, parseObject(away.body)).settings;
  const body = objectOf(exchange.request.body);
  const warnings = [...away.warnings, ...back.warnings];
  const expected = readRequest(client.id, body);
  const kept = Object.entries(expected.settings).filter(
    ([name]) => !isTouched(between[name as SettingName]?.path ?? '?', back.warnings),
  );
  return {
    isRefused: false,
    problems: compareRequests(
      { ...expected, settings: Object.fromEntries(kept) },
      readRequest(client.id, parseObject(back.body)),
      { warnings, restoration: away.restoration },
    ),
  };
}

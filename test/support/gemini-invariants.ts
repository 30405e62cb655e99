/** What a stream for a Gemini client must keep to; returns the broken rules in words, an empty list is a pass. */

type Json = Record<string, unknown>;
type Rule = (holds: boolean, text: string) => void;

interface Chunk {
  readonly candidate: Json;
  readonly parts: readonly Json[];
  readonly usage: Record<string, number> | null;
}

export function checkGeminiStream(stream: string): string[] {
  const broken: string[] = [];
  const rule: Rule = (holds, text) => void (holds || broken.push(text));
  rule(stream.endsWith('\n\n'), 'ends in a blank line');
  const frames = stream.split('\n\n').filter((frame) => frame !== '' && !frame.startsWith(':'));
  rule(
    frames.every((frame) => frame.startsWith('data: ') && !frame.includes('\n')),
    'every frame is one line that begins with data:',
  );
  const values = frames.map((frame) => JSON.parse(frame.slice(6)) as Json);
  const isBroken = values.at(-1)?.['error'] !== undefined;
  const good = values.filter((value) => value['error'] === undefined);
  rule(values.length - good.length === (isBroken ? 1 : 0), 'an error is the last chunk');
  rule(values.length > 0, 'an empty stream is an error');
  for (const name of ['responseId', 'modelVersion'])
    rule(new Set(good.map((value) => value[name])).size <= 1, `${name} is the same in every chunk`);
  const chunks = good.map(readChunk);
  checkFinish(chunks, isBroken, rule);
  for (const { parts } of chunks) for (const part of parts) checkPart(part, rule);
  checkUsage(chunks, isBroken, rule);
  return broken;
}

function readChunk(value: Json): Chunk {
  const [candidate = {}] = (value['candidates'] ?? []) as Json[];
  const content = (candidate['content'] ?? {}) as Json;
  return {
    candidate,
    parts: (content['parts'] ?? []) as Json[],
    usage: (value['usageMetadata'] ?? null) as Chunk['usage'],
  };
}

const finishReasons = ['STOP', 'MAX_TOKENS', 'SAFETY'];

function checkFinish(chunks: readonly Chunk[], isBroken: boolean, rule: Rule): void {
  const finishes = chunks.filter(({ candidate }) => candidate['finishReason'] !== undefined);
  rule(finishes.length === (isBroken ? 0 : 1), 'one finish, none before an error');
  rule(isBroken || finishes[0] === chunks.at(-1), 'the finish is in the last chunk');
  for (const { candidate } of chunks)
    rule(
      (candidate['content'] as Json | undefined)?.['role'] === 'model',
      'every content is the model’s',
    );
  for (const { candidate } of finishes)
    rule(finishReasons.includes(String(candidate['finishReason'])), 'the finish reason is known');
}

/** Signatures ride on parts of their own kind; calls are whole. */
function checkPart(part: Json, rule: Rule): void {
  const call = part['functionCall'] as Json | undefined;
  if (call === undefined) return;
  const args = call['args'];
  rule(typeof call['name'] === 'string' && call['name'] !== '', 'a call names its function');
  rule(
    typeof args === 'object' && args !== null && !Array.isArray(args),
    'arguments are a JSON object',
  );
  rule(/^[a-zA-Z0-9_-]+$/.test(String(call['id'])), 'call ids are plain');
}

function checkUsage(chunks: readonly Chunk[], isBroken: boolean, rule: Rule): void {
  let before = 0;
  for (const { usage } of chunks) {
    if (usage === null) continue;
    const { promptTokenCount: prompt = -1, candidatesTokenCount: candidates = -1 } = usage;
    const total = usage['totalTokenCount'] ?? -1;
    const rest = (usage['thoughtsTokenCount'] ?? 0) + (usage['toolUsePromptTokenCount'] ?? 0);
    rule(prompt >= 0 && candidates >= 0, 'usage counts prompt and candidates');
    rule(prompt + candidates + rest === total, 'the counters make the total');
    rule((usage['cachedContentTokenCount'] ?? 0) <= prompt, 'cached tokens are part of the prompt');
    rule(total >= before, 'usage never falls');
    before = total;
  }
  rule(isBroken || (chunks.at(-1)?.usage ?? null) !== null, 'the last chunk has the usage');
}

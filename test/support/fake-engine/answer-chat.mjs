/**
 * Answers a chat request as the profile's engine would. A word in the last user message chooses what happens:
 * THINK (reasoning first), TOOL (a call of the first tool), LENGTH (ends at the limit), FAIL (breaks in the middle),
 * STALL (never ends), CUT (the connection breaks), WORK (takes its time before the end); else a plain answer.
 */
const words = ['Hello ', 'from ', 'the ', 'fake ', 'engine.'];
const thoughts = ['because ', 'it ', 'was ', 'asked'];
const callArguments = ['{"city":', '"Paris"}'];
const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };
const failure = { message: 'the generator broke', type: 'server_error', param: null, code: 500 };

function wishOf({ messages = [] }) {
  const { content } = messages.findLast(({ role }) => role === 'user') ?? {};
  const text = typeof content === 'string' ? content : JSON.stringify(content ?? '');
  return /\b(THINK|TOOL|LENGTH|FAIL|STALL|CUT|WORK)\b/.exec(text)?.[1] ?? 'PLAIN';
}

export function answerChat(asked, model, profile, transport) {
  const wish = wishOf(asked);
  if (asked.stream === true) return stream(wish, asked, model, { profile, transport });
  if (wish === 'STALL') return undefined;
  if (wish === 'CUT') return transport.cut();
  if (wish === 'FAIL') return transport.fail(500, failure.message);
  const name = asked.tools?.[0]?.function?.name;
  const calls = [
    { id: 'Xk2', type: 'function', function: { name, arguments: callArguments.join('') } },
  ];
  const message = {
    role: 'assistant',
    content: wish === 'TOOL' ? null : words.join(''),
    ...(wish === 'THINK' && profile.reasoning ? { [profile.reasoning]: thoughts.join('') } : {}),
    ...(wish === 'TOOL' ? { tool_calls: calls } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: finishOf(wish, profile) }];
  const answer = () =>
    transport.json({ ...head(model), object: 'chat.completion', choices, usage });
  return wish === 'WORK' ? transport.work(answer) : answer();
}

const head = (model) => ({ id: 'chatcmpl-fake', created: 1_790_000_000, model });

function finishOf(wish, { saysLength }) {
  if (wish === 'TOOL') return 'tool_calls';
  return wish === 'LENGTH' && saysLength ? 'length' : 'stop';
}

function stream(wish, asked, model, { profile, transport }) {
  const chunk = (rest) =>
    transport.event(JSON.stringify({ ...head(model), object: 'chat.completion.chunk', ...rest }));
  const delta = (value, finish = null, more = {}) =>
    chunk({ choices: [{ index: 0, delta: value, finish_reason: finish }], ...more });
  transport.open();
  if (profile.comment) transport.comment(profile.comment);
  delta(profile.firstDelta);
  if (wish === 'THINK' && profile.reasoning) {
    for (const text of thoughts) delta({ [profile.reasoning]: text });
  }
  if (wish === 'TOOL') sendCall(asked.tools?.[0]?.function?.name, profile, delta);
  else for (const text of words) delta({ content: text });
  if (wish === 'STALL') return undefined;
  if (wish === 'CUT') return transport.cut();
  if (wish === 'FAIL') return failures[profile.failure]({ transport, delta });
  const end = () => {
    const finish = finishOf(wish, profile);
    if (profile.usage === 'finish') delta({}, finish, { usage });
    else delta({}, finish);
    if (profile.usage === 'separate' && asked.stream_options?.include_usage === true) {
      chunk({ choices: [], usage });
    }
    transport.done();
  };
  return wish === 'WORK' ? transport.work(end) : end();
}

function sendCall(name, { calls }, delta) {
  const first = { index: 0, id: 'Xk2', type: 'function' };
  const [head, ...rest] = callArguments;
  const all = callArguments.join('');
  if (calls === 'whole') {
    delta({ tool_calls: [{ ...first, function: { name, arguments: all } }] });
    return;
  }
  delta({ tool_calls: [{ ...first, function: { name, arguments: head } }] });
  const repeated = calls === 'repeated-id' ? { id: 'Xk2', type: 'function' } : {};
  for (const text of rest) {
    delta({ tool_calls: [{ index: 0, ...repeated, function: { arguments: text } }] });
  }
}

const failures = {
  error: ({ transport }) => {
    transport.event(JSON.stringify({ error: failure }));
    transport.end();
  },
  'error-then-done': ({ transport }) => {
    transport.event(JSON.stringify({ error: failure }));
    transport.done();
  },
  'error-then-stop': ({ transport, delta }) => {
    transport.event(JSON.stringify({ error: failure }));
    delta({}, 'stop');
    transport.done();
  },
  'done-only': ({ transport }) => transport.done(),
  'empty-delta': ({ transport, delta }) => {
    delta({ role: 'assistant', content: '' });
    transport.end();
  },
  cut: ({ transport }) => transport.cut(),
};

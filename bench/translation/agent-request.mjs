/**
 * What a coding agent sends in the middle of its work: many tools, and a long history of calls and their results.
 */

const RESULT =
  'export function total(rows) {\n  return rows.reduce((sum, { "price": price }) => sum + price, 0);\n}\n';
const THOUGHT = 'The tests fail where the list is empty, so I look at the file that sums it up. ';
const TOOLS = 24;

/** @param {number} index */
const tool = (index) => ({
  type: 'function',
  function: {
    name: `work_on_${index}`,
    description: `Tool number ${index}. ${THOUGHT.repeat(3)}`,
    parameters: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'File to work on, relative to the project.' },
        mode: { type: 'string', enum: ['read', 'write', 'append'] },
        lines: { type: 'array', items: { type: 'integer' }, description: 'Lines to look at.' },
        options: {
          type: 'object',
          properties: { depth: { type: 'integer' }, isRecursive: { type: 'boolean' } },
        },
      },
      required: ['path'],
    },
  },
});

/** One step: a question's worth of thinking, a call, its result. @param {number} index */
const step = (index) => [
  {
    role: 'assistant',
    content: THOUGHT.repeat(2),
    tool_calls: [
      {
        id: `call_${index}`,
        type: 'function',
        function: {
          name: `work_on_${index % TOOLS}`,
          arguments: JSON.stringify({ path: `src/step-${index}.ts`, mode: 'read', lines: [1, 40] }),
        },
      },
    ],
  },
  { role: 'tool', tool_call_id: `call_${index}`, content: RESULT.repeat(6) },
];

/** @param {number} bytes @returns {string} a request of OpenAI's chat API of about that size */
export function agentRequest(bytes) {
  const request = {
    model: 'bench',
    max_tokens: 4096,
    messages: [
      { role: 'system', content: THOUGHT.repeat(20) },
      { role: 'user', content: 'Mend the failing test.' },
    ],
    tools: Array.from({ length: TOOLS }, (_, index) => tool(index)),
  };
  for (let index = 0; JSON.stringify(request).length < bytes; index += 1) {
    request.messages.push(.../** @type {any[]} */ (step(index)));
  }
  return JSON.stringify(request);
}

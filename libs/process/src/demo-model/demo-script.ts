/** What the demo model says. The first is its answer to everything; the others are picked by a word in the last message. */
export const demoReplies = {
  default: [
    'Hello',
    ' from',
    ' Spillway',
    '.',
    ' This',
    ' scripted',
    ' demo',
    ' model',
    ' proves',
    ' that',
    ' the',
    ' whole',
    ' line',
    ' works',
    ';',
    ' add',
    ' a',
    ' real',
    ' GGUF',
    ' file',
    ' to',
    ' get',
    ' answers',
    ' of',
    ' your',
    ' own',
    '!',
  ],
  tool: [
    '<tool_call>',
    '\n{"name": "get_weather", ',
    '"arguments": {"city": ',
    '"Paris"}}',
    '\n</tool_call>',
  ],
  think: [
    '<think>',
    '\nThe question',
    ' wants',
    ' thought',
    ',\n',
    '</think>',
    '\n\nForty',
    '-two',
    ', I think.',
  ],
  json: ['{"answer":', ' 42', ', "unit":', ' "none"', '}'],
  loop: [' one', ' two', ' three', ' four', ' five'],
  empty: [],
} as const satisfies Record<string, readonly string[]>;

export type DemoMode = keyof typeof demoReplies;

export const modeToken = (mode: DemoMode): string => `<|mode_${mode}|>`;

/**
 * The chat template: the usual ChatML form with tools and reasoning as Hermes and Qwen write them, and at its end a token
 * that chooses the reply. The weather tool is called only where it is declared.
 */
export const demoTemplate = [
  `{%- if tools %}{{- '<|im_start|>system\\n# Tools\\n<tools>' }}{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}{{- '\\n</tools><|im_end|>\\n' }}{%- endif %}`,
  `{%- for message in messages %}`,
  `{{- '<|im_start|>' + message.role + '\\n' }}`,
  `{%- if message.content is string %}{{- message.content }}{%- endif %}`,
  `{%- if message.tool_calls %}{%- for call in message.tool_calls %}{{- '\\n<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}{%- if call.function.arguments is string %}{{- call.function.arguments }}{%- else %}{{- call.function.arguments | tojson }}{%- endif %}{{- '}\\n</tool_call>' }}{%- endfor %}{%- endif %}`,
  `{{- '<|im_end|>\\n' }}`,
  `{%- endfor %}`,
  `{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}`,
  `{%- set last = messages[-1].content if messages[-1].content is string else '' %}`,
  `{%- set ns = namespace(weather=false) %}{%- if tools %}{%- for tool in tools %}{%- if tool.function.name == 'get_weather' %}{%- set ns.weather = true %}{%- endif %}{%- endfor %}{%- endif %}`,
  `{%- if 'LOOP' in last %}{{- '<|mode_loop|>' }}{%- elif 'THINK' in last %}{{- '<|mode_think|>' }}{%- elif 'EMPTY' in last %}{{- '<|mode_empty|>' }}{%- elif 'JSON' in last %}{{- '<|mode_json|>' }}{%- elif ns.weather and messages[-1].role == 'user' %}{{- '<|mode_tool|>' }}{%- endif %}`,
  `{%- endif %}`,
].join('');

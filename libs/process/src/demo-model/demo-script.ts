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

/** Longer messages are read by their ends only. */
const longMessageChars = 2_400;
const endChars = 400;

/** A template expression that cuts the middle out of a long text. */
const shortened = (text: string): string =>
  `(${text} if ${text} | length <= ${longMessageChars} else ${text}[:${endChars}] + ' … ' + ${text}[-${endChars}:])`;

/**
 * The chat template: the usual ChatML form with tools and reasoning as Hermes and Qwen write them, and at its end a token
 * that chooses the reply. The weather tool is called only where it is declared. Of other tools only the names are read
 * and of long messages only the ends: every byte is a token here, and so even the first words of a coding agent (50 kB)
 * fit the small context.
 */
export const demoTemplate = [
  `{%- if tools %}{{- '<|im_start|>system\\n# Tools\\n<tools>' }}{%- for tool in tools %}{{- '\\n' }}{%- if tool.function.name == 'get_weather' %}{{- tool | tojson }}{%- else %}{{- tool.function.name }}{%- endif %}{%- endfor %}{{- '\\n</tools><|im_end|>\\n' }}{%- endif %}`,
  `{%- for message in messages %}`,
  `{{- '<|im_start|>' + message.role + '\\n' }}`,
  // by this engines see how the model reasons
  `{%- if message.reasoning_content %}{{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}{%- endif %}`,
  `{%- if message.content is string %}{{- ${shortened('message.content')} }}{%- endif %}`,
  `{%- if message.tool_calls %}{%- for call in message.tool_calls %}{{- '\\n<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}{%- if call.function.arguments is string %}{{- call.function.arguments }}{%- else %}{{- call.function.arguments | tojson }}{%- endif %}{{- '}\\n</tool_call>' }}{%- endfor %}{%- endif %}`,
  `{{- '<|im_end|>\\n' }}`,
  `{%- endfor %}`,
  `{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}`,
  `{%- set last = ${shortened('messages[-1].content')} if messages[-1].content is string else '' %}`,
  `{%- set ns = namespace(weather=false) %}{%- if tools %}{%- for tool in tools %}{%- if tool.function.name == 'get_weather' %}{%- set ns.weather = true %}{%- endif %}{%- endfor %}{%- endif %}`,
  `{%- if 'LOOP' in last %}{{- '<|mode_loop|>' }}{%- elif 'THINK' in last %}{{- '<|mode_think|>' }}{%- elif 'EMPTY' in last %}{{- '<|mode_empty|>' }}{%- elif 'JSON' in last %}{{- '<|mode_json|>' }}{%- elif ns.weather and messages[-1].role == 'user' %}{{- '<|mode_tool|>' }}{%- endif %}`,
  `{%- endif %}`,
].join('');

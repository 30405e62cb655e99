export interface FirstCall {
  readonly origin: string;
  readonly secret: string;
  readonly model: string;
}

/** A call to paste and the settings of the usual clients. */
export function firstSteps({ origin, secret, model }: FirstCall): string[] {
  const body = JSON.stringify({
    model,
    stream: true,
    messages: [{ role: 'user', content: 'Hello!' }],
  });
  return [
    '',
    `Your first key (shown only now; make others in the panel):  ${secret}`,
    '',
    'Try it:',
    `  curl -N ${origin}/v1/chat/completions -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -d '${body}'`,
    '',
    'OpenAI SDK:',
    `  export OPENAI_BASE_URL=${origin}/v1 OPENAI_API_KEY=${secret}`,
    'Anthropic SDK:',
    `  export ANTHROPIC_BASE_URL=${origin} ANTHROPIC_API_KEY=${secret}`,
    'Claude Code:',
    `  export ANTHROPIC_BASE_URL=${origin} ANTHROPIC_AUTH_TOKEN=${secret} ANTHROPIC_MODEL=${model} ANTHROPIC_DEFAULT_HAIKU_MODEL=${model}`,
    'Gemini SDK:',
    `  export GOOGLE_GEMINI_BASE_URL=${origin} GEMINI_API_KEY=${secret}`,
    'Codex:',
    `  export OPENAI_API_KEY=${secret}; codex -m ${model} -c model_provider=spillway -c 'model_providers.spillway={name="Spillway",base_url="${origin}/v1",env_key="OPENAI_API_KEY",wire_api="responses"}'`,
    '',
  ];
}

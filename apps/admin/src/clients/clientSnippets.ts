export interface ClientSetup {
  /** Where this gateway listens, without a path. */
  readonly origin: string;
  /** The name of a route. */
  readonly model: string;
  /** A key, or what stands for it. */
  readonly secret: string;
}

export interface ClientSnippet {
  readonly name: string;
  readonly hint: string;
  readonly text: string;
}

/** One request with curl, in the OpenAI dialect. */
export function toCurl(setup: ClientSetup): string {
  const messages = [{ role: 'user', content: 'Hello' }];
  return curl(setup, '/v1/chat/completions', { messages });
}

function curl({ origin, model, secret }: ClientSetup, path: string, fields: object): string {
  return [
    `curl ${origin}${path} \\`,
    `  -H 'authorization: Bearer ${secret}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify({ model, ...fields })}'`,
  ].join('\n');
}

/** How the usual clients are pointed at this gateway. */
export function toClientSnippets(setup: ClientSetup): readonly ClientSnippet[] {
  return [
    { name: 'curl', hint: 'Nothing to install.', text: toCurl(setup) },
    {
      name: 'OpenAI SDK',
      hint: 'Python; the JavaScript SDK takes baseURL and apiKey alike.',
      text: openAiSdk(setup),
    },
    {
      name: 'OpenAI Responses',
      hint: 'The same SDK and address; targets that speak another protocol are translated for.',
      text: openAiResponses(setup),
    },
    {
      name: 'Anthropic SDK',
      hint: 'Python; the address has no /v1 here.',
      text: anthropicSdk(setup),
    },
    {
      name: 'Gemini SDK',
      hint: 'JavaScript (@google/genai); the SDK adds /v1beta by itself.',
      text: geminiSdk(setup),
    },
    {
      name: 'Claude Code',
      hint: 'In the shell you start it from. An ANTHROPIC_API_KEY that is set as well would win, so unset it.',
      text: claudeCode(setup),
    },
    { name: 'Codex', hint: 'In ~/.codex/config.toml.', text: codex(setup) },
    {
      name: 'Embeddings',
      hint: 'For routes whose targets have an embeddings API; they are passed on, never translated.',
      text: embeddings(setup),
    },
    {
      name: 'Completions',
      hint: 'For editors and scripts that send a plain prompt to the legacy API.',
      text: completions(setup),
    },
  ];
}

const openAiSdk = ({ origin, model, secret }: ClientSetup) => `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${secret}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;

const openAiResponses = ({ origin, model, secret }: ClientSetup) => `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${secret}")
answer = client.responses.create(model="${model}", input="Hello")
print(answer.output_text)`;

const geminiSdk = ({
  origin,
  model,
  secret,
}: ClientSetup) => `import { GoogleGenAI } from "@google/genai";

const ai = new GoogleGenAI({
  apiKey: "${secret}",
  httpOptions: { baseUrl: "${origin}" },
});
const answer = await ai.models.generateContent({ model: "${model}", contents: "Hello" });
console.log(answer.text);`;

const anthropicSdk = ({ origin, model, secret }: ClientSetup) => `from anthropic import Anthropic

client = Anthropic(base_url="${origin}", auth_token="${secret}")
answer = client.messages.create(
    model="${model}",
    max_tokens=512,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.content[0].text)`;

const claudeCode = ({ origin, model, secret }: ClientSetup) => `unset ANTHROPIC_API_KEY
export ANTHROPIC_BASE_URL=${origin}
export ANTHROPIC_AUTH_TOKEN=${secret}
export ANTHROPIC_MODEL=${model}
export ANTHROPIC_DEFAULT_HAIKU_MODEL=${model}
claude`;

const codex = ({
  origin,
  model,
}: ClientSetup) => `# the key goes in the environment: export OPENAI_API_KEY=…
model = "${model}"
model_provider = "spillway"

[model_providers.spillway]
name = "Spillway"
base_url = "${origin}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"`;

const embeddings = ({ origin, model, secret }: ClientSetup) => `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${secret}")
answer = client.embeddings.create(model="${model}", input=["Hello"])
print(len(answer.data[0].embedding))`;

const completions = (setup: ClientSetup) =>
  curl(setup, '/v1/completions', { prompt: 'Once upon a time', max_tokens: 50 });

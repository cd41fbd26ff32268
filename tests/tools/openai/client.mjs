// Talks to a server as a program of its users does, and prints what came of it as one line of JSON.
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: 'none', maxRetries: 0, timeout: 60_000 });
const model = (await client.models.list()).data[0].id;
const question = { model, messages: [{ role: 'user', content: 'Hello' }], temperature: 0, seed: 1 };

const plain = await client.chat.completions.create({ ...question, max_tokens: 8 });

const pieces = [];
for await (const piece of await client.chat.completions.create({ ...question, max_tokens: 8, stream: true }))
  pieces.push(piece.choices[0]?.delta?.content ?? '');

const tools = [{
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string', enum: ['Berlin'] } }, required: ['city'] },
  },
}];
const called = await client.chat.completions.create({ ...question, max_tokens: 200, tools, tool_choice: 'required', logit_bias: [['GPU', 100]] });
const call = called.choices[0].message.tool_calls?.[0];

// An answer that would take minutes is given up after its first piece.
const long = await client.chat.completions.create({ ...question, max_tokens: 1_000_000, ignore_eos: true, stream: true });
for await (const piece of long) {
  long.controller.abort();
  break;
}

// A server that computes on would keep its only slot.
const free = async () => (await (await fetch(`${process.argv[2]}/slots`)).json()).every(s => !s.is_processing);
let cancelled = false;
for (let i = 0; i < 100 && !cancelled; i++) {
  cancelled = await free();
  if (!cancelled)
    await new Promise(done => setTimeout(done, 100));
}

console.log(JSON.stringify({
  model,
  plain: { tokens: plain.usage.completion_tokens, text: plain.choices[0].message.content },
  stream: { pieces: pieces.length, text: pieces.join('') },
  tool: { name: call?.function.name, arguments: call?.function.arguments },
  cancelled,
}));

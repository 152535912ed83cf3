// A program that uses the OpenAI SDK. Its last argument names what to do; it prints what it got as one line of JSON.

import OpenAI from "openai";

const [, , baseURL, apiKey, scenario] = process.argv;
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = "gpt-5.5";
const weather = {
  type: "function",
  name: "get_weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const chatWeather = { type: "function", function: { name: weather.name, parameters: weather.parameters } };
const point = {
  type: "object",
  properties: { x: { type: "number" }, label: { type: "string" } },
  required: ["x", "label"],
  additionalProperties: false,
};

const scenarios = {
  async responses() {
    const response = await client.responses.create({ model, input: "hi [[reply plain ✓]]", temperature: 0 });
    return { text: response.output_text, status: response.status, model: response.model, usage: response.usage };
  },
  async responsesStream() {
    const stream = client.responses.stream({ model, input: "hi [[reply streamed ✓]]" });
    let text = "";
    stream.on("response.output_text.delta", (event) => (text += event.delta));
    const final = await stream.finalResponse();
    return { text, final: final.output_text, types: final.output.map((item) => item.type) };
  },
  async responsesParse() {
    const format = { type: "json_schema", name: "point", schema: point, strict: true };
    const response = await client.responses.parse({ model, input: "a point", text: { format } });
    return { parsed: response.output_parsed };
  },
  async responsesChain() {
    const first = await client.responses.create({ model, input: "remember [[reply noted]]" });
    const second = await client.responses.create({
      model,
      input: "and now [[reply recalled]]",
      previous_response_id: first.id,
    });
    return { first: first.output_text, second: second.output_text };
  },
  async responsesTools() {
    const input = [{ role: "user", content: 'weather [[tool:get_weather {"city":"Bern"}]] [[reply sunny]]' }];
    const first = await client.responses.create({ model, input, tools: [weather] });
    const call = first.output.find((item) => item.type === "function_call");
    const output = { type: "function_call_output", call_id: call.call_id, output: "sun" };
    const second = await client.responses.create({
      model,
      input: [...input, ...first.output, output],
      tools: [weather],
    });
    return { call: JSON.parse(call.arguments), text: second.output_text };
  },
  async chat() {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hi [[reply chatted ✓]]" },
    ];
    const answer = await client.chat.completions.create({
      model,
      messages,
      temperature: 0.2,
      max_tokens: 50,
      stop: ["x"],
    });
    const [choice] = answer.choices;
    return { text: choice.message.content, finish: choice.finish_reason, model: answer.model, usage: answer.usage };
  },
  async chatStream() {
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "hi [[reply streamed chat ✓]]" }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const seen = { text: "", roles: 0, finish: null, usage: null };
    for await (const chunk of stream) {
      const [choice] = chunk.choices;
      seen.text += choice?.delta.content ?? "";
      if (choice?.delta.role) seen.roles += 1;
      seen.finish = choice?.finish_reason ?? seen.finish;
      seen.usage = chunk.usage ?? seen.usage;
    }
    return seen;
  },
  async chatTools() {
    const wishes = '[[tool:get_weather {"city":"Bern"}]] [[tool:get_weather {"city":"Rome"}]]';
    const messages = [{ role: "user", content: `weather [[together]] ${wishes} [[reply both sunny]]` }];
    const runner = client.chat.completions.stream({ model, messages, tools: [chatWeather] });
    const first = await runner.finalMessage();
    const outputs = first.tool_calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: "sun" }));
    const second = await client.chat.completions.create({
      model,
      messages: [...messages, first, ...outputs],
      tools: [chatWeather],
    });
    const cities = first.tool_calls.map((call) => JSON.parse(call.function.arguments).city);
    return { cities, text: second.choices[0].message.content };
  },
  async chatParse() {
    const format = { type: "json_schema", json_schema: { name: "point", schema: point, strict: true } };
    const answer = await client.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "a point" }],
      response_format: format,
    });
    return { parsed: answer.choices[0].message.parsed };
  },
  async chatImage() {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const content = [
      { type: "text", text: "what is it [[reply a dot]]" },
      { type: "image_url", image_url: { url, detail: "low" } },
    ];
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content }] });
    return { text: answer.choices[0].message.content };
  },
  async models() {
    const ids = [];
    for await (const listed of client.models.list()) ids.push(listed.id);
    return { ids };
  },
  async refused() {
    try {
      await client.chat.completions.create({ model, messages: [{ role: "user", content: "hi" }] });
      return { refused: false };
    } catch (error) {
      return { status: error.status, type: error.type, code: error.code, message: error.message };
    }
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));

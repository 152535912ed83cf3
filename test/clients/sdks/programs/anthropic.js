// A program that uses the Anthropic SDK. Its last argument names what to do; it prints what it got as one line of JSON.

import Anthropic from "@anthropic-ai/sdk";

const [, , baseURL, apiKey, scenario] = process.argv;
const client = new Anthropic({ baseURL, apiKey, maxRetries: 0 });
const terms = { model: "claude-sonnet-5", max_tokens: 1000 };
const weather = {
  name: "get_weather",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const ask = (content) => [{ role: "user", content }];
const textOf = (message) => message.content.map((block) => block.text ?? "").join("");

const scenarios = {
  async create() {
    const message = await client.messages.create({
      ...terms,
      system: "Be brief.",
      messages: ask("hi [[reply plain ✓]]"),
    });
    return { text: textOf(message), stop: message.stop_reason, model: message.model, usage: message.usage };
  },
  async stream() {
    const stream = client.messages.stream({ ...terms, messages: ask("hi [[reply streamed ✓]]") });
    let text = "";
    stream.on("text", (delta) => (text += delta));
    const message = await stream.finalMessage();
    return { text, final: textOf(message), stop: message.stop_reason, usage: message.usage };
  },
  async thinking() {
    const thinking = { type: "enabled", budget_tokens: 1024 };
    const messages = ask("think [[reply thought]]");
    const first = await client.messages.stream({ ...terms, max_tokens: 4000, thinking, messages }).finalMessage();
    const turns = [...messages, { role: "assistant", content: first.content }, ...ask("again [[reply thought again]]")];
    const second = await client.messages.create({ ...terms, max_tokens: 4000, thinking, messages: turns });
    return { types: first.content.map((block) => block.type), text: textOf(second) };
  },
  async tools() {
    const wishes = '[[tool:get_weather {"city":"Bern"}]] [[tool:get_weather {"city":"Rome"}]]';
    const messages = ask(`weather [[together]] ${wishes} [[reply both sunny]]`);
    const first = await client.messages.stream({ ...terms, tools: [weather], messages }).finalMessage();
    const calls = first.content.filter((block) => block.type === "tool_use");
    const results = calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "sun" }));
    const turns = [...messages, { role: "assistant", content: first.content }, ...ask(results)];
    const second = await client.messages.create({ ...terms, tools: [weather], messages: turns });
    return { stop: first.stop_reason, cities: calls.map(({ input }) => input.city), text: textOf(second) };
  },
  async image() {
    const source = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
    const content = [
      { type: "image", source },
      { type: "text", text: "what is it [[reply a dot]]" },
    ];
    return { text: textOf(await client.messages.create({ ...terms, messages: ask(content) })) };
  },
  async document() {
    const source = { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQK" };
    const content = [
      { type: "document", source, title: "notes" },
      { type: "text", text: "read [[reply read it]]" },
    ];
    return { text: textOf(await client.messages.create({ ...terms, messages: ask(content) })) };
  },
  async count() {
    const { model } = terms;
    const short = await client.messages.countTokens({ model, messages: ask("hi") });
    const long = await client.messages.countTokens({ model, messages: ask("hi ".repeat(1000)) });
    return { short: short.input_tokens, long: long.input_tokens };
  },
  async models() {
    const ids = [];
    for await (const listed of client.models.list()) ids.push(listed.id);
    return { ids };
  },
  async refused() {
    try {
      await client.messages.create({ ...terms, messages: ask("hi") });
      return { refused: false };
    } catch (error) {
      return { status: error.status, type: error.error?.error?.type, message: error.message, id: error.requestID };
    }
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));

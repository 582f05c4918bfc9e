// Prints each test's result as a line of JSON, for pytest to read.
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details.type === "suite") continue;
    const { error } = data.details;
    const message = error ? (error.cause?.stack ?? error.cause ?? error.message) : "";
    yield `${JSON.stringify({ file: data.file ?? "", name: data.name, passed: type === "test:pass", skipped: Boolean(data.skip ?? data.todo), message: String(message) })}\n`;
  }
}

// One event of a Messages stream, which names itself twice.

export function frame(type: string, fields: object): string {
  const members = JSON.stringify(fields).slice(1, -1);
  return `event: ${type}\ndata: {"type":"${type}"${members === "" ? "" : ","}${members}}\n\n`;
}

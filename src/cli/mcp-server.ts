import { fromJsonSchema, McpServer, type JsonSchemaType } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

/** A tool as the server offers it. */
export interface ServedTool {
  name: string;
  title: string;
  description: string;
  /** JSON Schema of the input. */
  inputSchema: object;
  /** Answers with text; an Error becomes an answer that is marked as one, with its message. */
  call: (input: Readonly<Record<string, unknown>>) => Promise<string>;
}

/**
 * Serves tools by the Model Context Protocol on standard input and output until the client hangs up.
 * A bundle of its own: the SDK is larger than all the rest of the command line, and nothing else needs it.
 */
export async function serve(tools: readonly ServedTool[], name: string, version: string): Promise<void> {
  const server = new McpServer({ name, version });
  for (const { name: tool, title, description, inputSchema, call } of tools)
    server.registerTool(
      tool,
      {
        title,
        description,
        inputSchema: fromJsonSchema<Record<string, unknown>>(inputSchema as JsonSchemaType),
        annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
      },
      async (input) => {
        try {
          return { content: [{ type: 'text', text: await call(input) }] };
        } catch (error) {
          return { content: [{ type: 'text', text: error instanceof Error ? error.message : String(error) }], isError: true };
        }
      },
    );
  await server.connect(new StdioServerTransport());
}

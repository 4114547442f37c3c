/** Look-ups for language models: what `r4l mcp` and VS Code's language model tools have in common. */
export { InputError, type Input } from './input';
export { tools, type Tool, type ToolEngine } from './tools';

import type * as vscode from 'vscode';
import { start, type Api } from './start';

/** Entry of the web worker extension host. */
export const activate = (context: vscode.ExtensionContext): Api => start(context, { name: 'web' });

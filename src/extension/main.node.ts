import type * as vscode from 'vscode';
import { treeReader } from '../node/tree-reader';
import { start, type Api } from './start';

/** Entry of the desktop and remote extension host. */
export const activate = (context: vscode.ExtensionContext): Api => start(context, { name: 'node', diskReader: treeReader });

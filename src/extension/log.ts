import * as vscode from 'vscode';
import { LABEL } from '../core';
import { LOG_LEVELS, settingsOf, type LogLevel } from './settings';

/** The extension's log channel. `r4l.logLevel` says what is written, whatever level the workbench has for its own channels. */
export class Log implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel(`${LABEL} Lens`, { log: true });

  error(what: string, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.write('error', `${what}: ${detail}`);
  }

  warning(message: string): void {
    this.write('warning', message);
  }

  info(message: string): void {
    this.write('info', message);
  }

  debug(message: string): void {
    this.write('debug', message);
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.channel.dispose();
  }

  private write(level: LogLevel, message: string): void {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(settingsOf().logLevel)) return;
    if (level === 'error') this.channel.error(message);
    else if (level === 'warning') this.channel.warn(message);
    else if (level === 'info') this.channel.info(message);
    else this.channel.appendLine(`[debug] ${message}`);
  }
}

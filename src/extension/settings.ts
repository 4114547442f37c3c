import * as vscode from 'vscode';

/** The extension's settings for a resource, typed; package.json declares them with the same defaults. */
export interface Settings {
  hover: boolean;
  codeLens: boolean;
  /** Whether suspects are shown among the problems. */
  diagnostics: boolean;
  /** Whether hazards are shown, too, as hints. */
  hazards: boolean;
  /** Whether scrolling a C file or its candidate scrolls the other one. */
  scrollTogether: boolean;
  /** `auto`, or the version of a shipped snapshot. */
  kernelVersion: string;
  logLevel: LogLevel;
}

export const LOG_LEVELS = ['off', 'error', 'warning', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The name of the section in settings.json. */
export const SECTION = 'r4l';

/** The settings in force for `uri` now; the only place that reads the configuration. */
export function settingsOf(uri?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION, uri ?? null);
  return {
    hover: configuration.get('hover.enabled', true),
    codeLens: configuration.get('codeLens.enabled', true),
    diagnostics: configuration.get('diagnostics.enabled', true),
    hazards: configuration.get('diagnostics.hazards', false),
    scrollTogether: configuration.get('candidate.scrollTogether', true),
    kernelVersion: configuration.get('kernelVersion', 'auto'),
    logLevel: configuration.get<LogLevel>('logLevel', 'info'),
  };
}

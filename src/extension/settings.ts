import * as vscode from 'vscode';

/** Every switch, by its name in settings.json below `r4l`; package.json says what each does, and its default. */
export type Switch =
  | `hover.${'enabled' | 'documentation' | 'inYourNames' | 'findings' | 'rustSource'}`
  | `codeLens.${'enabled' | 'equivalents' | 'coverage' | 'findings' | 'candidate' | 'rustSource'}`
  | `diagnostics.${'enabled' | 'hazards'}`
  | 'candidate.scrollTogether';

/** The groups of switches that have one switch for all. */
const GROUPS = ['hover', 'codeLens', 'diagnostics'] as const;

/** What a preset switches otherwise. A switch that the user has set is as the user says. */
const PRESETS: Readonly<Record<string, Partial<Record<Switch, boolean>>>> = {
  newcomer: { 'diagnostics.hazards': true },
  standard: {},
  expert: { 'hover.documentation': false, 'hover.inYourNames': false, 'codeLens.coverage': false },
};

/** The extension's settings for a resource, typed. */
export interface Settings {
  /** Whether a switch is on; whatever is below `hover.enabled` or `codeLens.enabled` is off with it. */
  on: (name: Switch) => boolean;
  /** `auto`, or the version of a shipped snapshot. */
  kernelVersion: string;
  /** The folder in which the kernel is built (`make O=`), absolute or from the tree; empty if it is the tree or lies at its top. */
  buildFolder: string;
  logLevel: LogLevel;
}

export const LOG_LEVELS = ['off', 'error', 'warning', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The name of the section in settings.json. */
export const SECTION = 'r4l';

/** The settings in force for `uri` now; the only place that reads the configuration. */
export function settingsOf(uri?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION, uri ?? null);
  const preset = PRESETS[configuration.get('preset', 'standard')] ?? {};
  const isOn = (name: Switch): boolean =>
    (isSet(configuration, name) ? undefined : preset[name]) ?? configuration.get(name, false);
  return {
    on: (name) => GROUPS.every((group) => !name.startsWith(`${group}.`) || isOn(`${group}.enabled`)) && isOn(name),
    kernelVersion: configuration.get('kernelVersion', 'auto'),
    buildFolder: configuration.get('buildFolder', ''),
    logLevel: configuration.get<LogLevel>('logLevel', 'info'),
  };
}

/** Whether somebody has given the setting a value, rather than left it at its default. */
function isSet(configuration: vscode.WorkspaceConfiguration, name: Switch): boolean {
  const values = Object.entries(configuration.inspect(name) ?? {});
  return values.some(([where, value]) => where.endsWith('Value') && where !== 'defaultValue' && value !== undefined);
}

/** Whether a change of the configuration may change what `group` shows. */
export const affects = (event: vscode.ConfigurationChangeEvent, group: (typeof GROUPS)[number]): boolean =>
  event.affectsConfiguration(`${SECTION}.${group}`) || event.affectsConfiguration(`${SECTION}.preset`);

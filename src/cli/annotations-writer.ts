import { SCHEMA_VERSION, sarifEnd, sarifResults, sarifStart, type FileAnnotations, type KernelIdentity } from '../core';
import { annotationsJson } from './json';
import { write } from './output';
import { annotationsText } from './text';

export type AnnotationsFormat = 'text' | 'json' | 'jsonl' | 'sarif';
type Skipped = readonly { path: string; reason: string }[];

/** Prints annotations file by file, so that memory holds one at a time. */
export interface AnnotationsWriter {
  start(): Promise<void>;
  /** @param path relative to the root, with `/` */
  file(annotations: FileAnnotations, path: string): Promise<void>;
  end(skipped: Skipped): Promise<void>;
}

/** @param root `file:` address of the folder that paths in SARIF are relative to */
export function annotationsWriter(format: AnnotationsFormat, kernel: KernelIdentity, root: string): AnnotationsWriter {
  let count = 0;
  const separator = () => (count++ > 0 ? ',\n' : '\n');
  switch (format) {
    case 'text':
      return {
        start: () => Promise.resolve(),
        file: (annotations) => write(annotationsText(annotations, kernel)),
        end: (skipped) => {
          for (const { path, reason } of skipped) process.stderr.write(`r4l: ${path} is left out: ${reason}\n`);
          return Promise.resolve();
        },
      };
    case 'json':
      return {
        start: () => write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, kernel }).slice(0, -1)},"files":[`),
        file: (annotations) => write(separator() + annotationsJson(annotations)),
        end: (skipped) => write(`],"skipped":${JSON.stringify(skipped)}}\n`),
      };
    case 'jsonl':
      return {
        start: () => write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, kernel })}\n`),
        file: (annotations) => write(`${annotationsJson(annotations)}\n`),
        end: async (skipped) => {
          if (skipped.length > 0) await write(`${JSON.stringify({ skipped })}\n`);
        },
      };
    case 'sarif':
      return {
        start: () => write(sarifStart({ version: process.env.R4L_VERSION ?? '0.0.0', kernel, root })),
        file: (annotations, path) =>
          write(
            sarifResults(path, annotations.findings)
              .map((result) => separator() + result)
              .join(''),
          ),
        end: (skipped) => write(sarifEnd(skipped)),
      };
  }
}

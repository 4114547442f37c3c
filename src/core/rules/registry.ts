import allocationSizeOverflow from './allocation-size-overflow/rule';
import believedNumber from './believed-number/rule';
import dereferenceBeforeCheck from './dereference-before-check/rule';
import doubleFree from './double-free/rule';
import ignoredLength from './ignored-length/rule';
import doubleLock from './double-lock/rule';
import errorPointerMixUp from './error-pointer-mix-up/rule';
import lockNotReleased from './lock-not-released/rule';
import memoryLeak from './memory-leak/rule';
import nullDereference from './null-dereference/rule';
import offByOne from './off-by-one/rule';
import privateDataCast from './private-data-cast/rule';
import sleepInAtomic from './sleep-in-atomic/rule';
import switchedOnLeak from './switched-on-leak/rule';
import unboundedStringCopy from './unbounded-string-copy/rule';
import uncheckedAllocation from './unchecked-allocation/rule';
import uncheckedIndex from './unchecked-index/rule';
import uncheckedLength from './unchecked-length/rule';
import uninitialisedVariable from './uninitialised-variable/rule';
import useAfterFree from './use-after-free/rule';
import wrongRelease from './wrong-release/rule';
import teardownRace from './teardown-race/rule';
import uncheckedEndpoint from './unchecked-endpoint/rule';
import ignoredResult from './ignored-result/rule';
import partlySetStructure from './partly-set-structure/rule';
import referenceNeverPut from './reference-never-put/rule';
import runtimePmLeak from './runtime-pm-leak/rule';
import unboundedFill from './unbounded-fill/rule';
import uncheckedAcpiObject from './unchecked-acpi-object/rule';
import unterminatedString from './unterminated-string/rule';
import type { Rule } from './model';

/** All rules; a new one is a folder and a line here. */
export const rules: readonly Rule[] = [
  allocationSizeOverflow,
  believedNumber,
  dereferenceBeforeCheck,
  doubleFree,
  doubleLock,
  errorPointerMixUp,
  ignoredLength,
  lockNotReleased,
  memoryLeak,
  nullDereference,
  offByOne,
  privateDataCast,
  sleepInAtomic,
  switchedOnLeak,
  teardownRace,
  unboundedStringCopy,
  uncheckedAllocation,
  uncheckedEndpoint,
  uncheckedIndex,
  uncheckedLength,
  uninitialisedVariable,
  useAfterFree,
  ignoredResult,
  partlySetStructure,
  referenceNeverPut,
  runtimePmLeak,
  unboundedFill,
  uncheckedAcpiObject,
  unterminatedString,
  wrongRelease,
];

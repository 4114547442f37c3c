/** The configuration language of the kernel: expressions, the symbols of a tree, and where they can be set together with Rust. */
export { evaluate, parseExpression, unmetSymbols, type Expression, type ValueOf } from './expression';
export { parseKconfig, type KconfigFile, type KconfigSymbol } from './parse';
export { readKconfig, type KconfigTree } from './tree';
export { RustArchitectures, type DriverArchitectures } from './rust-architectures';

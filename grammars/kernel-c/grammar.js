// Kernel C: tree-sitter-c's grammar, with the rules of grammar/*.js in place of its own where the kernel needs more.
// What needs looking ahead is decided in src/scanner.c, which returns the tokens listed under `externals`.
const base = require('tree-sitter-c/grammar');

module.exports = grammar(base, {
  name: 'c', // the C symbols (tree_sitter_c) that web-tree-sitter looks for

  // The order is that of `enum Token` in src/scanner.c.
  externals: ($) => [
    // context, never produced
    $._item_context,
    $._field_context,
    $._enumerator_context,
    $._quote_context,
    // directives
    $._directive_ahead,
    $._if_directive,
    $._ifdef_directive,
    $._ifndef_directive,
    $._else_directive,
    $._elif_directive,
    $._elifdef_directive,
    $._elifndef_directive,
    $._endif_directive,
    $._directive_end,
    $._directive_end_with_rest,
    $._define_body,
    $._define_parenthesis,
    $.preproc_line,
    $.preproc_inactive,
    // names of macros, by what the use of the macro is
    $._loop_macro,
    $._statement_macro,
    $._function_macro,
    $._declaring_macro,
    $._modified_declaring_macro,
    $._type_macro,
    $._field_macro,
    $._field_group_macro,
    $._bare_macro,
    $._initializer_macro,
    $._list_item_macro,
    $._argument_loop_macro,
    $._declarator_macro,
    $._function_pointer_type,
    // annotations that are in no list, by where they stand
    $._annotation_before_type,
    $._annotation_after_type,
    $._annotation_after_declarator,
    $._annotation_call_after_declarator,
    // in expressions and arguments
    $._type_star,
    $._string_macro,
    $._string_macro_call,
    $._juxtaposed_macro,
    $._list_brace,
    $._definition_ahead,
    $._unclosed,
    $._error_recovery,
  ],

  // Directives may stand anywhere. The scanner returns those that are no part of a structured group as extras.
  extras: ($) => [/\s|\\\r?\n/, $.comment, $._directive_ahead, $.preproc_line, $.preproc_inactive],

  conflicts: ($) => [
    [$.type_descriptor, $._argument_type],
    [$.type_specifier, $._argument_definite_type],
    [$.comma_expression, $._argument],
    [$.comma_expression, $._argument_return],
    [$.comma_expression, $._argument_if],
    [$.parenthesized_declarator, $.abstract_parenthesized_declarator, $.type_qualifier],
    [$.abstract_parenthesized_declarator, $.type_qualifier],
    [$.type_specifier, $._declarator],
    [$.type_specifier, $.expression],
    [$.type_specifier, $.sized_type_specifier],
    [$.sized_type_specifier],
    [$.attributed_statement],
    [$._declaration_modifiers, $.attributed_statement],
    [$._block_item, $.statement],
    [$._top_level_item, $._top_level_statement],
    [$.type_specifier, $._top_level_expression_statement],
    [$.type_qualifier, $.extension_expression],
  ],

  // Never an identifier, whatever is expected: else broken code would be read as something odd but valid.
  reserved: {
    global: ($) => [
      ...'if else for while do switch case default return break continue goto sizeof struct union enum typedef static extern'.split(' '),
      $.primitive_type,
    ],
  },

  rules: {
    ...require('./grammar/preprocessor').rules,
    ...require('./grammar/items').rules,
    ...require('./grammar/annotations').rules,
    ...require('./grammar/declarations').rules,
    ...require('./grammar/macros').rules,
    ...require('./grammar/statements').rules,
    ...require('./grammar/expressions').rules,
    ...require('./grammar/arguments').rules,
    ...require('./grammar/assembly').rules,
  },
});

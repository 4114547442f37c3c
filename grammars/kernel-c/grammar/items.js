// What stands at the top level of a file and in a block.

const { macroDeclarations } = require('./macros');

const item = ($) => [
  $.function_definition,
  $.linkage_specification,
  $.declaration,
  $.type_definition,
  ...macroDeclarations($),
  alias($._macro_function_definition, $.function_definition),
  $.attributed_statement,
  $._empty_declaration,
  $.preproc_include,
  $.preproc_def,
  $.preproc_function_def,
  $.preproc_call,
  alias($._macro_initializer, $.declaration),
  alias($._list_item, $.expression_statement),
  $._item_context,
];

exports.rules = {
  _top_level_item: ($) =>
    choice(
      ...item($),
      alias($._macro_declaration_without_semicolon, $.declaration),
      alias($._macro_use, $.expression_statement),
      alias($._top_level_call, $.expression_statement),
      alias($._number_item, $.expression_statement),
      $._top_level_statement,
      alias($.preproc_if_at_top_level, $.preproc_if),
      alias($.preproc_ifdef_at_top_level, $.preproc_ifdef),
    ),

  _block_item: ($) => choice(...item($), $.statement, $.preproc_if, $.preproc_ifdef),

  // extern "C" { … }
  declaration_list: ($) => seq('{', repeat(choice($._top_level_item, $._stray_directive)), '}'),
  translation_unit: ($) => repeat(choice($._top_level_item, $._stray_directive)),
  compound_statement: ($) => seq('{', repeat(choice($._block_item, $._stray_directive)), '}'),
};

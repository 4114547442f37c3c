// Statements. Beyond tree-sitter-c: macros as conditions, attributes, goto *p, a case without a statement.
const { commaSep1, macroCall } = require('./lists');
const { macroDeclarations } = require('./macros');

const keywordStatements = ($) => [
  $.if_statement,
  $.switch_statement,
  $.do_statement,
  $.while_statement,
  $.for_statement,
  $.return_statement,
  $.break_statement,
  $.continue_statement,
  $.goto_statement,
];

exports.rules = {
  _non_case_statement: ($) =>
    choice(
      $.attributed_statement,
      $.labeled_statement,
      $.compound_statement,
      $.expression_statement,
      ...keywordStatements($),
      $.macro_loop_statement,
      alias($._macro_use, $.expression_statement),
      $.local_label_statement,
      $.attribute_statement,
    ),
  // Files that are included inside a function.
  _top_level_statement: ($) =>
    choice(
      $.case_statement,
      $.attributed_statement,
      $.labeled_statement,
      $.compound_statement,
      alias($._top_level_expression_statement, $.expression_statement),
      ...keywordStatements($),
      $.macro_loop_statement,
    ),

  attributed_statement: ($) => seq(repeat1($.attribute_declaration), $.statement),
  attribute_statement: ($) => prec(-1, seq($.attribute_specifier, ';')), // __attribute__((fallthrough));
  local_label_statement: ($) => seq('__label__', commaSep1($._statement_identifier), ';'),
  labeled_statement: ($) =>
    prec.right(
      seq(field('label', $._statement_identifier), ':', repeat($._label_attribute), optional(choice($.declaration, $.statement))),
    ),
  _label_attribute: ($) => prec(2, choice($.attribute_specifier, alias($._plain_annotation, $.annotation))),
  case_statement: ($) =>
    prec.right(
      seq(
        choice(seq('case', field('value', $.expression), optional(seq('...', field('end', $.expression)))), 'default'),
        ':',
        repeat(choice($._non_case_statement, $.declaration, ...macroDeclarations($), $.type_definition)),
      ),
    ),
  // if CONDITION_MACRO(x) …
  if_statement: ($) =>
    prec.right(
      seq(
        'if',
        field('condition', choice($.parenthesized_expression, alias($._condition_macro_call, $.call_expression))),
        field('consequence', $.statement),
        optional(field('alternative', $.else_clause)),
      ),
    ),
  _condition_macro_call: ($) => macroCall($, $.identifier),
  switch_statement: ($) => seq('switch', field('condition', $.parenthesized_expression), field('body', $.statement)),
  do_statement: ($) =>
    seq(
      'do',
      field('body', $.statement),
      optional($._stray_item),
      choice(
        seq('while', field('condition', $.parenthesized_expression)),
        field('condition', alias($._condition_macro_call, $.call_expression)), // do { … } WHILE_MACRO(x);
      ),
      ';',
    ),
  // Never follows a body: as with _stray_directive, only what may follow a statement is made the same everywhere.
  _stray_item: ($) => choice($._stray_directive, $._item_context),
  goto_statement: ($) => seq('goto', choice(field('label', $._statement_identifier), $.pointer_expression), ';'),
};

// Expressions. Beyond tree-sitter-c: label addresses, strings made of macros, preprocessing numbers, old forms of initializers.
const { PREC } = require('tree-sitter-c/grammar');
const { commaSep1, juxtaposed, macroCall } = require('./lists');

const designator = ($) =>
  field('designator', repeat1(choice($.subscript_designator, $.field_designator, $.subscript_range_designator)));
const initialValue = ($) => field('value', choice($.expression, $.initializer_list));

exports.rules = {
  _expression_not_binary: ($) =>
    choice(
      $.conditional_expression,
      $.assignment_expression,
      $.unary_expression,
      $.update_expression,
      $.cast_expression,
      $.pointer_expression,
      $.sizeof_expression,
      $.alignof_expression,
      $.offsetof_expression,
      $.generic_expression,
      $.subscript_expression,
      $.call_expression,
      $.field_expression,
      $.compound_literal_expression,
      $.identifier,
      $.number_literal,
      $._string,
      $.true,
      $.false,
      $.null,
      $.char_literal,
      $.parenthesized_expression,
      $.gnu_asm_expression,
      $.extension_expression,
      $.label_address_expression,
    ),

  label_address_expression: ($) => prec(PREC.UNARY, seq('&&', $._statement_identifier)),
  call_expression: ($) => prec(PREC.CALL, seq(field('function', $.expression), field('arguments', $.argument_list))),
  field_expression: ($) =>
    seq(
      prec(PREC.FIELD, seq(field('argument', $.expression), field('operator', choice('.', '->')))),
      field('field', $._field_identifier),
    ),
  offsetof_expression: ($) =>
    prec(PREC.OFFSETOF, seq('offsetof', '(', field('type', $.type_descriptor), ',', field('member', $.expression), ')')),
  generic_expression: ($) =>
    prec(PREC.CALL, seq('_Generic', '(', choice($.expression, $._argument_type_descriptor), ',', $._generic_choices, ')')),
  _generic_choices: ($) => commaSep1(seq(choice($.type_descriptor, 'default'), ':', $.expression)),
  alignof_expression: ($) =>
    prec(
      PREC.SIZEOF,
      seq(
        choice('__alignof__', '__alignof', '_alignof', 'alignof', '_Alignof'),
        choice($.expression, seq('(', $._argument_type_descriptor, ')')),
      ),
    ),

  // Without a sign, which is a unary operator, and with any suffix or number of dots: macros paste numbers together. `16 KB` is a number
  // with a macro behind it that multiplies.
  number_literal: () =>
    token(
      choice(
        /0[xX][0-9a-fA-F]*(\.[0-9a-fA-F]*)?([pP][-+]?[0-9]+)?[a-zA-Z0-9_]*/,
        /[0-9]+(\.[0-9]+)*\.?([eE][-+]?[0-9]+)?[a-zA-Z0-9_]*/,
        /[0-9]+ (KB|MB|GB|SECONDS)/,
        /\.[0-9]+([eE][-+]?[0-9]+)?[a-zA-Z]*/,
      ),
    ),

  // As tree-sitter-c's; the context tells the scanner that a parenthesis is text.
  string_literal: ($) =>
    seq(
      choice('L"', 'u"', 'U"', 'u8"', '"'),
      repeat(
        choice(alias(token.immediate(prec(1, /[^\\"\n]+/)), $.string_content), $.escape_sequence, $._quote_context),
      ),
      '"',
    ),
  char_literal: ($) =>
    seq(
      choice("L'", "u'", "U'", "u8'", "'"),
      repeat1(choice($.escape_sequence, alias(token.immediate(/[^\n']/), $.character), $._quote_context)),
      "'",
    ),

  // KERN_ERR PFX "text" NUMBER_FORMAT(x) "text"
  concatenated_string: ($) =>
    prec.right(
      1,
      seq(
        choice(
          seq($.identifier, $.string_literal),
          seq(alias($._string_macro, $.identifier), juxtaposed($)),
          seq($.call_expression, $.string_literal),
          seq($.string_literal, $._string_part),
        ),
        repeat($._string_part),
      ),
    ),
  _string_part: ($) => choice($.string_literal, $.identifier, alias($._string_call, $.call_expression)),
  _string_call: ($) => macroCall($, $._string_macro_call),
  _juxtaposed_call: ($) => macroCall($, $._juxtaposed_macro),

  // Half-typed, without its brace, it ends before the next definition at the left margin, and lacks at least a `;`. Only behind a comma: what
  // follows an expression must be the same everywhere, see _stray_directive.
  initializer_list: ($) =>
    choice(
      seq('{', repeat($._initializer_item), '}'),
      seq('{', $._definition_ahead),
      seq('{', repeat($._initializer_item), $._last_item_before_definition),
    ),
  // The comma may be missing behind a macro that brings its own.
  _initializer_item: ($) =>
    prec.right(-20, seq(choice($.initializer_pair, $.expression, $.initializer_list, ','), optional(','))),
  _last_item_before_definition: ($) =>
    prec.right(-20, seq(choice($.initializer_pair, $.expression, $.initializer_list), ',', $._definition_ahead)),
  field_designator: ($) => seq('.', $._field_identifier),
  initializer_pair: ($) =>
    choice(
      seq(designator($), '=', initialValue($)),
      seq(designator($), field('value', choice($.initializer_list, $.string_literal))), // [1] { … }, [2] "text"
      seq(field('designator', $.call_expression), '=', field('value', $.initializer_list)), // MACRO(x) = { … }
      seq(field('designator', $._field_identifier), ':', initialValue($)), // field: value
    ),
};

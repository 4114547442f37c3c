// Arguments. Those of macros may be types, operators, statements, nothing …; the grammar doesn't know which calls are macros.
const { juxtaposed, macroCall } = require('./lists');

// prettier-ignore
const OPERATORS = ['==', '!=', '<', '>', '<=', '>=', '+=', '-=', '|=', '&=', '^=', '=', '|', '^', '/', '%', '||', '<<', '>>', '->', '.', '+', '-', '*', '&', '&&', '!'];

// without their `;`
const jumps = ($) => [
  alias($._argument_return, $.return_statement),
  alias('break', $.break_statement),
  alias('continue', $.continue_statement),
  alias($._argument_goto, $.goto_statement),
];

exports.rules = {
  argument_list: ($) => seq('(', optional($._arguments), ')'),
  _arguments: ($) => choice($._argument, seq(optional($._argument), repeat1(seq(',', optional($._argument))))),
  _argument: ($) =>
    choice(
      $.expression,
      $.compound_statement,
      alias($._argument_type, $.type_descriptor),
      alias($._argument_initializer_list, $.initializer_list),
      alias($._argument_designation, $.initializer_pair),
      $._argument_juxtaposition,
      // parts of code
      alias(choice(...OPERATORS), $.operator),
      '...',
      choice('struct', 'union', 'enum', 'typedef', 'default', 'switch'),
      alias($._annotation_name, $.identifier),
      seq(alias('&=', $.operator), alias('~', $.operator)),
      $._argument_bitfield,
      $._assembler_operand,
      seq('#', $.identifier),
      // statements
      ...jumps($),
      alias($._argument_if, $.if_statement),
      alias($._argument_do, $.do_statement),
      seq($._argument_statement, repeat(choice($._block_item, $._stray_directive)), optional(choice($.expression, ...jumps($)))),
    ),

  // ---- statements: with `;` any number of them, without it the last
  _argument_statement: ($) =>
    choice(
      alias($._argument_expression_statement, $.expression_statement),
      alias($._argument_declaration, $.declaration),
      alias($._argument_return_statement, $.return_statement),
      $.if_statement,
      $.for_statement,
      $.while_statement,
      $.do_statement,
      $.switch_statement,
      $.break_statement,
      $.continue_statement,
      $.goto_statement,
      alias($._argument_loop, $.macro_loop_statement),
    ),
  _argument_expression_statement: ($) => seq(optional($.expression), ';'),
  _argument_declaration: ($) => seq($._argument_type, optional(seq('=', choice($.expression, $.initializer_list))), ';'),
  _argument_return_statement: ($) => seq('return', optional($.expression), ';'),
  _argument_return: ($) => seq('return', optional($.expression)),
  _argument_goto: ($) => seq('goto', field('label', $._statement_identifier)),
  _argument_if: ($) =>
    seq(
      'if',
      field('condition', $.parenthesized_expression),
      field('consequence', choice($.expression, alias($._argument_return, $.return_statement))),
    ),
  _argument_do: ($) => seq('do', field('body', $.statement), 'while', field('condition', $.parenthesized_expression)),
  _argument_loop: ($) => seq(field('macro', alias($._argument_loop_call, $.call_expression)), field('body', $.statement)),
  _argument_loop_call: ($) => macroCall($, $._argument_loop_macro),

  // ---- lists
  _argument_initializer_list: ($) => seq(alias($._list_brace, '{'), repeat($._initializer_item), '}'),
  _argument_designation: ($) =>
    seq(
      field('designator', repeat1(choice($.field_designator, $.subscript_designator, $.subscript_range_designator))),
      optional(seq('=', field('value', choice($.expression, $.initializer_list)))), // without: a section's name, `.text`
    ),
  // BITFIELD(unsigned flag:1, …)
  _argument_bitfield: ($) => seq(alias($._argument_type, $.type_descriptor), $.bitfield_clause),
  // %0, %[name], %w[name]: part of an assembler template
  _assembler_operand: ($) =>
    seq('%', optional('%'), choice($.number_literal, $.identifier, seq(optional($.identifier), '[', $.identifier, ']'))),
  // FIRST(x) SECOND(y)
  _argument_juxtaposition: ($) => seq($.call_expression, repeat1(juxtaposed($))),

  // ---- types. A bare identifier is never one (it may be a variable), `name *` only if the scanner saw that the argument ends there.
  _argument_type: ($) =>
    choice(
      $._argument_definite_type,
      prec.right(
        seq(
          repeat1(choice($.type_qualifier, $.storage_class_specifier)),
          optional(
            choice(
              $._argument_definite_type,
              prec.right(
                seq(
                  field('type', $._type_identifier),
                  repeat($.type_qualifier),
                  optional(field('declarator', choice($._abstract_declarator, $._declarator))),
                ),
              ),
            ),
          ),
        ),
      ),
      seq(
        field('type', $._argument_type_name),
        choice(
          field('declarator', alias($._argument_pointer, $.abstract_pointer_declarator)),
          seq(repeat1($.type_qualifier), optional(field('declarator', choice($._abstract_declarator, $._declarator)))),
          field('declarator', $.identifier),
        ),
      ),
    ),
  _argument_definite_type: ($) =>
    prec.right(
      seq(
        field(
          'type',
          choice(
            $.struct_specifier,
            $.union_specifier,
            $.enum_specifier,
            $.typeof_specifier,
            $.sized_type_specifier,
            $.primitive_type,
          ),
        ),
        repeat($.type_qualifier),
        optional(field('declarator', choice($._abstract_declarator, $._declarator))),
      ),
    ),
  _argument_type_name: ($) => prec(-1, alias($.identifier, $.type_identifier)),
  _argument_pointer: ($) =>
    prec.right(seq(alias($._type_star, '*'), repeat($.type_qualifier), optional(field('declarator', $._abstract_declarator)))),
  _argument_type_descriptor: ($) => alias($._argument_type, $.type_descriptor),
};

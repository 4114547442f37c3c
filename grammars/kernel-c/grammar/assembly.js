// asm. Beyond tree-sitter-c: macros in place of a template, a constraint or a whole operand.
const { PREC } = require('tree-sitter-c/grammar');
const { commaSep, juxtaposed } = require('./lists');

exports.rules = {
  gnu_asm_expression: ($) =>
    prec(PREC.CALL, seq(choice('asm', '__asm__', '__asm', 'asm_inline'), repeat($.gnu_asm_qualifier), '(', $._asm_body, ')')),
  _asm_body: ($) => seq(field('assembly_code', $._asm_string), optional($._asm_operands)),
  _asm_operands: ($) =>
    seq(
      field('output_operands', $.gnu_asm_output_operand_list),
      optional(
        seq(
          field('input_operands', $.gnu_asm_input_operand_list),
          optional(seq(field('clobbers', $.gnu_asm_clobber_list), optional(field('goto_labels', $.gnu_asm_goto_list)))),
        ),
      ),
    ),
  _asm_string: ($) => choice($._string, $.call_expression, $.identifier, alias($._asm_template, $.concatenated_string)),
  // MACRO(x) MACRO(y) "text"
  _asm_template: ($) => seq($.call_expression, juxtaposed($), repeat(choice($.string_literal, juxtaposed($)))),
  gnu_asm_qualifier: () => choice('volatile', '__volatile__', '__volatile', 'inline', '__inline__', 'goto'),
  gnu_asm_output_operand: ($) => $._asm_operand,
  gnu_asm_input_operand: ($) => $._asm_operand,
  _asm_operand: ($) =>
    choice(
      seq(
        optional($._asm_symbol),
        field('constraint', choice($.string_literal, alias($._asm_constraint, $.concatenated_string))),
        '(',
        field('value', $.expression),
        ')',
      ),
      $.identifier,
      seq(optional($._asm_symbol), alias($._string_call, $.call_expression), optional(seq('(', $.expression, ')'))),
    ),
  _asm_symbol: ($) => seq('[', field('symbol', $.identifier), ']'),
  _asm_constraint: ($) => prec.right(2, seq($.string_literal, repeat1(choice($.string_literal, $.identifier)))),
  gnu_asm_clobber_list: ($) => seq(':', commaSep(field('register', $._asm_string))),
};

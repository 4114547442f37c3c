// Directives. A group of whole items is a preproc_if or preproc_ifdef with alternatives, in each of the four places where items stand;
// of all others the lines are extras (preproc_line), and the branches that are not parsed too (preproc_inactive).
const { PREC } = require('tree-sitter-c/grammar');
const { commaSep } = require('./lists');

const directive = (name) => alias(new RegExp(`#[ \t]*${name}`), `#${name}`);

// The rules of a group whose content is `item`. tree-sitter-c has them for '' (block items), fields and enumerators.
function group(suffix, item) {
  const part = ($, name) => (suffix ? alias($[name + suffix], $[name]) : $[name]);
  const rest = ($) => seq(repeat(item($)), field('alternative', optional(alternative($))));
  const alternative = ($) => choice(part($, 'preproc_else'), part($, 'preproc_elif'), part($, 'preproc_elifdef'));
  const condition = ($) => seq(field('condition', $._preproc_expression), $._directive_end);
  const name = ($) => seq(field('name', $._macro_name), $._directive_end_with_rest);
  return {
    [`preproc_if${suffix}`]: ($) =>
      seq(alias($._if_directive, '#if'), condition($), rest($), alias($._endif_directive, '#endif')),
    [`preproc_ifdef${suffix}`]: ($) =>
      seq(
        choice(alias($._ifdef_directive, '#ifdef'), alias($._ifndef_directive, '#ifndef')),
        name($),
        rest($),
        alias($._endif_directive, '#endif'),
      ),
    [`preproc_else${suffix}`]: ($) => seq(alias($._else_directive, '#else'), repeat(choice(item($), $._stray_alternative))),
    [`preproc_elif${suffix}`]: ($) => seq(alias($._elif_directive, '#elif'), condition($), rest($)),
    [`preproc_elifdef${suffix}`]: ($) =>
      seq(choice(alias($._elifdef_directive, '#elifdef'), alias($._elifndef_directive, '#elifndef')), name($), rest($)),
  };
}

exports.rules = {
  ...group('_at_top_level', ($) => $._top_level_item),
  ...group('', ($) => $._block_item),
  ...group('_in_field_declaration_list', ($) => $._field_declaration_list_item),
  ...group('_in_enumerator_list', ($) => $._enumerator_item),

  // Outside of a group the scanner never returns these. They are accepted as items all the same, so that what may follow an item is the
  // same inside and outside of groups: else the generator would make each state of an item twice (it merges no states of which only one
  // expects a token of the scanner's).
  _stray_directive: ($) => choice($._stray_alternative, $._endif_directive),
  _stray_alternative: ($) => choice($._else_directive, $._elif_directive, $._elifdef_directive, $._elifndef_directive),

  _preproc_expression: ($, original) => choice(original, alias($.preproc_conditional_expression, $.conditional_expression)),
  preproc_conditional_expression: ($) =>
    prec.right(PREC.CONDITIONAL, seq($._preproc_expression, '?', $._preproc_expression, ':', $._preproc_expression)),

  // #define bool _Bool
  _macro_name: ($) => choice($.identifier, alias($.primitive_type, $.identifier)),

  preproc_include: ($) =>
    seq(
      directive('include'),
      field(
        'path',
        choice($.string_literal, $.system_lib_string, $.identifier, alias($.preproc_call_expression, $.call_expression)),
      ),
      $._directive_end,
    ),
  preproc_def: ($) =>
    seq(
      directive('define'),
      field('name', $._macro_name),
      field('value', optional(alias($._define_body, $.preproc_arg))),
      $._directive_end,
    ),
  preproc_function_def: ($) =>
    seq(
      directive('define'),
      field('name', $._macro_name),
      field('parameters', $.preproc_params),
      field('value', optional(alias($._define_body, $.preproc_arg))),
      $._directive_end,
    ),
  // keywords as parameters: #define MACRO(struct, if)
  preproc_params: ($) =>
    seq(
      alias($._define_parenthesis, '('),
      commaSep(
        choice(
          seq($.identifier, optional(choice('...', $.identifier))), // `u64 value`: no C, but found in stubs
          '...',
          choice('default', 'switch', 'case', 'if', 'do', 'struct', 'union', 'enum', 'return', 'else'),
          $.primitive_type,
        ),
      ),
      ')',
    ),
  preproc_call: ($) =>
    seq(
      field('directive', $.preproc_directive),
      field('argument', optional(alias($._define_body, $.preproc_arg))),
      $._directive_end,
    ),
};

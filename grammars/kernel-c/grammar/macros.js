// Uses of macros that stand for more than an expression. They are nodes of the kind that stands in their place (declaration,
// expression_statement, field_declaration, function_definition, macro_loop_statement), in which the macro with its arguments is a
// call_expression under the field `macro` (of functions `declarator`). So a `macro` under a declaration or statement says that something is
// declared by it, or at least that it isn't an ordinary call.
const { macroCall } = require('./lists');

/** Declaring macros with `;`, for lists of items. */
exports.macroDeclarations = ($) => [
  alias($._macro_declaration, $.declaration),
  alias($._declaring_statement, $.expression_statement),
];

exports.rules = {
  // static DEFINE_MUTEX(m);   DECLARE_BITMAP(map, 8) __aligned(8);   static DEVICE_ATTR(x, …) = …;
  _macro_declaration: ($) => seq($._macro_declaration_body, ';'),
  _macro_declaration_body: ($) =>
    seq(
      choice(
        field('macro', $._declaring_call),
        seq($._modifiers_before_type, field('macro', alias($._modified_declaring_call, $.call_expression))),
      ),
      repeat($._post_annotation),
      repeat($._array_suffix),
      optional($._initial_value),
      repeat($._further_declarator),
    ),
  // DEFINE_MUTEX(m);   DECLARE_BITMAP(map, 8);   guard(mutex)(&lock);
  _declaring_statement: ($) => prec(1, seq(field('macro', $._declaring_call), ';')),
  _declaring_call: ($) =>
    choice(alias($._declaring_macro_call, $.call_expression), alias($._declaring_macro_double_call, $.call_expression)),
  _declaring_macro_call: ($) => macroCall($, $._declaring_macro),
  _declaring_macro_double_call: ($) =>
    seq(field('function', alias($._declaring_macro_call, $.call_expression)), field('arguments', $.argument_list)),
  _modified_declaring_call: ($) => macroCall($, $._modified_declaring_macro),
  _array_suffix: ($) => seq('[', optional($.expression), ']'),
  _initial_value: ($) => seq('=', field('value', choice($.initializer_list, $.expression))),
  _further_declarator: ($) => seq(',', field('declarator', choice($._declarator, $.init_declarator))),

  // static DEVICE_ATTR_RW(x), without `;`
  _macro_declaration_without_semicolon: ($) => seq($._modifiers_before_type, $._macro_use),
  // EXPORT_SYMBOL(f), without `;`
  _macro_use: ($) =>
    field('macro', choice(alias($._statement_macro_call, $.call_expression), alias($._bare_macro, $.identifier))),
  _statement_macro_call: ($) => macroCall($, $._statement_macro),

  // MACRO(x) { .field = 1 };   MACHINE_START(x, "name") .field = 1, MACHINE_END
  _macro_initializer: ($) =>
    seq(
      field('macro', alias($._initializer_call, $.call_expression)),
      choice(seq(field('value', $.initializer_list), ';'), field('value', alias($._machine_body, $.initializer_list))),
    ),
  _initializer_call: ($) => macroCall($, $._initializer_macro),
  _machine_body: ($) => seq(repeat($._initializer_item), 'MACHINE_END'),

  // SYSCALL_DEFINE2(name, int, fd, int, flags) { … }
  _macro_function_definition: ($) =>
    seq(
      optional($._modifiers_before_type),
      field('declarator', alias($._function_macro_call, $.call_expression)),
      repeat($._post_annotation),
      field('body', $.compound_statement),
    ),
  _function_macro_call: ($) => macroCall($, $._function_macro),

  // list_for_each_entry(p, &head, list) { … }   scoped_guard(mutex, &lock) { … }
  macro_loop_statement: ($) => seq(field('macro', alias($._loop_macro_call, $.call_expression)), field('body', $.statement)),
  _loop_macro_call: ($) => macroCall($, $._loop_macro),

  // MODULE_LICENSE("GPL");
  _top_level_call: ($) => prec(1, seq(field('macro', $.call_expression), ';')),

  // a file that is included inside a list: MACRO(…), MACRO(…),
  _list_item: ($) => seq(alias($._list_item_call, $.call_expression), ','),
  _number_item: ($) => seq($.number_literal, ','),
  _list_item_call: ($) => macroCall($, $._list_item_macro),

  // TYPE(x) variable;
  macro_type_specifier: ($) => seq(field('name', alias($._type_macro, $.identifier)), field('arguments', $.argument_list)),

  // In a struct: DECLARE_BITMAP(map, 8);   MACRO_WITH_FIELDS
  _macro_field_declaration: ($) =>
    choice(seq($._field_macro_declaration, ';'), seq(optional($._modifiers_before_type), $._macro_use)),
  _field_macro_declaration: ($) =>
    seq(optional($._modifiers_before_type), $._field_macro_use, repeat($._post_annotation), repeat($._array_suffix)),
  _field_macro_use: ($) => field('macro', alias($._field_macro_call, $.call_expression)),
  _field_macro_call: ($) => macroCall($, $._field_macro),

  // struct_group(name, fields… );
  _group_field_declaration: ($) =>
    seq(
      field('macro', alias($._field_group_macro, $.identifier)),
      '(',
      repeat($._field_group_argument),
      repeat(choice($._field_declaration_list_item, $._stray_directive)),
      ')',
      repeat($._post_annotation),
      ';',
    ),
  _field_group_name: ($) => seq(field('name', $.identifier), repeat(seq('.', $._field_identifier))),
  _field_group_argument: ($) =>
    seq(
      optional(
        choice($._field_group_name, $.annotation, $.attribute_specifier, $.struct_specifier, $.union_specifier, $.primitive_type),
      ),
      ',',
    ),
};

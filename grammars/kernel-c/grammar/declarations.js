// Declarations, declarators and types. Beyond tree-sitter-c: annotations in every place where the kernel puts them.
const { PREC } = require('tree-sitter-c/grammar');
const { commaSep1, macroCall } = require('./lists');

const declarator = ($) => field('declarator', choice($._declarator, $.init_declarator));
const parenthesized = ($, inner) => prec.dynamic(PREC.PAREN_DECLARATOR, seq('(', repeat($.annotation), inner, ')'));
const attributed = ($, inner) => prec.right(seq(inner, $._post_annotations));
const pointer = ($, inner) => prec.dynamic(1, prec.right(seq('*', repeat($._pointer_qualifier), field('declarator', inner))));

// struct and union
const aggregate = ($, keyword) =>
  prec.right(
    seq(
      keyword,
      repeat($._tag_attribute),
      choice(
        seq(field('name', choice($._type_identifier, $.macro_type_specifier)), field('body', optional($.field_declaration_list))),
        field('body', $.field_declaration_list),
      ),
    ),
  );

exports.rules = {
  function_definition: ($) =>
    seq(
      $._declaration_specifiers,
      field('declarator', $._declarator),
      repeat(alias($._old_style_parameter, $.declaration)),
      field('body', $.compound_statement),
    ),
  // int f(a, b) int a; struct x *b; { … }
  _old_style_parameter: ($) => seq(optional('register'), field('type', $.type_specifier), $._declaration_tail),
  declaration: ($) =>
    choice(
      seq($._declaration_specifiers, $._declaration_tail),
      seq(field('type', alias($._function_pointer_type, $.type_identifier)), $._declaration_tail), // type (*name)(int);
    ),
  _declaration_specifiers: ($) =>
    prec.right(seq(optional($._modifiers_before_type), field('type', $.type_specifier), optional($._modifiers_after_type))),
  _declaration_tail: ($) => seq($._init_declarators, ';'),
  _init_declarators: ($) => seq(declarator($), repeat(seq(',', repeat($.annotation), declarator($)))),
  // Half-typed, `static int` alone, it ends before the next definition and lacks its `;`.
  _empty_declaration: ($) => seq($._declaration_specifiers, optional($._definition_ahead), ';'),
  _declaration_declarator: ($) => $._declarator,
  init_declarator: ($) => seq(field('declarator', $._declarator), $._initial_value),
  linkage_specification: ($) =>
    seq(
      'extern',
      field('value', $.string_literal),
      field('body', choice($.function_definition, $.declaration, $.declaration_list)),
    ),
  type_definition: ($) => seq(optional('__extension__'), 'typedef', $._type_definition_body, ';'),
  _type_definition_body: ($) =>
    seq(
      optional($._modifiers_before_type),
      choice(
        seq(field('type', $.type_specifier), optional($._modifiers_after_type), optional($._type_definition_declarators)),
        field('macro', alias($._modified_declaring_call, $.call_expression)), // typedef DECLARE_BITMAP(name, 8);
      ),
    ),

  // typedef struct { … } NAME, POINTER_ANNOTATION pointer_to_name;
  _type_definition_declarators: ($) =>
    seq(
      field('declarator', $._type_declarator),
      repeat(
        seq(
          ',',
          repeat(choice($.annotation, alias($._unknown_after_type, $.annotation))),
          field('declarator', $._type_declarator),
        ),
      ),
    ),

  // ---- declarators
  // int NAME(walk)(struct walker *w) { … }
  _declarator: ($, original) => choice(original, alias($._declarator_macro_call, $.call_expression)),
  _declarator_macro_call: ($) => macroCall($, $._declarator_macro),
  parenthesized_declarator: ($) => parenthesized($, $._declarator),
  parenthesized_field_declarator: ($) => parenthesized($, $._field_declarator),
  parenthesized_type_declarator: ($) => parenthesized($, $._type_declarator),
  abstract_parenthesized_declarator: ($) => prec(1, seq('(', repeat($.annotation), $._abstract_declarator, ')')),
  attributed_declarator: ($) => attributed($, $._declarator),
  attributed_field_declarator: ($) => attributed($, $._field_declarator),
  attributed_type_declarator: ($) => attributed($, $._type_declarator),
  pointer_declarator: ($) => pointer($, $._declarator),
  pointer_field_declarator: ($) => pointer($, $._field_declarator),
  pointer_type_declarator: ($) => pointer($, $._type_declarator),
  abstract_pointer_declarator: ($) => pointer($, optional($._abstract_declarator)),
  _pointer_qualifier: ($) => choice($.type_qualifier, $.attribute_specifier),
  function_declarator: ($) =>
    prec.right(1, seq(field('declarator', $._declarator), field('parameters', $.parameter_list), optional($._post_annotations))),
  function_field_declarator: ($) =>
    prec.right(1, seq(field('declarator', $._field_declarator), field('parameters', $.parameter_list))),
  array_field_declarator: ($) =>
    prec(
      1,
      seq(
        field('declarator', $._field_declarator),
        '[',
        repeat(choice($.type_qualifier, 'static')),
        field('size', optional(choice($.expression, '*'))),
        ']',
      ),
    ),
  parameter_list: ($) => seq('(', optional($._parameters), ')'),
  _parameters: ($) => commaSep1(choice($.parameter_declaration, $.variadic_parameter)),
  parameter_declaration: ($) =>
    seq($._declaration_specifiers, optional(field('declarator', choice($._declarator, $._abstract_declarator)))),

  // ---- types
  type_specifier: ($) =>
    choice(
      $.struct_specifier,
      $.union_specifier,
      $.enum_specifier,
      $.macro_type_specifier,
      $.typeof_specifier,
      $.sized_type_specifier,
      $.primitive_type,
      $._type_identifier,
    ),
  typeof_specifier: ($) =>
    seq(
      choice('typeof', '__typeof__', '__typeof', 'typeof_unqual', '__typeof_unqual__'),
      '(',
      choice($.expression, $.comma_expression, $._argument_type_descriptor),
      ')',
    ),
  primitive_type: () =>
    token(
      choice(
        ...'bool char int float double void size_t ssize_t ptrdiff_t intptr_t uintptr_t _Bool __int128 __auto_type auto'.split(
          ' ',
        ),
        ...[8, 16, 32, 64].flatMap((bits) => [`int${bits}_t`, `uint${bits}_t`]),
      ),
    ),
  struct_specifier: ($) => aggregate($, 'struct'),
  union_specifier: ($) => aggregate($, 'union'),
  enum_specifier: ($) =>
    prec.right(
      seq(
        'enum',
        repeat($._tag_attribute),
        choice(
          seq(
            field('name', $._type_identifier),
            optional(seq(':', field('underlying_type', choice($.primitive_type, $._type_identifier)))),
            field('body', optional($.enumerator_list)),
          ),
          field('body', $.enumerator_list),
        ),
      ),
    ),
  _tag_attribute: ($) => choice($.attribute_specifier, $.annotation),

  enumerator_list: ($) => seq('{', repeat(choice($._enumerator_item, $._stray_directive)), '}'),
  _enumerator_item: ($) =>
    choice(
      prec.right(seq($.enumerator, optional(','))),
      alias($.preproc_if_in_enumerator_list, $.preproc_if),
      alias($.preproc_ifdef_in_enumerator_list, $.preproc_ifdef),
      $._enumerator_context,
    ),
  // MACRO(x) too
  enumerator: ($) =>
    seq(
      field('name', $.identifier),
      optional($.argument_list),
      repeat($._post_annotation),
      optional(seq('=', field('value', $.expression))),
    ),

  // Half-typed it ends before the next definition, as an initializer_list.
  field_declaration_list: ($) =>
    seq('{', repeat(choice($._field_declaration_list_item, $._stray_directive)), choice('}', $._definition_ahead)),
  _field_declaration_list_item: ($) =>
    choice(
      $.field_declaration,
      alias($._macro_field_declaration, $.field_declaration),
      alias($._group_field_declaration, $.field_declaration),
      $.preproc_def,
      $.preproc_function_def,
      $.preproc_call,
      $.preproc_include,
      alias($.preproc_if_in_field_declaration_list, $.preproc_if),
      alias($.preproc_ifdef_in_field_declaration_list, $.preproc_ifdef),
      ';',
      $._field_context,
    ),
  field_declaration: ($) => seq($._field_declaration_body, ';'),
  _field_declaration_body: ($) => seq($._declaration_specifiers, optional($._field_declaration_declarator)),
  _field_declaration_declarator: ($) =>
    commaSep1(
      choice(
        seq(field('declarator', $._field_declarator), optional(seq($.bitfield_clause, repeat($._post_annotation)))),
        $.bitfield_clause,
      ),
    ),
};
